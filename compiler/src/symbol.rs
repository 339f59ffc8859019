//! What generated code refers to, before names and addresses exist: each symbol is a pair of numbers in the intermediate
//! code, and becomes a relocation in the object.

use adder_abi::host::{HostFunction, Interfaces};
use adder_abi::symbol;
use cranelift_codegen::ir::UserExternalName;

use crate::id::{
    CFunctionId, CallTableId, DataId, ElementId, FunctionId, GlobalId, IndirectCallId, InstanceId, MemoryId, Numbered,
    SignatureId, TableId,
};

/// Defines the symbols. In names of the intermediate code each has a namespace, which is its place in the list, and the
/// number of what it is of as the index.
macro_rules! symbols {
    ($($(#[$meta:meta])* $name:ident $(($field:ident: $of:ty))?,)*) => {
        /// Something that generated code refers to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Symbol {
            $($(#[$meta])* $name $(($of))?,)*
        }

        /// The namespaces, in the order of the symbols.
        #[derive(Clone, Copy)]
        enum Namespace {
            $($name,)*
        }

        impl Symbol {
            /// As a name of the intermediate code.
            pub fn to_name(self) -> UserExternalName {
                let (namespace, index) = match self {
                    $(Symbol::$name $(($field))? => (Namespace::$name, symbols!(@index $($field)?)),)*
                };
                UserExternalName { namespace: namespace as u32, index }
            }

            /// The symbol behind a name of the intermediate code.
            pub fn from_name(name: &UserExternalName) -> Symbol {
                match name.namespace {
                    $(
                        namespace if namespace == Namespace::$name as u32 => {
                            Symbol::$name $((<$of>::from_number(name.index)))?
                        }
                    )*
                    other => unreachable!("no symbol has the namespace {other}"),
                }
            }
        }
    };
    (@index) => { 0 };
    (@index $field:ident) => { $field.number() };
}

symbols! {
    /// The first byte of generated code.
    Code,
    /// A function of the program.
    Function(id: FunctionId),
    /// The wrapper by which the runtime calls a function.
    Entry(id: FunctionId),
    /// The activation of an instance.
    Activation(id: InstanceId),
    /// What the runtime calls when all instances are active.
    Start,
    /// The bytes of a global.
    Global(id: GlobalId),
    /// The cell that points to a global.
    GlobalCell(id: GlobalId),
    /// The entries of a table.
    TableEntries(id: TableId),
    /// The descriptor of a table.
    Table(id: TableId),
    /// The descriptor of a memory.
    Memory(id: MemoryId),
    /// The descriptor of a segment of table entries.
    Element(id: ElementId),
    /// The descriptor of a segment of bytes.
    Data(id: DataId),
    /// The text that names a missing import.
    ImportName(id: FunctionId),
    /// A function of the runtime.
    Runtime(function: RuntimeFunction),
    /// The activation of an instance in a further thread.
    ThreadActivation(id: InstanceId),
    /// What each thread has of its own, as it starts.
    ThreadState,
    /// What the runtime calls before the start, and what a checkpoint is taken after.
    Initialization,
    /// A call table, which lies behind all code.
    CallTable(id: CallTableId),
    /// Where a call table leads to if an entry is null.
    NullCallee,
    /// Where a call table leads to if an entry is a function of another type.
    OtherTypeCallee,
    /// The counters of an instrumented program.
    Counters,
    /// A function of the program whose body is to take the place of the call.
    Inlined(id: FunctionId),
    /// A part of the function at hand, if that was cut.
    Part(number: u32),
    /// The table of the parts that its dispatch leads to.
    PartTable,
    /// What a function of the runtime is told of the import that it is called by.
    Import(id: FunctionId),
    /// The wrapper by which the runtime calls through a table.
    IndirectCall(id: IndirectCallId),
    /// What calls the handlers of pending signals. Whether a call of the runtime is made again after that, it writes into a slot.
    SignalDelivery,
    /// What the program does about signals: [`adder_abi::program::SignalAction`]s.
    SignalActions,
    /// [`symbol::PENDING_SIGNALS`], which the runtime defines.
    PendingSignals,
    /// What a call goes to whose index is beyond the own entries of the extended table, by its type.
    FurtherCallee(signature: SignatureId),
    /// The wrapper by which the runtime calls functions of a type by their code offset.
    TypedCall(signature: SignatureId),
    /// What the runtime is told of the extended table.
    ExtendedTable,
    /// A function of the library that the program is, which C calls.
    CFunction(id: CFunctionId),
    /// Jumps to what calls of a region of the code do not reach.
    Island(number: u32),
}

/// Defines the functions of the runtime that generated code calls, each with its name for the linker. Their places in the
/// list are their numbers; behind them come the functions of system interfaces.
macro_rules! runtime_functions {
    ($($name:ident = $link_name:ident,)*) => {
        /// A function of the runtime.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RuntimeFunction {
            $(
                #[doc = concat!("[`symbol::", stringify!($link_name), "`]")]
                $name,
            )*
            /// A function of a system interface.
            Host(HostFunction),
        }

        const RUNTIME_FUNCTIONS: &[(RuntimeFunction, &str)] =
            &[$((RuntimeFunction::$name, symbol::$link_name),)*];
    };
}

runtime_functions! {
    HostCall = HOST_CALL,
    MemoryGrow = MEMORY_GROW,
    MemoryInit = MEMORY_INIT,
    TableGrow = TABLE_GROW,
    TableFill = TABLE_FILL,
    TableCopy = TABLE_COPY,
    TableInit = TABLE_INIT,
    Throw = THROW,
    ThrowRef = THROW_REF,
    MissingImport = MISSING_IMPORT,
    MemoryMove = LEAF_MEMORY_MOVE,
    ShuffleTwo = LEAF_SHUFFLE_TWO,
    MemoryFill = LEAF_MEMORY_FILL,
    MemoryWait32 = MEMORY_WAIT32,
    MemoryWait64 = MEMORY_WAIT64,
    MemoryNotify = MEMORY_NOTIFY,
    CountTarget = LEAF_COUNT_TARGET,
    WriteProfile = WRITE_PROFILE,
    CallClosure = CALL_CLOSURE,
    AtomicAdd = LEAF_ATOMIC_ADD,
    AtomicAnd = LEAF_ATOMIC_AND,
    AtomicOr = LEAF_ATOMIC_OR,
    AtomicXor = LEAF_ATOMIC_XOR,
    AtomicExchange = LEAF_ATOMIC_EXCHANGE,
    AtomicCompare = LEAF_ATOMIC_COMPARE,
    LibraryCall = LIBRARY_CALL,
    LibraryMemory = LIBRARY_MEMORY,
    LibraryCopy = LIBRARY_COPY,
    LibraryFailure = LIBRARY_FAILURE,
    LibraryExitStatus = LIBRARY_EXIT_STATUS,
}

impl RuntimeFunction {
    /// Returns its name for the linker. `interfaces` are those that functions of interfaces are of.
    pub fn link_name(self, interfaces: Interfaces) -> String {
        match self {
            RuntimeFunction::Host(function) => {
                format!("{}{}", interfaces.interface(function).prefix, interfaces.signature(function).symbol)
            }
            other => RUNTIME_FUNCTIONS[other.number() as usize].1.to_owned(),
        }
    }
}

impl Numbered for RuntimeFunction {
    fn number(self) -> u32 {
        match self {
            RuntimeFunction::Host(function) => RUNTIME_FUNCTIONS.len() as u32 + function.0,
            other => {
                let position = RUNTIME_FUNCTIONS.iter().position(|(function, _)| *function == other);
                position.expect("every function of the runtime is in the list") as u32
            }
        }
    }

    fn from_number(number: u32) -> RuntimeFunction {
        match RUNTIME_FUNCTIONS.get(number as usize) {
            Some((function, _)) => *function,
            None => RuntimeFunction::Host(HostFunction(number - RUNTIME_FUNCTIONS.len() as u32)),
        }
    }
}

impl Symbol {
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
                | Symbol::IndirectCall(_)
                | Symbol::SignalDelivery
                | Symbol::CFunction(_)
                | Symbol::FurtherCallee(_)
                | Symbol::TypedCall(_)
                | Symbol::Island(_)
        )
    }
}
