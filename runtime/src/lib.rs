//! The library linked into every executable that adder writes.
//!
//! It is small and ordinary: it reserves memory, turns faults of the guest into traps, and provides the system interface.
//! There is no code generation here and no reading of WebAssembly. musl's start files call `main` in `start.rs`, which is
//! the whole life of a process on one page; read on from there. What generated code and this library know of each other
//! is in the crate `adder-abi`, and nowhere else.
//!
//! The guest runs on a stack of its own; no frame of Rust or C is ever on it, except for the leaves in `leaf/`. The
//! only crossing is `guest/border.rs`.
//!
//! Rooms, each of which imports only those above it:
//!
//! ```text
//! arch        all that knows the machine; leaf, beside it: what generated code calls on the guest's stack
//! process     what the process was started with and built for, and what it asks of the system
//! guest       memories, tables, stacks; entering and leaving the guest
//! heap        exceptions
//! vfs         the files that the guest sees
//! net         sockets and names of hosts
//! checkpoint  making one, and going on from it
//! run         calling the entry, and what becomes of the process then
//! host        what modules may import
//! start       joins all of them; library, in its place: the same for a program that is a library
//! ```
#![cfg_attr(not(test), no_std)]
#![cfg_attr(test, allow(dead_code, reason = "nothing calls `main` and the host functions in tests"))]
#![cfg_attr(
    feature = "library",
    allow(dead_code, reason = "a library has no process, so neither arguments nor checkpoints")
)]

extern crate alloc;

mod arch;
mod checkpoint;
mod guest;
mod heap;
mod host;
mod leaf;
#[cfg(feature = "library")]
mod library;
mod net;
mod process;
#[cfg(test)]
mod random;
mod run;
#[cfg(not(feature = "library"))]
mod start;
#[cfg(test)]
mod test_program;
mod vfs;

/// The runtime as a whole. A room that calls a function of a later room declares it in a trait, and the later room implements the
/// trait for this type. So neither room imports against the order, and the compiler checks both against one signature.
///
/// Each of these functions has a symbol of its own (`export_name`). It takes 50 bytes of an executable that has the function; the
/// mangled name of a trait's function takes 200. A function with a symbol is also not merged into its only caller.
enum Runtime {}
