//! The delivery of signals: what generated code calls when some are pending.

use adder_abi::host::emscripten::signal::{Delivery, FIRST, NOW, NUMBER_BITS, TAKE};
use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, Value, types};
use cranelift_frontend::FunctionBuilder;

use super::emscripten::host_call;
use super::glue::{Glue, begin};
use crate::clif::{Emitter, entry_signature, trap_code};
use crate::plan::IndirectCall;
use crate::symbol::Symbol;
use crate::types::ValueType;

impl Glue<'_, '_> {
    /// Takes what is pending one by one and calls its handler, until nothing is. Writes into the slot whether the call of the
    /// runtime that was made before is to be made again.
    pub fn signal_delivery(self) {
        self.function.signature = entry_signature();
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), self.program);
        let result = begin(&mut emitter)[0];
        let next = emitter.builder.create_block();
        let restarts = emitter.builder.append_block_param(next, types::I32);
        let first = emitter.builder.ins().iconst(types::I32, i64::from(FIRST));
        emitter.builder.ins().jump(next, &[first.into()]);
        emitter.builder.switch_to_block(next);
        let taken = host_call(&mut emitter, TAKE, &[restarts], &[ValueType::I32; 3]);
        let [taken, handler, restarts] = taken.try_into().expect("there are three");
        let number = emitter.builder.ins().ushr_imm_u(taken, i64::from(NUMBER_BITS));
        let delivery = emitter.builder.ins().band_imm_u(taken, (1 << NUMBER_BITS) - 1);
        for (kind, call) in CALLS {
            let (this, other) = (emitter.builder.create_block(), emitter.builder.create_block());
            branch_if(&mut emitter, delivery, kind, this, other);
            emitter.builder.switch_to_block(this);
            call(&mut emitter, number, handler);
            emitter.builder.ins().jump(next, &[restarts.into()]);
            emitter.builder.switch_to_block(other);
        }
        emitter.store_slots(result, &[restarts]);
        emitter.builder.ins().return_(&[]);
        emitter.builder.seal_all_blocks();
        emitter.builder.finalize(self.frontend);
    }
}

/// Generates what is done about a delivery, of the number and the handler.
type Call = fn(&mut Emitter<'_, '_>, Value, Value);

/// What is done about each delivery.
const CALLS: [(Delivery, Call); 3] = [
    (Delivery::Handler, |emitter, signal, handler| call_handler(emitter, signal, handler, 0)),
    (Delivery::HandlerWithInformation, |emitter, signal, handler| call_handler(emitter, signal, handler, 1)),
    (Delivery::Timer, call_timeout),
];

fn branch_if(emitter: &mut Emitter<'_, '_>, delivery: Value, kind: Delivery, this: Block, other: Block) {
    let wanted = emitter.builder.ins().iconst(types::I32, i64::from(kind as u32));
    let same = emitter.compare(IntCC::Equal, delivery, wanted);
    emitter.builder.ins().brif(same, this, &[], other, &[]);
}

/// Calls a handler: by `raise`, which knows what is blocked, where the program has it.
fn call_handler(emitter: &mut Emitter<'_, '_>, signal: Value, handler: Value, kind: usize) {
    if let Some(raise) = emitter.program.signals.raise {
        emitter.call(Symbol::Function(raise), &[signal], &[]);
        return;
    }
    let Some(IndirectCall { table, signature }) = emitter.program.signals.handlers.map(|handlers| handlers[kind])
    else {
        let always = emitter.builder.ins().iconst(types::I32, 1);
        emitter.builder.ins().trapnz(always, trap_code(Trap::UndefinedElement));
        return;
    };
    // There is no information: its address is null.
    let zero = emitter.builder.ins().iconst(types::I32, 0);
    let count = emitter.program.signatures.get(signature).parameters.len();
    let code = emitter.checked_entry(table, handler, signature);
    emitter.call_address(signature, code, &[signal, zero, zero][..count], &[]);
}

fn call_timeout(emitter: &mut Emitter<'_, '_>, timer: Value, _handler: Value) {
    if let Some(timeout) = emitter.program.signals.timeout {
        let now = host_call(emitter, NOW, &[], &[ValueType::F64])[0];
        emitter.call(Symbol::Function(timeout), &[timer, now], &[]);
    }
}
