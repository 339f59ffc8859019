//! Resolves every import: to what another instance exports, else to what the program makes for it, and checks that the
//! types fit.

use std::collections::{HashMap, HashSet};

use adder_abi::host::Interfaces;

use super::constant::Constant;
use super::linked::{Check, Global, Instance, Linked};
use super::matching::{Match, incompatible, match_global, match_memory, match_same, match_table};
use super::number::{Numbers, Spaces};
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
pub fn resolve<'a>(
    modules: Vec<Module<'a>>,
    supply: &Supply,
    order: &[usize],
    numbers: Numbers,
    interfaces: Interfaces,
) -> Result<Linked<'a>> {
    let mut resolver =
        Resolver { modules: &modules, numbers, checks: HashMap::new(), imported_functions: HashMap::new() };
    for index in order {
        resolver.resolve_imports(*index, supply.suppliers(*index))?;
        resolver.check_sizes(*index)?;
    }
    let Resolver { numbers, mut checks, mut imported_functions, .. } = resolver;
    let Numbers { signatures, functions, tables, memories, globals: types, tags, mut spaces } = numbers;
    let main = spaces[&0].instance;
    let mut modules: Vec<_> = modules.into_iter().map(Some).collect();
    let mut instances = Vec::with_capacity(order.len());
    let mut globals: Vec<Global> = Vec::with_capacity(types.len());
    for index in order {
        let module = modules[*index].take().expect("each module is activated once");
        let spaces = spaces.remove(index).expect("each instance has its spaces");
        let supplied_globals = spaces.supplied_globals;
        let instance = Instance {
            functions: resolved(spaces.functions),
            tables: resolved(spaces.tables),
            memories: resolved(spaces.memories),
            globals: resolved(spaces.globals),
            tags: resolved(spaces.tags),
            signatures: spaces.signatures,
            supplied_memories: spaces.supplied_memories,
            checks: checks.remove(index).unwrap_or_default(),
            imported_functions: imported_functions.remove(index).unwrap_or_default(),
            module,
        };
        for _ in 0..supplied_globals {
            globals.push(Global { ty: types[globals.len()], initial: Constant::I32(0) });
        }
        for global in &instance.module.globals {
            let initial = instance.evaluate(&global.initial, &globals);
            globals.push(Global { ty: types[globals.len()], initial });
        }
        instances.push(instance);
    }
    Ok(Linked { interfaces, emscripten: None, instances, main, signatures, functions, tables, memories, globals, tags })
}

/// An index space whose imports are all resolved.
fn resolved<T>(space: Vec<Option<T>>) -> Vec<T> {
    space.into_iter().map(|item| item.expect("imports that were not resolved were refused")).collect()
}

struct Resolver<'m, 'a> {
    modules: &'m [Module<'a>],
    numbers: Numbers,
    /// What imports need at the activation of their instance, by the indices of the modules; likewise the following.
    checks: HashMap<usize, Vec<Check>>,
    /// The names of the functions that other instances import from each.
    imported_functions: HashMap<usize, HashSet<&'a str>>,
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

/// An item, or why there is none that fits.
type Found = std::result::Result<Item, String>;

impl<'a> Resolver<'_, 'a> {
    fn resolve_imports(&mut self, index: usize, suppliers: &[Supplier]) -> Result<()> {
        let module = &self.modules[index];
        let (mut functions, mut tables, mut memories, mut globals, mut tags) = (0.., 0.., 0.., 0.., 0..);
        let mut problems = Vec::new();
        for (import, supplier) in module.imports.iter().zip(suppliers) {
            let place = match import.ty {
                ImportType::Function(_) => functions.next(),
                ImportType::Table(_) => tables.next(),
                ImportType::Memory(_) => memories.next(),
                ImportType::Global(_) => globals.next(),
                ImportType::Tag(_) => tags.next(),
            };
            let place: usize = place.expect("there is always a next number");
            let found = match *supplier {
                Supplier::Module(exporter) => self.exported(index, exporter, import),
                _ => self.made(index, place, import),
            };
            let spaces = self.numbers.spaces.get_mut(&index).expect("each instance has its spaces");
            match found {
                Ok(Item::Function(function)) => spaces.functions[place] = Some(function),
                Ok(Item::Table(table)) => spaces.tables[place] = Some(table),
                Ok(Item::Memory(memory)) => spaces.memories[place] = Some(memory),
                Ok(Item::Global(global)) => spaces.globals[place] = Some(global),
                Ok(Item::Tag(tag)) => spaces.tags[place] = Some(tag),
                Err(problem) => {
                    let message = format!("{}: {problem}", import.quoted());
                    let remedy =
                        if *supplier == Supplier::OtherType { Remedy::DeclareAsWasi } else { Remedy::DeclareAlike };
                    problems.push(Problem { message, remedy });
                }
            }
        }
        refuse_imports(&problems).map_err(|error| error.in_module(module.name))
    }

    fn spaces(&self, index: usize) -> &Spaces {
        &self.numbers.spaces[&index]
    }

    /// What the program makes for an import of a module.
    fn made(&mut self, index: usize, place: usize, import: &Import<'a>) -> Found {
        let spaces = self.spaces(index);
        match import.ty {
            ImportType::Memory(ty) => {
                let memory = spaces.memories[place].expect("a memory that nobody exports was made");
                self.match_memory(index, memory, ty)
            }
            ImportType::Global(_) => {
                let global = spaces.globals[place].expect("a global that nobody exports was made");
                Ok(Item::Global(global))
            }
            _ => {
                let function = spaces.functions.get(place).copied().flatten();
                function.map(Item::Function).ok_or_else(|| incompatible("the runtime supplies it with another type"))
            }
        }
    }

    /// What another instance exports for an import of a module.
    fn exported(&mut self, index: usize, exporter: usize, import: &Import<'a>) -> Found {
        if let ImportType::Function(_) = import.ty {
            self.imported_functions.entry(exporter).or_default().insert(import.name);
        }
        let item = self.modules[exporter].export(import.name).ok_or("the module has no such export")?;
        let (spaces, exports) = (self.spaces(index), self.spaces(exporter));
        let renumber = |index: u32| spaces.signatures[index as usize].0;
        match (item, import.ty) {
            (ExportItem::Function(item), ImportType::Function(ty)) => {
                let function = known(&exports.functions, item)?;
                let found = self.numbers.functions[function.index()].signature;
                match_same(found, spaces.signatures[ty as usize], "its")?;
                Ok(Item::Function(function))
            }
            (ExportItem::Table(item), ImportType::Table(ty)) => {
                let table = known(&exports.tables, item)?;
                let wanted = TableType { element: ty.element.renumbered(renumber), ..ty };
                if match_table(self.numbers.tables[table.index()], wanted)? == Match::IfGrown {
                    self.checks.entry(index).or_default().push(Check::Table(table, ty.limits.initial));
                }
                Ok(Item::Table(table))
            }
            (ExportItem::Memory(item), ImportType::Memory(ty)) => {
                let memory = known(&exports.memories, item)?;
                self.match_memory(index, memory, ty)
            }
            (ExportItem::Global(item), ImportType::Global(ty)) => {
                let global = known(&exports.globals, item)?;
                let wanted = GlobalType { value: ty.value.renumbered(renumber), ..ty };
                match_global(self.numbers.globals[global.index()], wanted)?;
                Ok(Item::Global(global))
            }
            (ExportItem::Tag(item), ImportType::Tag(ty)) => {
                let tag = known(&exports.tags, item)?;
                let found = self.numbers.tags[tag.index()].signature;
                match_same(found, spaces.signatures[ty as usize], "the tag's")?;
                Ok(Item::Tag(tag))
            }
            _ => Err(incompatible("it is exported as something else")),
        }
    }

    fn match_memory(&mut self, index: usize, memory: MemoryId, wanted: MemoryType) -> Found {
        if match_memory(self.numbers.memories[memory.index()], wanted)? == Match::IfGrown {
            self.checks.entry(index).or_default().push(Check::Memory(memory, wanted.limits.initial));
        }
        Ok(Item::Memory(memory))
    }

    /// Checks that the tables and memories that a module defines, or that are made for it, are not larger than they can be here.
    fn check_sizes(&self, index: usize) -> Result<()> {
        let module = &self.modules[index];
        let check = |what: &str, initial: u64, unit: &str, max: u64| {
            if initial <= max {
                return Ok(());
            }
            let message = format!("a {what} starts with {initial} {unit}, more than {max}");
            Err(Error::limit(message).in_module(module.name))
        };
        for table in &module.tables {
            check("table", table.ty.limits.initial, "entries", TABLE_ENTRIES_MAX)?;
        }
        let made = self.spaces(index).supplied_memories.iter().map(|memory| &self.numbers.memories[memory.index()]);
        for memory in module.memories.iter().chain(made) {
            check("memory", memory.limits.initial, "pages", memory.pages_max())?;
        }
        Ok(())
    }
}

/// An item of an exporter. What it defines has a number in any case; what it imports itself has one as soon as that is
/// resolved, which the order of activation makes sure of.
fn known<T: Copy>(space: &[Option<T>], index: u32) -> std::result::Result<T, String> {
    space[index as usize].ok_or_else(|| "it is exported by a module that imports it itself".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Input;
    use crate::module::parse;
    use adder_abi::host::INTERFACES;

    /// A module that imports a function from a module, each with a name of one letter, and exports one of its own.
    fn module(from: u8, import: u8, export: u8) -> Vec<u8> {
        let sections: [&[u8]; 6] = [
            b"\0asm\x01\0\0\0",
            &[1, 4, 1, 0x60, 0, 0],
            &[2, 7, 1, 1, from, 1, import, 0, 0],
            &[3, 2, 1, 0],
            &[7, 5, 1, 1, export, 0, 1],
            &[10, 4, 1, 2, 0, 0x0b],
        ];
        sections.concat()
    }

    #[test]
    fn what_modules_define_can_be_imported_both_ways() {
        let bytes = [module(b'b', b'g', b'f'), module(b'a', b'f', b'g')];
        let inputs = [("a", &bytes[0]), ("b", &bytes[1])];
        let modules = inputs.map(|(name, bytes)| parse(&Input { name, bytes }).expect("the module is valid"));
        let modules: Vec<_> = modules.into_iter().collect();
        let supply = Supply::of(&modules, INTERFACES).expect("the names differ");
        let order = [0, 1];
        let numbers = Numbers::give(&modules, &supply, &order);
        let linked = resolve(modules, &supply, &order, numbers, INTERFACES).expect("the types are the same");
        let functions: Vec<_> = linked.instances.iter().map(|instance| instance.functions.clone()).collect();
        assert_eq!(functions, [[FunctionId(1), FunctionId(0)], [FunctionId(0), FunctionId(1)]]);
    }
}
