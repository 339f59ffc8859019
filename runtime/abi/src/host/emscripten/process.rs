//! The process: its arguments, its end, its user, its signals.

use super::super::signature::{Generated, function};
use super::{Interface, Signature, call, interface};
use crate::callback::Callback;
use crate::value::ValueType::I32;

/// The interface.
pub const INTERFACE: Interface = interface("adder_emscripten_process_", &FUNCTIONS);

/// The function by which the start of a program gets its arguments: `()` -> their number and the address of their addresses. Not
/// for modules: no name of an import has a space.
pub const ARGUMENTS: &str = "the arguments";

/// The function that ends a program in order: `(status)`.
pub const EXIT: &str = "exit";

/// What does nothing and returns zeros: without JavaScript's events, the program ends with `main`.
const fn nothing(signature: Signature) -> Signature {
    Signature { generated: Some(Generated::Zero), ..signature }
}

/// Its functions. Source: `src/library.js`, `src/library_syscall.js`.
pub const FUNCTIONS: [Signature; 20] = [
    Signature {
        symbol: "arguments",
        callbacks: &[Callback::StackAllocate, Callback::StackAllocateOld],
        enters_guest: true,
        ..function(ARGUMENTS, &[], &[I32, I32])
    },
    function("__assert_fail", &[I32, I32, I32, I32], &[]),
    call("__syscall_getuid32_js", &[]),
    function("_abort_js", &[], &[]),
    function("abort", &[], &[]),
    function("_emscripten_get_progname", &[I32, I32], &[]),
    nothing(function("_emscripten_runtime_keepalive_clear", &[], &[])),
    call("_emscripten_system", &[I32]),
    nothing(function("emscripten_debugger", &[], &[])),
    function("emscripten_log_impl_js", &[I32], &[]),
    function("_emscripten_log_formatted", &[I32, I32], &[]),
    call("emscripten_num_logical_cores", &[]),
    nothing(function("emscripten_runtime_keepalive_pop", &[], &[])),
    nothing(function("emscripten_runtime_keepalive_push", &[], &[])),
    Signature {
        callbacks: &[Callback::RunExitHandlers, Callback::FlushStreams, Callback::Flush],
        enters_guest: true,
        ..function(EXIT, &[I32], &[])
    },
    Signature { callbacks: &[Callback::ErrnoLocation], enters_guest: true, ..call("getentropy", &[I32, I32]) },
    call("getloadavg", &[I32, I32]),
    function("setTempRet0", &[I32], &[]),
    call("getTempRet0", &[]),
    call("system", &[I32]),
];
