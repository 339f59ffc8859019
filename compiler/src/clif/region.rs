//! Regions of memory that do not overlap, for accesses.

use cranelift_codegen::ir::{AliasRegionData, DataFlowGraph, MemFlagsData};

/// Regions of a kind (globals, tables, memories) that are told apart; all further ones are one. The code generator can
/// hold some ten thousand sets of flags for a function.
const REGIONS_MAX: u32 = 255;

/// Memory that overlaps with no other region: what one of them is written to, loads of the others need not see.
#[derive(Clone, Copy, Debug)]
pub enum Region {
    /// A linear memory.
    Memory(u32),
    /// A global.
    Global(u32),
    /// The entries of a table.
    Table(u32),
    /// Descriptors.
    Descriptors,
    /// Slots of the function's own frame, and payloads of exceptions, by which values are handed over.
    Slots,
    /// Locals that are kept in the frame.
    Locals,
    /// Counters of an instrumented program.
    Counters,
    /// What the parts of a function that was cut keep in the frame of their driver.
    Homes,
}

impl Region {
    /// Flags of an access to it.
    pub fn mark(self, flags: MemFlagsData, graph: &mut DataFlowGraph) -> MemFlagsData {
        let (namespace, number, name) = match self {
            Region::Memory(number) => (1, number, "memory"),
            Region::Global(number) => (2, number, "global"),
            Region::Table(number) => (3, number, "table"),
            Region::Descriptors => (4, 0, "descriptors"),
            Region::Slots => (5, 0, "slots"),
            Region::Locals => (6, 0, "locals"),
            Region::Counters => (7, 0, "counters"),
            Region::Homes => (8, 0, "homes"),
        };
        let number = number.min(REGIONS_MAX);
        let data = AliasRegionData { user_id: namespace << 28 | number, description: name.into() };
        flags.with_alias_region(Some(graph.alias_regions.insert(data)))
    }
}
