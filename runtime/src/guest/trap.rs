//! Traps: faults of the guest, found out by signal handlers, and the state that goes with ending a guest.
//!
//! A fault is the guest's trap only if all of it fits: the kernel raised it, at an instruction of generated code, for a
//! reason that generated code relies on. Everything else is a defect of the runtime or of its surroundings and dies by
//! its own signal, with nothing in between that could disguise it.

use crate::arch::Registers;
use crate::guest::border::Interrupted;
use crate::guest::cell::{ThreadCell, this_cell};
use crate::guest::memory::{is_shared, size_bytes};
use crate::guest::program::{code, memories, text, traps};
use crate::guest::thread_state;
#[cfg(not(feature = "library"))]
use crate::process::signals;
use adder_abi::trap::TrapCode;
use core::ffi::{c_int, c_void};
use libc::{SIGBUS, SIGSEGV, siginfo_t};

/// Keeps the exit status and returns what a host function returns to end the guest with it.
pub fn exit(status: u32) -> u32 {
    // SAFETY: host functions run on a thread with a cell, which is its own.
    unsafe { (*this_cell()).exit_status = status };
    TrapCode::Exit as u32
}

/// The status that the guest has exited with on this thread.
pub fn exit_status() -> u32 {
    // SAFETY: a thread whose guest has ended has a cell, which is its own.
    unsafe { (*this_cell()).exit_status }
}

/// The name, `module.name`, of the missing import that the guest has called on this thread; empty if it has called none.
pub fn missing_import() -> &'static [u8] {
    // SAFETY: as above; the pointer is null or to a text of the program, which is constant.
    unsafe { (*this_cell()).missing_import.as_ref() }.map_or(&[], text)
}

/// Stands for an import that nobody supplies. See [`adder_abi::symbol::MISSING_IMPORT`].
///
/// # Safety
/// `context` is a [`Text`](adder_abi::program::Text) of the program.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_missing_import(context: *mut c_void, _values: *mut u64) -> u32 {
    // SAFETY: generated code calls this on a thread with a cell, which is its own.
    unsafe { (*this_cell()).missing_import = context.cast() };
    TrapCode::MissingImport as u32
}

/// Handles a fault: the guest is left if it is its trap; anything else happens again, without this handler.
pub(crate) extern "C" fn handle_fault(signal: c_int, information: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel calls this with both structures, and nobody else uses them.
    let (raised, mut registers) = unsafe { (&*information, Registers::of_context(context)) };
    // A positive code is the kernel's; others come from `kill` and carry no address. So does SI_KERNEL, for addresses
    // that are not canonical.
    let raised_by_fault = raised.si_code > 0 && raised.si_code != libc::SI_KERNEL;
    if raised_by_fault && let Some(guest) = Interrupted::by_stack_pointer(registers.stack_pointer()) {
        // SAFETY: the kernel fills in the address for all of these signals when it raises them for a fault.
        let fault = unsafe { raised.si_addr() } as u64;
        let address = registers.instruction();
        if let Some(code) = classify(&guest, signal, address, fault) {
            let (next, stack_pointer) = guest.leave(address, registers.frame_pointer());
            registers.go_on(next, stack_pointer, code as u32);
            return;
        }
    }
    #[cfg(feature = "library")]
    if raised.si_code == libc::SI_KERNEL
        && signal == SIGSEGV
        && let Some(guest) = Interrupted::by_stack_pointer(registers.stack_pointer())
        && guest.has_no_room_for_a_handler(registers.stack_pointer())
    {
        // A handler of the host program's would have run on the guest stack, where there is no room for what the kernel puts there.
        let (next, stack_pointer) = guest.leave(registers.instruction(), registers.frame_pointer());
        registers.go_on(next, stack_pointer, TrapCode::CallStackExhausted as u32);
        return;
    }
    // Not the guest's: back to the default action, and to the instruction, which faults again.
    #[cfg(not(feature = "library"))]
    signals::take_default(signal, raised_by_fault);
    #[cfg(feature = "library")]
    crate::process::signals::chain::pass_on(signal, information, context, raised_by_fault);
}

/// Which trap a fault of the guest is, if it is one. `address` is the instruction's, `fault` what it accessed.
fn classify(guest: &Interrupted, signal: c_int, address: u64, fault: u64) -> Option<TrapCode> {
    let accessed = signal == SIGSEGV;
    // Leaves of the runtime and the border run on the guest stack too, so this does not ask whose the instruction is.
    if accessed && guest.guard_contains(fault) {
        return Some(TrapCode::CallStackExhausted);
    }
    let code = code();
    if !code.contains(&address) {
        return None;
    }
    // A bus error is an access behind the end of a file that was mapped into a memory.
    if (accessed || signal == SIGBUS) && is_beyond_a_memory(guest.cell(), fault, signal == SIGBUS) {
        return Some(TrapCode::MemoryOutOfBounds);
    }
    let (offsets, codes) = traps();
    let index = offsets.binary_search(&u32::try_from(address - code.start).ok()?).ok()?;
    TrapCode::from_number(u32::from(codes[index]))
}

/// Whether an access to this address, which has faulted on the thread with this cell, is one beyond the end of a memory of
/// the guest; `of_file` says that it may also be one beyond the end of a file in it.
fn is_beyond_a_memory(cell: *mut ThreadCell, address: u64, of_file: bool) -> bool {
    memories().chain(thread_state::memories(cell)).any(|memory| {
        // SAFETY: a memory of the program, or of the thread, which is interrupted.
        let (base, reservation_bytes, initial_bytes) =
            unsafe { ((*memory).base as u64, (*memory).reservation_bytes, (*memory).initial_bytes) };
        // SAFETY: as above.
        let accessible = unsafe {
            // A shared memory may have grown since the access was made. What it starts with never faults.
            if is_shared(memory) { initial_bytes } else { size_bytes(memory) }
        };
        let accessible = if of_file { 0 } else { accessible };
        (accessible..reservation_bytes).contains(&address.wrapping_sub(base))
    })
}
