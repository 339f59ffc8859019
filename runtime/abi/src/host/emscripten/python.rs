//! What CPython's builds for Emscripten import besides.

use super::super::signature::{Context, Generated, IndirectCall, function};
use super::{Interface, Signature, call, interface};
use crate::callback::Callback;
use crate::value::ValueType::{ExternRef, I32};

/// The interface.
pub const INTERFACE: Interface = interface("adder_emscripten_python_", &FUNCTIONS);

const fn takes(parameters: &'static [crate::value::ValueType]) -> IndirectCall {
    IndirectCall::Typed { parameters, results: &[I32] }
}

/// Its functions. Source: `Python/emscripten_signal.c`, `Python/emscripten_trampoline.c`, `Modules/getpath.c` of CPython;
/// `src/core/` of Pyodide.
pub const FUNCTIONS: [Signature; 10] = [
    // `(function, self, arguments, keywords)`: functions of C may be declared with fewer parameters than they are called with.
    Signature {
        context: Context::Import,
        indirect_calls: &[takes(&[I32, I32, I32]), takes(&[I32, I32]), takes(&[I32]), takes(&[])],
        enters_guest: true,
        generated: Some(Generated::CallWithSurplus),
        ..call("_PyEM_TrampolineCall_JS", &[I32, I32, I32, I32])
    },
    // The number of a signal that has come since, else 0.
    call("_Py_CheckEmscriptenSignals_Helper", &[]),
    Signature { callbacks: &[Callback::Malloc], enters_guest: true, ..call("_Py_emscripten_runtime", &[]) },
    nothing(function("__hiwire_deduplicate_new", &[], &[ExternRef])),
    // Of Pyodide: without a stack to switch to, calls go on as they are.
    nothing(function("_maybe_connect_async", &[I32, I32, I32], &[ExternRef])),
    nothing(function("_maybe_poll_async", &[I32, I32, I32], &[ExternRef])),
    nothing(function("_maybe_recvfrom_async", &[I32, I32, I32], &[ExternRef])),
    nothing(function("_maybe_sendto_async", &[I32, I32, I32], &[ExternRef])),
    nothing(call("can_run_sync_js", &[])),
    // A file of its own for input: nobody needs it where reading waits.
    nothing(call("emscripten_set_up_async_input_device_js", &[])),
];

/// What does nothing and returns zeros.
const fn nothing(signature: Signature) -> Signature {
    Signature { generated: Some(Generated::Zero), ..signature }
}
