//! Looks for signals that the guest is to be told of.

use cranelift_codegen::ir::{Block, InstBuilder, MemFlagsData, types};

use super::emitter::Emitter;
use crate::symbol::Symbol;
use crate::types::ValueType;

impl Emitter<'_, '_> {
    /// Has the handlers called of what is pending, after a call of the runtime. If a signal has ended that, and the handlers want
    /// it made again, this goes to `again`.
    pub fn deliver_signals(&mut self, again: Option<Block>) {
        if !self.program.signals.are_delivered() {
            return;
        }
        let place = self.address(Symbol::PendingSignals);
        let pending = self.builder.ins().load(types::I64, MemFlagsData::trusted(), place, 0);
        let (some, none) = (self.builder.create_block(), self.builder.create_block());
        self.builder.ins().brif(pending, some, &[], none, &[]);
        self.builder.seal_block(some);
        self.builder.set_cold_block(some);
        self.builder.switch_to_block(some);
        let slots = self.slots(1);
        let deliver = self.function(Symbol::SignalDelivery);
        self.builder.ins().call(deliver, &[slots]);
        match again {
            Some(again) => {
                let restarts = self.load_slots(slots, &[ValueType::I32])[0];
                self.builder.ins().brif(restarts, again, &[], none, &[]);
            }
            None => {
                self.builder.ins().jump(none, &[]);
            }
        }
        self.builder.seal_block(none);
        self.builder.switch_to_block(none);
    }
}
