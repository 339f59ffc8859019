//! What a module's code does to its tables, memories and globals, and whom it calls: one quick pass over all operators,
//! before anything is planned. Bodies are not validated yet; what is wrong with them is found (and reported) when they are translated.

use std::collections::{BTreeMap, HashSet};

use wasmparser::Operator;

use crate::id::{FunctionId, GlobalId, MemoryId, SignatureId, TableId};
use crate::module::{Body, Module};

/// Indices (of the module) that its code uses in some way.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Tables whose entries are changed.
    pub tables_written: HashSet<u32>,
    /// Tables that are grown.
    pub tables_grown: HashSet<u32>,
    /// Memories that are grown.
    pub memories_grown: HashSet<u32>,
    /// Globals that are set.
    pub globals_set: HashSet<u32>,
    /// Calls through tables: of which table and type how many.
    pub indirect_calls: BTreeMap<(u32, u32), u32>,
    /// For each body whom it calls, if that was asked for.
    pub calls: Vec<Calls>,
}

/// Whom a function calls, and whether it throws.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// Whether it throws exceptions itself.
    pub throws: bool,
    /// Functions, each once, by index.
    pub functions: Vec<u32>,
    /// Types of functions that it calls through tables and references, each once, by index.
    pub types: Vec<u32>,
}

impl Calls {
    /// Notes what an operator calls.
    fn add(&mut self, operator: &Operator<'_>) {
        match operator {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                self.functions.push(*function_index);
            }
            Operator::CallIndirect { type_index, .. }
            | Operator::ReturnCallIndirect { type_index, .. }
            | Operator::CallRef { type_index }
            | Operator::ReturnCallRef { type_index } => self.types.push(*type_index),
            Operator::Throw { .. } | Operator::ThrowRef | Operator::Rethrow { .. } => self.throws = true,
            _ => {}
        }
    }

    fn finish(&mut self) {
        for indices in [&mut self.functions, &mut self.types] {
            indices.sort_unstable();
            indices.dedup();
            indices.shrink_to_fit();
        }
    }
}

impl Facts {
    /// Reads the code of a module, its calls too if `with_calls`.
    pub fn gather(module: &Module<'_>, with_calls: bool) -> Facts {
        let mut facts = Facts::default();
        for body in &module.bodies {
            let mut calls = Calls::default();
            // An error ends the reading of this body; its translation will report it.
            let _ = facts.read(body, with_calls.then_some(&mut calls));
            if with_calls {
                calls.finish();
                facts.calls.push(calls);
            }
        }
        facts
    }

    fn read(&mut self, body: &Body<'_>, mut calls: Option<&mut Calls>) -> wasmparser::Result<()> {
        let mut reader = body.body.get_operators_reader()?;
        while !reader.eof() {
            let operator = reader.read()?;
            if let Some(calls) = &mut calls {
                calls.add(&operator);
            }
            match operator {
                Operator::GlobalSet { global_index } => {
                    self.globals_set.insert(global_index);
                }
                Operator::TableSet { table } | Operator::TableFill { table } => {
                    self.tables_written.insert(table);
                }
                Operator::TableInit { table, .. } => {
                    self.tables_written.insert(table);
                }
                Operator::TableCopy { dst_table, .. } => {
                    self.tables_written.insert(dst_table);
                }
                Operator::TableGrow { table } => {
                    self.tables_grown.insert(table);
                }
                Operator::CallIndirect { table_index, type_index } => {
                    *self.indirect_calls.entry((table_index, type_index)).or_default() += 1;
                }
                Operator::MemoryGrow { mem } => {
                    self.memories_grown.insert(mem);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// [`Facts`] of the whole program, by the program's numbers.
#[derive(Clone, Debug, Default)]
pub struct ProgramFacts {
    /// Tables whose entries are changed by code.
    pub tables_written: HashSet<TableId>,
    /// Tables that are grown.
    pub tables_grown: HashSet<TableId>,
    /// Memories that are grown.
    pub memories_grown: HashSet<MemoryId>,
    /// Globals that are set.
    pub globals_set: HashSet<GlobalId>,
    /// Calls through tables: of which table and type how many. There may be several entries for the same.
    pub indirect_calls: Vec<(TableId, SignatureId, u32)>,
    /// For each function with a body whom it calls, if that was asked for.
    pub calls: Vec<(FunctionId, Calls)>,
}

impl ProgramFacts {
    /// Whether code changes a table, its entries or its size.
    pub fn changes_table(&self, table: TableId) -> bool {
        self.tables_written.contains(&table) || self.tables_grown.contains(&table)
    }
}
