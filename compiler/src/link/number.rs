//! Gives everything that the program consists of its number, in the order of activation, before any import is resolved:
//! what modules define, and what the program makes for imports that no module supplies.

use std::collections::HashMap;

use adder_abi::host::HostFunction;

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
    /// What each instance has, by the indices of the modules.
    pub spaces: HashMap<usize, Spaces>,
}

/// The index spaces of an instance: the program's numbers, by the module's indices. They are `None` for imports that other
/// modules supply, as long as those are not resolved.
pub struct Spaces {
    /// The instance.
    pub instance: InstanceId,
    /// Types.
    pub signatures: Vec<SignatureId>,
    /// Functions.
    pub functions: Vec<Option<FunctionId>>,
    /// Tables.
    pub tables: Vec<Option<TableId>>,
    /// Memories.
    pub memories: Vec<Option<MemoryId>>,
    /// Globals.
    pub globals: Vec<Option<GlobalId>>,
    /// Tags.
    pub tags: Vec<Option<TagId>>,
    /// Imported memories that the program makes for it.
    pub supplied_memories: Vec<MemoryId>,
    /// How many imported globals the program makes for it; their numbers come before those that it defines.
    pub supplied_globals: usize,
}

impl Numbers {
    /// Numbers everything.
    pub fn give(modules: &[Module<'_>], supply: &Supply, order: &[usize]) -> Numbers {
        let mut numbers = Numbers::default();
        let mut shared = HashMap::new();
        for (place, index) in order.iter().enumerate() {
            let instance = InstanceId(place as u32);
            let spaces = numbers.spaces(
                instance,
                &modules[*index],
                supply.suppliers(*index),
                supply.replaced(*index),
                &mut shared,
            );
            numbers.spaces.insert(*index, spaces);
        }
        numbers
    }

    /// Numbers what an instance has. `shared` are the memories that were made for imports, by their names.
    fn spaces<'a>(
        &mut self,
        instance: InstanceId,
        module: &Module<'a>,
        suppliers: &[Supplier],
        replaced: &HashMap<u32, HostFunction>,
        shared: &mut HashMap<(&'a str, &'a str), MemoryId>,
    ) -> Spaces {
        let mut spaces = Spaces {
            instance,
            signatures: self.signatures.intern_all(&module.types),
            functions: Vec::with_capacity(module.functions.len()),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            tags: Vec::new(),
            supplied_memories: Vec::new(),
            supplied_globals: 0,
        };
        for (import, supplier) in module.imports.iter().zip(suppliers) {
            match import.ty {
                ImportType::Function(ty) => {
                    let index = spaces.functions.len() as u32;
                    let function = wrapper(*supplier).map(|kind| {
                        let signature = spaces.signatures[ty as usize];
                        push(&mut self.functions, Function { instance, index, kind, signature }, FunctionId)
                    });
                    spaces.functions.push(function);
                }
                ImportType::Memory(ty) if *supplier == Supplier::SharedMemory => {
                    let memory = *shared.entry((import.module, import.name)).or_insert_with(|| {
                        let memory = push(&mut self.memories, ty, MemoryId);
                        spaces.supplied_memories.push(memory);
                        memory
                    });
                    spaces.memories.push(Some(memory));
                }
                ImportType::Memory(_) => spaces.memories.push(None),
                ImportType::Table(_) => spaces.tables.push(None),
                ImportType::Global(ty) if *supplier == Supplier::NullAddress => {
                    let global = push(&mut self.globals, ty, GlobalId);
                    spaces.supplied_globals += 1;
                    spaces.globals.push(Some(global));
                }
                ImportType::Global(_) => spaces.globals.push(None),
                ImportType::Tag(_) => spaces.tags.push(None),
            }
        }
        self.define(module, replaced, &mut spaces);
        spaces
    }

    /// Numbers what a module defines. What the runtime takes the place of is no body of the program.
    fn define(&mut self, module: &Module<'_>, replaced: &HashMap<u32, HostFunction>, spaces: &mut Spaces) {
        let Spaces { instance, signatures, functions, tables, memories, globals, tags, .. } = spaces;
        let renumber = |index: u32| signatures[index as usize].0;
        let imported = module.imported_functions();
        functions.extend((0..module.bodies.len() as u32).map(|body| {
            let index = imported + body;
            let signature = signatures[module.functions[index as usize] as usize];
            let kind =
                replaced.get(&index).map_or(FunctionKind::Defined(body), |function| FunctionKind::Host(*function));
            let function = Function { instance: *instance, index, kind, signature };
            Some(push(&mut self.functions, function, FunctionId))
        }));
        tables.extend(module.tables.iter().map(|table| {
            let ty = TableType { element: table.ty.element.renumbered(renumber), ..table.ty };
            Some(push(&mut self.tables, ty, TableId))
        }));
        memories.extend(module.memories.iter().map(|ty| Some(push(&mut self.memories, *ty, MemoryId))));
        globals.extend(module.globals.iter().map(|global| {
            let ty = GlobalType { value: global.ty.value.renumbered(renumber), ..global.ty };
            Some(push(&mut self.globals, ty, GlobalId))
        }));
        tags.extend(module.tags.iter().map(|ty| {
            let tag = Tag { signature: signatures[*ty as usize] };
            Some(push(&mut self.tags, tag, TagId))
        }));
    }
}

/// What the program makes for the import of a function, if no module supplies that and its type is the right one.
fn wrapper(supplier: Supplier) -> Option<FunctionKind> {
    match supplier {
        Supplier::Module(_) | Supplier::OtherType => None,
        Supplier::Host(function) => Some(FunctionKind::Host(function)),
        Supplier::Nobody => Some(FunctionKind::Missing),
        Supplier::WithoutJavaScript => Some(FunctionKind::WithoutJavaScript),
        Supplier::SharedMemory | Supplier::NullAddress => unreachable!("it is no function"),
    }
}

/// Appends something and numbers it.
fn push<T, I>(list: &mut Vec<T>, item: T, number: impl Fn(u32) -> I) -> I {
    list.push(item);
    number(list.len() as u32 - 1)
}
