//! The runtime as a supplier of functions: its system interfaces.

use adder_abi::host::{IndirectCall, Interfaces, Signature};

use super::supplier::Supplier;
use crate::module::Import;
use crate::types::{FunctionType, ValueType};

/// Says who supplies a function that no module was given for.
pub fn supplier(interfaces: Interfaces, import: &Import<'_>, wanted: &FunctionType) -> Supplier {
    let named = || interfaces.named(import.module, import.name);
    if let Some(function) = named().find(|function| has_type(interfaces.signature(*function), wanted)) {
        return Supplier::Host(function);
    }
    // Names that belong to nobody are another interface's then.
    match named().any(|function| interfaces.interface(function).exclusive) {
        true => Supplier::OtherType,
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
