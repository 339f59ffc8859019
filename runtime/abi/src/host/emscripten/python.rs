//! What CPython's builds for Emscripten import besides.

use super::super::signature::{Context, Generated, IndirectCall};
use super::{Interface, Signature, call, interface};
use crate::callback::Callback;
use crate::value::ValueType::I32;

/// The interface.
pub const INTERFACE: Interface = interface("adder_emscripten_python_", &FUNCTIONS);

const fn takes(parameters: &'static [crate::value::ValueType]) -> IndirectCall {
    IndirectCall::Typed { parameters, results: &[I32] }
}

/// Its functions. Source: `Python/emscripten_signal.c`, `Python/emscripten_trampoline.c`, `Python/pylifecycle.c` of CPython.
pub const FUNCTIONS: [Signature; 3] = [
    // `(function, self, arguments, keywords)`: functions of C may be declared with fewer parameters than they are called with.
    Signature {
        context: Context::Import,
        indirect_calls: &[takes(&[I32, I32, I32]), takes(&[I32, I32]), takes(&[I32]), takes(&[])],
        enters_guest: true,
        generated: Some(Generated::CallWithSurplus),
        ..call("_PyEM_TrampolineCall_JS", &[I32, I32, I32, I32])
    },
    // Returns the number of a signal that has come since, else 0: always 0, as handlers of the C library are called.
    Signature { generated: Some(Generated::Pause), ..call("_Py_CheckEmscriptenSignals_Helper", &[]) },
    Signature { callbacks: &[Callback::Malloc], enters_guest: true, ..call("_Py_emscripten_runtime", &[]) },
];
