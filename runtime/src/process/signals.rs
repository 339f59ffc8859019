//! The signals of the process: stacks for their handlers, and what becomes of which.

#[cfg(feature = "library")]
pub mod chain;

use crate::arch::return_from_signal;
use crate::process::pending;
use core::cell::UnsafeCell;
use core::ffi::{c_int, c_void};
use core::mem::{MaybeUninit, zeroed};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, Ordering};
use libc::{SIGFPE, SIGILL, SIGSEGV, siginfo_t};

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
        // SAFETY: promised by the caller.
        unsafe { SignalStack::use_bytes(self.0.get().cast(), SIGNAL_STACK_BYTES) };
    }

    /// What the handlers of this thread's signals run on, and whether one does.
    #[cfg(feature = "library")]
    pub fn of_thread() -> libc::stack_t {
        // SAFETY: the structure is plain data for which zeros are valid, and the call only writes to it.
        unsafe {
            let mut stack = zeroed::<libc::stack_t>();
            libc::sigaltstack(core::ptr::null(), &mut stack);
            stack
        }
    }

    /// Has the handlers of this thread's signals run on these bytes.
    ///
    /// # Safety
    /// They are no other thread's, and stay until the thread has others or ends.
    pub unsafe fn use_bytes(start: *mut u8, bytes: usize) {
        // SAFETY: the structure is plain data for which zeros are valid; the rest is promised by the caller.
        unsafe {
            let mut stack = zeroed::<libc::stack_t>();
            (stack.ss_sp, stack.ss_size) = (start.cast(), bytes);
            libc::sigaltstack(&stack, null_mut());
        }
    }

    /// Has the handlers run on it no longer.
    pub fn disuse(&self) {
        SignalStack::use_none();
    }

    /// Has the handlers of this thread's signals run on the thread's stack. None of them is running.
    pub fn use_none() {
        // SAFETY: the structure is plain data for which zeros are valid. With these arguments the call does not fail.
        unsafe {
            let mut stack: libc::stack_t = zeroed();
            stack.ss_flags = libc::SS_DISABLE;
            libc::sigaltstack(&stack, null_mut());
        }
    }
}

/// Signals by which the kernel reports faults.
/// `SIGBUS` is not among them: no access of the guest causes it, unless a file is mapped ([`handle_also`]), or the executable is
/// cut off while it runs.
pub const FAULTS: [c_int; 3] = [SIGSEGV, SIGILL, SIGFPE];

/// Signals that the runtime ignores: writing to a closed pipe, or beyond the limit of file sizes, is an error that the guest
/// is told, as native Python tells its programs.
pub const IGNORED: [c_int; 2] = [libc::SIGPIPE, libc::SIGXFSZ];

/// Whether [`IGNORED`] are. Set with `Release` and read with `Acquire`: a write must not get ahead of what another
/// thread has told the kernel.
static IGNORES: AtomicBool = AtomicBool::new(false);

/// Ignores [`IGNORED`]. Whoever writes calls this before; most processes write late, if at all. In a library, that is the affair of
/// the program that calls it.
pub(crate) fn ignore_signals_of_writes() {
    if !cfg!(feature = "library") && !IGNORES.load(Ordering::Acquire) {
        for signal in IGNORED {
            set_action(signal, libc::SIG_IGN, libc::SA_RESTART, 0);
        }
        IGNORES.store(true, Ordering::Release);
    }
}

/// Whether a guest can say what becomes of a signal: not of faults, which are its traps, not of what the C library of the runtime
/// uses, and not of what nobody can change.
pub fn can_be_handled(signal: c_int) -> bool {
    let is_of_library = (32..=34).contains(&signal);
    !FAULTS.contains(&signal) && !is_of_library && !matches!(signal, libc::SIGKILL | libc::SIGSTOP)
}

/// Has a signal do nothing.
pub fn ignore(signal: c_int) {
    ignore_signals_of_writes();
    set_action(signal, libc::SIG_IGN, 0, 0);
}

/// Has a signal noted for the guest.
pub fn catch(signal: c_int) {
    ignore_signals_of_writes();
    pending::catch(signal);
}

/// Has a signal do what it does by default, because the guest wants that.
pub fn set_default_of_guest(signal: c_int) {
    // From now on it is the guest's affair what becomes of these.
    ignore_signals_of_writes();
    set_action(signal, libc::SIG_DFL, 0, 0);
}

/// Has a signal do now what it does by default.
pub fn end_by(signal: c_int) {
    set_action(signal, libc::SIG_DFL, 0, 0);
    // SAFETY: `raise` has no conditions.
    unsafe { libc::raise(signal) };
}

/// What the kernel takes as the action of a signal (`rt_sigaction(2)`).
#[repr(C)]
pub(super) struct Action {
    /// A function, or a number that means none.
    pub(super) handler: usize,
    /// `SA_*`.
    pub(super) flags: u64,
    restorer: usize,
    /// A bit for each signal that waits until the handler has returned.
    pub(super) mask: u64,
}

/// Returns the action of a signal.
#[cfg(feature = "library")]
pub(super) fn action(signal: c_int) -> Action {
    let mut action = Action { handler: libc::SIG_DFL, flags: 0, restorer: 0, mask: 0 };
    // SAFETY: the structure is the kernel's, which writes to it.
    unsafe {
        libc::syscall(libc::SYS_rt_sigaction, signal, null_mut::<Action>(), &raw mut action, size_of::<u64>());
    }
    action
}

/// Sets the action of a signal; `mask` are the signals that wait until the handler has returned. Not by libc, which makes another
/// system call to let signals of its own through.
pub(super) fn set_action(signal: c_int, handler: usize, flags: c_int, mask: u64) {
    const SA_RESTORER: u64 = 0x0400_0000;
    let action =
        Action { handler, flags: flags as u64 | SA_RESTORER, restorer: return_from_signal as *const () as usize, mask };
    // SAFETY: the structure is the kernel's; handlers are functions that live as long as the process. With these arguments
    // the call does not fail.
    unsafe {
        libc::syscall(libc::SYS_rt_sigaction, signal, &raw const action, null_mut::<Action>(), size_of::<u64>());
    }
}

/// A function that handles a fault.
pub(crate) type Handler = extern "C" fn(c_int, *mut siginfo_t, *mut c_void);

/// Installs the handler of [`FAULTS`], and lets these signals through.
pub(crate) fn install_handlers(handler: Handler) {
    // SAFETY: only the first thread gets here, and a static stays where it is.
    unsafe { FIRST_SIGNAL_STACK.make_own() };
    for signal in FAULTS {
        set_action(signal, handler as usize, libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART, 0);
    }
    let_faults_through();
}

/// Lets [`FAULTS`] through to this thread. Blocked signals stay blocked across `exec`, and a fault whose signal is blocked ends the
/// process at once.
pub(crate) fn let_faults_through() {
    // SAFETY: the set is plain data for which zeros are valid. With these arguments the calls do not fail.
    unsafe {
        let mut faults: libc::sigset_t = zeroed();
        libc::sigemptyset(&mut faults);
        for signal in FAULTS {
            libc::sigaddset(&mut faults, signal);
        }
        libc::sigprocmask(libc::SIG_UNBLOCK, &faults, null_mut());
    }
}

/// Has a handler deal with a signal too.
pub(crate) fn handle_also(signal: c_int, handler: Handler) {
    set_action(signal, handler as usize, libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART, 0);
}

/// Sets the default action of a signal.
pub(crate) fn set_default(signal: c_int) {
    // SAFETY: the default action needs no handler, and nothing else is asked of the action: zeros are valid.
    unsafe { libc::sigaction(signal, &zeroed(), null_mut()) };
}

/// Has a signal that came do what it does by default: a fault happens again. The signal is blocked until its handler has returned.
pub(crate) fn take_default(signal: c_int, raised_by_fault: bool) {
    set_default(signal);
    if !raised_by_fault {
        // SAFETY: `raise` has no conditions.
        unsafe { libc::raise(signal) };
    }
}

const _: () = assert!(libc::SIG_DFL == 0);
