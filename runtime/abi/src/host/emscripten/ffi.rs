//! libffi: calls of functions whose types are known only when the program runs, and functions that are made then (closures). The
//! layouts that it hands over are those of its `include/ffi.h.in` and `src/wasm32/`.

use super::super::signature::{Context, function};
use super::{Interface, Signature, call, interface};
use crate::callback::Callback;
use crate::value::ValueType::I32;

/// The interface.
pub const INTERFACE: Interface = interface("adder_emscripten_", &FUNCTIONS);

/// What finds its table in its import.
const fn extends(signature: Signature, callbacks: &'static [Callback]) -> Signature {
    Signature { context: Context::Import, extends_table: true, enters_guest: true, callbacks, ..signature }
}

/// What takes bytes from the stack and gives them back.
const STACK: &[Callback] =
    &[Callback::StackCurrent, Callback::StackCurrentOld, Callback::StackRestore, Callback::StackRestoreOld];

/// Its functions. Source: `src/wasm32/ffi.c` of libffi 3.4 and later.
pub const FUNCTIONS: [Signature; 4] = [
    // `(type, function, result, arguments)`.
    extends(function("ffi_call_js", &[I32, I32, I32, I32], &[]), STACK),
    // `(bytes, where the function goes) -> closure, or 0`.
    extends(call("ffi_closure_alloc_js", &[I32, I32]), &[Callback::Malloc, Callback::Free]),
    extends(function("ffi_closure_free_js", &[I32], &[]), &[Callback::Free]),
    // `(closure, type, function, what it is told, closure's function) -> 0, or else why not`.
    extends(call("ffi_prep_closure_loc_js", &[I32, I32, I32, I32, I32]), STACK),
];
