//! Places where control divides: counting in instrumented programs, and what a profile or the module's branch hints say
//! about them otherwise. [`adder_abi::profile`] says what is counted.
//!
//! What is known becomes the order of code. Blocks that were never reached are cold: they go behind the rest of the
//! function. Of the arms of a branch, the code generator puts the second one right behind it (its order is reverse
//! postorder, which visits the first one first), so the more frequent arm becomes the second.

use adder_abi::trap::TrapCode;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, Inst, InstBuilder, Value, types};

use crate::clif::{POINTER, Region};
use crate::id::TableId;
use crate::symbol::{RuntimeFunction, Symbol};
use crate::translate::translator::Translator;

/// An arm of a branch: where it goes, and with what.
pub type Arm<'a> = (Block, &'a [BlockArg]);

impl Translator<'_, '_> {
    /// Counts that the function is entered.
    pub fn count_entry(&mut self) {
        if self.points.first.is_some() {
            let one = self.emitter.pointer(1);
            self.count(0, None, one);
        }
    }

    /// Adds an amount to a word of the function, or to the one that is `further` words behind it. Threads that do so at
    /// the same time may lose counts.
    fn count(&mut self, word: usize, further: Option<Value>, amount: Value) {
        let Some(first) = self.points.first else { return };
        let place = (first + word as u64) * 8;
        let mut address = self.emitter.address(Symbol::Counters);
        if let Some(further) = further {
            let three = self.emitter.builder.ins().iconst(types::I32, 3);
            let bytes = self.emitter.builder.ins().ishl(further, three);
            address = self.emitter.builder.ins().iadd(address, bytes);
        }
        let flags = self.emitter.flags(Region::Counters);
        let place = i32::try_from(place).expect("all counters together have less than 2 GiB");
        let count = self.emitter.builder.ins().load(types::I64, flags, address, place);
        let count = self.emitter.builder.ins().iadd(count, amount);
        self.emitter.builder.ins().store(flags, count, address, place);
    }

    /// Branches where a value is not zero. Counts it, or puts the arms into their order.
    pub fn divide(&mut self, condition: Value, then: Arm<'_>, otherwise: Arm<'_>) {
        if self.points.first.is_some() {
            let word = self.points.word;
            let one = self.emitter.pointer(1);
            self.count(word, None, one);
            let ty = self.emitter.builder.func.dfg.value_type(condition);
            let zero = self.emitter.builder.ins().iconst(ty, 0);
            let holds = self.emitter.compare(IntCC::NotEqual, condition, zero);
            let holds = self.emitter.builder.ins().uextend(POINTER, holds);
            self.count(word + 1, None, holds);
        }
        let arms = self.points.arms();
        if let (Some(_), Some((taken, other))) = (self.points.own(), arms) {
            self.points.reached = Some(taken.saturating_add(other));
            self.points.go_often(then.0, taken);
            self.points.go_often(otherwise.0, other);
        }
        let is_backwards = arms.is_some_and(|(taken, other)| taken > other);
        if is_backwards {
            let ty = self.emitter.builder.func.dfg.value_type(condition);
            let zero = self.emitter.builder.ins().iconst(ty, 0);
            let fails = self.emitter.compare(IntCC::Equal, condition, zero);
            let branch = self.emitter.builder.ins().brif(fails, otherwise.0, otherwise.1, then.0, then.1);
            self.record_ways(branch, arms.map(|(taken, other)| vec![other, taken]));
        } else {
            let branch = self.emitter.builder.ins().brif(condition, then.0, then.1, otherwise.0, otherwise.1);
            self.record_ways(branch, arms.map(|(taken, other)| vec![taken, other]));
        }
    }

    /// Keeps how often each target of a branch was taken, in its order, if a profile knows.
    fn record_ways(&mut self, branch: Inst, counts: Option<Vec<u64>>) {
        if let (Some(_), Some(counts)) = (self.points.own(), counts) {
            self.points.ways.record(branch, counts);
        }
    }

    /// Keeps how often each target of a branch by a table was taken, which has so many targets in front of the module's own.
    pub fn record_table_ways(&mut self, branch: Inst, front: u32) {
        let counts = self.points.own().and_then(<[u64]>::split_last).map(|(default, others)| {
            let front = std::iter::repeat_n(0, front as usize);
            std::iter::once(*default).chain(front).chain(others.iter().copied()).collect()
        });
        self.record_ways(branch, counts);
    }

    /// Counts the target of a table of branches with so many targets besides the default.
    pub fn divide_by_table(&mut self, index: Value, targets: u32, goes: &[Block]) {
        if self.points.first.is_some() {
            let last = self.emitter.builder.ins().iconst(types::I32, i64::from(targets));
            let index = self.emitter.builder.ins().umin(index, last);
            let index = self.emitter.builder.ins().uextend(POINTER, index);
            let one = self.emitter.pointer(1);
            self.count(self.points.word, Some(index), one);
        }
        if let Some(own) = self.points.own() {
            for (target, count) in goes.iter().zip(own) {
                self.points.go_often(*target, *count);
            }
        }
    }

    /// Counts, at the header of a loop, that it was reached.
    pub fn begin_loop(&mut self, header: Block) {
        if self.points.first.is_some() {
            let one = self.emitter.pointer(1);
            self.count(self.points.word, None, one);
        }
        if let Some([count]) = self.points.own() {
            self.points.reached = Some(*count);
            if *count == 0 {
                self.emitter.builder.set_cold_block(header);
            }
        }
    }

    /// Goes on in a block to which nothing more comes. It is cold if nothing ever came.
    pub fn begin_block(&mut self, block: Block) {
        self.emitter.builder.switch_to_block(block);
        if self.points.counts.is_some() {
            let count = self.points.coming.remove(&block).unwrap_or(0);
            self.points.reached = Some(count);
            if count == 0 {
                self.emitter.builder.set_cold_block(block);
            }
        }
    }

    /// Makes an arm cold that a hint of the module says to be unlikely.
    pub fn cool_by_hint(&mut self, taken: Option<Block>, other: Block) {
        if self.points.counts.is_some() {
            return;
        }
        match (self.points.arms(), taken) {
            (Some((1, 0)), _) => self.emitter.builder.set_cold_block(other),
            (Some((0, 1)), Some(taken)) => self.emitter.builder.set_cold_block(taken),
            _ => {}
        }
    }

    /// Counts which function an entry of a table is, before it is called. Traps if there is no such entry, as the call
    /// would.
    pub fn count_entry_of_table(&mut self, table: TableId, index: Value) {
        if self.points.first.is_none() {
            return;
        }
        if self.emitter.program.extension_of(table).is_none() {
            let entry = self.emitter.entry_address(table, index, TrapCode::UndefinedElement);
            self.count_function_of(table, entry);
            return;
        }
        // A further entry is none that a later program knows.
        let (own, next) = (self.emitter.builder.create_block(), self.emitter.builder.create_block());
        let is_further = self.emitter.is_further(table, index);
        self.emitter.builder.ins().brif(is_further, next, &[], own, &[]);
        self.emitter.builder.seal_block(own);
        self.emitter.builder.switch_to_block(own);
        let index = self.emitter.index(index);
        let entry = self.emitter.existing_entry_address(table, index);
        self.count_function_of(table, entry);
        self.emitter.builder.ins().jump(next, &[]);
        self.emitter.builder.seal_block(next);
        self.emitter.builder.switch_to_block(next);
    }

    fn count_function_of(&mut self, table: TableId, entry: Value) {
        let flags = self.emitter.flags(Region::Table(table.0));
        let reference = self.emitter.builder.ins().load(types::I64, flags, entry, 0);
        self.count_reference(reference);
    }

    /// Counts which function a reference is to, before it is called. A call of null traps anyway.
    pub fn count_reference(&mut self, reference: Value) {
        let Some(first) = self.points.first else { return };
        let id = self.emitter.builder.ins().ireduce(types::I32, reference);
        let address = self.emitter.address(Symbol::Counters);
        let place = self.emitter.pointer((first + self.points.word as u64) * 8);
        let site = self.emitter.builder.ins().iadd(address, place);
        self.emitter.leaf_call(RuntimeFunction::CountTarget, &[site, id]);
    }
}
