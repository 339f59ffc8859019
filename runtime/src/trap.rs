//! Traps: faults of the guest, found out by signal handlers, and the state that goes with ending a guest.
//!
//! A fault is the guest's trap only if all of it fits: the kernel raised it, at an instruction of generated code, for a
//! reason that generated code relies on. Everything else is a defect of the runtime or of its surroundings and dies by
//! its own signal, with nothing in between that could disguise it.

use crate::border::Interrupted;
use crate::memory::is_beyond_a_memory;
use crate::program::{code, text, traps};
use adder_abi::program::Text;
use adder_abi::trap::TrapCode;
use core::cell::UnsafeCell;
use core::ffi::{c_int, c_void};
use core::mem::zeroed;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU32, Ordering};
use libc::{SIGBUS, SIGFPE, SIGILL, SIGSEGV, siginfo_t, ucontext_t};

/// Room for a handler and for the largest register state that the kernel puts on a signal stack (AMX: 11 KiB).
const SIGNAL_STACK_BYTES: usize = 32 << 10;

#[repr(align(16))]
struct SignalStack(UnsafeCell<[u8; SIGNAL_STACK_BYTES]>);

// SAFETY: only the kernel and the handlers it starts use the bytes, for the only thread.
unsafe impl Sync for SignalStack {}

/// The handlers cannot run on the guest stack when that is used up, so they have one of their own.
static SIGNAL_STACK: SignalStack = SignalStack(UnsafeCell::new([0; SIGNAL_STACK_BYTES]));

/// What the guest exits with, for [`TrapCode::Exit`].
static EXIT_STATUS: AtomicU32 = AtomicU32::new(0);

/// The import whose call is [`TrapCode::MissingImport`].
static MISSING_IMPORT: AtomicPtr<Text> = AtomicPtr::new(null_mut());

/// Keeps the exit status and returns what a host function returns to end the guest with it.
pub fn exit(status: u32) -> u32 {
    EXIT_STATUS.store(status, Ordering::Relaxed);
    TrapCode::Exit as u32
}

/// The status that the guest has exited with.
pub fn exit_status() -> u32 {
    EXIT_STATUS.load(Ordering::Relaxed)
}

/// The name, `module.name`, of the missing import that the guest has called; empty if it has called none.
pub fn missing_import() -> &'static [u8] {
    let name = MISSING_IMPORT.load(Ordering::Relaxed);
    // SAFETY: it is null or a text of the program, which is constant.
    unsafe { name.as_ref() }.map_or(&[], text)
}

/// Stands for an import that nobody supplies. See [`adder_abi::symbol::MISSING_IMPORT`].
///
/// # Safety
/// `context` is a [`Text`] of the program.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_missing_import(context: *mut c_void, _values: *mut u64) -> u32 {
    MISSING_IMPORT.store(context.cast(), Ordering::Relaxed);
    TrapCode::MissingImport as u32
}

/// Installs the handlers, lets their signals through, and ignores SIGPIPE and SIGXFSZ: writing to a closed pipe, or beyond the limit of file sizes,
/// is an error that the guest is told, as native Python tells its programs.
pub(crate) fn install_handlers() {
    // SAFETY: the structures are plain data for which zeros are valid; the stack and the handler live as long as the
    // process. With these arguments the calls do not fail.
    unsafe {
        let mut stack: libc::stack_t = zeroed();
        stack.ss_sp = SIGNAL_STACK.0.get().cast();
        stack.ss_size = SIGNAL_STACK_BYTES;
        libc::sigaltstack(&stack, null_mut());

        let mut action: libc::sigaction = zeroed();
        action.sa_sigaction = handle as extern "C" fn(c_int, *mut siginfo_t, *mut c_void) as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        let mut faults: libc::sigset_t = zeroed();
        libc::sigemptyset(&mut faults);
        for signal in [SIGSEGV, SIGBUS, SIGILL, SIGFPE] {
            libc::sigaction(signal, &action, null_mut());
            libc::sigaddset(&mut faults, signal);
        }
        // Blocked signals stay blocked across `exec`, and a fault whose signal is blocked ends the process at once.
        libc::sigprocmask(libc::SIG_UNBLOCK, &faults, null_mut());

        action.sa_sigaction = libc::SIG_IGN;
        action.sa_flags = libc::SA_RESTART;
        for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
            libc::sigaction(signal, &action, null_mut());
        }
    }
}

extern "C" fn handle(signal: c_int, information: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel calls this with both structures, and nobody else uses them.
    let (information, context) = unsafe { (&*information, &mut *context.cast::<ucontext_t>()) };
    let registers = &mut context.uc_mcontext.gregs;
    let address = registers[libc::REG_RIP as usize] as u64;
    let frame = registers[libc::REG_RBP as usize] as u64;
    let stack_pointer = registers[libc::REG_RSP as usize] as u64;

    // A positive code is the kernel's; others come from `kill` and carry no address. So does SI_KERNEL, for addresses
    // that are not canonical.
    let raised_by_fault = information.si_code > 0 && information.si_code != libc::SI_KERNEL;
    if raised_by_fault && let Some(guest) = Interrupted::by_stack_pointer(stack_pointer) {
        // SAFETY: the kernel fills in the address for all four signals when it raises them for a fault.
        let fault = unsafe { information.si_addr() } as u64;
        if let Some(code) = classify(&guest, signal, address, fault) {
            let (next, stack_pointer) = guest.leave(address, frame);
            registers[libc::REG_RIP as usize] = next as i64;
            registers[libc::REG_RSP as usize] = stack_pointer as i64;
            registers[libc::REG_RAX as usize] = i64::from(code as u32);
            return;
        }
    }

    // Not the guest's: back to the default action, and to the instruction, which faults again.
    // SAFETY: as in `install_handlers`; the signal is blocked until this handler has returned.
    unsafe {
        let mut action: libc::sigaction = zeroed();
        action.sa_sigaction = libc::SIG_DFL;
        libc::sigaction(signal, &action, null_mut());
        if !raised_by_fault {
            libc::raise(signal);
        }
    }
}

/// Which trap a fault of the guest is, if it is one. `address` is the instruction's, `fault` what it accessed.
fn classify(guest: &Interrupted, signal: c_int, address: u64, fault: u64) -> Option<TrapCode> {
    let accessed = signal == SIGSEGV || signal == SIGBUS;
    // Leaves of the runtime and the border run on the guest stack too, so this does not ask whose the instruction is.
    if accessed && guest.guard_contains(fault) {
        return Some(TrapCode::CallStackExhausted);
    }
    let code = code();
    if !code.contains(&address) {
        return None;
    }
    if accessed && is_beyond_a_memory(fault) {
        return Some(TrapCode::MemoryOutOfBounds);
    }
    let (offsets, codes) = traps();
    let index = offsets.binary_search(&u32::try_from(address - code.start).ok()?).ok()?;
    TrapCode::from_number(u32::from(codes[index]))
}
