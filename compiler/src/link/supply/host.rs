//! The runtime as a supplier of functions: its system interfaces.

use adder_abi::host::{self, HostFunction, Signature as HostSignature};

use super::supplier::Supplier;
use crate::module::Import;
use crate::types::{FunctionType, ValueType};

/// Who supplies a function that no module was given for.
pub fn supplier(import: &Import<'_>, wanted: &FunctionType) -> Supplier {
    if import.module == host::WASI_THREADS_MODULE && import.name == host::THREAD_SPAWN.name {
        return if host_type(&host::THREAD_SPAWN) == *wanted { Supplier::ThreadSpawn } else { Supplier::OtherType };
    }
    match HostFunction::find(import.module, import.name) {
        Some(function) if host_type(function.signature()) == *wanted => Supplier::Host(function),
        // Names that belong to nobody are another interface's then.
        Some(function) if function.interface().exclusive => Supplier::OtherType,
        _ => Supplier::Nobody,
    }
}

fn host_type(signature: &HostSignature) -> FunctionType {
    let parameters = signature.parameters.iter().map(|ty| match ty {
        host::ValueType::I32 => ValueType::I32,
        host::ValueType::I64 => ValueType::I64,
    });
    let results = if signature.returns { vec![ValueType::I32] } else { Vec::new() };
    FunctionType { parameters: parameters.collect(), results }
}
