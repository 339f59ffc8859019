//! Functions of the guest that system interfaces call.

use crate::value::ValueType;
use ValueType::I32;

/// A function that a module exports for an interface to call: known by its name and its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuestFunction {
    /// The name of the export.
    pub export: &'static str,
    /// Its parameters.
    pub parameters: &'static [ValueType],
    /// Its results.
    pub results: &'static [ValueType],
}

/// A function of the main module that is at hand wherever the runtime needs it, in [`crate::program::Program::callbacks`]. It
/// is there if a function of an interface that the program imports declares it ([`crate::host::Signature::callbacks`]), and
/// if the module exports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callback {
    /// `chdir(path) -> 0, or else -1`. wasi-libc starts a program in `/`, and only the program itself can change that. The
    /// compiler also finds one that is not exported; where none is left, [`Callback::Malloc`] may take its place. See
    /// [`crate::program::WorkingDirectory`].
    ChangeDirectory,
    /// `malloc(bytes) -> address, or 0`.
    Malloc,
}

impl Callback {
    /// All of them, in the order of [`crate::program::Program::callbacks`].
    pub const ALL: [Callback; 2] = [Callback::ChangeDirectory, Callback::Malloc];

    /// Returns what the module exports.
    pub const fn function(self) -> GuestFunction {
        match self {
            Callback::ChangeDirectory => GuestFunction { export: "chdir", parameters: &[I32], results: &[I32] },
            Callback::Malloc => GuestFunction { export: "malloc", parameters: &[I32], results: &[I32] },
        }
    }
}

const _: () = {
    let mut index = 0;
    while index < Callback::ALL.len() {
        assert!(Callback::ALL[index] as usize == index, "the list is in the order of the numbers");
        index += 1;
    }
};
