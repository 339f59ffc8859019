//! What functions of the runtime are told of imports that they are called by.

use adder_abi::program::{Import as ImportDescriptor, NOT_IN_THREAD_STATE};

use super::record::Record;
use super::{Place, Writer};
use crate::error::Result;
use crate::id::FunctionId;
use crate::plan::table_of_calls;
use crate::symbol::Symbol;

impl Writer<'_> {
    /// What the function behind an import works on, if it extends the table of its instance and that can be extended.
    fn extended_table(&self, import: FunctionId) -> Option<Place> {
        let program = self.program;
        let extension = program.extension.as_ref()?;
        let extends = program.host_signature(import)?.extends_table;
        let instance = program.instance(program.functions[import.index()].instance);
        let table = table_of_calls(&instance.module, &instance.tables, |table| program.tables[table.index()].element);
        (extends && table == Some(extension.table)).then(|| self.data[&Symbol::ExtendedTable])
    }

    /// Defines the descriptors of the imports that functions of the runtime work on.
    pub(super) fn define_imports(&mut self) -> Result<()> {
        let program = self.program;
        let texts = self.pool()?;
        for (id, calls) in program.indirect_calls.imports() {
            let mut entries = Record::default();
            for call in calls {
                entries.function(match call {
                    Some(call) => Some(self.function(Symbol::IndirectCall(*call))?),
                    None => None,
                });
            }
            let entries = self.define(&format!("indirect calls {}", id.0), entries)?;
            let function = &program.functions[id.index()];
            let instance = program.instance(function.instance);
            let import = instance.module.import_of_function(function.index);
            let memory = instance.interface_memory().map(Symbol::Memory);
            let memory_in_thread = memory.and_then(|memory| program.thread_state.offset(memory));
            let memory = memory.and_then(|memory| self.data.get(&memory).copied());
            let name = self.pool.add(import.name.as_bytes());
            let signature = self.signature_text(id);
            let mut record = Record::default();
            record.text(texts, name).text(texts, signature);
            record.data(memory).u64(memory_in_thread.unwrap_or(NOT_IN_THREAD_STATE));
            record.data(Some((entries, 0))).u64(calls.len() as u64);
            record.data(self.extended_table(id));
            assert_eq!(record.len(), size_of::<ImportDescriptor>());
            let data = self.define(&format!("import {}", id.0), record)?;
            self.data.insert(Symbol::Import(id), (data, 0));
        }
        Ok(())
    }
}
