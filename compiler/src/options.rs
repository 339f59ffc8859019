//! What a caller can ask of the compiler.

use std::sync::Arc;

use adder_abi::arch::CpuLevel;
use adder_abi::host::{INTERFACES, Interfaces};
use adder_abi::plan::{MemoryPlan, STACK_BYTES_DEFAULT};

use crate::arch;
use crate::overrides::Overrides;
use crate::profile::Profile;

/// Everything about a compilation except its input.
#[derive(Clone, Debug)]
pub struct Options {
    /// The CPUs to generate code for, and by them the architecture; the executable refuses to start on lesser ones.
    pub cpu: CpuLevel,
    /// How hard to optimise.
    pub optimization: Optimization,
    /// Where memories lie and how they are guarded.
    pub memory: MemoryPlan,
    /// Size of the guest stack in bytes. Rounded up to a power of two.
    pub stack_bytes: u64,
    /// Size beyond which no memory grows, in bytes; `None` for what the module itself declares.
    pub memory_limit_bytes: Option<u64>,
    /// The system interfaces of the runtime that the object is going to be linked with.
    pub interfaces: Interfaces,
    /// What the executable calls.
    pub entry: Entry,
    /// Where a checkpoint of the program is taken, if one is to be.
    pub checkpoint: Option<CheckpointAt>,
    /// Let imports that nobody supplies trap when they are called, instead of refusing the module.
    pub allow_missing: bool,
    /// Threads to compile with, at least 1.
    pub jobs: usize,
    /// Count what is executed, and write that to this file when the process ends.
    pub instrument: Option<String>,
    /// How often what is executed, to optimise by.
    pub profile: Option<Arc<Profile>>,
    /// Unless with [`Optimization::None`], rely on the modules to be compiled from C: a function that keeps the addresses of its
    /// frame in the shadow stack to itself is the only one that reads or writes it.
    pub assume_c_abi: bool,
    /// The configuration, for an object that is linked without one of the command line's
    /// ([`adder_abi::symbol::CONFIGURATION`]).
    pub configuration: Option<Vec<u8>>,
    /// What to produce.
    pub emit: Emit,
    /// What tests of the compiler decide instead of it.
    pub overrides: Overrides,
}

impl Default for Options {
    /// For any CPU of the architecture of this machine.
    fn default() -> Self {
        Options {
            cpu: arch::host().baseline(),
            optimization: Optimization::Fast,
            memory: MemoryPlan::Low,
            stack_bytes: STACK_BYTES_DEFAULT,
            memory_limit_bytes: None,
            interfaces: INTERFACES,
            entry: Entry::Command,
            checkpoint: None,
            allow_missing: false,
            jobs: 1,
            instrument: None,
            profile: None,
            assume_c_abi: false,
            configuration: None,
            emit: Emit::Object,
            overrides: Overrides::default(),
        }
    }
}

/// How hard to optimise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimization {
    /// `-O 0`: the simplest path, without optimiser and with the simplest register allocator.
    None,
    /// `-O 1`: optimiser and full register allocator.
    Fast,
}

/// What the executable calls once its instances are active. Those that export `_initialize` were initialised by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `_start` of the first module (WASI's command). A module without one, but with a start function, is all start function.
    Command,
    /// The export with this name of the first module.
    Invoke(String),
    /// The export with this name of the first module (WASI's reactor). It has no parameters: what it is to do, it reads from
    /// the command line. An `i32` that it returns is the exit status.
    Reactor(String),
    /// Nothing; every export of every instance can be called by name through the program's export list. Whoever does that
    /// calls `_initialize`, too.
    Library,
    /// Nothing; the exports of the first module can be called from C, as functions whose names begin with this and a `_`. They are
    /// the only global symbols of the object besides the program's.
    CLibrary(String),
}

/// Where a checkpoint is taken. Unless the program asks for one itself, it is when a function has returned that is called
/// before the entry; after its `_initialize`, if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointAt {
    /// After `wizer.initialize`, if the first module exports that; else where the program asks for it.
    Convention,
    /// After the export with this name of the first module.
    After(String),
}

/// The export that is called before a snapshot by the convention of Wizer.
pub const WIZER_INITIALIZE: &str = "wizer.initialize";

/// What to produce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emit {
    /// An object file.
    Object,
    /// The intermediate code of every function, as text.
    Clif,
    /// The machine code of every function, as text.
    Assembly,
}
