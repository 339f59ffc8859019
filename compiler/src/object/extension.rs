//! What the runtime is told of the table that it adds entries to, and of what the program finds by name.

use adder_abi::program::{ExtendedTable, ExtendedType, NamedExport};
use cranelift_module::DataId;

use super::Writer;
use super::record::{PoolRange, Record};
use crate::error::{Error, Result};
use crate::id::SignatureId;
use crate::link::Constant;
use crate::module::ExportItem;
use crate::symbol::Symbol;

impl Writer<'_> {
    /// Defines the description of the extended table, if there is one.
    pub(super) fn define_extended_table(&mut self) -> Result<()> {
        let program = self.program;
        let Some(extension) = &program.extension else { return Ok(()) };
        let pool = self.pool()?;
        let types = self.define_extended_types()?;
        let (exports, count, names) = self.define_named_exports()?;
        let memory =
            program.main().interface_memory().and_then(|memory| self.data.get(&Symbol::Memory(memory)).copied());
        let mut record = Record::default();
        for table in [extension.table, extension.further] {
            record.data(Some(self.data[&Symbol::Table(table)]));
        }
        record.data(Some((types, 0))).u64(program.signatures.count() as u64);
        record.data(Some((exports, 0))).u64(count).text(pool, names).data(memory);
        assert_eq!(record.len(), size_of::<ExtendedTable>());
        let data = self.define("extended table", record)?;
        self.data.insert(Symbol::ExtendedTable, (data, 0));
        Ok(())
    }

    fn define_extended_types(&mut self) -> Result<DataId> {
        let program = self.program;
        let extension = program.extension.as_ref().expect("a table is extended");
        let pool = self.pool()?;
        let mut record = Record::default();
        for signature in (0..program.signatures.count() as u32).map(SignatureId) {
            let text = self.type_text(signature);
            let call = match extension.types.contains(&signature) {
                true => Some(self.function(Symbol::TypedCall(signature))?),
                false => None,
            };
            record.text(pool, text).function(call);
        }
        assert_eq!(record.len(), program.signatures.count() * size_of::<ExtendedType>());
        self.define("extended types", record)
    }

    /// Defines what can be found by name: the functions that the main module exports, and the constants, which are addresses of
    /// data. Returns with it how many there are, and where their names are.
    fn define_named_exports(&mut self) -> Result<(DataId, u64, PoolRange)> {
        let main = self.program.main();
        let mut exports: Vec<(&str, Constant)> = Vec::new();
        for (name, item) in &main.module.exports {
            let value = match *item {
                ExportItem::Function(index) => Constant::Function(main.functions[index as usize]),
                ExportItem::Global(index) => {
                    let global = &self.program.globals[main.globals[index as usize].index()];
                    match global.initial {
                        value @ Constant::I32(_) if !global.ty.mutable => value,
                        _ => continue,
                    }
                }
                _ => continue,
            };
            exports.push((name, value));
        }
        exports.sort_unstable_by_key(|(name, _)| name.as_bytes());
        let names: Vec<u8> = exports.iter().flat_map(|(name, _)| name.bytes()).collect();
        if u32::try_from(names.len()).is_err() {
            return Err(Error::limit("the names of exports take more than 4 GiB").in_module(main.module.name));
        }
        let mut record = Record::default();
        let mut offset = 0;
        for (name, value) in &exports {
            record.u64(self.constant_bits(*value)).u32(offset as u32).u32(name.len() as u32);
            offset += name.len();
        }
        assert_eq!(record.len(), exports.len() * size_of::<NamedExport>());
        let count = exports.len() as u64;
        let names = self.pool.add(&names);
        Ok((self.define("named exports", record)?, count, names))
    }
}
