//! Ways inside of a part: jumps, branches, and copies of small blocks that are made for each way to them.

use std::collections::HashMap;

use cranelift_codegen::ir::{self, Block, BlockCall, InstBuilder, InstructionData, JumpTableData, Value};

use super::{Bound, Outline};
use crate::optimize::split::value::{constant, sum};

/// A block that is still to be filled, and where it goes with what.
type Way = (Block, Block, Vec<Value>);

/// Copies inside of copies, at most.
const COPIES_MAX: usize = 4;

/// Instructions of all copies in a part, about.
const COPIED_INSTRUCTIONS_MAX: usize = 4000;

impl Outline<'_, '_> {
    /// Goes where a jump of the original goes.
    pub(super) fn jump(&mut self, destination: BlockCall) {
        let (target, values) = self.parts_of(destination);
        self.go(target, &values);
    }

    /// Goes to a block from here and nowhere else.
    fn go(&mut self, target: Block, values: &[Value]) {
        if let Some(copy) = self.local(target) {
            let arguments = self.arguments(target, values);
            self.builder.ins().jump(copy, &arguments);
        } else if self.part.copied.contains(&target)
            && self.copies.len() < COPIES_MAX
            && self.copies.iter().all(|(block, _)| *block != target)
            && self.copied_instructions < COPIED_INSTRUCTIONS_MAX
            && self.is_known(target, values)
        {
            let parameters = self.original().dfg.block_params(target).iter().copied();
            let bound = parameters.zip(values.iter().map(|value| self.bound(*value))).collect();
            self.copies.push((target, bound));
            for inst in self.original().layout.block_insts(target) {
                self.copied_instructions += 1;
                self.builder.set_srcloc(self.original().srcloc(inst));
                self.instruction(target, inst);
            }
            self.copies.pop();
        } else {
            self.leave(target, values);
        }
    }

    /// Whether it is known where a copy of a block goes on, if that is by a table.
    fn is_known(&self, target: Block, values: &[Value]) -> bool {
        let original = self.original();
        let last = original.layout.last_inst(target).expect("blocks that are reached end with a branch");
        let InstructionData::BranchTable { arg, .. } = original.dfg.insts[last] else { return true };
        let parameters = original.dfg.block_params(target);
        let index = sum(original, arg).map_or(arg, |(left, _)| left);
        target == self.cut.dispatch.block
            || parameters.iter().position(|parameter| *parameter == index).is_some_and(
                |number| matches!(self.bound(values[number]), Bound::To(value) if constant(original, value).is_some()),
            )
    }

    /// The value of an integer, as far as copies make it known.
    fn constant(&self, value: Value) -> Option<i32> {
        if let Bound::To(value) = self.bound(value) {
            return constant(self.original(), value);
        }
        let (left, right) = sum(self.original(), value)?;
        Some(self.constant(left)?.wrapping_add(self.constant(right)?))
    }

    /// The block that a block of the part has become, if control can go there from here: not out of a copy.
    fn local(&self, target: Block) -> Option<Block> {
        if self.copies.is_empty() { self.blocks.get(&target).copied() } else { None }
    }

    fn parts_of(&self, destination: BlockCall) -> (Block, Vec<Value>) {
        let lists = &self.original().dfg.value_lists;
        let values = destination.args(lists).filter_map(|value| value.as_value()).collect();
        (destination.block(lists), values)
    }

    /// Where a branch that is not the block's only way goes; if there is something to do on this way, to a block for that.
    pub(super) fn destination(&mut self, destination: BlockCall) -> (Block, Option<Way>) {
        let (target, values) = self.parts_of(destination);
        // What is passed on is brought together on the way: most of it is constants, which no other way needs.
        if let Some(copy) = self.local(target)
            && self.parameters(target).is_empty()
        {
            return (copy, None);
        }
        let exit = self.builder.create_block();
        (exit, Some((exit, target, values)))
    }

    /// Fills the blocks of ways on which there is something to do.
    pub(super) fn fill(&mut self, exits: impl Iterator<Item = Way>) {
        let at_hand = self.at_hand.clone();
        for (exit, target, values) in exits {
            self.at_hand.clone_from(&at_hand);
            self.builder.switch_to_block(exit);
            if self.original().layout.is_cold(target) {
                self.builder.set_cold_block(exit);
            }
            self.go(target, &values);
        }
    }

    /// Goes where a branch by a table of the original goes.
    pub(super) fn branch_table(&mut self, index: Value, table: ir::JumpTable) {
        let original = &self.original().dfg.jump_tables[table];
        if let Some(index) = self.constant(index) {
            let destination = original.as_slice().get(index as u32 as usize).copied();
            return self.jump(destination.unwrap_or(original.default_block()));
        }
        let index = self.use_of(index);
        let mut exits = Vec::new();
        let mut known: HashMap<(Block, Vec<Value>), BlockCall> = HashMap::new();
        let mut branches = Vec::new();
        for destination in original.all_branches() {
            let key = self.parts_of(*destination);
            if let Some(branch) = known.get(&key) {
                branches.push(*branch);
                continue;
            }
            let (target, exit) = self.destination(*destination);
            let branch = BlockCall::new(target, [], &mut self.builder.func.dfg.value_lists);
            exits.extend(exit);
            known.insert(key, branch);
            branches.push(branch);
        }
        let (default, others) = branches.split_first().expect("a table has a default");
        let table = self.builder.create_jump_table(JumpTableData::new(*default, others));
        self.builder.ins().br_table(index, table);
        self.fill(exits.into_iter());
    }
}
