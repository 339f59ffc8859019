//! What an object file is linked with.

use crate::target::Target;
use std::borrow::Cow;

/// A machine, and the runtime for it.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// The machine.
    pub target: &'static Target,
    /// The static library that supplies the symbols of `adder-abi`.
    pub archive: Cow<'static, [u8]>,
}

impl Runtime {
    /// The runtime that was built with adder.
    pub fn embedded(target: &'static Target) -> Runtime {
        Runtime { target, archive: Cow::Borrowed(target.files.runtime) }
    }

    /// Another archive in its place; musl's files stay. For tests with a driver of their own.
    pub fn with_archive(target: &'static Target, archive: Vec<u8>) -> Runtime {
        Runtime { target, archive: Cow::Owned(archive) }
    }
}
