//! Routines of the guest's C library with the runtime's form of them in front ([`crate::analysis::Routine`]).
//!
//! A routine keeps its body. In front comes the case where the body would do nothing else than what the leaf of the runtime
//! does: at least 64 bytes, all inside of the memory, and for `memcpy` ranges that do not overlap. Everything else, traps
//! above all, is left to the body.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, Value, types};

use super::Translator;
use crate::analysis::{MemoryId, Routine};
use crate::symbol::RuntimeFunction;

/// Bytes from which on the runtime's form is used: it has to look at ranges first, and for short ones the body is as fast.
const BYTES_MIN: i64 = 64;

impl Translator<'_, '_> {
    /// Begins a routine with the runtime's form of it, for the case where that does the same.
    pub(super) fn begin_routine(&mut self, routine: Routine) {
        let memory = self.instance.memories[0];
        let (destination, second, count) = (self.local_get(0), self.local_get(1), self.local_get(2));
        let body = self.emitter.builder.create_block();
        let few = self.emitter.builder.ins().iconst(types::I32, BYTES_MIN);
        let is_short = self.emitter.compare(IntCC::UnsignedLessThan, count, few);
        self.leave_if(is_short, body);
        let count = self.index(count).value();
        let to = self.inside_or(memory, destination, count, body);
        match routine {
            Routine::Copy | Routine::Move => {
                let from = self.inside_or(memory, second, count, body);
                if routine == Routine::Copy {
                    for (left, right) in [(to, from), (from, to)] {
                        let distance = self.emitter.builder.ins().isub(left, right);
                        let overlaps = self.emitter.compare(IntCC::UnsignedLessThan, distance, count);
                        self.leave_if(overlaps, body);
                    }
                }
                self.emitter.leaf_call(RuntimeFunction::MemoryMove, &[to, from, count]);
            }
            Routine::Fill => {
                self.emitter.leaf_call(RuntimeFunction::MemoryFill, &[to, second, count]);
            }
        }
        self.emitter.return_values(self.kind, None, &[destination]);
        self.emitter.builder.seal_block(body);
        self.emitter.builder.switch_to_block(body);
    }

    /// The address of a range, unless it is not inside of the memory: then this goes to `body`.
    fn inside_or(&mut self, memory: MemoryId, start: Value, count: Value, body: Block) -> Value {
        let start = self.index(start);
        let end = self.emitter.builder.ins().iadd(start.value(), count);
        let size = self.memory_size(memory);
        let outside = self.emitter.compare(IntCC::UnsignedGreaterThan, end, size);
        self.leave_if(outside, body);
        self.memory_address(memory, start)
    }

    /// Goes to `body` if a condition holds.
    fn leave_if(&mut self, condition: Value, body: Block) {
        let next = self.emitter.builder.create_block();
        self.emitter.builder.ins().brif(condition, body, &[], next, &[]);
        self.emitter.builder.seal_block(next);
        self.emitter.builder.switch_to_block(next);
    }
}
