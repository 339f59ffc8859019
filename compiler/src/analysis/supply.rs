//! Who supplies an import: one answer for the order of activation, for linking, and for refusals.
//!
//! Another module that was given, under the name that is imported from, has precedence over the runtime. A module supplies
//! nothing to itself: what its file is called links nothing.

use std::collections::HashMap;

use adder_abi::host::{self, HostFunction, Signature as HostSignature};

use crate::error::{Error, Result};
use crate::module::{Import, ImportType, Module};
use crate::quote::quoted;
use crate::types::{FunctionType, MemoryType, ValueType};

/// Who supplies an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supplier {
    /// A module that was given, by its index. Whether it has what is wanted is another question.
    Module(usize),
    /// The runtime, with this function.
    Host(HostFunction),
    /// The runtime, which starts threads.
    ThreadSpawn,
    /// The runtime has a function of this name, but of another type, and that can only be a mistake.
    OtherType,
    /// The program: a shared memory that no module exports is there all the same, as in wasi-threads.
    SharedMemory,
    /// Nobody.
    Nobody,
}

/// The modules that were given, by the names that others import from.
pub struct Suppliers<'a> {
    by_name: HashMap<&'a str, usize>,
}

impl<'a> Suppliers<'a> {
    /// Knows these modules.
    ///
    /// # Errors
    /// If two have the same name.
    pub fn new(modules: &[Module<'a>]) -> Result<Suppliers<'a>> {
        let mut by_name = HashMap::with_capacity(modules.len());
        for (index, module) in modules.iter().enumerate() {
            if by_name.insert(module.name, index).is_some() {
                return Err(Error::new(format!("two modules are called {}", quoted(module.name))));
            }
        }
        Ok(Suppliers { by_name })
    }

    /// The module that supplies an import of the module with the index `importer`.
    pub fn module(&self, importer: usize, import: &Import<'_>) -> Option<usize> {
        self.by_name.get(import.module).copied().filter(|supplier| *supplier != importer)
    }

    /// Who supplies an import of the module with the index `importer` and these types.
    pub fn supplier(&self, importer: usize, types: &[FunctionType], import: &Import<'_>) -> Supplier {
        if let Some(module) = self.module(importer, import) {
            return Supplier::Module(module);
        }
        match import.ty {
            ImportType::Function(kind) => host_supplier(import, &types[kind as usize]),
            ImportType::Memory(MemoryType { shared: true, .. }) => Supplier::SharedMemory,
            _ => Supplier::Nobody,
        }
    }
}

fn host_supplier(import: &Import<'_>, wanted: &FunctionType) -> Supplier {
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
    let parameters = signature.parameters.iter().map(|kind| match kind {
        host::ValueType::I32 => ValueType::I32,
        host::ValueType::I64 => ValueType::I64,
    });
    let results = if signature.returns { vec![ValueType::I32] } else { Vec::new() };
    FunctionType { parameters: parameters.collect(), results }
}
