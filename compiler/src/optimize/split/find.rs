//! Finds the loop of an interpreter: a branch by a large table that its targets come back to.

use std::collections::HashSet;

use cranelift_codegen::dominator_tree::DominatorTree;
use cranelift_codegen::flowgraph::ControlFlowGraph;
use cranelift_codegen::ir::{Block, Function, Inst, InstructionData, JumpTable, Opcode, Signature};
use cranelift_codegen::loop_analysis::LoopAnalysis;

use crate::arch::PartConvention;

/// Of the targets, one in so many comes back to the table at least.
const TARGETS_PER_RETURN: usize = 2;

/// The branch that every round of the loop goes through.
#[derive(Clone, Copy, Debug)]
pub struct Dispatch {
    /// The block that it ends.
    pub block: Block,
    /// The branch.
    pub branch: Inst,
    /// Its targets.
    pub table: JumpTable,
}

/// The largest table of the function, if it is large enough, and if the function has nothing that depends on its frame.
pub fn dispatch(function: &Function, targets_min: usize, convention: PartConvention) -> Option<Dispatch> {
    let found = largest_table(function, targets_min)?;
    (fits_registers(&function.signature, convention) && can_be_cut(function) && is_returned_to(function, found))
        .then_some(found)
}

fn largest_table(function: &Function, targets_min: usize) -> Option<Dispatch> {
    let mut largest = (targets_min.saturating_sub(1), None);
    for block in function.layout.blocks() {
        let Some(branch) = function.layout.last_inst(block) else { continue };
        let InstructionData::BranchTable { table, .. } = function.dfg.insts[branch] else { continue };
        let count = targets(function, table).len();
        if count > largest.0 {
            largest = (count, Some(Dispatch { block, branch, table }));
        }
    }
    largest.1
}

/// The different targets of a table.
fn targets(function: &Function, table: JumpTable) -> HashSet<Block> {
    let branches = function.dfg.jump_tables[table].all_branches();
    branches.iter().map(|target| target.block(&function.dfg.value_lists)).collect()
}

fn is_returned_to(function: &Function, dispatch: Dispatch) -> bool {
    let flow = ControlFlowGraph::with_function(function);
    let tree = DominatorTree::with_function(function, &flow);
    let mut loops = LoopAnalysis::new();
    loops.compute(function, &flow, &tree);
    let Some(around) = loops.innermost_loop(dispatch.block) else { return false };
    let targets = targets(function, dispatch.table);
    let returning = targets.iter().filter(|target| loops.is_in_loop(**target, around)).count();
    returning * TARGETS_PER_RETURN >= targets.len()
}

/// Whether the driver can hand all parameters to the part of the entry in registers: other parts have no arguments on the stack,
/// so there is nothing to be moved between them.
fn fits_registers(signature: &Signature, convention: PartConvention) -> bool {
    let integers = signature.params.iter().filter(|parameter| parameter.value_type.is_int()).count();
    integers <= convention.integers_max && signature.params.len() - integers <= convention.floats_max
}

/// Whether the function has no instruction that means another frame when it is moved to a function of its own. A call in
/// place of a return would keep the frame of the function that it should give up.
fn can_be_cut(function: &Function) -> bool {
    let mut instructions = function.layout.blocks().flat_map(|block| function.layout.block_insts(block));
    instructions.all(|inst| {
        !matches!(
            function.dfg.insts[inst].opcode(),
            Opcode::TryCall
                | Opcode::TryCallIndirect
                | Opcode::ReturnCall
                | Opcode::ReturnCallIndirect
                | Opcode::GetExceptionHandlerAddress
                | Opcode::GetFramePointer
                | Opcode::GetReturnAddress
                | Opcode::DynamicStackAddr
                | Opcode::StackSwitch
        )
    })
}
