//! What CPython's builds ask for besides.

use super::super::interface;
use super::library::allocate_text;
use crate::guest::pointer::Guest;
use adder_abi::trap::TrapCode;

interface! {
    emscripten::python;
    adder_emscripten_python__Py_emscripten_runtime = runtime(Guest);
}

/// What `sys._emscripten_info.runtime` says.
const RUNTIME: &str = concat!("adder ", env!("CARGO_PKG_VERSION"));

/// Returns the address of a text that the guest gives back.
fn runtime(guest: Guest) -> Result<u32, TrapCode> {
    allocate_text(guest, RUNTIME.as_bytes())
}
