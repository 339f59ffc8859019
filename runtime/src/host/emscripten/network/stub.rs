//! Functions that do nothing in Pyodide's C library.

use super::{option, pair};
use crate::guest::pointer::Guest;
use crate::host::emscripten::library::fail;
use crate::host::interface;
use adder_abi::trap::TrapCode;

interface! {
    emscripten::socket_stub;
    adder_emscripten_socket_stub_setsockopt = set_option(
        Guest, fd: u32, level: u32, option: u32, value: u32, bytes: u32
    );
    adder_emscripten_socket_stub_socketpair = make_pair(Guest, domain: u32, ty: u32, protocol: u32, result: u32);
}

fn set_option(guest: Guest, fd: u32, level: u32, option: u32, value: u32, bytes: u32) -> Result<u32, TrapCode> {
    option::set(guest, fd, level, option, value, bytes, 0).map_or_else(|error| fail(guest, error), |()| Ok(0))
}

fn make_pair(guest: Guest, domain: u32, ty: u32, protocol: u32, result: u32) -> Result<u32, TrapCode> {
    pair(guest, domain, ty, protocol, result, 0, 0).map_or_else(|error| fail(guest, error), |()| Ok(0))
}
