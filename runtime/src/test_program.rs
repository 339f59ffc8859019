//! Stands for what the compiler and the command line add to the runtime: an empty program, so that the runtime's own tests
//! link.

use adder_abi::ABI_VERSION;
use adder_abi::callback::Callback;
use adder_abi::configuration::{Header, MAGIC, Span};
use adder_abi::exception::Exceptions;
use adder_abi::plan::MemoryPlan;
use adder_abi::program::{Memory, NOT_IN_THREAD_STATE, Program, Text, ThreadState, WorkingDirectory};
use core::ptr::{null, null_mut};

struct Constant<T>(#[allow(dead_code, reason = "read through its symbol")] T);

// SAFETY: nobody writes to it.
unsafe impl<T> Sync for Constant<T> {}

const NO_TEXT: Text = Text { start: null(), bytes: 0 };

#[unsafe(no_mangle)]
static adder_program: Constant<Program> = Constant(Program {
    abi_version: ABI_VERSION,
    memory_plan: MemoryPlan::High as u32,
    code: null(),
    code_bytes: 0,
    stack_bytes: 0,
    memories: null_mut(),
    memory_count: 0,
    tables: null_mut(),
    table_count: 0,
    thread_state: ThreadState { initial: null(), bytes: 0, memory_count: 0, table_count: 0 },
    instances: null(),
    instance_count: 0,
    initialization: None,
    entry: None,
    entry_signature: NO_TEXT,
    functions: null(),
    function_count: 0,
    function_names: NO_TEXT,
    trap_offsets: null(),
    trap_codes: null(),
    trap_count: 0,
    exports: null(),
    export_count: 0,
    callbacks: [None; Callback::ALL.len()],
    working_directory: WorkingDirectory {
        stack_pointer: null_mut(),
        stack_pointer_in_thread: NOT_IN_THREAD_STATE,
        variable: 0,
        memory: null(),
    },
    exceptions: Exceptions {
        return_offsets: null(),
        calls: null(),
        call_count: 0,
        handlers: null(),
        handler_count: 0,
        globals: null(),
        global_count: 0,
        tables: null(),
        table_count: 0,
    },
    cpu_level: crate::arch::ARCHITECTURE.baseline() as u32,
    emscripten: 0,
    state: null(),
    state_count: 0,
    instrumentation: null(),
    signal_actions: null_mut(),
    handle_signals: None,
    stack_pointers: null_mut(),
    stack_pointer_count: 0,
});

/// A memory of so many bytes, with [`Memory::flags`].
pub fn memory(base: *mut u8, size_bytes: usize, flags: u64) -> Memory {
    Memory {
        base,
        size_bytes: size_bytes as u64,
        initial_bytes: 0,
        limit_bytes: 0,
        reservation_bytes: 0,
        fixed_base: 0,
        image: null(),
        image_count: 0,
        flags,
    }
}

const NOTHING: Span = Span { offset: 0, count: 0 };

#[unsafe(no_mangle)]
static adder_configuration: Header = Header {
    magic: MAGIC,
    flags: 0,
    grants: NOTHING,
    network: NOTHING,
    environment: NOTHING,
    arguments: NOTHING,
    nodes: NOTHING,
    checkpoint: 0,
    cold_start_variable: NOTHING,
};
