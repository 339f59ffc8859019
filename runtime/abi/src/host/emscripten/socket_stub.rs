//! What Pyodide's C library defines itself of sockets, to do nothing. The runtime takes its place.

use super::super::signature::Guests;
use super::{Interface, Signature, call, interface};
use crate::callback::Callback;
use crate::value::ValueType::I32;

/// The interface.
pub const INTERFACE: Interface = Interface {
    guests: Guests::Pyodide,
    replaces_definitions: true,
    ..interface("adder_emscripten_socket_stub_", &FUNCTIONS)
};

/// Its functions. Source: `src/core/socket_syscalls.c` of Pyodide, `system/lib/libc/emscripten_syscall_stubs.c`.
pub const FUNCTIONS: [Signature; 2] = [
    // Its system call always returns 0, which the optimiser has put in here.
    Signature {
        callbacks: &[Callback::ErrnoLocation],
        enters_guest: true,
        ..call("setsockopt", &[I32, I32, I32, I32, I32])
    },
    // Its system call is one with others that say that they are not there, and stays.
    Signature {
        callbacks: &[Callback::ErrnoLocation],
        enters_guest: true,
        ..call("socketpair", &[I32, I32, I32, I32])
    },
];
