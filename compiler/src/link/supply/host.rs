//! The runtime as a supplier of functions: its system interfaces.

use adder_abi::host::emscripten::MODULE;
use std::collections::HashMap;

use adder_abi::host::{Guests, HostFunction, IndirectCall, Interfaces, Signature};

use super::super::emscripten::{is_emscripten, is_pyodide};
use super::supplier::Supplier;
use crate::module::{ExportItem, Import, Module};
use crate::types::{FunctionType, ValueType};

/// Tells what a module was made by, which decides what its imports mean.
pub fn guest(module: &Module<'_>) -> Guests {
    match () {
        () if is_pyodide(module) => Guests::Pyodide,
        () if is_emscripten(module) => Guests::Emscripten,
        () => Guests::All,
    }
}

/// Says who supplies a function that no module was given for.
pub fn supplier(interfaces: Interfaces, guest: Guests, import: &Import<'_>, wanted: &FunctionType) -> Supplier {
    let named = || interfaces.named(guest, import.module, import.name);
    if let Some(function) = named().find(|function| has_type(interfaces.signature(*function), wanted)) {
        return Supplier::Host(function);
    }
    // Names that belong to nobody are another interface's then.
    match named().any(|function| interfaces.interface(function).exclusive) {
        true => Supplier::OtherType,
        false if guest == Guests::Pyodide && import.module == MODULE => Supplier::WithoutJavaScript,
        false => Supplier::Nobody,
    }
}

/// Finds the functions that a module defines, but that the runtime takes the place of, by their indices.
pub fn replaced(interfaces: Interfaces, module: &Module<'_>) -> HashMap<u32, HostFunction> {
    let guest = guest(module);
    let candidates =
        interfaces.all().filter(|(interface, _, _)| interface.replaces_definitions && interface.guests <= guest);
    let found = candidates.filter_map(|(_, signature, function)| {
        let index = match module.export(signature.name) {
            Some(ExportItem::Function(index)) => index,
            _ => module.names.function_named(signature.name)?,
        };
        let ty = module.functions.get(index as usize)?;
        let is_defined = index >= module.imported_functions();
        (is_defined && has_type(signature, &module.types[*ty as usize])).then_some((index, function))
    });
    found.collect()
}

fn has_type(signature: &Signature, wanted: &FunctionType) -> bool {
    if signature.is_pattern {
        // What passes its call on takes an index.
        let forwards = signature.indirect_calls.contains(&IndirectCall::Forwarded);
        return !forwards || wanted.parameters.first() == Some(&ValueType::I32);
    }
    FunctionType::of_abi(signature.parameters, signature.results) == *wanted
}
