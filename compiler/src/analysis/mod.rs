//! Closed-world facts: the whole program as one set of functions, tables, memories and globals, with a decision for
//! each about where it lives. Everything after this phase reads the [`Program`] and changes nothing in it.

mod activation;
mod call_table;
mod constant;
mod fact;
mod image;
mod initialization;
mod link;
mod plan;
mod platform;
mod refusal;
mod routine;
mod shadow_stack;
mod supply;
mod table;
mod thread;
mod throw;

pub use call_table::{CallTables, Callee, ENTRY_BYTES as CALL_TABLE_ENTRY_BYTES};
pub use constant::Constant;
pub use image::{BLOCK_BYTES, Image};
pub use plan::{BaseClass, GlobalClass, SizeClass, TableStorage};
pub use platform::Platform;
pub use routine::Routine;
pub use thread::ThreadState;
pub use throw::Throwing;

use std::collections::BTreeMap;

use adder_abi::cpu::CpuLevel;
use adder_abi::host::HostFunction;
use adder_abi::plan::MemoryPlan;

use crate::error::Result;
use crate::id::{DataId, ElementId, FunctionId, GlobalId, InstanceId, MemoryId, SignatureId, TableId, TagId};
use crate::module::{ExportItem, Module};
use crate::options::{Optimization, Options};
use crate::profile::instrument::Instrumentation;
use crate::profile::matching::Counts;
use crate::types::{GlobalType, Reference, Signatures, ValueType};

/// What a function does.
#[derive(Clone, Copy, Debug)]
pub enum FunctionKind {
    /// The body of an instance's function, by its index among the bodies of the module.
    Defined(u32),
    /// Calls the runtime through the border.
    Host(HostFunction),
    /// Starts a thread through the runtime.
    ThreadSpawn,
    /// Traps, and says which import is missing.
    Missing,
}

/// A function of the program.
#[derive(Clone, Debug)]
pub struct Function {
    /// The instance that defines it, or whose import it wraps.
    pub instance: InstanceId,
    /// Its index in that instance's module.
    pub index: u32,
    /// What it does.
    pub kind: FunctionKind,
    /// Its type.
    pub signature: SignatureId,
}

/// A table of the program.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it holds; types have the program's numbers.
    pub element: Reference,
    /// Whether indices have 64 bits.
    pub index64: bool,
    /// Entries at the start.
    pub initial: u64,
    /// Entries beyond which it does not grow.
    pub limit: u64,
    /// Its maximum as the module declares it, for link checks.
    pub declared_maximum: Option<u64>,
    /// What its entries start as, if nothing else is said.
    pub fill: Constant,
    /// Its contents at the start as far as they are known at build: entries
    /// from index 0; those that are missing are `fill`.
    pub entries: Vec<Constant>,
    /// Where it lives.
    pub storage: TableStorage,
}

/// A memory of the program.
#[derive(Clone, Debug)]
pub struct Memory {
    /// Whether indices have 64 bits.
    pub index64: bool,
    /// Whether threads share it.
    pub shared: bool,
    /// Bytes at the start.
    pub initial_bytes: u64,
    /// Bytes beyond which it does not grow.
    pub limit_bytes: u64,
    /// Its maximum in pages as the module declares it, for link checks.
    pub declared_maximum: Option<u64>,
    /// Address space to reserve, in bytes.
    pub reservation_bytes: u64,
    /// What it contains at the start as far as it is known at build.
    pub image: Image,
    /// Where byte 0 is.
    pub base: BaseClass,
    /// Whether accesses have to be checked against its size.
    pub checked: bool,
    /// Its current size.
    pub size: SizeClass,
}

/// A global of the program.
#[derive(Clone, Debug)]
pub struct Global {
    /// Its type; types inside of it have the program's numbers.
    pub kind: GlobalType,
    /// What it starts as.
    pub initial: Constant,
    /// Where it lives.
    pub class: GlobalClass,
}

/// A tag of exceptions. Each is one that an instance has defined, whatever other instances call it.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Its parameters are what an exception carries.
    pub signature: SignatureId,
}

/// A segment of table entries.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its entries; empty if it was applied at build.
    pub entries: Vec<Constant>,
}

/// A segment of bytes.
#[derive(Clone, Debug)]
pub struct Data<'a> {
    /// Its bytes; empty if it was applied at build.
    pub bytes: &'a [u8],
}

/// Something to do when an instance is activated, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Fail unless the imported memory has this many pages by now.
    CheckMemory(MemoryId, u64),
    /// Fail unless the imported table has this many entries by now.
    CheckTable(TableId, u64),
    /// Apply and drop a segment of table entries, from this index on.
    ApplyElement(ElementId, TableId, u64),
    /// Apply and drop a segment of bytes, from this index on.
    ApplyData(DataId, MemoryId, u64),
    /// Drop a segment of bytes.
    DropData(DataId),
    /// Call the start function.
    Start(FunctionId),
    /// Call `_initialize`.
    Initialize(FunctionId),
}

/// An instance of a module.
pub struct Instance<'a> {
    /// Its module.
    pub module: Module<'a>,
    /// The program's functions, by the module's function index; likewise the following.
    pub functions: Vec<FunctionId>,
    /// By the module's table index.
    pub tables: Vec<TableId>,
    /// By the module's memory index.
    pub memories: Vec<MemoryId>,
    /// By the module's global index.
    pub globals: Vec<GlobalId>,
    /// By the module's tag index.
    pub tags: Vec<TagId>,
    /// By the module's element segment index.
    pub elements: Vec<ElementId>,
    /// By the module's data segment index.
    pub data: Vec<DataId>,
    /// By the module's type index.
    pub signatures: Vec<SignatureId>,
    /// Imported memories that the program makes for it, because no module exports them.
    pub supplied_memories: Vec<MemoryId>,
    /// What its activation does.
    pub activation: Vec<Step>,
}

impl Instance<'_> {
    /// The memory that system interfaces work on: the one that the module exports as `memory`, as WASI wants, else its
    /// first.
    pub fn interface_memory(&self) -> Option<MemoryId> {
        match self.module.export("memory") {
            Some(ExportItem::Memory(index)) => Some(self.memories[index as usize]),
            _ => self.memories.first().copied(),
        }
    }

    /// A type of the module with the program's numbers of types.
    pub fn program_type(&self, kind: ValueType) -> ValueType {
        kind.renumbered(|index| self.signatures[index as usize].0)
    }

    /// The type of a reference of the module with the program's number of its type.
    pub fn program_reference(&self, kind: Reference) -> Reference {
        kind.renumbered(|index| self.signatures[index as usize].0)
    }
}

/// The whole program.
pub struct Program<'a> {
    /// In the order of activation.
    pub instances: Vec<Instance<'a>>,
    /// The instance whose entry is called.
    pub main: InstanceId,
    /// Its `_initialize`, if that is called when the program is entered and not when the instance is activated.
    pub main_initialization: Option<FunctionId>,
    /// All function types.
    pub signatures: Signatures,
    /// All functions.
    pub functions: Vec<Function>,
    /// All tables.
    pub tables: Vec<Table>,
    /// All memories.
    pub memories: Vec<Memory>,
    /// All globals.
    pub globals: Vec<Global>,
    /// All tags of exceptions.
    pub tags: Vec<Tag>,
    /// All segments of table entries.
    pub elements: Vec<Element>,
    /// All segments of bytes.
    pub data: Vec<Data<'a>>,
    /// Size of the guest stack region in bytes, a power of two.
    pub stack_bytes: u64,
    /// Where memories lie as far as their kind allows.
    pub memory_plan: MemoryPlan,
    /// The CPUs that code is generated for.
    pub cpu: CpuLevel,
    /// Whether it can start threads.
    pub has_threads: bool,
    /// What each thread has of its own.
    pub thread_state: ThreadState,
    /// Which calls can throw.
    pub throwing: Throwing,
    /// Where calls through tables find code without looking at types.
    pub call_tables: CallTables,
    /// Whether the optimiser works on its functions.
    pub optimizes: bool,
    /// What it counts, if it is instrumented.
    pub instrumentation: Option<Instrumentation>,
    /// How often its functions and their parts were executed, as far as a profile says.
    pub counts: Counts,
    /// Functions of the C library that are known by their bodies.
    pub routines: BTreeMap<FunctionId, Routine>,
    /// The globals that point to shadow stacks, of instances whose functions keep their frames there to themselves.
    pub shadow_stacks: BTreeMap<InstanceId, GlobalId>,
}

impl Program<'_> {
    /// The instance with this number.
    pub fn instance(&self, id: InstanceId) -> &Instance<'_> {
        &self.instances[id.index()]
    }

    /// The name of a function for people: from the name section, else its import, else its export, else its index.
    pub fn function_name(&self, id: FunctionId) -> String {
        let function = &self.functions[id.index()];
        let module = &self.instance(function.instance).module;
        if let Some(name) = module.names.function(function.index) {
            return name.to_owned();
        }
        if !matches!(function.kind, FunctionKind::Defined(_)) {
            let import = module.import_of_function(function.index);
            return format!("{}.{}", import.module, import.name);
        }
        match module.exported_name(function.index) {
            Some(name) => name.to_owned(),
            None => format!("wasm-function[{}]", function.index),
        }
    }
}

/// Links the instances and plans the addresses.
pub fn analyze<'a>(modules: Vec<Module<'a>>, options: &Options) -> Result<Program<'a>> {
    // Without tags there are no exceptions.
    let with_calls = modules.iter().any(|module| !module.tags.is_empty());
    let facts = modules.iter().map(|module| fact::Facts::gather(module, with_calls)).collect();
    let (mut program, mut facts) = link::link(modules, facts, options)?;
    activation::plan_activation(&mut program, &mut facts);
    initialization::plan_initialization(&mut program, options)?;
    table::plan_tables(&mut program, &facts)?;
    plan::plan_memories(&mut program, &facts, options)?;
    plan::plan_globals(&mut program, &facts, options);
    thread::plan_thread_state(&mut program, &facts)?;
    throw::plan_throwing(&mut program, &facts);
    if options.optimization != Optimization::None {
        call_table::plan_call_tables(&mut program, &facts);
        routine::plan_routines(&mut program);
        if options.assume_c_abi {
            shadow_stack::plan_shadow_stacks(&mut program);
        }
    }
    activation::check_growth(&program)?;
    program.optimizes = options.optimization != Optimization::None;
    if let Some(path) = &options.instrument {
        program.instrumentation = Some(Instrumentation::plan(&program, path)?);
    }
    if let Some(profile) = options.profile.as_ref().filter(|_| program.optimizes) {
        program.counts = Counts::find(&program, profile);
    }
    Ok(program)
}
