//! How often control went each way at the branches of a function, for what works on its intermediate code.

use std::collections::HashMap;

use cranelift_codegen::ir::Inst;

/// The counts of a function's branches, as far as a profile has them.
#[derive(Default)]
pub struct Ways {
    counts: HashMap<Inst, Vec<u64>>,
}

impl Ways {
    /// Says how often each target of a branch was taken, in the order in which the instruction has them (of a branch by a
    /// table, the default comes first).
    pub fn record(&mut self, branch: Inst, counts: Vec<u64>) {
        self.counts.insert(branch, counts);
    }

    /// How often each target of a branch was taken, in that order.
    pub fn of(&self, branch: Inst) -> Option<&[u64]> {
        self.counts.get(&branch).map(Vec::as_slice)
    }
}
