//! What is counted or known at the places of a function where control divides.

use std::collections::HashMap;

use cranelift_codegen::ir::Block;
use wasmparser::Operator;

use crate::clif::Ways;
use crate::id::FunctionId;
use crate::plan::Program;
use crate::profile::body::operator_words;

/// What is counted or known at the places of a function.
pub struct Points<'a> {
    /// Index of the function's first counter, if the program counts.
    pub first: Option<u64>,
    /// The function's counters in the profile, if that has it.
    pub counts: Option<&'a [u64]>,
    /// Branches that the module has hints about: offset in the body, and whether they are likely taken.
    hints: &'a [(u32, bool)],
    /// First word of the operator at hand, among those of the function.
    pub word: usize,
    /// First word of the next one.
    next_word: usize,
    /// Offset of the operator at hand in the body.
    offset: u32,
    /// How often the place at hand was reached, if that is known.
    pub reached: Option<u64>,
    /// How often control came to blocks that have not begun yet, as far as that is known.
    pub coming: HashMap<Block, u64>,
    /// How often control went each way, as far as that is known.
    pub ways: Ways,
}

impl<'a> Points<'a> {
    /// Of a function that begins.
    pub fn new(program: &'a Program<'_>, function: FunctionId, hints: &'a [(u32, bool)]) -> Points<'a> {
        let counts = program.counts.of(function);
        let hints = if program.optimizes { hints } else { &[] };
        Points {
            first: program.instrumentation.as_ref().and_then(|plan| plan.first_word(function)),
            counts,
            hints,
            word: 0,
            next_word: 1,
            offset: 0,
            reached: counts.and_then(|counts| counts.first().copied()),
            coming: HashMap::new(),
            ways: Ways::default(),
        }
    }

    /// Goes to the next operator, whether it can be reached or not.
    pub fn advance(&mut self, operator: &Operator<'_>, offset: u32) {
        self.word = self.next_word;
        self.next_word += operator_words(operator) as usize;
        self.offset = offset;
    }

    /// The counters of the operator at hand.
    pub fn own(&self) -> Option<&'a [u64]> {
        self.counts?.get(self.word..self.next_word)
    }

    /// Control comes to a block, as often as it was here.
    pub fn go(&mut self, target: Block) {
        if let Some(count) = self.reached {
            self.go_often(target, count);
        }
    }

    /// Control comes to a block so often.
    pub fn go_often(&mut self, target: Block, count: u64) {
        let coming = self.coming.entry(target).or_insert(0);
        *coming = coming.saturating_add(count);
    }

    /// Taken and not taken, of the branch at hand. Of a hint it is only known which is more.
    pub fn arms(&self) -> Option<(u64, u64)> {
        if let Some([executed, taken]) = self.own() {
            return Some((*taken, executed.saturating_sub(*taken)));
        }
        let found = self.hints.binary_search_by_key(&self.offset, |(offset, _)| *offset).ok()?;
        Some(if self.hints[found].1 { (1, 0) } else { (0, 1) })
    }
}
