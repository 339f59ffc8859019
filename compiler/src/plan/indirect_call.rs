//! Calls through tables that functions of the runtime make: which tables and types there are.

use std::collections::{BTreeMap, HashMap};

use adder_abi::host::{Context, IndirectCall as Declared};

use crate::id::{FunctionId, IndirectCallId, SignatureId, TableId};
use crate::link::{FunctionKind, Instance, Linked};
use crate::module::{ExportItem, Module};
use crate::types::{FunctionType, Heap, Reference};

/// The name that C and C++ programs export their table by.
const TABLE_EXPORT: &str = "__indirect_function_table";

/// Calls of functions of a type through a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IndirectCall {
    /// The table.
    pub table: TableId,
    /// The type.
    pub signature: SignatureId,
}

/// All that functions of the runtime call through tables.
#[derive(Clone, Debug, Default)]
pub struct IndirectCalls {
    list: Vec<IndirectCall>,
    /// What the runtime's function behind an import calls, as its table says; `None` where the instance has no table. Those are
    /// here that work on the import.
    imports: BTreeMap<FunctionId, Vec<Option<IndirectCallId>>>,
}

impl IndirectCalls {
    /// Returns all of them.
    pub fn ids(&self) -> impl Iterator<Item = IndirectCallId> {
        (0..self.list.len() as u32).map(IndirectCallId)
    }

    /// Returns the one with this number.
    pub fn get(&self, id: IndirectCallId) -> IndirectCall {
        self.list[id.index()]
    }

    /// Returns what the runtime's function behind an import calls, in the order of its table.
    pub fn of_import(&self, id: FunctionId) -> impl Iterator<Item = IndirectCall> {
        self.imports.get(&id).into_iter().flatten().flatten().map(|call| self.get(*call))
    }

    /// Returns the imports that functions of the runtime work on, each with what they call.
    pub fn imports(&self) -> impl Iterator<Item = (FunctionId, &[Option<IndirectCallId>])> {
        self.imports.iter().map(|(id, calls)| (*id, calls.as_slice()))
    }
}

/// Plans all calls. Types that no function has get their numbers: a call of such a function traps in the same way.
pub fn plan_indirect_calls(linked: &mut Linked<'_>) -> IndirectCalls {
    let mut planned = IndirectCalls::default();
    let mut numbers = HashMap::new();
    for (index, function) in linked.functions.iter().enumerate() {
        let FunctionKind::Host(host) = function.kind else { continue };
        let signature = linked.interfaces.signature(host);
        if signature.context != Context::Import {
            continue;
        }
        let table = function_table(linked, &linked.instances[function.instance.index()]);
        let calls = signature.indirect_calls.iter().map(|declared| {
            let ty = match declared {
                Declared::Typed { parameters, results } => FunctionType::of_abi(parameters, results),
                Declared::Forwarded => {
                    let mut ty = linked.signatures.get(function.signature).clone();
                    ty.parameters.remove(0);
                    ty
                }
            };
            let call = IndirectCall { table: table?, signature: linked.signatures.intern(&ty) };
            Some(*numbers.entry(call).or_insert_with(|| {
                planned.list.push(call);
                IndirectCallId(planned.list.len() as u32 - 1)
            }))
        });
        planned.imports.insert(FunctionId(index as u32), calls.collect());
    }
    planned
}

/// Returns the table that an instance calls functions through, if it has one. `tables` are those of the instance.
pub fn table_of_calls(
    module: &Module<'_>,
    tables: &[TableId],
    element: impl Fn(TableId) -> Reference,
) -> Option<TableId> {
    let table = match module.export(TABLE_EXPORT) {
        Some(ExportItem::Table(index)) => tables[index as usize],
        _ => *tables.first()?,
    };
    matches!(element(table).heap, Heap::Function | Heap::Typed(_)).then_some(table)
}

/// The same of an instance that is linked.
pub fn function_table(linked: &Linked<'_>, instance: &Instance<'_>) -> Option<TableId> {
    table_of_calls(&instance.module, &instance.tables, |table| linked.tables[table.index()].element)
}
