//! What a module's code does to its tables, memories and globals: one quick pass over all operators, before anything is
//! planned. Bodies are not validated yet; what is wrong with them is found (and reported) when they are translated.

use std::collections::HashSet;

use wasmparser::Operator;

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
}

impl Facts {
    /// Reads the code of a module.
    pub fn gather(module: &Module<'_>) -> Facts {
        let mut facts = Facts::default();
        for body in &module.bodies {
            // An error ends the reading of this body; its translation will report it.
            let _ = facts.read(body);
        }
        facts
    }

    fn read(&mut self, body: &Body<'_>) -> wasmparser::Result<()> {
        let mut reader = body.body.get_operators_reader()?;
        while !reader.eof() {
            match reader.read()? {
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
    pub tables_written: HashSet<super::TableId>,
    /// Tables that are grown.
    pub tables_grown: HashSet<super::TableId>,
    /// Memories that are grown.
    pub memories_grown: HashSet<super::MemoryId>,
    /// Globals that are set.
    pub globals_set: HashSet<super::GlobalId>,
}

impl ProgramFacts {
    /// Whether code changes a table, its entries or its size.
    pub fn changes_table(&self, table: super::TableId) -> bool {
        self.tables_written.contains(&table) || self.tables_grown.contains(&table)
    }
}
