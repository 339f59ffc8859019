//! Blocks that only go on by a table, to where a number says that comes with the branch. Compilers make them where code enters a
//! loop at several places, which wasm cannot say; then most branches to them bring a constant.

use cranelift_codegen::ir::{Block, Function, InstructionData, ValueDef};

use super::find::Dispatch;
use super::graph::Graph;
use super::value::{arguments, constant, sum};

/// Instructions of such a block, at most.
const INSTRUCTIONS_MAX: usize = 8;

/// Whether a block is one.
pub fn is_switch(function: &Function, graph: &Graph, dispatch: Dispatch, block: Block) -> bool {
    let Some(last) = function.layout.last_inst(block) else { return false };
    let InstructionData::BranchTable { arg, .. } = function.dfg.insts[last] else { return false };
    if block == dispatch.block || function.layout.block_insts(block).count() > INSTRUCTIONS_MAX {
        return false;
    }
    let index = match sum(function, arg) {
        Some((left, right)) if constant(function, right).is_some() => left,
        _ => arg,
    };
    let ValueDef::Param(within, number) = function.dfg.value_def(index) else { return false };
    let mut before = graph.predecessors[block].iter().flat_map(|before| arguments(function, *before, block));
    within == block && before.any(|arguments| constant(function, arguments[number]).is_some())
}
