//! Gives everything that the program consists of its number, in the order of activation, before any import is resolved:
//! what modules define, and what the program makes for imports that no module supplies.

use std::collections::HashMap;

use super::linked::{Function, FunctionKind, Tag};
use super::supply::{Supplier, Supply};
use crate::id::{FunctionId, GlobalId, InstanceId, MemoryId, SignatureId, TableId, TagId};
use crate::module::{ImportType, Module};
use crate::types::{GlobalType, MemoryType, Signatures, TableType};

/// All numbers, and the types behind them. Types inside of types have the program's numbers.
#[derive(Default)]
pub struct Numbers {
    /// All function types.
    pub signatures: Signatures,
    /// All functions.
    pub functions: Vec<Function>,
    /// All tables.
    pub tables: Vec<TableType>,
    /// All memories.
    pub memories: Vec<MemoryType>,
    /// All globals.
    pub globals: Vec<GlobalType>,
    /// All tags of exceptions.
    pub tags: Vec<Tag>,
    /// What belongs to each instance, by the indices of the modules.
    pub owned: HashMap<usize, Owned>,
}

/// What belongs to an instance.
pub struct Owned {
    /// The instance.
    pub instance: InstanceId,
    /// By the module's type index.
    pub signatures: Vec<SignatureId>,
    /// What the program makes for its imports, by their position; `None` for those that another module supplies, or that
    /// do not fit.
    pub made: Vec<Option<Made>>,
    /// The functions that it defines, in order; likewise the following.
    pub functions: Vec<FunctionId>,
    /// Its tables.
    pub tables: Vec<TableId>,
    /// Its memories.
    pub memories: Vec<MemoryId>,
    /// Its globals.
    pub globals: Vec<GlobalId>,
    /// Its tags.
    pub tags: Vec<TagId>,
}

/// What the program makes for an import.
#[derive(Clone, Copy)]
pub enum Made {
    /// A wrapper of a function of the runtime, or of one that is missing.
    Function(FunctionId),
    /// A shared memory, as this import wants it.
    Memory(MemoryId),
    /// The shared memory that was made for an earlier import by the same name.
    SameMemory(MemoryId),
}

impl Numbers {
    /// Numbers everything.
    pub fn give(modules: &[Module<'_>], supply: &Supply, order: &[usize]) -> Numbers {
        let mut numbers = Numbers::default();
        let mut memories = HashMap::new();
        for (place, index) in order.iter().enumerate() {
            let owned =
                numbers.own(InstanceId(place as u32), &modules[*index], supply.suppliers(*index), &mut memories);
            numbers.owned.insert(*index, owned);
        }
        numbers
    }

    /// Numbers what belongs to an instance. `shared` are the memories that were made for imports, by their names.
    fn own<'a>(
        &mut self,
        instance: InstanceId,
        module: &Module<'a>,
        suppliers: &[Supplier],
        shared: &mut HashMap<(&'a str, &'a str), MemoryId>,
    ) -> Owned {
        let signatures = self.signatures.intern_all(&module.types);
        let mut functions = 0;
        let imports = module.imports.iter().zip(suppliers);
        let made = imports.map(|(import, supplier)| {
            let index = functions;
            functions += u32::from(matches!(import.ty, ImportType::Function(_)));
            let kind = match (*supplier, import.ty) {
                (Supplier::Module(_) | Supplier::OtherType, _) => return None,
                (Supplier::SharedMemory, ImportType::Memory(ty)) => {
                    let mut made = None;
                    let memory = *shared.entry((import.module, import.name)).or_insert_with(|| {
                        let memory = push(&mut self.memories, ty, MemoryId);
                        made = Some(Made::Memory(memory));
                        memory
                    });
                    return Some(made.unwrap_or(Made::SameMemory(memory)));
                }
                (Supplier::Host(function), _) => FunctionKind::Host(function),
                (Supplier::ThreadSpawn, _) => FunctionKind::ThreadSpawn,
                (Supplier::Nobody | Supplier::SharedMemory, _) => FunctionKind::Missing,
            };
            let ImportType::Function(ty) = import.ty else {
                unreachable!("what {supplier:?} supplies is a function, or was refused before");
            };
            let function = Function { instance, index, kind, signature: signatures[ty as usize] };
            Some(Made::Function(push(&mut self.functions, function, FunctionId)))
        });
        let made = made.collect();
        let renumber = |index: u32| signatures[index as usize].0;
        let imported = module.imported_functions();
        let functions = (0..module.bodies.len() as u32).map(|body| {
            let index = imported + body;
            let signature = signatures[module.functions[index as usize] as usize];
            let function = Function { instance, index, kind: FunctionKind::Defined(body), signature };
            push(&mut self.functions, function, FunctionId)
        });
        let tables = module.tables.iter().map(|table| {
            let ty = TableType { element: table.ty.element.renumbered(renumber), ..table.ty };
            push(&mut self.tables, ty, TableId)
        });
        let globals = module.globals.iter().map(|global| {
            let ty = GlobalType { value: global.ty.value.renumbered(renumber), ..global.ty };
            push(&mut self.globals, ty, GlobalId)
        });
        let tags = module.tags.iter().map(|ty| Tag { signature: signatures[*ty as usize] });
        Owned {
            instance,
            made,
            functions: functions.collect(),
            tables: tables.collect(),
            memories: module.memories.iter().map(|ty| push(&mut self.memories, *ty, MemoryId)).collect(),
            globals: globals.collect(),
            tags: tags.map(|tag| push(&mut self.tags, tag, TagId)).collect(),
            signatures,
        }
    }
}

/// Appends something and numbers it.
fn push<T, I>(list: &mut Vec<T>, item: T, number: impl Fn(u32) -> I) -> I {
    list.push(item);
    number(list.len() as u32 - 1)
}
