//! The program descriptor: what the compiler tells the runtime about the code it generated.
//!
//! The object file defines one [`Program`] under [`crate::symbol::PROGRAM`]; everything else is reached from it.
//! "Code offset" always means bytes from [`Program::code`].

use crate::callback::Callback;
use crate::exception::Exceptions;
use crate::profile::Instrumentation;
use core::ffi::c_void;

/// How the runtime calls into the guest: an entry wrapper with the C calling convention, one for each function that
/// may be called from outside. `values` points to slots of 8 bytes for the parameters or the results, whichever take
/// more: a `v128` takes two (its lower half first), any other value one. The wrapper reads the parameters from the first
/// slots and writes the results over them. Narrow values lie in the low bytes of their slot and are zero-extended. Entry
/// wrappers run on the guest stack: only the border calls them.
pub type EntryFunction = unsafe extern "C" fn(values: *mut u64);

/// How the guest calls the runtime: `context` is what the function works on (the [`Memory`] 0 of the calling instance
/// for system interfaces, null where it has none), `values` holds parameters and results as in [`EntryFunction`].
/// Returns 0, or the number of a [`crate::trap::TrapCode`] to end the guest with. Host functions run on the host
/// stack; the border switches.
pub type HostFunction = unsafe extern "C" fn(context: *mut c_void, values: *mut u64) -> u32;

/// Bytes of text, not terminated. Null with length 0 where there is none.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text {
    /// First byte.
    pub start: *const u8,
    /// Number of bytes.
    pub bytes: u64,
}

/// The root of what the compiler tells the runtime.
#[repr(C)]
pub struct Program {
    /// [`crate::ABI_VERSION`] of the compiler.
    pub abi_version: u32,
    /// A [`crate::plan::MemoryPlan`].
    pub memory_plan: u32,
    /// First byte of generated code.
    pub code: *const u8,
    /// Bytes of generated code.
    pub code_bytes: u64,
    /// Size of the guest stack region in bytes, guard and thread cell included: a power of two.
    pub stack_bytes: u64,
    /// All memories of all instances, but for those that each thread has of its own.
    pub memories: *mut Memory,
    /// Number of memories.
    pub memory_count: u64,
    /// All tables of all instances, but for those that each thread has of its own.
    pub tables: *mut Table,
    /// Number of tables.
    pub table_count: u64,
    /// What each thread has of its own.
    pub thread_state: ThreadState,
    /// The instances in the order in which they are activated.
    pub instances: *const Instance,
    /// Number of instances.
    pub instance_count: u64,
    /// What to call before `entry`, for a program whose checkpoint is taken in between; else null.
    pub initialization: Option<EntryFunction>,
    /// What to call when all instances are active; null in a program that is only a library.
    pub entry: Option<EntryFunction>,
    /// Parameters and results of `entry`: 0 for `_start`; what `--invoke` names may have more.
    pub entry_signature: Text,
    /// Every function of generated code, by ascending code offset.
    pub functions: *const FunctionRecord,
    /// Number of functions.
    pub function_count: u64,
    /// The names that [`FunctionRecord::name`] points into.
    pub function_names: Text,
    /// Code offsets of instructions that may trap, ascending; memory accesses are not among them.
    pub trap_offsets: *const u32,
    /// The [`crate::trap::TrapCode`] of each of `trap_offsets`.
    pub trap_codes: *const u8,
    /// Number of traps.
    pub trap_count: u64,
    /// Exports that can be called or read by name; empty in an executable.
    pub exports: *const Export,
    /// Number of exports.
    pub export_count: u64,
    /// The functions of the main module that the runtime calls, in the order of [`Callback::ALL`]; null where there is none,
    /// or where nothing that the program imports calls it.
    pub callbacks: [Option<EntryFunction>; Callback::ALL.len()],
    /// How the working directory is set, besides by a function.
    pub working_directory: WorkingDirectory,
    /// Where exceptions are caught and kept.
    pub exceptions: Exceptions,
    /// The [`crate::arch::CpuLevel`] that generated code was built for.
    pub cpu_level: u32,
    /// The [`crate::host::emscripten::Family`] that the main module is of; 0 if Emscripten has not made it.
    pub emscripten: u32,
    /// Everything that the program or the runtime for it writes to, apart from the bytes of memories, the entries of
    /// reserved tables, and what each thread has of its own: globals, tables, descriptors.
    pub state: *const StateRange,
    /// Number of ranges.
    pub state_count: u64,
    /// What an instrumented program has besides; else null.
    pub instrumentation: *const Instrumentation,
    /// [`SignalAction::COUNT`] of them, in a program that says what it does about signals; else null. They are part of the state.
    pub signal_actions: *mut SignalAction,
    /// What to call, without context and values, to do about signals what the state says when the program goes on from a checkpoint;
    /// null where it has no actions.
    pub handle_signals: Option<HostFunction>,
    /// In a library, where its instances have their pointers to the shadow stack; else null.
    pub stack_pointers: *mut StackPointer,
    /// How many there are.
    pub stack_pointer_count: u64,
}

/// The global by which code that was compiled from C knows how much of its shadow stack is in use. A call that does not return leaves it
/// as it was then.
#[repr(C)]
pub struct StackPointer {
    /// Its 8 bytes.
    pub global: *mut u64,
    /// What it was before a call: the runtime's.
    pub saved: u64,
}

/// What a program made by Emscripten does about a signal (sigaction(2)).
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalAction {
    /// Index of the handler in the table, or a number that means none: 0 for the default action.
    pub handler: u32,
    /// `SA_*`.
    pub flags: u32,
    /// The signals that wait until the handler has returned, the lowest bit for signal 1.
    pub mask: u64,
}

impl SignalAction {
    /// Number of signals; the first is 1.
    pub const COUNT: usize = 64;
    /// What a program has not changed.
    pub const DEFAULT: SignalAction = SignalAction { handler: 0, flags: 0, mask: 0 };
}

/// A piece of the state of a program.
#[repr(C)]
pub struct StateRange {
    /// Its first byte.
    pub start: *mut u8,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What each thread, the first one too, has of its own in a program that can start threads: the state that an instance
/// of its own would have, without what is shared. The runtime copies it to the end of the thread's stack region, right
/// below the thread cell, and reserves its memories and tables.
#[repr(C)]
pub struct ThreadState {
    /// What it starts as: [`Memory`]s, then [`Table`]s, then [`Segment`]s and globals.
    pub initial: *const u8,
    /// Its size in bytes, a multiple of [`crate::plan::THREAD_STATE_ALIGNMENT`]; 0 in a program without threads.
    pub bytes: u64,
    /// Number of memories.
    pub memory_count: u64,
    /// Number of tables.
    pub table_count: u64,
}

/// A linear memory.
#[repr(C)]
pub struct Memory {
    /// Address of byte 0. Written by the runtime when it has reserved the memory.
    pub base: *mut u8,
    /// Current size in bytes, a multiple of 64 KiB. Written by the runtime; of a shared memory it is read and written
    /// atomically.
    pub size_bytes: u64,
    /// Size at the start, in bytes.
    pub initial_bytes: u64,
    /// Size beyond which it does not grow, in bytes.
    pub limit_bytes: u64,
    /// Address space to reserve, in bytes.
    pub reservation_bytes: u64,
    /// The address it must have, or 0 for any.
    pub fixed_base: u64,
    /// The parts of its initial contents that are not zero, ascending and not overlapping.
    pub image: *const ImageRun,
    /// Number of parts.
    pub image_count: u64,
    /// [`MEMORY_CHECKED`] and [`MEMORY_SHARED`], or 0.
    pub flags: u64,
}

/// Generated code checks every access to this memory, so its reservation is only room to grow and may be smaller.
pub const MEMORY_CHECKED: u64 = 1;
/// Threads share this memory.
pub const MEMORY_SHARED: u64 = 2;

/// A part of the initial contents of a memory. The runtime may move it into place with `mremap`: all three numbers are
/// multiples of the machine's pages, and nobody else uses these bytes of the file.
#[repr(C)]
pub struct ImageRun {
    /// Where it belongs, in bytes from the base of the memory.
    pub offset: u64,
    /// Where it lies.
    pub contents: *mut u8,
    /// Its size in bytes.
    pub bytes: u64,
}

/// A table. An entry is 8 bytes: a function reference ([`function_reference`]), an external reference or a reference to
/// an exception (both opaque, 0 is null).
#[repr(C)]
pub struct Table {
    /// Address of entry 0. Given by the compiler for a table that cannot grow, else written by the runtime when it has
    /// reserved `limit_entries`.
    pub base: *mut u64,
    /// Current number of entries.
    pub size_entries: u64,
    /// Number of entries beyond which it does not grow.
    pub limit_entries: u64,
    /// For a table that the runtime reserves: the initial entries to copy.
    pub initial_entries: *const u64,
    /// How many entries `initial_entries` has.
    pub initial_count: u64,
    /// What the other entries start as.
    pub fill: u64,
}

/// A passive (or, once it has been applied, dropped) segment: bytes of data or table entries.
#[repr(C)]
pub struct Segment {
    /// First byte or entry.
    pub start: *const c_void,
    /// Number of bytes or entries; 0 once dropped.
    pub count: u64,
}

/// An instance of a module.
#[repr(C)]
pub struct Instance {
    /// Applies what could not be done at build, calls the start function and `_initialize`; null if there is nothing to do.
    pub activate: Option<EntryFunction>,
    /// The same for a further thread: applies only what the thread has of its own.
    pub activate_thread: Option<EntryFunction>,
    /// The name it was given at build.
    pub name: Text,
}

/// A function of generated code, for backtraces.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct FunctionRecord {
    /// Code offset of its first byte. It ends where the next one starts.
    pub code_offset: u32,
    /// Where its name starts in [`Program::function_names`]. It ends where the next one's starts. Generated glue has
    /// an empty name and is left out of backtraces.
    pub name: u32,
}

/// What an [`Export`] is.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// `address` is an [`EntryFunction`].
    Function = 0,
    /// `address` is the 8 bytes (16 for v128) of the global's value.
    Global = 1,
    /// `address` is a [`Memory`].
    Memory = 2,
    /// `address` is a [`Table`].
    Table = 3,
}

/// In [`Export::kind`]: each thread has its own. `address` is then an offset in the thread state.
pub const EXPORT_OF_THREAD: u32 = 1 << 8;

/// An export that can be used by name.
#[repr(C)]
pub struct Export {
    /// Its name.
    pub name: Text,
    /// Parameters and results as one character a value: `i` i32, `l` i64, `f` f32, `d` f64, `v` v128, `F` funcref,
    /// `E` externref, `X` exnref; parameters and results are separated by `:`. For a global just its type, for a table
    /// that of its elements, for a memory nothing.
    pub signature: Text,
    /// Index of its instance.
    pub instance: u32,
    /// An [`ExportKind`], with or without [`EXPORT_OF_THREAD`].
    pub kind: u32,
    /// See [`ExportKind`].
    pub address: *mut c_void,
}

/// An import of a function that works on it ([`crate::host::Context::Import`]).
#[repr(C)]
pub struct Import {
    /// The name that it is imported by.
    pub name: Text,
    /// Its type, as [`Export::signature`] has it.
    pub signature: Text,
    /// The memory of the calling instance, as in [`crate::host::Context::Memory`]. Null if it has none, or if each thread has
    /// its own.
    pub memory: *const Memory,
    /// Where the memory is in the thread state, if each thread has its own; else [`NOT_IN_THREAD_STATE`].
    pub memory_in_thread: u64,
    /// For each of [`crate::host::Signature::indirect_calls`] what calls an entry of the instance's table that has the type:
    /// `values` = index, parameters -> results. Traps as `call_indirect` does. Null if the instance has no table.
    pub indirect_calls: *const Option<EntryFunction>,
    /// How many there are.
    pub indirect_call_count: u64,
    /// The table of the instance, if its function says [`crate::host::Signature::extends_table`]; null if it has none, or none
    /// that can be extended.
    pub extended_table: *const ExtendedTable,
}

/// A table of functions to which the runtime adds entries, behind those that it has in the module. Code only calls its entries:
/// it does not read them, so it does not matter that they lie in two places.
#[repr(C)]
pub struct ExtendedTable {
    /// The entries that it has in the module. They never become more.
    pub own: *const Table,
    /// The further ones, each of [`FURTHER_ENTRY_WORDS`] words: a function reference, and a word that belongs to the runtime. If
    /// the code offset is 0, the function is a closure: code that calls it calls [`crate::symbol::CALL_CLOSURE`].
    pub further: *mut Table,
    /// The types of the program, by type number from 1.
    pub types: *const ExtendedType,
    /// Number of types.
    pub type_count: u64,
    /// What the main module exports, ascending by name: functions, and addresses of data.
    pub exports: *const NamedExport,
    /// Number of exports.
    pub export_count: u64,
    /// Their names, one behind the other.
    pub export_names: Text,
    /// The memory of the instances that call through it, as in [`Import`].
    pub memory: *const Memory,
}

/// Words that a further entry of an [`ExtendedTable`] has.
pub const FURTHER_ENTRY_WORDS: u64 = 2;

/// Further entries that an [`ExtendedTable`] can have.
pub const FURTHER_ENTRIES_MAX: u64 = 1 << 16;

/// A type of functions.
#[repr(C)]
pub struct ExtendedType {
    /// The type, as [`Export::signature`] has it.
    pub signature: Text,
    /// What calls a function of this type: `values` = code offset, parameters -> results. Null if the table neither has nor gets
    /// such a function.
    pub call: Option<EntryFunction>,
}

/// Something that can be found by name.
#[repr(C)]
pub struct NamedExport {
    /// A function reference, or the address of data, which has no type number.
    pub value: u64,
    /// Where its name starts in [`ExtendedTable::export_names`].
    pub name_offset: u32,
    /// Length of the name.
    pub name_bytes: u32,
}

/// wasi-libc starts a program in `/`, and only the program itself can change that. Where there is a way, the runtime
/// does it at the program's first call of `args_sizes_get` (which wasi-libc makes between its constructors and `main`),
/// so that relative paths mean what they mean to the caller: by [`Callback::ChangeDirectory`], or, if `variable` is not 0, by
/// [`Callback::Malloc`]. Without that function there is no way.
#[repr(C)]
pub struct WorkingDirectory {
    /// The 4 bytes of the program's `__stack_pointer`, in whose area the path can be put for `chdir`.
    pub stack_pointer: *mut u32,
    /// Where these bytes are in the thread state, if each thread has its own; else [`NOT_IN_THREAD_STATE`].
    pub stack_pointer_in_thread: u64,
    /// The guest's address of wasi-libc's `__wasilibc_cwd`, the pointer to the working directory's name, for a program
    /// in which no `chdir` is left because it was inlined; else 0.
    pub variable: u64,
    /// The memory of the program, in which all of this is; calls of other instances, with other memories, do not change the
    /// directory. Null if each thread has its own.
    pub memory: *const Memory,
}

/// Says that something is not in the thread state.
pub const NOT_IN_THREAD_STATE: u64 = u64::MAX;

/// A function reference: code offset in the low half, type number (from 1) in the high half; 0 is null.
pub const fn function_reference(code_offset: u32, type_number: u32) -> u64 {
    (type_number as u64) << 32 | code_offset as u64
}

const _: () = assert!(size_of::<Text>() == 16);
const _: () = assert!(size_of::<ThreadState>() == 32);
const _: () = assert!(size_of::<Memory>() == 72);
const _: () = assert!(size_of::<ImageRun>() == 24);
const _: () = assert!(size_of::<Table>() == 48);
const _: () = assert!(size_of::<Segment>() == 16);
const _: () = assert!(size_of::<Instance>() == 32);
const _: () = assert!(size_of::<FunctionRecord>() == 8);
const _: () = assert!(size_of::<Export>() == 48);
const _: () = assert!(size_of::<Import>() == 72);
const _: () = assert!(size_of::<ExtendedTable>() == 72);
const _: () = assert!(size_of::<ExtendedType>() == 24);
const _: () = assert!(size_of::<NamedExport>() == 16);
const _: () = assert!(size_of::<WorkingDirectory>() == 32);
const _: () = assert!(size_of::<StateRange>() == 16);
const _: () = assert!(size_of::<SignalAction>() == 16);
const _: () = assert!(size_of::<StackPointer>() == 16);
const _: () = assert!(size_of::<Program>() == 512);
