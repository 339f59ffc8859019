//! Cuts the loop of an interpreter into functions.
//!
//! The register allocator gives up on a loop that a hundred handlers share: what the loop carries lives in the frame and is
//! copied along every edge. So such a function becomes a *driver* with the original's name and signature, and *parts*, which
//! hand control to each other by calls in place of returns: the state that they use most goes along in argument registers,
//! everything else stays in the driver's frame. Each part is small enough for the register allocator. What was the shared
//! branch by a table is at the end of every part that came to it, and needs no check where the index has eight bits.
//!
//! For example
//!
//! ```text
//! loop: v1 = phi(...); v2 = phi(...); br_table (uload8 v1), [add, sub, ...]
//! add:  ...; jump loop(v3, v2)
//! ```
//!
//! becomes `add(frame, v1, v2) { ...; return_call_indirect table[uload8 v3](frame, v3, v2) }`.

mod cut;
mod find;
mod graph;
mod likely;
mod liveness;
mod outline;
mod place;
mod region;
mod switch;
mod table;
mod value;

pub use cut::Cut;
pub use outline::{driver, part};

use std::collections::HashMap;

use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{Block, BlockCall, Function, InstBuilder, InstructionData, Value};

use crate::arch::PartConvention;
use crate::clif::Ways;
use find::Dispatch;
use graph::Graph;
use likely::Likely;
use liveness::Liveness;
use place::Homes;
use region::Cutter;

/// Cuts a function, if it has the loop of an interpreter, with a table of at least so many different targets. Then the function is
/// taken; else it means what it did. `ways` is what a profile says about its branches.
pub fn cut(function: &mut Function, ways: &Ways, targets_min: usize, convention: PartConvention) -> Option<Cut> {
    let dispatch = find::dispatch(function, targets_min, convention)?;
    function.dfg.resolve_all_aliases();
    make_edges_plain(function, dispatch);
    let graph = Graph::new(function, dispatch.block);
    let likely = Likely::new(function, &graph, dispatch, ways);
    let cutter = Cutter { function, graph: &graph, dispatch, likely: &likely };
    let regions = cutter.regions();
    let parts = cutter.parts(&regions)?;
    let live = Liveness::new(function, &graph);
    let homes = Homes::new(cutter, &parts, &live, convention);
    let entries = table::entries(function, &graph, dispatch);
    let mut frame_bytes = homes.frame_bytes;
    let mut frame_alignment = 16;
    let mut slots = HashMap::new();
    for (slot, data) in function.sized_stack_slots.iter() {
        let alignment = 1 << data.align_shift;
        frame_alignment = frame_alignment.max(alignment);
        frame_bytes = frame_bytes.next_multiple_of(alignment);
        slots.insert(slot, frame_bytes);
        frame_bytes += data.size;
    }
    let function = std::mem::replace(function, Function::new());
    Some(Cut {
        function,
        graph,
        dispatch,
        live,
        parts,
        homes,
        convention,
        slots,
        frame_bytes,
        frame_alignment,
        entries,
    })
}

/// Gives each edge of the dispatch that passes values on a block of its own, so that where the table leads is entered with
/// what exists at the dispatch.
fn make_edges_plain(function: &mut Function, dispatch: Dispatch) {
    let mut made: HashMap<(Block, Vec<Value>), BlockCall> = HashMap::new();
    let mut after = dispatch.block;
    for number in 0..function.dfg.jump_tables[dispatch.table].all_branches().len() {
        let branch = function.dfg.jump_tables[dispatch.table].all_branches()[number];
        let target = branch.block(&function.dfg.value_lists);
        let values: Vec<_> = branch.args(&function.dfg.value_lists).collect();
        if values.is_empty() {
            continue;
        }
        let key = (target, values.iter().filter_map(|value| value.as_value()).collect());
        let plain = *made.entry(key).or_insert_with(|| {
            let block = function.dfg.make_block();
            function.layout.insert_block_after(block, after);
            after = block;
            let mut cursor = FuncCursor::new(function);
            cursor.goto_bottom(block);
            cursor.ins().jump(target, &values);
            BlockCall::new(block, [], &mut function.dfg.value_lists)
        });
        function.dfg.jump_tables[dispatch.table].all_branches_mut()[number] = plain;
    }
    debug_assert!(matches!(function.dfg.insts[dispatch.branch], InstructionData::BranchTable { .. }));
}
