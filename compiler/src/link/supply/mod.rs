//! Who supplies each import: decided once, before anything else. The order of activation, the numbers of items, what
//! imports are resolved to, and refusals all go by this.
//!
//! Another module that was given, under the name that is imported from, has precedence over the runtime. A module supplies
//! nothing to itself: what its file is called links nothing.

mod host;
mod module;
mod supplier;

pub use supplier::Supplier;

use std::collections::HashMap;

use adder_abi::host::{Guests, HostFunction, Interfaces};

use crate::error::Result;
use crate::module::{Import, ImportType, Module};
use crate::types::{GlobalType, MemoryType, ValueType};
use module::Names;

/// Who supplies the imports of all modules.
pub struct Supply {
    /// By module and import, in order.
    suppliers: Vec<Vec<Supplier>>,
    /// By module: functions that it defines itself, but that the runtime takes the place of, by their indices.
    replaced: Vec<HashMap<u32, HostFunction>>,
}

impl Supply {
    /// Finds out who supplies the imports of these modules. `interfaces` are those of the runtime.
    ///
    /// # Errors
    /// If two modules have the same name.
    pub fn of(modules: &[Module<'_>], interfaces: Interfaces) -> Result<Supply> {
        let names = Names::of(modules)?;
        let suppliers = modules.iter().enumerate().map(|(importer, module)| {
            let guest = host::guest(module);
            let supplier = |import: &Import<'_>| match (names.supplier(importer, import), import.ty) {
                (Some(module), _) => Supplier::Module(module),
                (None, ImportType::Function(ty)) => {
                    host::supplier(interfaces, guest, import, &module.types[ty as usize])
                }
                (None, ImportType::Memory(MemoryType { shared: true, .. })) => Supplier::SharedMemory,
                (None, ImportType::Global(GlobalType { value: ValueType::I32, .. }))
                    if guest == Guests::Pyodide && import.module == "GOT.func" =>
                {
                    Supplier::NullAddress
                }
                (None, _) => Supplier::Nobody,
            };
            module.imports.iter().map(supplier).collect()
        });
        let suppliers = suppliers.collect();
        let replaced = modules.iter().map(|module| host::replaced(interfaces, module)).collect();
        Ok(Supply { suppliers, replaced })
    }

    /// Who supplies the imports of a module, in order.
    pub fn suppliers(&self, importer: usize) -> &[Supplier] {
        &self.suppliers[importer]
    }

    /// The functions that a module defines itself, but that the runtime takes the place of, by their indices.
    pub fn replaced(&self, module: usize) -> &HashMap<u32, HostFunction> {
        &self.replaced[module]
    }

    /// The modules that a module imports from, each once.
    pub fn needed(&self, importer: usize) -> Vec<usize> {
        let modules = self.suppliers[importer].iter().filter_map(|supplier| match supplier {
            Supplier::Module(module) => Some(*module),
            _ => None,
        });
        let mut needed: Vec<usize> = modules.collect();
        needed.sort_unstable();
        needed.dedup();
        needed
    }
}
