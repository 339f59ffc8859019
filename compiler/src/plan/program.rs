//! The whole program as one set of functions, tables, memories and globals, with a decision for each about where it lives.

use std::collections::BTreeMap;

use adder_abi::host::Interfaces;
use adder_abi::host::emscripten::Family;
use adder_abi::plan::MemoryPlan;

use super::activation::{Activation, Segments};
use super::address::{CallTable, CallTables, Data, Element, Global, Memory, Table, ThreadState};
use super::entry::library::{CFunction, Library};
use super::extension::Extension;
use super::indirect_call::IndirectCalls;
use super::profile::{Counts, Instrumentation};
use super::signal::Signals;
use super::throw::Throwing;
use crate::arch::Machine;
use crate::id::{
    CFunctionId, DataId, ElementId, FunctionId, GlobalId, InstanceId, MemoryId, SignatureId, TableId, TagId,
};
use crate::known::Routine;
use crate::link::{Constant, Function, Instance as LinkedInstance, Tag, interface_memory};
use crate::module::Module;
use crate::types::{FunctionType, Signatures};

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
    /// What its activation does.
    pub activation: Activation,
}

impl<'a> Instance<'a> {
    /// An instance with what was decided about it.
    pub fn new(linked: LinkedInstance<'a>, segments: Segments, activation: Activation) -> Instance<'a> {
        let LinkedInstance { module, functions, tables, memories, globals, tags, signatures, .. } = linked;
        let Segments { elements, data } = segments;
        Instance { module, functions, tables, memories, globals, tags, elements, data, signatures, activation }
    }

    /// See [`LinkedInstance::interface_memory`].
    pub fn interface_memory(&self) -> Option<MemoryId> {
        interface_memory(&self.module, &self.memories)
    }
}

/// The whole program.
pub struct Program<'a> {
    /// The interfaces that functions of the runtime are of.
    pub interfaces: Interfaces,
    /// The versions of Emscripten that the main module is from, if it is from there.
    pub emscripten: Option<Family>,
    /// In the order of activation.
    pub instances: Vec<Instance<'a>>,
    /// The instance whose entry is called.
    pub main: InstanceId,
    /// Its `_initialize`, if that is called when the program is entered and not when the instance is activated.
    pub main_initialization: Option<FunctionId>,
    /// The functions by which C calls it, if it is a library for C.
    pub library: Option<Library>,
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
    /// What code is generated for.
    pub machine: Machine,
    /// Whether it can start threads.
    pub has_threads: bool,
    /// What each thread has of its own.
    pub thread_state: ThreadState,
    /// Which calls can throw.
    pub throwing: Throwing,
    /// Where calls through tables find code without looking at types.
    pub call_tables: CallTables,
    /// Calls through tables that functions of the runtime make.
    pub indirect_calls: IndirectCalls,
    /// The table that the runtime adds entries to, if there is one.
    pub extension: Option<Extension>,
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
    /// What it has for signals and sleep.
    pub signals: Signals,
}

impl Program<'_> {
    /// The instance with this number.
    pub fn instance(&self, id: InstanceId) -> &Instance<'_> {
        &self.instances[id.index()]
    }

    /// The instance whose entry is called.
    pub fn main(&self) -> &Instance<'_> {
        self.instance(self.main)
    }

    /// A function of the library that it is.
    pub fn c_function(&self, id: CFunctionId) -> &CFunction {
        let library = self.library.as_ref().expect("only a library has functions for C");
        &library.interface.functions[id.index()]
    }

    /// The type of a function.
    pub fn function_type(&self, id: FunctionId) -> &FunctionType {
        self.signatures.get(self.functions[id.index()].signature)
    }

    /// How a table is extended, if it is.
    pub fn extension_of(&self, table: TableId) -> Option<&Extension> {
        self.extension.as_ref().filter(|extension| extension.table == table)
    }

    /// Where calls through a call table go, by index.
    pub fn callees(&self, call_table: CallTable) -> impl Iterator<Item = Callee> + '_ {
        let table = &self.tables[call_table.table.index()];
        let rest = table.initial.saturating_sub(table.entries.len() as u64) as usize;
        let entries = table.entries.iter().chain(std::iter::repeat_n(&table.fill, rest));
        entries.map(move |entry| match entry {
            Constant::Function(id) if self.functions[id.index()].signature == call_table.signature => {
                Callee::Function(*id)
            }
            Constant::Function(_) => Callee::OtherType,
            _ => Callee::Null,
        })
    }

    /// The name of a function for people: from the name section, else its import, else its export, else its index.
    pub fn function_name(&self, id: FunctionId) -> String {
        let function = &self.functions[id.index()];
        let module = &self.instance(function.instance).module;
        if let Some(name) = module.names.function(function.index) {
            return name.to_owned();
        }
        if function.index < module.imported_functions() {
            let import = module.import_of_function(function.index);
            return format!("{}.{}", import.module, import.name);
        }
        match module.exported_name(function.index) {
            Some(name) => name.to_owned(),
            None => format!("wasm-function[{}]", function.index),
        }
    }
}

/// Where a call through an entry of a call table goes.
pub enum Callee {
    /// To a function.
    Function(FunctionId),
    /// Into a trap: the entry is null.
    Null,
    /// Into a trap: the entry is a function of another type.
    OtherType,
}
