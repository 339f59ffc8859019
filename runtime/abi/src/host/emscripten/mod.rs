//! What modules made by Emscripten import from JavaScript, a file for each group. Source: `src/library*.js` and
//! `system/lib/` of Emscripten 3.1.6, 5.0.3 and 6.0.5, and what CPython and Pyodide add.
//!
//! There is no stable interface between a module and the JavaScript beside it: types of functions and layouts in memory change
//! between versions. Where types differ, a name stands here with each of them. What differs behind a pointer is told by the
//! [`Family`].

pub mod ffi;
pub mod file;
pub mod loader;
pub mod mapping;
pub mod memory;
pub mod network;
pub mod process;
pub mod pyodide;
pub mod python;
pub mod signal;
pub mod socket_stub;
pub mod stream;
pub mod stub;
pub mod time;

use super::signature::{Guests, Interface, Signature};
use crate::value::ValueType::{self, I32};

/// The module name of all of it but what is WASI's.
pub const MODULE: &str = "env";

/// Versions of Emscripten whose layouts in memory are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Family {
    /// Emscripten 3.1.6: `time_t` has 32 bits, `struct stat` 88 bytes.
    Time32 = 1,
    /// Emscripten 5 and 6: `time_t` has 64 bits, `struct stat` 96 bytes.
    Time64 = 2,
}

/// An interface of functions with this prefix.
const fn interface(prefix: &'static str, functions: &'static [Signature]) -> Interface {
    Interface {
        module: MODULE,
        prefix,
        functions,
        exclusive: false,
        guests: Guests::Emscripten,
        replaces_definitions: false,
    }
}

/// A system call: returns a negated error number if it fails.
const fn call(name: &'static str, parameters: &'static [ValueType]) -> Signature {
    super::signature::function(name, parameters, &[I32])
}

/// The same function with another type, under another symbol.
const fn variant(symbol: &'static str, signature: Signature) -> Signature {
    Signature { symbol, ..signature }
}
