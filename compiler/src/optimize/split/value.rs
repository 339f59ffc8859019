//! Where values come from: arguments of branches, sums, constants.

use cranelift_codegen::ir::{Block, Function, InstructionData, Opcode, Value};

/// What a block passes to another, each time it names it.
pub fn arguments(function: &Function, from: Block, to: Block) -> Vec<Vec<Value>> {
    let graph = &function.dfg;
    let last = function.layout.last_inst(from).expect("blocks that are reached end with a branch");
    let targets = graph.insts[last].branch_destination(&graph.jump_tables, &graph.exception_tables);
    let targets = targets.iter().filter(|target| target.block(&graph.value_lists) == to);
    let values = targets.map(|target| target.args(&graph.value_lists).filter_map(|value| value.as_value()).collect());
    values.collect()
}

/// The operands of an addition.
pub fn sum(function: &Function, value: Value) -> Option<(Value, Value)> {
    let inst = function.dfg.value_def(value).inst()?;
    match function.dfg.insts[inst] {
        InstructionData::Binary { opcode: Opcode::Iadd, args: [left, right] } => Some((left, right)),
        _ => None,
    }
}

/// The value of a constant of 32 bits.
pub fn constant(function: &Function, value: Value) -> Option<i32> {
    let inst = function.dfg.value_def(value).inst()?;
    match function.dfg.insts[inst] {
        InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } => Some(i64::from(imm) as i32),
        _ => None,
    }
}
