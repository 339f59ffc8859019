//! What adder knows about CPython: where to get a `python.wasm` and where it looks for its standard library.

pub mod bytecode;
pub mod flavor;
mod library;
pub mod native;
pub mod script;
pub mod takeover;

/// Whether a module is CPython: by the name of a variable of the environment that no other program looks for.
pub fn is_cpython(module: &[u8]) -> bool {
    const NAME: &[u8] = b"PYTHONHASHSEED";
    module.windows(NAME.len()).any(|window| window == NAME)
}

pub use library::{ArchivePlace, STANDARD_LIBRARY, archive_place, embed_archive, guest_folder, prefix};
