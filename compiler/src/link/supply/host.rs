//! The runtime as a supplier of functions: its system interfaces.

use adder_abi::host::emscripten::MODULE;
use adder_abi::host::{IndirectCall, Interfaces, Signature};

use super::super::emscripten::{is_emscripten, is_pyodide};
use super::supplier::Supplier;
use crate::module::{Import, Module};
use crate::types::{FunctionType, ValueType};

/// What a module was made by, which decides what its imports mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guest {
    /// Anything but Emscripten.
    Other,
    /// Emscripten.
    Emscripten,
    /// Emscripten; it has functions of Pyodide in it that are for JavaScript alone.
    Pyodide,
}

impl Guest {
    /// Tells what a module was made by.
    pub fn of(module: &Module<'_>) -> Guest {
        match () {
            () if is_pyodide(module) => Guest::Pyodide,
            () if is_emscripten(module) => Guest::Emscripten,
            () => Guest::Other,
        }
    }
}

/// Says who supplies a function that no module was given for.
pub fn supplier(interfaces: Interfaces, guest: Guest, import: &Import<'_>, wanted: &FunctionType) -> Supplier {
    let named = || interfaces.named(guest != Guest::Other, import.module, import.name);
    if let Some(function) = named().find(|function| has_type(interfaces.signature(*function), wanted)) {
        return Supplier::Host(function);
    }
    // Names that belong to nobody are another interface's then.
    match named().any(|function| interfaces.interface(function).exclusive) {
        true => Supplier::OtherType,
        false if guest == Guest::Pyodide && import.module == MODULE => Supplier::WithoutJavaScript,
        false => Supplier::Nobody,
    }
}

fn has_type(signature: &Signature, wanted: &FunctionType) -> bool {
    if signature.is_pattern {
        // What passes its call on takes an index.
        let forwards = signature.indirect_calls.contains(&IndirectCall::Forwarded);
        return !forwards || wanted.parameters.first() == Some(&ValueType::I32);
    }
    FunctionType::of_abi(signature.parameters, signature.results) == *wanted
}
