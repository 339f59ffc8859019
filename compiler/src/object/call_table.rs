//! Call tables. They lie behind the code, in the same section: so how far it is from one to a function is known here.

use cranelift_module::{Linkage, Module};

use super::name::LinkNames;
use super::{Writer, defect, no_signature};
use crate::error::{Error, Result};
use crate::plan::Callee;
use crate::symbol::Symbol;

/// Alignment of a call table: a line of the cache.
const ALIGNMENT: u64 = 64;

impl Writer<'_> {
    /// Gives every call table its place.
    pub(super) fn declare_call_tables(&mut self, names: &mut LinkNames) -> Result<()> {
        for id in self.program.call_tables.ids() {
            let symbol = Symbol::CallTable(id);
            let name = names.of(self.program, symbol);
            let function = self.module.declare_function(&name, Linkage::Local, &no_signature()).map_err(defect)?;
            self.functions.insert(symbol, function);
        }
        Ok(())
    }

    /// Defines the call tables, when all code is defined.
    pub(super) fn define_call_tables(&mut self) -> Result<()> {
        let mut end = self.code_bytes;
        for id in self.program.call_tables.ids() {
            let start = end.next_multiple_of(ALIGNMENT);
            let mut bytes = Vec::new();
            for callee in self.program.callees(self.program.call_tables.get(id)) {
                let symbol = match callee {
                    Callee::Function(id) => Symbol::Function(id),
                    Callee::Null => Symbol::NullCallee,
                    Callee::OtherType => Symbol::OtherTypeCallee,
                };
                let distance = i64::from(self.code_offset_of[&symbol]) - start as i64;
                let distance = i32::try_from(distance).map_err(|_| Error::limit("the machine code is too large"))?;
                bytes.extend_from_slice(&distance.to_le_bytes());
            }
            let function = self.functions[&Symbol::CallTable(id)];
            self.module.define_function_bytes(function, ALIGNMENT, &bytes, &[]).map_err(defect)?;
            self.call_tables.push((function, start));
            end = start + bytes.len() as u64;
        }
        Ok(())
    }
}
