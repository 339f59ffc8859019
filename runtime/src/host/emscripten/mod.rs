//! Emscripten: what its modules import from JavaScript, a file for each group.
//!
//! System calls return a negated error number, functions of the C library -1 with `errno` set, functions of WASI an error number.
//! Numbers and layouts of the guest stay in this folder; what happens to files, sockets and the process is the affair of the
//! rooms below.

#![allow(clippy::too_many_arguments, reason = "the interface says how many")]

mod calendar;
mod errno;
mod ffi;
mod file;
mod identity;
mod library;
mod loader;
mod mapping;
mod memory;
mod network;
mod process;
mod pyodide;
mod python;
mod signal;
mod sleep;
mod stream;
mod time;

use crate::guest::program::program;
use adder_abi::host::emscripten::Family;

/// Whether the main module is from a version of Emscripten whose `time_t` has 64 bits.
pub fn is_time64() -> bool {
    program().emscripten == Family::Time64 as u32
}
