//! The runtime as a supplier of functions: its system interfaces.

use adder_abi::host::emscripten::MODULE;
use std::collections::HashMap;

use adder_abi::host::{Guests, HostFunction, IndirectCall, Interfaces, Signature};

use super::super::emscripten::{is_emscripten, is_pyodide};
use super::supplier::Supplier;
use crate::module::{ConstantExpression, ConstantOperator, ExportItem, Import, Module};
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
///
/// Optimisers make one function of all that do the same. A stub that only returns a number then is many other functions, too: those
/// stay what they are, and the stub with them, as far as they have a name outside or are in a table; what is only called directly
/// cannot be told from the stub.
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
        let is_meant = is_defined && has_type(signature, &module.types[*ty as usize]);
        (is_meant && !is_something_else(module, index, signature.name)).then_some((index, function))
    });
    let found: Vec<(u32, HostFunction)> = found.collect();
    let stubs = |index| found.iter().filter(|(other, _)| *other == index).count();
    found.iter().filter(|(index, _)| stubs(*index) == 1).copied().collect()
}

/// Whether a function has other names than that of a system call and of the C library's function for it, or is in a table.
fn is_something_else(module: &Module<'_>, index: u32, name: &str) -> bool {
    let wrapper = name.strip_prefix("__syscall_").unwrap_or(name);
    let own = [name, wrapper, wrapper.strip_suffix("32").unwrap_or(wrapper)];
    let exported = module.exports.iter().filter(|(_, item)| *item == ExportItem::Function(index));
    let is_function =
        |operator: &ConstantOperator| matches!(operator, ConstantOperator::Function(other) if *other == index);
    let mut entries = module.elements.iter().flat_map(|segment| &segment.entries);
    exported.map(|(exported, _)| *exported).any(|exported| !own.contains(&exported))
        || entries.any(|ConstantExpression(operators)| operators.iter().any(is_function))
}

fn has_type(signature: &Signature, wanted: &FunctionType) -> bool {
    if signature.is_pattern {
        // What passes its call on takes an index.
        let forwards = signature.indirect_calls.contains(&IndirectCall::Forwarded);
        return !forwards || wanted.parameters.first() == Some(&ValueType::I32);
    }
    FunctionType::of_abi(signature.parameters, signature.results) == *wanted
}
