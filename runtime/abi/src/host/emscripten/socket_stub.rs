//! What Emscripten's C library up to version 5, and Pyodide, define themselves of sockets, to do nothing. The runtime takes its place.

use super::{Interface, Signature, call, interface};
use crate::callback::Callback;
use crate::value::ValueType::I32;

/// The interface.
pub const INTERFACE: Interface =
    Interface { replaces_definitions: true, ..interface("adder_emscripten_socket_stub_", &FUNCTIONS) };

/// Its functions. Source: `system/lib/libc/emscripten_syscall_stubs.c`, `musl/src/network/setsockopt.c`.
pub const FUNCTIONS: [Signature; 2] = [
    call("__syscall_setsockopt", &[I32, I32, I32, I32, I32, I32]),
    // The optimiser mostly has what the call returns in here: not a call, but its number.
    Signature {
        callbacks: &[Callback::ErrnoLocation],
        enters_guest: true,
        ..call("setsockopt", &[I32, I32, I32, I32, I32])
    },
];
