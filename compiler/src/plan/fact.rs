//! What the program's code does to its tables, memories and globals, and whom it calls: one quick pass over all operators,
//! before anything is planned. Bodies are not validated yet; what is wrong with them is found (and reported) when they are translated.

use std::collections::{BTreeMap, HashSet};

use wasmparser::Operator;

use crate::id::{FunctionId, GlobalId, MemoryId, SignatureId, TableId};
use crate::link::{FunctionKind, Instance, Linked};
use crate::module::Body;

/// What the code of the program does. Indices that do not exist belong to an invalid body, and are left out.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Tables whose entries are changed.
    pub tables_written: HashSet<TableId>,
    /// Tables that are grown.
    pub tables_grown: HashSet<TableId>,
    /// Tables whose entries or whose size code reads or changes, other than by calls.
    pub tables_accessed: HashSet<TableId>,
    /// Memories that are grown.
    pub memories_grown: HashSet<MemoryId>,
    /// Globals that are set.
    pub globals_set: HashSet<GlobalId>,
    /// Calls through tables: of which table and type how many, apart from those in place of a return.
    pub indirect_calls: BTreeMap<(TableId, SignatureId), u32>,
    /// For each function with a body whom it calls; empty in a program without exceptions.
    pub calls: Vec<(FunctionId, Calls)>,
}

/// Whom a function calls, and whether it throws.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// Whether it throws exceptions itself.
    pub throws: bool,
    /// Functions, each once.
    pub functions: Vec<FunctionId>,
    /// Types of functions that it calls through tables and references, each once.
    pub types: Vec<SignatureId>,
}

impl Calls {
    /// Notes what an operator calls.
    fn add(&mut self, instance: &Instance<'_>, operator: &Operator<'_>) {
        match operator {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                self.functions.extend(instance.functions.get(*function_index as usize));
            }
            Operator::CallIndirect { type_index, .. }
            | Operator::ReturnCallIndirect { type_index, .. }
            | Operator::CallRef { type_index }
            | Operator::ReturnCallRef { type_index } => {
                self.types.extend(instance.signatures.get(*type_index as usize));
            }
            Operator::Throw { .. } | Operator::ThrowRef | Operator::Rethrow { .. } => self.throws = true,
            _ => {}
        }
    }

    fn finish(&mut self) {
        self.functions.sort_unstable();
        self.functions.dedup();
        self.functions.shrink_to_fit();
        self.types.sort_unstable();
        self.types.dedup();
        self.types.shrink_to_fit();
    }
}

impl Facts {
    /// Reads the code of all instances.
    pub fn gather(linked: &Linked<'_>) -> Facts {
        // Without tags there are no exceptions.
        let with_calls = !linked.tags.is_empty();
        let mut facts = Facts::default();
        for instance in &linked.instances {
            let imported = instance.functions.len() - instance.module.bodies.len();
            for (body, function) in instance.module.bodies.iter().zip(&instance.functions[imported..]) {
                let mut calls = Calls::default();
                // An error ends the reading of this body; its translation will report it.
                let _ = facts.read(instance, body, with_calls.then_some(&mut calls));
                if with_calls {
                    calls.finish();
                    facts.calls.push((*function, calls));
                }
            }
        }
        for function in &linked.functions {
            if let FunctionKind::Host(host) = function.kind
                && linked.interfaces.signature(host).grows_memory
            {
                facts.memories_grown.extend(linked.instance(function.instance).interface_memory());
            }
        }
        facts
    }

    /// Whether code changes a table, its entries or its size.
    pub fn changes_table(&self, table: TableId) -> bool {
        self.tables_written.contains(&table) || self.tables_grown.contains(&table)
    }

    fn read(
        &mut self,
        instance: &Instance<'_>,
        body: &Body<'_>,
        mut calls: Option<&mut Calls>,
    ) -> wasmparser::Result<()> {
        let mut reader = body.body.get_operators_reader()?;
        while !reader.eof() {
            let operator = reader.read()?;
            if let Some(calls) = &mut calls {
                calls.add(instance, &operator);
            }
            for table in accessed_tables(&operator).into_iter().flatten() {
                self.tables_accessed.extend(instance.tables.get(table as usize));
            }
            match operator {
                Operator::GlobalSet { global_index } => {
                    self.globals_set.extend(instance.globals.get(global_index as usize));
                }
                Operator::TableSet { table }
                | Operator::TableFill { table }
                | Operator::TableInit { table, .. }
                | Operator::TableCopy { dst_table: table, .. } => {
                    self.tables_written.extend(instance.tables.get(table as usize));
                }
                Operator::TableGrow { table } => {
                    self.tables_grown.extend(instance.tables.get(table as usize));
                }
                Operator::CallIndirect { table_index, type_index } => {
                    let table = instance.tables.get(table_index as usize);
                    if let (Some(table), Some(signature)) = (table, instance.signatures.get(type_index as usize)) {
                        *self.indirect_calls.entry((*table, *signature)).or_default() += 1;
                    }
                }
                Operator::ReturnCallIndirect { table_index, type_index } => {
                    let table = instance.tables.get(table_index as usize);
                    if let (Some(table), Some(signature)) = (table, instance.signatures.get(type_index as usize)) {
                        self.indirect_calls.entry((*table, *signature)).or_default();
                    }
                }
                Operator::MemoryGrow { mem } => {
                    self.memories_grown.extend(instance.memories.get(mem as usize));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The tables that an operator reads or changes, other than to call an entry.
fn accessed_tables(operator: &Operator<'_>) -> [Option<u32>; 2] {
    match *operator {
        Operator::TableGet { table }
        | Operator::TableSet { table }
        | Operator::TableSize { table }
        | Operator::TableGrow { table }
        | Operator::TableFill { table }
        | Operator::TableInit { table, .. } => [Some(table), None],
        Operator::TableCopy { dst_table, src_table } => [Some(dst_table), Some(src_table)],
        _ => [None, None],
    }
}
