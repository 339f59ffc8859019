//! Types, as the specification has them, and the function types of a program.

mod external;
mod signature;
mod value;

pub use external::{GlobalType, Limits, MemoryType, TABLE_ENTRIES_MAX, TableType};
pub use signature::Signatures;
pub use value::{FunctionType, Heap, Reference, ValueType};
