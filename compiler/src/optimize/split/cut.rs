//! A function that has been cut, before its parts are built.

use std::collections::HashMap;

use cranelift_codegen::ir::{Function, StackSlot};

use super::find::Dispatch;
use super::graph::Graph;
use super::liveness::Liveness;
use super::place::Homes;
use super::region::Parts;
use super::table::Entries;
use crate::arch::PartConvention;

/// A function that has been cut.
pub struct Cut {
    /// The original, without aliases.
    pub function: Function,
    /// Its flow graph.
    pub graph: Graph,
    /// The branch that every round of its loop goes through.
    pub dispatch: Dispatch,
    /// Which of its values are needed where.
    pub live: Liveness,
    /// What it is cut into.
    pub parts: Parts,
    /// Where values are that parts hand to each other.
    pub homes: Homes,
    /// How parts are called.
    pub convention: PartConvention,
    /// Where the original's slots are in the driver's frame.
    pub slots: HashMap<StackSlot, u32>,
    /// Size of the driver's frame.
    pub frame_bytes: u32,
    /// What that is aligned to.
    pub frame_alignment: u32,
    /// The table of the dispatch.
    pub entries: Entries,
}

impl Cut {
    /// How many parts there are.
    pub fn part_count(&self) -> usize {
        self.parts.list.len()
    }

    /// Which part each index leads to; the last entry is for all indices beyond.
    pub fn table(&self) -> Vec<u32> {
        self.entries.targets.iter().map(|target| self.parts.numbers[target] as u32).collect()
    }
}
