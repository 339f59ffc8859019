//! The library linked into every executable that adder writes.
//!
//! It is small and ordinary: it reserves memory, turns faults of the guest into traps, and provides the system interface.
//! There is no code generation here and no reading of WebAssembly. musl's start files call `main` in [`start`], which is
//! the whole life of a process on one page; read on from there. What generated code and this library know of each other
//! is in the crate `adder-abi`, and nowhere else.
//!
//! The guest runs on a stack of its own; no frame of Rust or C is ever on it, except for the leaves in [`leaf`]. The
//! only crossing is [`border`].
#![cfg_attr(not(test), no_std)]
#![cfg_attr(test, allow(dead_code, reason = "nothing calls `main` and the host functions in tests"))]

extern crate alloc;

#[cfg(not(test))]
mod allocator;
mod arch;
pub mod atomic;
mod backtrace;
pub mod border;
pub mod cell;
pub mod checkpoint;
mod configuration;
mod door;
mod exception;
mod frame;
mod fs;
mod guest;
mod kernel;
pub mod leaf;
pub mod memory;
mod output;
#[cfg(not(test))]
mod panic;
mod parking;
pub mod process;
pub mod profile;
pub mod program;
mod protect;
#[cfg(test)]
mod random;
pub mod reservation;
#[cfg(feature = "script")]
mod script;
mod signals;
mod signature;
mod start;
mod sync;
pub mod table;
#[cfg(test)]
mod test_program;
pub mod thread;
pub mod thread_state;
pub mod trap;
mod wasi;
