//! Libraries that a program loads while it runs, and what it finds by name.

use super::super::signature::{Context, IndirectCall, function};
use super::{Interface, Signature, call, interface, variant};
use crate::callback::Callback;
use crate::value::ValueType::I32;

/// The interface.
pub const INTERFACE: Interface = interface("adder_emscripten_loader_", &FUNCTIONS);

/// What says why something failed.
const TELLS: &[Callback] = &[Callback::Malloc, Callback::Free, Callback::SetLoadError];

const fn tells(signature: Signature) -> Signature {
    Signature { callbacks: TELLS, enters_guest: true, ..signature }
}

/// Its functions. Source: `src/lib/libdylink.js`, `system/lib/libc/dynlink.c`.
pub const FUNCTIONS: [Signature; 4] = [
    // `(library) -> whether it is loaded`.
    tells(call("_dlopen_js", &[I32])),
    // `(library, name, place of a number) -> address or index, or 0`.
    tells(Signature { context: Context::Import, extends_table: true, ..call("_dlsym_js", &[I32, I32, I32]) }),
    // Up to Emscripten 3.1.
    tells(variant("dlsym_old", call("_dlsym_js", &[I32, I32]))),
    // `(library, when it is loaded, when it is not, what they are told)`.
    tells(Signature {
        context: Context::Import,
        indirect_calls: &[IndirectCall::Typed { parameters: &[I32, I32], results: &[] }],
        ..function("_emscripten_dlopen_js", &[I32, I32, I32, I32], &[])
    }),
];
