//! Resolves every import: to what another instance exports, else to what the program makes for it, and checks that the
//! types fit.

use super::linked::{Check, Global, Instance, Linked};
use super::matching::{Fit, Match, incompatible, match_global, match_memory, match_same, match_table};
use super::number::{Made, Numbers, Owned};
use super::refusal::{Problem, Remedy, refuse_imports};
use super::supply::{Supplier, Supply};
use crate::error::{Error, Result};
use crate::id::{FunctionId, GlobalId, MemoryId, TableId, TagId};
use crate::module::{ExportItem, Import, ImportType, Module};
use crate::types::{GlobalType, MemoryType, TABLE_ENTRIES_MAX, TableType};

/// Resolves the imports of these modules, in the order of activation. The first module is the main one.
///
/// # Errors
/// If an import does not fit what supplies it, or if a table or memory is too large.
pub fn resolve<'a>(modules: Vec<Module<'a>>, supply: &Supply, order: &[usize], numbers: Numbers) -> Result<Linked<'a>> {
    let main = numbers.owned[&0].instance;
    let mut resolver = Resolver { numbers, instances: Vec::with_capacity(order.len()), globals: Vec::new() };
    let mut waiting: Vec<_> = modules.into_iter().map(Some).collect();
    for index in order {
        let module = waiting[*index].take().expect("each module is activated once");
        resolver.add(*index, module, supply.suppliers(*index))?;
    }
    let Resolver { numbers, instances, globals } = resolver;
    let Numbers { signatures, functions, tables, memories, tags, .. } = numbers;
    Ok(Linked { instances, main, signatures, functions, tables, memories, globals, tags })
}

struct Resolver<'a> {
    numbers: Numbers,
    /// Those whose imports are resolved.
    instances: Vec<Instance<'a>>,
    /// What they define.
    globals: Vec<Global>,
}

/// What an import was resolved to.
#[derive(Clone, Copy)]
enum Item {
    Function(FunctionId),
    Table(TableId),
    Memory(MemoryId),
    Global(GlobalId),
    Tag(TagId),
}

impl<'a> Resolver<'a> {
    fn add(&mut self, index: usize, module: Module<'a>, suppliers: &[Supplier]) -> Result<()> {
        let owned = self.numbers.owned.remove(&index).expect("everything has its number");
        let mut instance = Instance {
            functions: Vec::with_capacity(module.functions.len()),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            tags: Vec::new(),
            signatures: owned.signatures.clone(),
            supplied_memories: Vec::new(),
            checks: Vec::new(),
            imported_functions: Default::default(),
            module,
        };
        self.resolve_imports(&owned, suppliers, &mut instance)?;
        instance.functions.extend_from_slice(&owned.functions);
        self.define_globals(&owned, &mut instance);
        instance.tables.extend_from_slice(&owned.tables);
        instance.memories.extend_from_slice(&owned.memories);
        instance.tags.extend_from_slice(&owned.tags);
        check_sizes(&instance.module)?;
        self.numbers.owned.insert(index, owned);
        self.instances.push(instance);
        Ok(())
    }

    fn resolve_imports(&mut self, owned: &Owned, suppliers: &[Supplier], instance: &mut Instance<'a>) -> Result<()> {
        let mut problems = Vec::new();
        for (position, supplier) in suppliers.iter().enumerate() {
            let import = instance.module.imports[position];
            let resolved = match *supplier {
                Supplier::Module(exporter) => self.resolve_export(exporter, instance, &import),
                _ => self.resolve_made(owned.made[position], instance, &import),
            };
            match resolved {
                Ok(Item::Function(function)) => instance.functions.push(function),
                Ok(Item::Table(table)) => instance.tables.push(table),
                Ok(Item::Memory(memory)) => instance.memories.push(memory),
                Ok(Item::Global(global)) => instance.globals.push(global),
                Ok(Item::Tag(tag)) => instance.tags.push(tag),
                Err(problem) => {
                    let message = format!("{}: {problem}", import.quoted());
                    let remedy =
                        if *supplier == Supplier::OtherType { Remedy::DeclareAsWasi } else { Remedy::DeclareAlike };
                    problems.push(Problem { message, remedy });
                }
            }
        }
        refuse_imports(&problems).map_err(|error| error.in_module(instance.module.name))
    }

    /// Resolves an import to what the program makes for it.
    fn resolve_made(
        &self,
        made: Option<Made>,
        instance: &mut Instance<'a>,
        import: &Import<'a>,
    ) -> std::result::Result<Item, String> {
        match (made, import.ty) {
            (Some(Made::Function(function)), _) => Ok(Item::Function(function)),
            (Some(Made::Memory(memory)), ImportType::Memory(ty)) => {
                check_memory(ty)?;
                instance.supplied_memories.push(memory);
                Ok(Item::Memory(memory))
            }
            (Some(Made::SameMemory(memory)), ImportType::Memory(ty)) => self.match_memory(memory, ty, instance),
            _ => Err(incompatible("the runtime supplies it with another type")),
        }
    }

    /// Resolves an import to what another instance exports.
    fn resolve_export(
        &mut self,
        exporter: usize,
        instance: &mut Instance<'a>,
        import: &Import<'a>,
    ) -> std::result::Result<Item, String> {
        let place = self.numbers.owned[&exporter].instance.index();
        let exporter = &mut self.instances[place];
        if let ImportType::Function(_) = import.ty {
            exporter.imported_functions.insert(import.name);
        }
        let item = exporter.module.export(import.name).ok_or("the module has no such export")?;
        let renumber = |index: u32| instance.signatures[index as usize].0;
        match (item, import.ty) {
            (ExportItem::Function(index), ImportType::Function(ty)) => {
                let function = exporter.functions[index as usize];
                let found = self.numbers.functions[function.index()].signature;
                match_same(found, instance.signatures[ty as usize], "its")?;
                Ok(Item::Function(function))
            }
            (ExportItem::Table(index), ImportType::Table(ty)) => {
                let table = exporter.tables[index as usize];
                let wanted = TableType { element: ty.element.renumbered(renumber), ..ty };
                if match_table(self.numbers.tables[table.index()], wanted)? == Match::IfGrown {
                    instance.checks.push(Check::Table(table, ty.limits.initial));
                }
                Ok(Item::Table(table))
            }
            (ExportItem::Memory(index), ImportType::Memory(ty)) => {
                let memory = exporter.memories[index as usize];
                self.match_memory(memory, ty, instance)
            }
            (ExportItem::Global(index), ImportType::Global(ty)) => {
                let global = exporter.globals[index as usize];
                let wanted = GlobalType { value: ty.value.renumbered(renumber), ..ty };
                match_global(self.numbers.globals[global.index()], wanted)?;
                Ok(Item::Global(global))
            }
            (ExportItem::Tag(index), ImportType::Tag(ty)) => {
                let tag = exporter.tags[index as usize];
                let found = self.numbers.tags[tag.index()].signature;
                match_same(found, instance.signatures[ty as usize], "the tag's")?;
                Ok(Item::Tag(tag))
            }
            _ => Err(incompatible("it is exported as something else")),
        }
    }

    fn match_memory(
        &self,
        memory: MemoryId,
        wanted: MemoryType,
        instance: &mut Instance<'a>,
    ) -> std::result::Result<Item, String> {
        if match_memory(self.numbers.memories[memory.index()], wanted)? == Match::IfGrown {
            instance.checks.push(Check::Memory(memory, wanted.limits.initial));
        }
        Ok(Item::Memory(memory))
    }

    /// Computes what the globals of an instance start as. Those that it imports are resolved.
    fn define_globals(&mut self, owned: &Owned, instance: &mut Instance<'a>) {
        for (global, id) in instance.module.globals.iter().zip(&owned.globals) {
            let initial = instance.evaluate(&global.initial, &self.globals);
            instance.globals.push(*id);
            self.globals.push(Global { ty: self.numbers.globals[id.index()], initial });
        }
    }
}

/// Checks that the tables and memories that a module defines are not larger than they can be here.
fn check_sizes(module: &Module<'_>) -> Result<()> {
    for table in &module.tables {
        let initial = table.ty.limits.initial;
        if initial > TABLE_ENTRIES_MAX {
            let message = format!("a table starts with {initial} entries, more than {TABLE_ENTRIES_MAX}");
            return Err(Error::new(message).in_module(module.name));
        }
    }
    for memory in &module.memories {
        check_memory(*memory).map_err(|problem| Error::new(problem).in_module(module.name))?;
    }
    Ok(())
}

/// Checks that a memory is not larger than it can be here.
fn check_memory(ty: MemoryType) -> Fit {
    let (initial, pages_max) = (ty.limits.initial, ty.pages_max());
    if initial > pages_max {
        return Err(format!("a memory starts with {initial} pages, more than {pages_max}"));
    }
    Ok(Match::Always)
}
