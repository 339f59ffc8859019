//! Links instances: orders them, resolves every import (to an earlier instance, else to the runtime), and checks types as
//! the specification says (section "Import Matching" of its chapter on validation).

use std::collections::{BTreeMap, HashMap};

use super::constant::{evaluate, global_value};
use super::fact::{Facts, ProgramFacts};
use super::refusal::{Problem, Remedy, check_unknown_imports, refuse_imports};
use super::supply::{Supplier, Suppliers};
use super::{
    BaseClass, CallTables, Constant, Function, FunctionKind, Global, GlobalClass, Image, Instance, Memory, Program,
    SizeClass, Step, Table, TableStorage, Tag, ThreadState, Throwing,
};
use crate::error::{Error, Result};
use crate::id::{FunctionId, GlobalId, InstanceId, MemoryId, SignatureId, TableId, TagId};
use crate::module::{ExportItem, Import, ImportType, Module};
use crate::options::{ForcedGlobalClass, Options};
use crate::quote::quoted;
use crate::types::{GlobalType, Limits, MemoryType, Signatures, TABLE_ENTRIES_MAX, TableType};

/// Links modules; the first is the main one.
pub fn link<'a>(modules: Vec<Module<'a>>, facts: Vec<Facts>, options: &Options) -> Result<(Program<'a>, ProgramFacts)> {
    let suppliers = Suppliers::new(&modules)?;
    check_unknown_imports(&modules, &suppliers, options)?;
    let order = activation_order(&modules, &suppliers)?;
    let mut linker = Linker {
        program: Program {
            instances: Vec::new(),
            main: InstanceId(order.iter().position(|index| *index == 0).unwrap_or(0) as u32),
            main_initialization: None,
            signatures: Signatures::default(),
            functions: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            tags: Vec::new(),
            elements: Vec::new(),
            data: Vec::new(),
            stack_bytes: options.stack_bytes.next_power_of_two(),
            memory_plan: options.memory,
            cpu: options.cpu,
            has_threads: options.global_class == Some(ForcedGlobalClass::ThreadRelative),
            thread_state: ThreadState::default(),
            throwing: Throwing::default(),
            call_tables: CallTables::default(),
            optimizes: true,
            instrumentation: None,
            counts: Default::default(),
            routines: BTreeMap::new(),
            shadow_stacks: BTreeMap::new(),
        },
        facts: ProgramFacts::default(),
        suppliers,
        instances: vec![None; modules.len()],
        supplied: HashMap::new(),
    };
    let mut waiting: Vec<_> = modules.into_iter().zip(facts).map(Some).collect();
    for index in order {
        let (module, facts) = waiting[index].take().expect("each module is activated once");
        linker.add(index, module, facts)?;
    }
    Ok((linker.program, linker.facts))
}

/// The modules' indices in an order in which each comes after those it imports from, and otherwise as given.
fn activation_order(modules: &[Module<'_>], suppliers: &Suppliers<'_>) -> Result<Vec<usize>> {
    let needs = |index: usize| -> Vec<usize> {
        let mut needed: Vec<usize> =
            modules[index].imports.iter().filter_map(|import| suppliers.module(index, import)).collect();
        needed.sort_unstable();
        needed.dedup();
        needed
    };
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; modules.len()];
    let mut order = Vec::new();
    for first in 0..modules.len() {
        if states[first] != State::New {
            continue;
        }
        states[first] = State::Open;
        let mut path = vec![(first, needs(first).into_iter())];
        while let Some((index, needed)) = path.last_mut() {
            match needed.next() {
                Some(next) if states[next] == State::Open => {
                    let from = quoted(modules[next].name);
                    let message = format!("imports from {from}, which (directly or not) imports from it");
                    return Err(Error::new(message).in_module(modules[*index].name));
                }
                Some(next) if states[next] == State::New => {
                    states[next] = State::Open;
                    path.push((next, needs(next).into_iter()));
                }
                Some(_) => {}
                None => {
                    states[*index] = State::Done;
                    order.push(*index);
                    path.pop();
                }
            }
        }
    }
    Ok(order)
}

struct Linker<'a> {
    program: Program<'a>,
    facts: ProgramFacts,
    suppliers: Suppliers<'a>,
    /// The instances that there are by now, by the indices of their modules.
    instances: Vec<Option<InstanceId>>,
    /// Shared memories that no module exports, by the names under which they are imported.
    supplied: HashMap<(&'a str, &'a str), MemoryId>,
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

impl<'a> Linker<'a> {
    fn add(&mut self, index: usize, module: Module<'a>, facts: Facts) -> Result<()> {
        let id = InstanceId(self.program.instances.len() as u32);
        let mut instance = Instance {
            functions: Vec::with_capacity(module.functions.len()),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            elements: Vec::new(),
            data: Vec::new(),
            signatures: self.program.signatures.intern_all(&module.types),
            tags: Vec::new(),
            supplied_memories: Vec::new(),
            activation: Vec::new(),
            module,
        };
        self.resolve_imports(index, id, &mut instance)?;
        self.define_functions(id, &mut instance);
        self.define_globals(&mut instance);
        self.define_tables(&mut instance)?;
        self.define_memories(&mut instance)?;
        self.define_tags(&mut instance);
        self.gather(&instance, facts);
        self.instances[index] = Some(id);
        self.program.instances.push(instance);
        Ok(())
    }

    fn resolve_imports(&mut self, index: usize, id: InstanceId, instance: &mut Instance<'a>) -> Result<()> {
        let mut problems = Vec::new();
        for position in 0..instance.module.imports.len() {
            let import = instance.module.imports[position];
            let supplier = self.suppliers.supplier(index, &instance.module.types, &import);
            match self.resolve(supplier, id, instance, &import) {
                Ok(Item::Function(function)) => instance.functions.push(function),
                Ok(Item::Table(table)) => instance.tables.push(table),
                Ok(Item::Memory(memory)) => instance.memories.push(memory),
                Ok(Item::Global(global)) => instance.globals.push(global),
                Ok(Item::Tag(tag)) => instance.tags.push(tag),
                Err(problem) => {
                    let message = format!("{}: {problem}", import.quoted());
                    let remedy =
                        if supplier == Supplier::OtherType { Remedy::DeclareAsWasi } else { Remedy::DeclareAlike };
                    problems.push(Problem { message, remedy });
                }
            }
        }
        refuse_imports(&problems).map_err(|error| error.in_module(instance.module.name))
    }

    fn resolve(
        &mut self,
        supplier: Supplier,
        id: InstanceId,
        instance: &mut Instance<'a>,
        import: &Import<'a>,
    ) -> std::result::Result<Item, String> {
        let kind = match (supplier, import.ty) {
            (Supplier::Module(index), _) => {
                let exporter = self.instances[index].expect("a module is activated after those it imports from");
                return self.resolve_export(exporter, instance, import);
            }
            (Supplier::SharedMemory, ImportType::Memory(kind)) => return self.supply_memory(instance, import, kind),
            (Supplier::Host(function), _) => FunctionKind::Host(function),
            (Supplier::ThreadSpawn, _) => {
                self.program.has_threads = true;
                FunctionKind::ThreadSpawn
            }
            (Supplier::OtherType, _) => {
                return Err("the runtime supplies it with another type (incompatible import type)".to_owned());
            }
            // Other imports that nobody supplies were refused before.
            _ => FunctionKind::Missing,
        };
        let ImportType::Function(type_index) = import.ty else {
            unreachable!("{supplier:?} supplies functions, not {:?}", import.ty)
        };
        let signature = instance.signatures[type_index as usize];
        let index = instance.functions.len() as u32;
        Ok(Item::Function(self.define(Function { instance: id, index, kind, signature })))
    }

    /// Resolves an import to what an earlier instance exports.
    fn resolve_export(
        &self,
        exporter: InstanceId,
        instance: &mut Instance<'a>,
        import: &Import<'a>,
    ) -> std::result::Result<Item, String> {
        let exporter = self.program.instance(exporter);
        let item = exporter.module.export(import.name).ok_or("the module has no such export")?;
        match (item, import.ty) {
            (ExportItem::Function(index), ImportType::Function(kind)) => {
                let function = exporter.functions[index as usize];
                self.match_function(function, instance.signatures[kind as usize])?;
                Ok(Item::Function(function))
            }
            (ExportItem::Table(index), ImportType::Table(kind)) => {
                let table = exporter.tables[index as usize];
                self.match_table(table, kind, instance)?;
                Ok(Item::Table(table))
            }
            (ExportItem::Memory(index), ImportType::Memory(kind)) => {
                let memory = exporter.memories[index as usize];
                self.match_memory(memory, kind, &mut instance.activation)?;
                Ok(Item::Memory(memory))
            }
            (ExportItem::Global(index), ImportType::Global(kind)) => {
                let global = exporter.globals[index as usize];
                self.match_global(global, kind, instance)?;
                Ok(Item::Global(global))
            }
            (ExportItem::Tag(index), ImportType::Tag(kind)) => {
                let tag = exporter.tags[index as usize];
                if self.program.tags[tag.index()].signature != instance.signatures[kind as usize] {
                    return Err("the tag's type is another one (incompatible import type)".to_owned());
                }
                Ok(Item::Tag(tag))
            }
            _ => Err("it is exported as something else (incompatible import type)".to_owned()),
        }
    }

    fn match_function(&self, function: FunctionId, wanted: SignatureId) -> std::result::Result<(), String> {
        let found = self.program.functions[function.index()].signature;
        if found == wanted { Ok(()) } else { Err("its type is another one (incompatible import type)".to_owned()) }
    }

    fn match_table(
        &self,
        id: TableId,
        wanted: TableType,
        instance: &mut Instance<'a>,
    ) -> std::result::Result<(), String> {
        let table = &self.program.tables[id.index()];
        if table.element != instance.program_reference(wanted.element) {
            return Err("the table holds something else (incompatible import type)".to_owned());
        }
        match_index(table.index64, wanted.index64)?;
        let found = Limits { initial: table.initial, maximum: table.declared_maximum };
        if match_limits(found, wanted.limits)? == Match::IfGrown {
            instance.activation.push(Step::CheckTable(id, wanted.limits.initial));
        }
        Ok(())
    }

    fn match_memory(
        &self,
        id: MemoryId,
        wanted: MemoryType,
        activation: &mut Vec<Step>,
    ) -> std::result::Result<(), String> {
        let memory = &self.program.memories[id.index()];
        match_index(memory.index64, wanted.index64)?;
        if memory.shared != wanted.shared {
            return Err("only one of the two is shared (incompatible import type)".to_owned());
        }
        let found = Limits { initial: memory.initial_bytes >> 16, maximum: memory.declared_maximum };
        if match_limits(found, wanted.limits)? == Match::IfGrown {
            activation.push(Step::CheckMemory(id, wanted.limits.initial));
        }
        Ok(())
    }

    fn match_global(
        &self,
        id: GlobalId,
        wanted: GlobalType,
        instance: &Instance<'a>,
    ) -> std::result::Result<(), String> {
        let found = self.program.globals[id.index()].kind;
        let value = instance.program_type(wanted.value);
        let fits = if wanted.mutable { found.value == value } else { found.value.matches(value) };
        if fits && found.mutable == wanted.mutable {
            Ok(())
        } else {
            Err("the global's type is another one (incompatible import type)".to_owned())
        }
    }

    fn define(&mut self, function: Function) -> FunctionId {
        self.program.functions.push(function);
        FunctionId(self.program.functions.len() as u32 - 1)
    }

    fn define_functions(&mut self, id: InstanceId, instance: &mut Instance<'a>) {
        let imported = instance.module.imported_functions();
        for body in 0..instance.module.bodies.len() as u32 {
            let index = imported + body;
            let kind = instance.module.functions[index as usize];
            let signature = instance.signatures[kind as usize];
            let function = Function { instance: id, index, kind: FunctionKind::Defined(body), signature };
            let function = self.define(function);
            instance.functions.push(function);
        }
    }

    fn define_globals(&mut self, instance: &mut Instance<'a>) {
        for global in &instance.module.globals {
            let initial = evaluate(
                &global.initial,
                |function| instance.functions[function as usize],
                |other| global_value(&self.program.globals, instance.globals[other as usize]),
            );
            instance.globals.push(GlobalId(self.program.globals.len() as u32));
            let kind = GlobalType { value: instance.program_type(global.ty.value), ..global.ty };
            self.program.globals.push(Global { kind, initial, class: GlobalClass::LinkSymbol });
        }
    }

    fn define_tables(&mut self, instance: &mut Instance<'a>) -> Result<()> {
        for table in &instance.module.tables {
            let initial = table.ty.limits.initial;
            if initial > TABLE_ENTRIES_MAX {
                let message = format!("a table starts with {initial} entries, more than {TABLE_ENTRIES_MAX}");
                return Err(Error::new(message).in_module(instance.module.name));
            }
            instance.tables.push(TableId(self.program.tables.len() as u32));
            self.program.tables.push(Table {
                element: instance.program_reference(table.ty.element),
                index64: table.ty.index64,
                initial: table.ty.limits.initial,
                limit: table.ty.limits.maximum.unwrap_or(TABLE_ENTRIES_MAX).min(TABLE_ENTRIES_MAX),
                declared_maximum: table.ty.limits.maximum,
                fill: Constant::Null,
                entries: Vec::new(),
                storage: TableStorage::Cell,
            });
        }
        Ok(())
    }

    fn define_memories(&mut self, instance: &mut Instance<'a>) -> Result<()> {
        for kind in instance.module.memories.iter().copied() {
            let memory = self.define_memory(kind);
            instance.memories.push(memory.map_err(|problem| Error::new(problem).in_module(instance.module.name))?);
        }
        Ok(())
    }

    fn define_memory(&mut self, kind: MemoryType) -> std::result::Result<MemoryId, String> {
        let MemoryType { limits, index64, shared } = kind;
        let pages_max = kind.pages_max();
        if limits.initial > pages_max {
            return Err(format!("a memory starts with {} pages, more than {pages_max}", limits.initial));
        }
        self.program.memories.push(Memory {
            index64,
            shared,
            initial_bytes: limits.initial << 16,
            limit_bytes: limits.maximum.unwrap_or(pages_max).min(pages_max) << 16,
            declared_maximum: limits.maximum,
            reservation_bytes: 0,
            image: Image::default(),
            base: BaseClass::Cell,
            checked: false,
            size: SizeClass::Cell,
        });
        Ok(MemoryId(self.program.memories.len() as u32 - 1))
    }

    /// A shared memory that no module exports is there all the same, as in wasi-threads: whoever starts the program's
    /// threads has to give them one. It starts as its first importer wants it.
    fn supply_memory(
        &mut self,
        instance: &mut Instance<'a>,
        import: &Import<'a>,
        kind: MemoryType,
    ) -> std::result::Result<Item, String> {
        if let Some(memory) = self.supplied.get(&(import.module, import.name)).copied() {
            self.match_memory(memory, kind, &mut instance.activation)?;
            return Ok(Item::Memory(memory));
        }
        let memory = self.define_memory(kind)?;
        self.supplied.insert((import.module, import.name), memory);
        instance.supplied_memories.push(memory);
        Ok(Item::Memory(memory))
    }

    fn define_tags(&mut self, instance: &mut Instance<'a>) {
        for kind in &instance.module.tags {
            instance.tags.push(TagId(self.program.tags.len() as u32));
            self.program.tags.push(Tag { signature: instance.signatures[*kind as usize] });
        }
    }

    /// Takes what the module's code does into account. Indices that do not exist belong to an invalid body.
    fn gather(&mut self, instance: &Instance<'a>, facts: Facts) {
        let table = |index: &u32| instance.tables.get(*index as usize).copied();
        self.facts.tables_written.extend(facts.tables_written.iter().filter_map(table));
        self.facts.tables_grown.extend(facts.tables_grown.iter().filter_map(table));
        let memory = |index: &u32| instance.memories.get(*index as usize).copied();
        self.facts.memories_grown.extend(facts.memories_grown.iter().filter_map(memory));
        let global = |index: &u32| instance.globals.get(*index as usize).copied();
        self.facts.globals_set.extend(facts.globals_set.iter().filter_map(global));
        for ((table, kind), count) in facts.indirect_calls {
            let places = (instance.tables.get(table as usize), instance.signatures.get(kind as usize));
            if let (Some(table), Some(signature)) = places {
                self.facts.indirect_calls.push((*table, *signature, count));
            }
        }
        let imported = instance.functions.len() - instance.module.bodies.len();
        self.facts.calls.extend(instance.functions[imported..].iter().copied().zip(facts.calls));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    /// They fit.
    Always,
    /// They fit if the exporter has grown enough when the importer is activated.
    IfGrown,
}

fn match_index(found: bool, wanted: bool) -> std::result::Result<(), String> {
    if found == wanted { Ok(()) } else { Err("its indices have another width (incompatible import type)".to_owned()) }
}

fn match_limits(found: Limits, wanted: Limits) -> std::result::Result<Match, String> {
    if let Some(maximum) = wanted.maximum
        && found.maximum.is_none_or(|found| found > maximum)
    {
        return Err("it may grow beyond what is allowed here (incompatible import type)".to_owned());
    }
    if found.initial >= wanted.initial {
        Ok(Match::Always)
    } else if found.maximum.is_none_or(|found| found >= wanted.initial) {
        Ok(Match::IfGrown)
    } else {
        Err("it is smaller than what is needed here (incompatible import type)".to_owned())
    }
}
