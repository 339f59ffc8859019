//! The modules that were given, as suppliers of each other.

use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::module::{Import, Module};
use crate::quote::quoted;

/// The modules that were given, by the names that others import from.
pub struct Names<'a> {
    by_name: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    /// Knows these modules.
    ///
    /// # Errors
    /// If two have the same name.
    pub fn of(modules: &[Module<'a>]) -> Result<Names<'a>> {
        let mut by_name = HashMap::with_capacity(modules.len());
        for (index, module) in modules.iter().enumerate() {
            if by_name.insert(module.name, index).is_some() {
                return Err(Error::new(format!("two modules are called {}", quoted(module.name))));
            }
        }
        Ok(Names { by_name })
    }

    /// The module that supplies an import of the module with the index `importer`.
    pub fn supplier(&self, importer: usize, import: &Import<'_>) -> Option<usize> {
        self.by_name.get(import.module).copied().filter(|supplier| *supplier != importer)
    }
}
