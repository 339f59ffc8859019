//! The address plan: where memories, tables, globals and what threads have of their own lie, and what of them is known at
//! build.

mod call_table;
mod global;
mod image;
mod memory;
mod segment;
mod table;
mod thread_state;

pub use call_table::{CallTable, CallTables, ENTRY_BYTES as CALL_TABLE_ENTRY_BYTES, plan_call_tables};
pub use global::{Global, GlobalClass, plan_globals};
pub use image::Image;
pub use memory::{BaseClass, Memory, SizeClass, plan_memories};
pub use segment::{Data, Element};
pub use table::{IMAGE_ENTRIES_MAX, Table, TableContents, TableStorage, plan_tables};
pub use thread_state::{ThreadState, plan_thread_state};
