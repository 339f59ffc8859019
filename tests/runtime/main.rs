//! The runtime's core as seen from outside: processes that start, trap, run out of something or are called wrongly; and its
//! leaves against plain definitions of what they have to do.

mod c_abi;
mod cpu;
mod debugger;
mod exceptions;
mod far_branches;
mod far_calls;
mod initialization;
mod interfaces;
mod interpreter;
mod limits;
mod nesting;
mod process;
mod program;
mod shuffle;
mod size;
mod threads;
mod traps;
