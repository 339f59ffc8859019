//! What generated code refers to, before names and addresses exist: each symbol is a pair of numbers in the intermediate
//! code, and becomes a relocation in the object.

use adder_abi::host::HostFunction;
use adder_abi::symbol;
use cranelift_codegen::ir::UserExternalName;

use crate::analysis::{CallTableId, DataId, ElementId, FunctionId, GlobalId, InstanceId, MemoryId, TableId};

/// Something that generated code refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    /// The first byte of generated code.
    Code,
    /// A function of the program.
    Function(FunctionId),
    /// A function of the program whose body is to take the place of the call.
    Inlined(FunctionId),
    /// The wrapper by which the runtime calls a function.
    Entry(FunctionId),
    /// The activation of an instance.
    Activation(InstanceId),
    /// The activation of an instance in a further thread.
    ThreadActivation(InstanceId),
    /// What the runtime calls before the start, and what a checkpoint is taken after.
    Initialization,
    /// What the runtime calls when all instances are active.
    Start,
    /// A call table, which lies behind all code.
    CallTable(CallTableId),
    /// Where a call table leads to if an entry is null.
    NullCallee,
    /// Where a call table leads to if an entry is a function of another type.
    OtherTypeCallee,
    /// The bytes of a global.
    Global(GlobalId),
    /// The cell that points to a global.
    GlobalCell(GlobalId),
    /// The entries of a table.
    TableEntries(TableId),
    /// The descriptor of a table.
    Table(TableId),
    /// The descriptor of a memory.
    Memory(MemoryId),
    /// The descriptor of a segment of table entries.
    Element(ElementId),
    /// The descriptor of a segment of bytes.
    Data(DataId),
    /// What each thread has of its own, as it starts.
    ThreadState,
    /// The counters of an instrumented program.
    Counters,
    /// The text that names a missing import.
    ImportName(FunctionId),
    /// A function of the runtime.
    Runtime(RuntimeFunction),
    /// A part of the function at hand, if that was cut.
    Part(u32),
    /// The table of the parts that its dispatch leads to.
    PartTable,
}

/// A function of the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuntimeFunction {
    /// [`symbol::HOST_CALL`]
    HostCall,
    /// [`symbol::MEMORY_GROW`]
    MemoryGrow,
    /// [`symbol::MEMORY_INIT`]
    MemoryInit,
    /// [`symbol::TABLE_GROW`]
    TableGrow,
    /// [`symbol::TABLE_FILL`]
    TableFill,
    /// [`symbol::TABLE_COPY`]
    TableCopy,
    /// [`symbol::TABLE_INIT`]
    TableInit,
    /// [`symbol::THROW`]
    Throw,
    /// [`symbol::THROW_REF`]
    ThrowRef,
    /// [`symbol::MEMORY_WAIT32`]
    MemoryWait32,
    /// [`symbol::MEMORY_WAIT64`]
    MemoryWait64,
    /// [`symbol::MEMORY_NOTIFY`]
    MemoryNotify,
    /// [`symbol::THREAD_SPAWN`]
    ThreadSpawn,
    /// [`symbol::MISSING_IMPORT`]
    MissingImport,
    /// [`symbol::LEAF_MEMORY_MOVE`]
    MemoryMove,
    /// [`symbol::LEAF_SHUFFLE_TWO`]
    ShuffleTwo,
    /// [`symbol::LEAF_MEMORY_FILL`]
    MemoryFill,
    /// [`symbol::LEAF_COUNT_TARGET`]
    CountTarget,
    /// [`symbol::WRITE_PROFILE`]
    WriteProfile,
    /// A function of a system interface.
    Host(HostFunction),
}

const RUNTIME_FUNCTIONS: [(RuntimeFunction, &str); 19] = [
    (RuntimeFunction::HostCall, symbol::HOST_CALL),
    (RuntimeFunction::MemoryGrow, symbol::MEMORY_GROW),
    (RuntimeFunction::MemoryInit, symbol::MEMORY_INIT),
    (RuntimeFunction::TableGrow, symbol::TABLE_GROW),
    (RuntimeFunction::TableFill, symbol::TABLE_FILL),
    (RuntimeFunction::TableCopy, symbol::TABLE_COPY),
    (RuntimeFunction::TableInit, symbol::TABLE_INIT),
    (RuntimeFunction::Throw, symbol::THROW),
    (RuntimeFunction::ThrowRef, symbol::THROW_REF),
    (RuntimeFunction::MissingImport, symbol::MISSING_IMPORT),
    (RuntimeFunction::MemoryMove, symbol::LEAF_MEMORY_MOVE),
    (RuntimeFunction::ShuffleTwo, symbol::LEAF_SHUFFLE_TWO),
    (RuntimeFunction::MemoryFill, symbol::LEAF_MEMORY_FILL),
    (RuntimeFunction::MemoryWait32, symbol::MEMORY_WAIT32),
    (RuntimeFunction::MemoryWait64, symbol::MEMORY_WAIT64),
    (RuntimeFunction::MemoryNotify, symbol::MEMORY_NOTIFY),
    (RuntimeFunction::ThreadSpawn, symbol::THREAD_SPAWN),
    (RuntimeFunction::CountTarget, symbol::LEAF_COUNT_TARGET),
    (RuntimeFunction::WriteProfile, symbol::WRITE_PROFILE),
];

impl RuntimeFunction {
    /// Its name for the linker.
    pub fn link_name(self) -> String {
        if let RuntimeFunction::Host(function) = self {
            return format!("{}{}", function.interface().prefix, function.signature().name);
        }
        let found = RUNTIME_FUNCTIONS.iter().find(|(function, _)| *function == self);
        found.expect("every function of the runtime has a name").1.to_owned()
    }

    fn number(self) -> u32 {
        match self {
            RuntimeFunction::Host(function) => RUNTIME_FUNCTIONS.len() as u32 + function.number(),
            other => {
                let position = RUNTIME_FUNCTIONS.iter().position(|(function, _)| *function == other);
                position.expect("every function of the runtime has a number") as u32
            }
        }
    }

    fn from_number(number: u32) -> RuntimeFunction {
        match RUNTIME_FUNCTIONS.get(number as usize) {
            Some((function, _)) => *function,
            None => RuntimeFunction::Host(HostFunction::from_number(number - RUNTIME_FUNCTIONS.len() as u32)),
        }
    }
}

impl Symbol {
    /// As a name of the intermediate code.
    pub fn to_name(self) -> UserExternalName {
        let (namespace, index) = match self {
            Symbol::Code => (0, 0),
            Symbol::Function(id) => (1, id.0),
            Symbol::Entry(id) => (2, id.0),
            Symbol::Activation(id) => (3, id.0),
            Symbol::Start => (4, 0),
            Symbol::Global(id) => (5, id.0),
            Symbol::GlobalCell(id) => (6, id.0),
            Symbol::TableEntries(id) => (7, id.0),
            Symbol::Table(id) => (8, id.0),
            Symbol::Memory(id) => (9, id.0),
            Symbol::Element(id) => (10, id.0),
            Symbol::Data(id) => (11, id.0),
            Symbol::ImportName(id) => (12, id.0),
            Symbol::Runtime(function) => (13, function.number()),
            Symbol::ThreadActivation(id) => (14, id.0),
            Symbol::ThreadState => (15, 0),
            Symbol::Initialization => (16, 0),
            Symbol::CallTable(id) => (17, id.0),
            Symbol::NullCallee => (18, 0),
            Symbol::OtherTypeCallee => (19, 0),
            Symbol::Counters => (20, 0),
            Symbol::Inlined(id) => (21, id.0),
            Symbol::Part(number) => (22, number),
            Symbol::PartTable => (23, 0),
        };
        UserExternalName { namespace, index }
    }

    /// The symbol behind a name of the intermediate code.
    pub fn from_name(name: &UserExternalName) -> Symbol {
        let index = name.index;
        match name.namespace {
            0 => Symbol::Code,
            1 => Symbol::Function(FunctionId(index)),
            2 => Symbol::Entry(FunctionId(index)),
            3 => Symbol::Activation(InstanceId(index)),
            4 => Symbol::Start,
            5 => Symbol::Global(GlobalId(index)),
            6 => Symbol::GlobalCell(GlobalId(index)),
            7 => Symbol::TableEntries(TableId(index)),
            8 => Symbol::Table(TableId(index)),
            9 => Symbol::Memory(MemoryId(index)),
            10 => Symbol::Element(ElementId(index)),
            11 => Symbol::Data(DataId(index)),
            12 => Symbol::ImportName(FunctionId(index)),
            13 => Symbol::Runtime(RuntimeFunction::from_number(index)),
            14 => Symbol::ThreadActivation(InstanceId(index)),
            15 => Symbol::ThreadState,
            16 => Symbol::Initialization,
            17 => Symbol::CallTable(CallTableId(index)),
            18 => Symbol::NullCallee,
            19 => Symbol::OtherTypeCallee,
            20 => Symbol::Counters,
            21 => Symbol::Inlined(FunctionId(index)),
            22 => Symbol::Part(index),
            23 => Symbol::PartTable,
            other => unreachable!("no symbol has the namespace {other}"),
        }
    }

    /// Whether it is code, or lies with it.
    pub fn is_function(self) -> bool {
        matches!(
            self,
            Symbol::Code
                | Symbol::Function(_)
                | Symbol::Inlined(_)
                | Symbol::Entry(_)
                | Symbol::Activation(_)
                | Symbol::ThreadActivation(_)
                | Symbol::Initialization
                | Symbol::Start
                | Symbol::CallTable(_)
                | Symbol::NullCallee
                | Symbol::OtherTypeCallee
                | Symbol::Runtime(_)
        )
    }
}
