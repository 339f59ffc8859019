//! What adder knows about CPython: where to get a `python.wasm` and where it looks for its standard library.

mod fetch;
pub mod flavor;
mod library;

pub use library::{STANDARD_LIBRARY, guest_folder, prefix};
