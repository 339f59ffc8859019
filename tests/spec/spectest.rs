//! The module `spectest`, in parts so that a script gets only the state that it imports.

use std::sync::LazyLock;

use adder_tests::text::assemble;

/// A part of `spectest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Functions and immutable globals: nothing that two programs could notice having twice.
    Stateless,
    /// The memory.
    Memory,
    /// The table.
    Table,
    /// The shared memory.
    SharedMemory,
}

static BYTES: LazyLock<[Vec<u8>; 4]> = LazyLock::new(|| {
    [
        include_str!("spectest.wat"),
        include_str!("spectest_memory.wat"),
        include_str!("spectest_table.wat"),
        include_str!("spectest_shared_memory.wat"),
    ]
    .map(assemble)
});

impl Part {
    /// The part that exports a name (the first one for a name that `spectest` does not have).
    pub fn holding(export: &str) -> Part {
        match export {
            "memory" => Part::Memory,
            "shared_memory" => Part::SharedMemory,
            "table" => Part::Table,
            _ => Part::Stateless,
        }
    }

    /// Whether two programs that each have it could tell.
    pub fn has_state(self) -> bool {
        self != Part::Stateless
    }

    /// The name of its instance.
    pub fn name(self) -> &'static str {
        match self {
            Part::Stateless => "spectest",
            Part::Memory => "spectest memory",
            Part::Table => "spectest table",
            Part::SharedMemory => "spectest shared memory",
        }
    }

    /// The module.
    pub fn bytes(self) -> &'static [u8] {
        &BYTES[self as usize]
    }
}
