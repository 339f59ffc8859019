//! Traps: faults of the guest, found out by signal handlers, and the state that goes with ending a guest.
//!
//! A fault is the guest's trap only if all of it fits: the kernel raised it, at an instruction of generated code, for a
//! reason that generated code relies on. Everything else is a defect of the runtime or of its surroundings and dies by
//! its own signal, with nothing in between that could disguise it.

use crate::border::Interrupted;
use crate::cell::this_cell;
use crate::memory::is_beyond_a_memory;
use crate::program::{code, text, traps};
use adder_abi::trap::TrapCode;
use core::arch::naked_asm;
use core::cell::UnsafeCell;
use core::ffi::{c_int, c_void};
use core::mem::{MaybeUninit, zeroed};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, Ordering};
use libc::{SIGFPE, SIGILL, SIGSEGV, siginfo_t, ucontext_t};

/// Room for a handler and for the largest register state that the kernel puts on a signal stack (AMX: 11 KiB).
const SIGNAL_STACK_BYTES: usize = 32 << 10;

/// What the handlers run on: they cannot run on the guest stack when that is used up. Each thread has its own.
#[repr(align(16))]
pub(crate) struct SignalStack(UnsafeCell<MaybeUninit<[u8; SIGNAL_STACK_BYTES]>>);

// SAFETY: only the kernel and the handlers it starts use the bytes, for one thread.
unsafe impl Sync for SignalStack {}

/// That of the first thread.
static FIRST_SIGNAL_STACK: SignalStack = SignalStack::new();

impl SignalStack {
    /// One that no thread uses yet.
    pub const fn new() -> SignalStack {
        SignalStack(UnsafeCell::new(MaybeUninit::uninit()))
    }

    /// Has the handlers of this thread's signals run on it.
    ///
    /// # Safety
    /// It is no other thread's, and it stays where it is until this thread has ended or called [`SignalStack::disuse`].
    pub unsafe fn make_own(&self) {
        // SAFETY: the structure is plain data for which zeros are valid. With these arguments the call does not fail.
        unsafe {
            let mut stack: libc::stack_t = zeroed();
            stack.ss_sp = self.0.get().cast();
            stack.ss_size = SIGNAL_STACK_BYTES;
            libc::sigaltstack(&stack, null_mut());
        }
    }

    /// Has the handlers run on it no longer.
    pub fn disuse(&self) {
        // SAFETY: as in `make_own`; no handler of this thread is running.
        unsafe {
            let mut stack: libc::stack_t = zeroed();
            stack.ss_flags = libc::SS_DISABLE;
            libc::sigaltstack(&stack, null_mut());
        }
    }
}

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
/// `context` is a [`Text`] of the program.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_missing_import(context: *mut c_void, _values: *mut u64) -> u32 {
    // SAFETY: generated code calls this on a thread with a cell, which is its own.
    unsafe { (*this_cell()).missing_import = context.cast() };
    TrapCode::MissingImport as u32
}

/// Signals by which the kernel reports faults.
/// `SIGBUS` is not among them: no access of the guest causes it, unless the executable is cut off while it runs.
pub const FAULTS: [c_int; 3] = [SIGSEGV, SIGILL, SIGFPE];

/// Signals that the runtime ignores: writing to a closed pipe, or beyond the limit of file sizes, is an error that the guest
/// is told, as native Python tells its programs.
pub const IGNORED: [c_int; 2] = [libc::SIGPIPE, libc::SIGXFSZ];

/// Whether [`IGNORED`] are.
static IGNORES: AtomicBool = AtomicBool::new(false);

/// Ignores [`IGNORED`]. Whoever writes calls this before; most processes write late, if at all.
pub(crate) fn ignore_signals_of_writes() {
    if !IGNORES.load(Ordering::Relaxed) {
        for signal in IGNORED {
            set_action(signal, libc::SIG_IGN, libc::SA_RESTART);
        }
        IGNORES.store(true, Ordering::Relaxed);
    }
}

/// What the kernel takes as the action of a signal (`rt_sigaction(2)`).
#[repr(C)]
struct Action {
    handler: usize,
    flags: u64,
    restorer: usize,
    mask: u64,
}

/// Sets the action of a signal. Not by libc, which makes another system call to let signals of its own through.
fn set_action(signal: c_int, handler: usize, flags: c_int) {
    const SA_RESTORER: u64 = 0x0400_0000;
    let action = Action {
        handler,
        flags: flags as u64 | SA_RESTORER,
        restorer: return_from_signal as *const () as usize,
        mask: 0,
    };
    // SAFETY: the structure is the kernel's; handlers are functions that live as long as the process. With these arguments
    // the call does not fail.
    unsafe {
        libc::syscall(libc::SYS_rt_sigaction, signal, &raw const action, null_mut::<Action>(), size_of::<u64>());
    }
}

/// Where a handler returns to.
#[unsafe(naked)]
unsafe extern "C" fn return_from_signal() {
    naked_asm!("mov eax, {number}", "syscall", number = const libc::SYS_rt_sigreturn)
}

/// Installs the handlers of [`FAULTS`], and lets these signals through.
pub(crate) fn install_handlers() {
    // SAFETY: only the first thread gets here, and a static stays where it is.
    unsafe { FIRST_SIGNAL_STACK.make_own() };
    for signal in FAULTS {
        let handler = handle as extern "C" fn(c_int, *mut siginfo_t, *mut c_void) as usize;
        set_action(signal, handler, libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART);
    }
    // SAFETY: the set is plain data for which zeros are valid. With these arguments the calls do not fail.
    unsafe {
        let mut faults: libc::sigset_t = zeroed();
        libc::sigemptyset(&mut faults);
        for signal in FAULTS {
            libc::sigaddset(&mut faults, signal);
        }
        // Blocked signals stay blocked across `exec`, and a fault whose signal is blocked ends the process at once.
        libc::sigprocmask(libc::SIG_UNBLOCK, &faults, null_mut());
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
        // SAFETY: the kernel fills in the address for all of these signals when it raises them for a fault.
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
    let accessed = signal == SIGSEGV;
    // Leaves of the runtime and the border run on the guest stack too, so this does not ask whose the instruction is.
    if accessed && guest.guard_contains(fault) {
        return Some(TrapCode::CallStackExhausted);
    }
    let code = code();
    if !code.contains(&address) {
        return None;
    }
    if accessed && is_beyond_a_memory(guest.cell(), fault) {
        return Some(TrapCode::MemoryOutOfBounds);
    }
    let (offsets, codes) = traps();
    let index = offsets.binary_search(&u32::try_from(address - code.start).ok()?).ok()?;
    TrapCode::from_number(u32::from(codes[index]))
}
