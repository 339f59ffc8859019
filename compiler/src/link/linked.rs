//! Instances that are linked: what they consist of by the numbers of the program, before anything is decided about it.

use std::collections::HashSet;

use adder_abi::host::emscripten::Family;
use adder_abi::host::{HostFunction, Interfaces};

use super::constant::{Constant, evaluate};
use crate::id::{FunctionId, GlobalId, InstanceId, MemoryId, SignatureId, TableId, TagId};
use crate::module::{ConstantExpression, ExportItem, Module};
use crate::types::{FunctionType, GlobalType, MemoryType, Signatures, TableType};

/// What a function does.
#[derive(Clone, Copy, Debug)]
pub enum FunctionKind {
    /// The body of an instance's function, by its index among the bodies of the module.
    Defined(u32),
    /// Calls the runtime through the border.
    Host(HostFunction),
    /// Traps, and says which import is missing.
    Missing,
    /// The same for an import that only JavaScript could supply, of a program that does without.
    WithoutJavaScript,
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

/// A global of the program.
#[derive(Clone, Debug)]
pub struct Global {
    /// Its type; types inside of it have the program's numbers.
    pub ty: GlobalType,
    /// What it starts as.
    pub initial: Constant,
}

impl Global {
    /// What a global holds that constant expressions read.
    pub fn constant(&self) -> Constant {
        assert!(!self.ty.mutable, "validation lets constant expressions read only immutable globals");
        self.initial
    }
}

/// A tag of exceptions. Each is one that an instance has defined, whatever other instances call it.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Its parameters are what an exception carries.
    pub signature: SignatureId,
}

/// What an import needs that is only known when its instance is activated: that something has grown by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The memory has this many pages.
    Memory(MemoryId, u64),
    /// The table has this many entries.
    Table(TableId, u64),
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
    /// By the module's type index.
    pub signatures: Vec<SignatureId>,
    /// Imported memories that the program makes for it, because no module exports them.
    pub supplied_memories: Vec<MemoryId>,
    /// What its imports need at its activation.
    pub checks: Vec<Check>,
    /// The names of the functions that other instances import from it.
    pub imported_functions: HashSet<&'a str>,
}

impl Instance<'_> {
    /// The memory that system interfaces work on: the one that the module exports as `memory`, as WASI wants, else its
    /// first.
    pub fn interface_memory(&self) -> Option<MemoryId> {
        interface_memory(&self.module, &self.memories)
    }

    /// Computes a constant expression of its module. `globals` are those of the program, as far as it imports or defines
    /// them before.
    pub fn evaluate(&self, expression: &ConstantExpression, globals: &[Global]) -> Constant {
        evaluate(
            expression,
            |function| self.functions[function as usize],
            |global| globals[self.globals[global as usize].index()].constant(),
        )
    }
}

/// Of the memories of an instance of a module, the one that system interfaces work on.
pub fn interface_memory(module: &Module<'_>, memories: &[MemoryId]) -> Option<MemoryId> {
    match module.export("memory") {
        Some(ExportItem::Memory(index)) => Some(memories[index as usize]),
        _ => memories.first().copied(),
    }
}

/// All instances and what they consist of.
pub struct Linked<'a> {
    /// The interfaces that functions of the runtime are of.
    pub interfaces: Interfaces,
    /// The versions of Emscripten that the main module is from, if it is from there.
    pub emscripten: Option<Family>,
    /// In the order of activation.
    pub instances: Vec<Instance<'a>>,
    /// The instance whose entry is called.
    pub main: InstanceId,
    /// All function types.
    pub signatures: Signatures,
    /// All functions.
    pub functions: Vec<Function>,
    /// The types of all tables; types inside of them have the program's numbers.
    pub tables: Vec<TableType>,
    /// The types of all memories.
    pub memories: Vec<MemoryType>,
    /// All globals.
    pub globals: Vec<Global>,
    /// All tags of exceptions.
    pub tags: Vec<Tag>,
}

impl<'a> Linked<'a> {
    /// The instance with this number.
    pub fn instance(&self, id: InstanceId) -> &Instance<'a> {
        &self.instances[id.index()]
    }

    /// The instance whose entry is called.
    pub fn main(&self) -> &Instance<'a> {
        self.instance(self.main)
    }

    /// The type of a function.
    pub fn function_type(&self, id: FunctionId) -> &FunctionType {
        self.signatures.get(self.functions[id.index()].signature)
    }

    /// Whether an instance imports a function that starts threads.
    pub fn starts_threads(&self) -> bool {
        self.functions.iter().any(|function| {
            matches!(function.kind, FunctionKind::Host(host) if self.interfaces.signature(host).starts_threads)
        })
    }
}
