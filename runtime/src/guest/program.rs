//! Safe access to what the compiler says about the program ([`adder_abi::program`]).
//!
//! The descriptor was written by the compiler that this runtime belongs to (the version is checked first thing), so its
//! pointers and counts are trusted. Memories and tables change while the guest runs and the guest's code reads and
//! writes them too, so they are only handed out as raw pointers.

use adder_abi::exception::{HandledCall, Handler};
use adder_abi::program::{FunctionRecord, Instance, Memory, Program, Table, Text};
use core::ops::Range;

unsafe extern "C" {
    /// [`adder_abi::symbol::PROGRAM`].
    static adder_program: Program;
}

/// The descriptor.
pub fn program() -> &'static Program {
    // SAFETY: generated code defines the symbol with this type and never writes to it.
    unsafe { &adder_program }
}

/// The bytes of a text of the descriptor.
pub fn text(text: &Text) -> &'static [u8] {
    // SAFETY: texts of the descriptor point to constant bytes of the executable.
    unsafe { slice(text.start, text.bytes) }
}

/// The types of the parameters and of the results that a signature names ([`adder_abi::program::Export`]).
pub fn types(signature: &Text) -> (&'static [u8], &'static [u8]) {
    let signature = text(signature);
    match signature.iter().position(|&byte| byte == b':') {
        Some(colon) => (&signature[..colon], &signature[colon + 1..]),
        None => (signature, &[]),
    }
}

/// All memories of all instances.
pub fn memories() -> impl Iterator<Item = *mut Memory> {
    let program = program();
    (0..program.memory_count as usize).map(|index| program.memories.wrapping_add(index))
}

/// All tables of all instances.
pub fn tables() -> impl Iterator<Item = *mut Table> {
    let program = program();
    (0..program.table_count as usize).map(|index| program.tables.wrapping_add(index))
}

/// The instances in the order in which they are activated.
pub fn instances() -> &'static [Instance] {
    let program = program();
    // SAFETY: pointer and count belong together, and the records are constant.
    unsafe { slice(program.instances, program.instance_count) }
}

/// Every function of generated code, by ascending code offset.
pub fn functions() -> &'static [FunctionRecord] {
    let program = program();
    // SAFETY: pointer and count belong together, and the records are constant.
    unsafe { slice(program.functions, program.function_count) }
}

/// What can be called or read by name.
#[cfg(feature = "script")]
pub fn exports() -> &'static [adder_abi::program::Export] {
    let program = program();
    // SAFETY: pointer and count belong together, and the records are constant.
    unsafe { slice(program.exports, program.export_count) }
}

/// Code offsets of instructions that may trap, and the numbers of their traps.
pub fn traps() -> (&'static [u32], &'static [u8]) {
    let program = program();
    // SAFETY: both arrays are constant and have `trap_count` elements.
    unsafe { (slice(program.trap_offsets, program.trap_count), slice(program.trap_codes, program.trap_count)) }
}

/// Code offsets that calls inside of a `try` return to, ascending, and what is known of each of them.
pub fn handled_calls() -> (&'static [u32], &'static [HandledCall]) {
    let exceptions = &program().exceptions;
    // SAFETY: both arrays are constant and have `call_count` elements.
    unsafe { (slice(exceptions.return_offsets, exceptions.call_count), slice(exceptions.calls, exceptions.call_count)) }
}

/// All lists of handlers.
pub fn handlers() -> &'static [Handler] {
    let exceptions = &program().exceptions;
    // SAFETY: pointer and count belong together, and the records are constant.
    unsafe { slice(exceptions.handlers, exceptions.handler_count) }
}

/// Globals that hold references to exceptions.
pub fn exception_globals() -> &'static [*const u64] {
    let exceptions = &program().exceptions;
    // SAFETY: pointer and count belong together, and the addresses are constant.
    unsafe { slice(exceptions.globals, exceptions.global_count) }
}

/// Tables that hold references to exceptions.
pub fn exception_tables() -> &'static [*const Table] {
    let exceptions = &program().exceptions;
    // SAFETY: pointer and count belong together, and the addresses are constant.
    unsafe { slice(exceptions.tables, exceptions.table_count) }
}

/// The addresses of generated code.
pub fn code() -> Range<u64> {
    let program = program();
    program.code as u64..program.code as u64 + program.code_bytes
}

/// # Safety
/// `start` points to `count` elements that nobody ever writes to; it may be null where there are none.
unsafe fn slice<T>(start: *const T, count: u64) -> &'static [T] {
    if count == 0 {
        return &[];
    }
    // SAFETY: promised by the caller.
    unsafe { core::slice::from_raw_parts(start, count as usize) }
}
