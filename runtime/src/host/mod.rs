//! What modules may import from the host: a folder or a file for each interface of [`adder_abi::host::INTERFACES`], and what
//! they have in common.

pub mod special;
pub mod vectors;
pub mod wasi;
mod wasi_python;
pub mod wasi_threads;
