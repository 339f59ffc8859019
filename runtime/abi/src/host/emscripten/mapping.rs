//! Mapped files.

use super::{Interface, Signature, call, interface, variant};
use crate::callback::Callback;
use crate::value::ValueType::{I32, I64};

/// The interface.
pub const INTERFACE: Interface = interface("adder_emscripten_mapping_", &FUNCTIONS);

/// A mapping of a file: it is in memory that the guest's own allocator gives.
const fn maps(signature: Signature) -> Signature {
    Signature {
        callbacks: &[Callback::AllocateAligned, Callback::AllocateAlignedBuiltin, Callback::Free],
        enters_guest: true,
        ..signature
    }
}

/// Its functions. Source: `src/library_syscall.js`, `src/lib/libsyscall.js`.
pub const FUNCTIONS: [Signature; 7] = [
    maps(call("_mmap_js", &[I32, I32, I32, I32, I64, I32, I32])),
    // Emscripten 3.1.6: `(address, bytes, protection, flags, descriptor, offset, allocated)`.
    maps(variant("mmap_3_1_6", call("_mmap_js", &[I32, I32, I32, I32, I32, I32, I32]))),
    call("_msync_js", &[I32, I32, I32, I32, I32, I64]),
    variant("msync_3_1_6", call("_msync_js", &[I32, I32, I32, I32])),
    call("_munmap_js", &[I32, I32, I32, I32, I32, I64]),
    variant("munmap_3_1_6", call("_munmap_js", &[I32, I32, I32, I32, I32, I32])),
    // Up to Emscripten 3.1, for catalogues of messages: `(path, place of the size)` -> address, or 0.
    Signature {
        callbacks: &[
            Callback::AllocateAligned,
            Callback::AllocateAlignedBuiltin,
            Callback::Free,
            Callback::ErrnoLocation,
        ],
        ..maps(call("__map_file", &[I32, I32]))
    },
];
