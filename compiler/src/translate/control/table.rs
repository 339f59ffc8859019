//! Jump tables whose index was made to start at 0.
//!
//! A `switch` whose cases start at `n` comes as `br_table` of `x - n`. A table with `n` more entries in front, all of which
//! go to the default target, needs no subtraction: an `x` below `n` would have wrapped around, beyond the end of the table.
//! CPython executes 0.2 % fewer instructions.

use cranelift_codegen::ir::{InstructionData, Opcode, Value, ValueDef};

use crate::translate::translator::Translator;

/// Entries that may be put in front of a table, unless it has more itself.
const FRONT_MAX: u32 = 8;

impl Translator<'_, '_> {
    /// The index into a jump table of `targets` entries before something was subtracted from it, and what was; nothing if
    /// that is too much.
    pub fn before_subtraction(&self, index: Value, targets: u32) -> (Value, u32) {
        let as_it_is = (index, 0);
        let Some(InstructionData::Binary { opcode, args: [left, right] }) = self.definition(index) else {
            return as_it_is;
        };
        let Some(InstructionData::UnaryImm { opcode: Opcode::Iconst, imm }) = self.definition(right) else {
            return as_it_is;
        };
        let front = match opcode {
            Opcode::Isub => imm.bits() as u32,
            Opcode::Iadd => (imm.bits() as u32).wrapping_neg(),
            _ => return as_it_is,
        };
        if front <= targets.max(FRONT_MAX) { (left, front) } else { as_it_is }
    }

    fn definition(&self, value: Value) -> Option<InstructionData> {
        let graph = &self.emitter.builder.func.dfg;
        match graph.value_def(value) {
            ValueDef::Result(inst, _) => Some(graph.insts[inst]),
            _ => None,
        }
    }
}
