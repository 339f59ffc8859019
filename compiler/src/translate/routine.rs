//! Routines of the guest's C library with a faster form of them in front ([`Routine`]).
//!
//! A routine keeps its body. In front comes the case where the body would do nothing else than what the leaf of the runtime
//! does: at least 64 bytes, all inside of the memory, and for `memcpy` ranges that do not overlap. Everything else, traps
//! above all, is left to the body. What comes in front of `memcmp` skips words that are equal, and leaves the rest to the body, which
//! compares bytes.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, Value, types};

use super::translator::Translator;
use crate::id::MemoryId;
use crate::known::Routine;
use crate::symbol::RuntimeFunction;

/// Bytes from which on the runtime's form is used: it has to look at ranges first, and for short ones the body is as fast.
const BYTES_MIN: i64 = 64;

/// What is compared at a time.
const WORD_BYTES: i32 = 8;

impl Translator<'_, '_> {
    /// Begins a routine with the faster form of it, for the case where that does the same.
    pub(super) fn begin_routine(&mut self, routine: Routine) {
        match routine {
            Routine::Copy | Routine::Move | Routine::Fill => self.begin_by_leaf(routine),
            Routine::Compare => self.begin_comparison(),
        }
    }

    /// Skips equal words of two ranges that are inside of the memory.
    fn begin_comparison(&mut self) {
        let memory = self.instance.memories[0];
        let (left, right, count) = (self.local_get(0), self.local_get(1), self.local_get(2));
        let body = self.emitter.builder.create_block();
        self.leave_if_less_than_a_word(count, body);
        let count = self.emitter.index(count).value();
        self.inside_or(memory, left, count, body);
        self.inside_or(memory, right, count, body);
        let again = self.emitter.builder.create_block();
        self.emitter.builder.ins().jump(again, &[]);
        self.emitter.builder.switch_to_block(again);
        let words = [0, 1].map(|local| {
            let start = self.local_get(local);
            let place = self.place(memory, start, 0, WORD_BYTES as u64);
            let flags = self.emitter.guest_flags(memory.0);
            self.emitter.builder.ins().load(types::I64, flags, place.address, place.offset)
        });
        let differ = self.emitter.compare(IntCC::NotEqual, words[0], words[1]);
        self.leave_if(differ, body);
        for (local, step) in [(0, WORD_BYTES), (1, WORD_BYTES), (2, -WORD_BYTES)] {
            let before = self.local_get(local);
            let step = self.emitter.builder.ins().iconst(types::I32, i64::from(step as u32));
            let after = self.emitter.builder.ins().iadd(before, step);
            self.local_set(local, after);
        }
        let rest = self.local_get(2);
        self.leave_if_less_than_a_word(rest, body);
        self.emitter.builder.ins().jump(again, &[]);
        self.emitter.builder.seal_block(again);
        self.emitter.builder.seal_block(body);
        self.emitter.builder.switch_to_block(body);
    }

    fn leave_if_less_than_a_word(&mut self, count: Value, body: Block) {
        let word = self.emitter.builder.ins().iconst(types::I32, i64::from(WORD_BYTES));
        let is_less = self.emitter.compare(IntCC::UnsignedLessThan, count, word);
        self.leave_if(is_less, body);
    }

    fn begin_by_leaf(&mut self, routine: Routine) {
        let memory = self.instance.memories[0];
        let (destination, second, count) = (self.local_get(0), self.local_get(1), self.local_get(2));
        let body = self.emitter.builder.create_block();
        let few = self.emitter.builder.ins().iconst(types::I32, BYTES_MIN);
        let is_short = self.emitter.compare(IntCC::UnsignedLessThan, count, few);
        self.leave_if(is_short, body);
        let count = self.emitter.index(count).value();
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
            Routine::Compare => unreachable!("it has no leaf"),
        }
        self.emitter.return_values(self.ty, None, &[destination]);
        self.emitter.builder.seal_block(body);
        self.emitter.builder.switch_to_block(body);
    }

    /// The address of a range, unless it is not inside of the memory: then this goes to `body`.
    fn inside_or(&mut self, memory: MemoryId, start: Value, count: Value, body: Block) -> Value {
        let start = self.emitter.index(start);
        let end = self.emitter.builder.ins().iadd(start.value(), count);
        let size = self.emitter.memory_size(memory);
        let outside = self.emitter.compare(IntCC::UnsignedGreaterThan, end, size);
        self.leave_if(outside, body);
        self.emitter.memory_address(memory, start)
    }

    /// Goes to `body` if a condition holds.
    fn leave_if(&mut self, condition: Value, body: Block) {
        let next = self.emitter.builder.create_block();
        self.emitter.builder.ins().brif(condition, body, &[], next, &[]);
        self.emitter.builder.seal_block(next);
        self.emitter.builder.switch_to_block(next);
    }
}
