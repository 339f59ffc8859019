//! What adder knows about CPython: where to get a `python.wasm` and where it looks for its standard library.

pub mod checkpoint;
pub mod flavor;
mod library;
pub mod scientific;

pub use library::{STANDARD_LIBRARY, guest_folder, prefix};
