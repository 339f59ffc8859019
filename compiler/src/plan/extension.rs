//! The table to which the runtime adds entries, where a function of an interface wants that: functions that are made while the
//! program runs, and functions that the program finds by name.
//!
//! Its own entries stay where and what they are, and so do its call tables. The further entries lie in a table of their own. A
//! call whose index is beyond the own entries notes the index and goes to code of the callee's type ([`Symbol::FurtherCallee`]),
//! which looks for the entry: so a call costs what it did, and nothing has to be generated when a closure is made.
//!
//! [`Symbol::FurtherCallee`]: crate::symbol::Symbol::FurtherCallee

use std::collections::BTreeSet;

use adder_abi::program::{FURTHER_ENTRIES_MAX, FURTHER_ENTRY_WORDS};

use super::activation::Contents;
use super::fact::Facts;
use super::indirect_call::{IndirectCalls, function_table};
use super::signal::Signals;
use crate::id::{FunctionId, GlobalId, SignatureId, TableId};
use crate::link::{Constant, Function, FunctionKind, Global, Linked};
use crate::module::ExportItem;
use crate::types::{GlobalType, Heap, Limits, Reference, TableType, ValueType};

/// A table to which the runtime adds entries.
#[derive(Clone, Debug)]
pub struct Extension {
    /// The table.
    pub table: TableId,
    /// The words of its further entries.
    pub further: TableId,
    /// Holds the index of the further entry that is being called.
    pub called: GlobalId,
    /// The types that code calls through it.
    pub called_types: BTreeSet<SignatureId>,
    /// The types of functions that the table has or gets, which the runtime may have to call.
    pub types: BTreeSet<SignatureId>,
}

/// Plans the extension of the main module's table, if a function of the runtime extends that. A program with threads has none,
/// as each thread would have entries of its own; nor has one that reads or changes entries of the table: it would see them in
/// one place.
pub fn plan_extension(
    linked: &mut Linked<'_>,
    facts: &mut Facts,
    contents: &mut Contents<'_>,
    indirect_calls: &IndirectCalls,
    signals: &Signals,
    has_threads: bool,
) -> Option<Extension> {
    let table = function_table(linked, linked.main())?;
    let extends = |function: &Function| match function.kind {
        FunctionKind::Host(host) => {
            linked.interfaces.signature(host).extends_table
                && function_table(linked, linked.instance(function.instance)) == Some(table)
        }
        _ => false,
    };
    let wanted = linked.functions.iter().any(extends);
    if !wanted || has_threads || facts.tables_accessed.contains(&table) || linked.tables[table.index()].index64 {
        return None;
    }
    let by_code = facts.indirect_calls.keys().filter(|(of, _)| *of == table).map(|(_, signature)| *signature);
    let by_runtime = indirect_calls.ids().map(|id| indirect_calls.get(id));
    let by_runtime = by_runtime.chain(signals.handlers.into_iter().flatten()).filter(|call| call.table == table);
    let called_types = by_code.chain(by_runtime.map(|call| call.signature)).collect();
    let types = functions(linked, contents).map(|id| linked.functions[id.index()].signature).collect();

    let further = TableId(linked.tables.len() as u32);
    let words = FURTHER_ENTRIES_MAX * FURTHER_ENTRY_WORDS;
    linked.tables.push(TableType {
        element: Reference { nullable: true, heap: Heap::Function },
        limits: Limits { initial: 0, maximum: Some(words) },
        index64: false,
    });
    contents.add_table();
    facts.tables_grown.insert(further);
    let called = GlobalId(linked.globals.len() as u32);
    linked.globals.push(Global { ty: GlobalType { value: ValueType::I32, mutable: true }, initial: Constant::I32(0) });
    facts.globals_set.insert(called);
    Some(Extension { table, further, called, called_types, types })
}

/// The functions that tables have or get, and those that the main module exports.
fn functions<'l>(linked: &'l Linked<'_>, contents: &'l Contents<'_>) -> impl Iterator<Item = FunctionId> + 'l {
    let entries = contents.tables.iter().flat_map(|table| &table.entries);
    let entries = entries.chain(contents.elements.iter().flat_map(|element| &element.entries));
    let entries = entries.filter_map(|entry| match entry {
        Constant::Function(id) => Some(*id),
        _ => None,
    });
    let main = linked.main();
    entries.chain(main.module.exports.iter().filter_map(|(_, item)| match item {
        ExportItem::Function(index) => Some(main.functions[*index as usize]),
        _ => None,
    }))
}
