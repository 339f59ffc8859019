//! What the program writes to, so that whoever has its state from another architecture knows what to make of it.
//!
//! Two compilations of the same modules with the same options number everything alike, whatever they are for. What differs is where
//! things are: code, data, memory 0. So the state of one is that of the other, but for addresses and function references.

use adder_abi::program::StateRange;
use cranelift_module::{DataId, Linkage, Module};

use super::record::Record;
use super::{Writer, defect};
use crate::error::Result;
use crate::id::TableId;
use crate::plan::EntryPoint;
use crate::symbol::Symbol;
use crate::types::{Heap, Reference, ValueType};

/// What the state of a program consists of, apart from the bytes of its memories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// What is in the ranges of [`adder_abi::program::Program::state`], in their order.
    pub ranges: Vec<StateContents>,
    /// What is in the tables of [`adder_abi::program::Program::tables`], in their order.
    pub tables: Vec<StateContents>,
    /// Where each function of the program is, by its number, as a function reference says it; `None` where it has no code.
    pub code_offsets: Vec<Option<u32>>,
    /// Whether there is a function to call before the entry, and a checkpoint is taken in between: no code is under way then.
    pub is_between_calls: bool,
    /// Whether each thread has state of its own.
    pub has_threads: bool,
}

/// What a piece of state holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateContents {
    /// Numbers that mean the same everywhere, in which function references lie at these offsets, in bytes.
    Numbers(Vec<u64>),
    /// Function references.
    References,
    /// Further entries of the extended table.
    FurtherEntries,
    /// Addresses that never change.
    Addresses,
    /// [`adder_abi::program::Memory`]s.
    Memories,
    /// [`adder_abi::program::Table`]s.
    Tables,
    /// [`adder_abi::program::Segment`]s.
    Segments,
}

/// Whether references of this type are function references.
pub(super) fn refers_to_functions(reference: Reference) -> bool {
    match reference.heap {
        Heap::Function | Heap::Typed(_) => true,
        Heap::External | Heap::Exception | Heap::NoException => false,
    }
}

/// Whether values of this type are function references.
pub(super) fn is_function_reference(ty: ValueType) -> bool {
    matches!(ty, ValueType::Reference(reference) if refers_to_functions(reference))
}

impl Writer<'_> {
    /// Defines data that the program, or the runtime for it, writes to.
    pub(super) fn define_written(&mut self, name: &str, contents: StateContents, record: Record) -> Result<DataId> {
        let id = self.module.declare_data(name, Linkage::Local, true, false).map_err(defect)?;
        if record.len() > 0 {
            self.written.push((id, record.len() as u64));
            self.state.ranges.push(contents);
        }
        let description = record.describe(&mut self.module);
        self.module.define_data(id, &description).map_err(defect)?;
        Ok(id)
    }

    /// The list of everything that the program writes to, apart from memories and the state of threads.
    pub(super) fn define_state(&mut self) -> Result<(DataId, u64)> {
        let mut record = Record::default();
        for (data, bytes) in &self.written {
            record.data(Some((*data, 0))).u64(*bytes);
        }
        let count = self.written.len();
        assert_eq!(record.len(), count * size_of::<StateRange>());
        Ok((self.define("state", record)?, count as u64))
    }

    /// What the entries of a table are.
    pub(super) fn table_contents(&self, id: TableId) -> StateContents {
        let is_further = self.program.extension.as_ref().is_some_and(|extension| extension.further == id);
        match refers_to_functions(self.program.tables[id.index()].element) {
            _ if is_further => StateContents::FurtherEntries,
            true => StateContents::References,
            false => StateContents::Numbers(Vec::new()),
        }
    }

    /// What is known of the state when everything is defined.
    pub(super) fn take_state(&mut self, entry: &EntryPoint) -> State {
        let functions = 0..self.program.functions.len() as u32;
        let code_offset = |index| self.code_offset_of.get(&Symbol::Function(crate::id::FunctionId(index))).copied();
        State {
            code_offsets: functions.map(code_offset).collect(),
            is_between_calls: entry.initialization,
            has_threads: self.program.thread_state.bytes != 0,
            ..std::mem::take(&mut self.state)
        }
    }
}
