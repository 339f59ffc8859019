//! Exports that can be used by name, in programs that are libraries.

use adder_abi::program::{EXPORT_OF_THREAD, Export, ExportKind};
use cranelift_module::DataId;

use super::Writer;
use super::record::{PoolRange, Record};
use crate::error::Result;
use crate::id::{FunctionId, SignatureId};
use crate::module::ExportItem;
use crate::plan::EntryPoint;
use crate::symbol::Symbol;
use crate::types::{Heap, Reference, ValueType};

impl Writer<'_> {
    /// Defines the list of exports; `None` where there is none.
    pub(super) fn define_exports(&mut self, entry: &EntryPoint) -> Result<Option<(DataId, u64)>> {
        if !entry.exports {
            return Ok(None);
        }
        let pool = self.pool()?;
        let program = self.program;
        let mut list = Record::default();
        for (index, instance) in program.instances.iter().enumerate() {
            for (name, item) in &instance.module.exports {
                let (kind, signature) = match *item {
                    ExportItem::Function(function) => {
                        let id = instance.functions[function as usize];
                        (ExportKind::Function, self.signature_text(id))
                    }
                    ExportItem::Global(global) => {
                        let ty = program.globals[instance.globals[global as usize].index()].ty.value;
                        (ExportKind::Global, self.pool.add(&[letter(ty)]))
                    }
                    ExportItem::Memory(_) => (ExportKind::Memory, PoolRange::default()),
                    ExportItem::Table(table) => {
                        let element = program.tables[instance.tables[table as usize].index()].element;
                        (ExportKind::Table, self.pool.add(&[letter(ValueType::Reference(element))]))
                    }
                    ExportItem::Tag(_) => continue,
                };
                let symbol = match *item {
                    ExportItem::Function(function) => Symbol::Entry(instance.functions[function as usize]),
                    ExportItem::Global(global) => Symbol::Global(instance.globals[global as usize]),
                    ExportItem::Memory(memory) => Symbol::Memory(instance.memories[memory as usize]),
                    ExportItem::Table(table) => Symbol::Table(instance.tables[table as usize]),
                    ExportItem::Tag(_) => continue,
                };
                let own = program.thread_state.offset(symbol);
                let flags = if own.is_some() { EXPORT_OF_THREAD } else { 0 };
                let name = self.pool.add(name.as_bytes());
                list.text(pool, name).text(pool, signature).u32(index as u32).u32(kind as u32 | flags);
                match (own, kind) {
                    (Some(offset), _) => list.u64(offset),
                    (None, ExportKind::Function) => {
                        let id = self.function(symbol)?;
                        list.function(Some(id))
                    }
                    (None, _) => list.data(Some(self.data[&symbol])),
                };
            }
        }
        let count = list.len() / size_of::<Export>();
        assert_eq!(list.len(), count * size_of::<Export>());
        Ok(Some((self.define("exports", list)?, count as u64)))
    }

    /// The type of a function as [`Export::signature`] has it.
    pub(super) fn signature_text(&mut self, function: FunctionId) -> PoolRange {
        self.type_text(self.program.functions[function.index()].signature)
    }

    /// A type of functions as [`Export::signature`] has it.
    pub(super) fn type_text(&mut self, signature: SignatureId) -> PoolRange {
        let ty = self.program.signatures.get(signature);
        let parameters = ty.parameters.iter().copied().map(letter);
        let results = ty.results.iter().copied().map(letter);
        let text: Vec<u8> = parameters.chain([b':']).chain(results).collect();
        self.pool.add(&text)
    }
}

fn letter(ty: ValueType) -> u8 {
    match ty {
        ValueType::I32 => b'i',
        ValueType::I64 => b'l',
        ValueType::F32 => b'f',
        ValueType::F64 => b'd',
        ValueType::V128 => b'v',
        ValueType::Reference(Reference { heap: Heap::Function | Heap::Typed(_), .. }) => b'F',
        ValueType::Reference(Reference { heap: Heap::External, .. }) => b'E',
        ValueType::Reference(Reference { heap: Heap::Exception | Heap::NoException, .. }) => b'X',
    }
}
