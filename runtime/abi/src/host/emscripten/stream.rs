//! Reading, writing and waiting, and what Emscripten takes from WASI with a type or a meaning of its own. The other functions of
//! WASI that its modules import are [`super::super::wasi_preview1`]'s.

use super::super::signature::{Guests, Interface, Signature, function};
use super::variant;
use crate::host::wasi_preview1::MODULE;
use crate::value::ValueType::{I32, I64};

/// The interface.
pub const INTERFACE: Interface = Interface {
    module: MODULE,
    prefix: "adder_emscripten_stream_",
    functions: &FUNCTIONS,
    exclusive: false,
    guests: Guests::Emscripten,
    replaces_definitions: false,
};

/// Its functions: of those with 64-bit values the halves are two parameters, unless the module was linked with
/// `-sWASM_BIGINT`.
pub const FUNCTIONS: [Signature; 6] = [
    function("fd_close", &[I32], &[I32]),
    // Only terminals are character devices: this is all that `isatty` asks.
    function("fd_fdstat_get", &[I32, I32], &[I32]),
    variant("fd_pread_halves", function("fd_pread", &[I32, I32, I32, I32, I32, I32], &[I32])),
    variant("fd_pwrite_halves", function("fd_pwrite", &[I32, I32, I32, I32, I32, I32], &[I32])),
    // Directories can be moved in as well.
    function("fd_seek", &[I32, I64, I32, I32], &[I32]),
    variant("fd_seek_halves", function("fd_seek", &[I32, I32, I32, I32, I32], &[I32])),
];
