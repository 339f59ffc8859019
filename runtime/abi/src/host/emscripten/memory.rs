//! Memory: its growth, large copies.

use super::super::signature::{Generated, function};
use super::{Interface, Signature, call, interface};
use crate::value::ValueType::I32;

/// The interface.
pub const INTERFACE: Interface = interface("adder_emscripten_memory_", &FUNCTIONS);

/// Copies a large piece: `(destination, source, bytes)`.
const COPY: Signature =
    Signature { generated: Some(Generated::MemoryCopy), ..function("emscripten_memcpy_big", &[I32, I32, I32], &[]) };

/// Its functions. Source: `src/library.js`, `src/lib/libcore.js`.
pub const FUNCTIONS: [Signature; 7] = [
    call("emscripten_get_heap_max", &[]),
    COPY,
    Signature { results: &[I32], ..COPY },
    Signature { name: "emscripten_memcpy_js", ..COPY },
    Signature { name: "_emscripten_memcpy_js", ..COPY },
    Signature { grows_memory: true, ..call("emscripten_resize_heap", &[I32]) },
    function("emscripten_notify_memory_growth", &[I32], &[]),
];
