//! The guest: its program, memories, tables and stacks, and how it is entered and left.

mod atomic;
pub mod backtrace;
pub mod border;
pub mod cell;
pub mod extended_table;
pub mod frame;
pub mod memory;
mod parking;
pub mod pointer;
pub mod program;
pub mod table;
pub mod thread;
pub mod thread_state;
pub mod trap;
