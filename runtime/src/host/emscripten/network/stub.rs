//! Functions that do nothing in Pyodide's C library.

use super::option;
use crate::guest::pointer::Guest;
use crate::host::emscripten::library::fail;
use crate::host::interface;
use adder_abi::trap::TrapCode;

interface! {
    emscripten::socket_stub;
    adder_emscripten_socket_stub_setsockopt = set_option(
        Guest, fd: u32, level: u32, option: u32, value: u32, bytes: u32
    );
}

fn set_option(guest: Guest, fd: u32, level: u32, option: u32, value: u32, bytes: u32) -> Result<u32, TrapCode> {
    option::set(guest, fd, level, option, value, bytes, 0).map_or_else(|error| fail(guest, error), |()| Ok(0))
}
