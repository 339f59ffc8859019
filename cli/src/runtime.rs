//! What every executable is linked with, embedded in adder itself.

use std::borrow::Cow;

macro_rules! embedded {
    ($name:literal) => {
        include_bytes!(concat!(env!("ADDER_EMBEDDED"), "/", $name))
    };
}

/// The pieces that turn an object file into an executable.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// The static library that supplies the symbols of `adder-abi`.
    pub archive: Cow<'static, [u8]>,
}

impl Runtime {
    /// The runtime that was built with adder.
    pub fn embedded() -> Runtime {
        Runtime { archive: Cow::Borrowed(embedded!("libadder_runtime.a")) }
    }

    /// Another archive in its place; musl's files stay. For tests with a driver of their own.
    pub fn with_archive(archive: Vec<u8>) -> Runtime {
        Runtime { archive: Cow::Owned(archive) }
    }
}

/// musl's start of a static PIE: relocates the executable itself, then calls `main`.
pub(crate) const START: &[u8] = embedded!("rcrt1.o");
/// The first part of `_init` and `_fini`, which musl calls.
pub(crate) const INIT_PROLOGUE: &[u8] = embedded!("crti.o");
/// The last part of `_init` and `_fini`.
pub(crate) const INIT_EPILOGUE: &[u8] = embedded!("crtn.o");
/// musl.
pub(crate) const LIBC: &[u8] = embedded!("libc.a");
