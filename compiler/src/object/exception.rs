//! Where exceptions are caught, and the globals and tables that hold references to them.

use std::collections::HashMap;

use adder_abi::exception::{Exceptions, HandledCall, Handler};
use cranelift_module::DataId;

use super::record::Record;
use super::{Place, Writer};
use crate::error::Result;
use crate::id::{GlobalId, TableId};
use crate::plan::GlobalClass;
use crate::symbol::Symbol;
use crate::types::{Heap, Reference, ValueType};

/// The tables of exceptions, defined: places and counts as in [`Exceptions`].
pub struct ExceptionTables {
    return_offsets: DataId,
    calls: DataId,
    call_count: usize,
    handlers: DataId,
    handler_count: usize,
    globals: DataId,
    global_count: usize,
    tables: DataId,
    table_count: usize,
}

impl ExceptionTables {
    /// Appends the structure that says where everything is.
    pub fn append(&self, record: &mut Record) {
        let start = record.len();
        record.data(Some((self.return_offsets, 0))).data(Some((self.calls, 0))).u64(self.call_count as u64);
        record.data(Some((self.handlers, 0))).u64(self.handler_count as u64);
        record.data(Some((self.globals, 0))).u64(self.global_count as u64);
        record.data(Some((self.tables, 0))).u64(self.table_count as u64);
        assert_eq!(record.len() - start, size_of::<Exceptions>());
    }
}

impl Writer<'_> {
    /// Defines the tables of exceptions.
    pub(super) fn define_exceptions(&mut self) -> Result<ExceptionTables> {
        let (mut return_offsets, mut calls, mut handlers) = (Record::default(), Record::default(), Record::default());
        // Calls in a row mostly have the same handlers, and in the same function they can share them.
        let mut lists: HashMap<Vec<Handler>, u32> = HashMap::new();
        for (artifact, code_offset) in self.artifacts.iter().zip(&self.code_offsets) {
            lists.clear();
            for call in &artifact.handled_calls {
                let mut list: Vec<Handler> = call
                    .handlers
                    .iter()
                    .map(|(tag, offset)| Handler { tag: *tag, code_offset: code_offset + offset })
                    .collect();
                list.last_mut().expect("a handled call has a handler").tag |= Handler::LAST;
                let first = *lists.entry(list).or_insert_with_key(|list| {
                    let first = handlers.len() / size_of::<Handler>();
                    for handler in list {
                        handlers.u32(handler.tag).u32(handler.code_offset);
                    }
                    first as u32
                });
                return_offsets.u32(code_offset + call.return_offset);
                calls.u32(call.frame_bytes).u32(first);
            }
        }
        let call_count = calls.len() / size_of::<HandledCall>();
        let handler_count = handlers.len() / size_of::<Handler>();
        let (globals, tables) = (self.exception_globals(), self.exception_tables());
        let (global_count, table_count) = (globals.len(), tables.len());
        Ok(ExceptionTables {
            return_offsets: self.define("handled calls: offsets", return_offsets)?,
            calls: self.define("handled calls", calls)?,
            call_count,
            handlers: self.define("handlers", handlers)?,
            handler_count,
            globals: self.define("globals of exceptions", addresses(&globals))?,
            global_count,
            tables: self.define("tables of exceptions", addresses(&tables))?,
            table_count,
        })
    }

    fn exception_globals(&self) -> Vec<Place> {
        let holds = |id: &GlobalId| {
            let global = &self.program.globals[id.index()];
            // Those that each thread has of its own are found there, and what is constant is null.
            let elsewhere = matches!(global.class, GlobalClass::ThreadRelative | GlobalClass::Constant);
            is_exception(global.ty.value) && !elsewhere
        };
        let ids = (0..self.program.globals.len() as u32).map(GlobalId);
        ids.filter(holds).map(|id| self.data[&Symbol::Global(id)]).collect()
    }

    fn exception_tables(&self) -> Vec<Place> {
        let holds = |id: &TableId| is_exception(ValueType::Reference(self.program.tables[id.index()].element));
        let ids = (0..self.program.tables.len() as u32).map(TableId);
        // So are tables.
        ids.filter(holds).filter_map(|id| self.data.get(&Symbol::Table(id)).copied()).collect()
    }
}

fn is_exception(ty: ValueType) -> bool {
    matches!(ty, ValueType::Reference(Reference { heap: Heap::Exception, .. }))
}

fn addresses(places: &[Place]) -> Record {
    let mut record = Record::default();
    for place in places {
        record.data(Some(*place));
    }
    record
}
