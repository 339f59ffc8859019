//! Types of tables, memories and globals: what modules import and export besides functions.

use adder_abi::plan::PAGE_BYTES;

use super::value::{Reference, ValueType};

/// Entries that a 32-bit table can have.
pub const TABLE_ENTRIES_MAX: u64 = u32::MAX as u64;

/// Pages that a 32-bit memory can have.
const MEMORY_PAGES_MAX: u64 = (1 << 32) / PAGE_BYTES;

/// Pages that a 64-bit memory can have here: 1 TiB, a small part of the address space of a process. The specification
/// lets an implementation choose.
const MEMORY64_PAGES_MAX: u64 = (1 << 40) / PAGE_BYTES;

/// Sizes that a table or memory starts with and must not exceed, in entries or pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// At the start.
    pub initial: u64,
    /// At most, if declared.
    pub maximum: Option<u64>,
}

/// The type of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableType {
    /// What it holds.
    pub element: Reference,
    /// Its sizes in entries.
    pub limits: Limits,
    /// Whether indices have 64 bits.
    pub index64: bool,
}

/// The type of a memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryType {
    /// Its sizes in pages.
    pub limits: Limits,
    /// Whether indices have 64 bits.
    pub index64: bool,
    /// Whether threads share it.
    pub shared: bool,
}

/// The type of a global.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlobalType {
    /// What it holds.
    pub value: ValueType,
    /// Whether it can be set.
    pub mutable: bool,
}

impl MemoryType {
    /// Pages that such a memory can have here, whatever it declares.
    pub fn pages_max(self) -> u64 {
        if self.index64 { MEMORY64_PAGES_MAX } else { MEMORY_PAGES_MAX }
    }
}
