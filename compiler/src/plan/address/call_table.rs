//! Call tables: for a table that nothing writes and a type that code calls through it, where each entry's code is.
//!
//! Entries that are null or of another type lead to code that traps. So a call needs neither the type's number nor a
//! comparison: CPython 3.11 executes 3.1 % fewer instructions. Each table takes 4 bytes for an entry, for each type, so only
//! types that many calls have get one.

use std::collections::{BTreeMap, HashMap};

use super::table::{Table, TableStorage};
use crate::id::{CallTableId, SignatureId, TableId};
use crate::plan::fact::Facts;

/// Bytes of an entry: how far its code is from the start of the call table, as a signed number.
pub const ENTRY_BYTES: u64 = 4;

/// Bytes that all call tables have together, at most.
const BYTES_MAX: u64 = 4 << 20;

/// Bytes that a call table may have for each place that calls through it. CPython's 23 types would take 18 KB each; 8 of
/// them have 98 % of the 2,767 places.
const BYTES_FOR_CALL_MAX: u64 = 1 << 10;

/// The code of a table's functions of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallTable {
    /// The table.
    pub table: TableId,
    /// The type.
    pub signature: SignatureId,
}

/// All call tables of a program.
#[derive(Clone, Debug, Default)]
pub struct CallTables {
    list: Vec<CallTable>,
    numbers: HashMap<CallTable, CallTableId>,
}

impl CallTables {
    /// The call table for calls of a type through a table, if there is one.
    pub fn find(&self, table: TableId, signature: SignatureId) -> Option<CallTableId> {
        self.numbers.get(&CallTable { table, signature }).copied()
    }

    /// All of them.
    pub fn ids(&self) -> impl Iterator<Item = CallTableId> {
        (0..self.list.len() as u32).map(CallTableId)
    }

    /// Which one this is.
    pub fn get(&self, id: CallTableId) -> CallTable {
        self.list[id.index()]
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// Decides which call tables there are: those that are called through from most places, as far as there is room.
pub fn plan_call_tables(tables: &[Table], facts: &Facts) -> CallTables {
    let mut calls: BTreeMap<CallTable, u32> = BTreeMap::new();
    for ((table, signature), count) in &facts.indirect_calls {
        let described = &tables[table.index()];
        if described.storage == (TableStorage::LinkSymbol { writable: false }) && described.initial != 0 {
            *calls.entry(CallTable { table: *table, signature: *signature }).or_default() += count;
        }
    }
    let mut wanted: Vec<(CallTable, u32)> = calls.into_iter().collect();
    wanted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut planned = CallTables::default();
    let mut room = BYTES_MAX;
    for (call_table, calls) in wanted {
        let bytes = tables[call_table.table.index()].initial * ENTRY_BYTES;
        if bytes <= room.min(u64::from(calls) * BYTES_FOR_CALL_MAX) {
            room -= bytes;
            planned.numbers.insert(call_table, CallTableId(planned.list.len() as u32));
            planned.list.push(call_table);
        }
    }
    planned
}
