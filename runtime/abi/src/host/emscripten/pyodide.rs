//! What Pyodide imports besides, apart from what only JavaScript can do: that traps. And functions of its C library that are stubs.

use super::super::signature::{Generated, Guests, function};
use super::{Interface, Signature, call, interface};
use crate::callback::Callback;
use crate::value::ValueType::{ExternRef, I32};

/// The interface.
pub const INTERFACE: Interface = Interface {
    guests: Guests::Pyodide,
    replaces_definitions: true,
    ..interface("adder_emscripten_pyodide_", &FUNCTIONS)
};

/// What does nothing and returns zeros.
const fn nothing(signature: Signature) -> Signature {
    Signature { generated: Some(Generated::Zero), ..signature }
}

/// Its functions. Source: `src/core/` of Pyodide; `system/lib/libc/emscripten_libc_stubs.c`.
pub const FUNCTIONS: [Signature; 10] = [
    // The stub says that no time has passed. In other programs, a function of this name may be the program's own.
    Signature { callbacks: &[Callback::ErrnoLocation], enters_guest: true, ..call("times", &[I32]) },
    nothing(function("__hiwire_deduplicate_new", &[], &[ExternRef])),
    // Without a stack to switch to, calls go on as they are.
    nothing(function("_maybe_connect_async", &[I32, I32, I32], &[ExternRef])),
    nothing(function("_maybe_poll_async", &[I32, I32, I32], &[ExternRef])),
    nothing(function("_maybe_recvfrom_async", &[I32, I32, I32], &[ExternRef])),
    nothing(function("_maybe_sendto_async", &[I32, I32, I32], &[ExternRef])),
    nothing(call("can_run_sync_js", &[])),
    // A file of its own for input: nobody needs it where reading waits.
    nothing(call("emscripten_set_up_async_input_device_js", &[])),
    // Asked before the system call of the same name, which is done after 0.
    nothing(call("_try_fcntl64", &[I32, I32, I32, I32])),
    // A constructor of the C++ library asks whether there is a table of source lines.
    nothing(call("emscripten_asm_const_int", &[I32, I32, I32])),
];
