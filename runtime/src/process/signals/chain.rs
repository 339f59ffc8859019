//! Handlers of faults in a process that belongs to another program: what is not a fault of the guest goes to whoever handled such
//! faults before, which may be another library of this kind.
//!
//! A program that installs its own handler later gets the faults of the guest. It has to pass on what it does not know, as this does.

use super::{Action, FAULTS, Handler};
use core::cell::UnsafeCell;
use core::ffi::{c_int, c_void};
use core::mem::{MaybeUninit, transmute};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicUsize, Ordering};
use libc::siginfo_t;

/// What was done about [`FAULTS`] before.
struct Former(UnsafeCell<[MaybeUninit<Action>; FAULTS.len()]>);

// SAFETY: written once, by `install_handlers`, before the kernel is told of the handler that reads it. Actions of signals are set
// and read under a lock of the kernel's, so a thread on which the handler runs sees what was written before.
unsafe impl Sync for Former {}

static FORMER: Former = Former(UnsafeCell::new([const { MaybeUninit::uninit() }; FAULTS.len()]));

/// The handlers of [`FORMER`] that are still to be called: one with `SA_RESETHAND` is called once.
static HANDLERS: [AtomicUsize; FAULTS.len()] = [const { AtomicUsize::new(libc::SIG_DFL) }; FAULTS.len()];

/// Installs the handler of [`FAULTS`]. To be called once.
pub fn install_handlers(handler: Handler) {
    for (index, signal) in FAULTS.into_iter().enumerate() {
        // What was there is read before the handler is, which reads it.
        let former = super::action(signal);
        // SAFETY: only one thread installs handlers, and the handler of this signal is not yet there.
        let former = unsafe { (*FORMER.0.get())[index].write(former) };
        HANDLERS[index].store(former.handler, Ordering::Release);
        let flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        super::set_action(signal, handler as usize, flags, 0);
    }
}

/// Whether the kernel has raised a signal, for a reason that it does not tell.
fn is_by_kernel(information: *mut siginfo_t) -> bool {
    // SAFETY: the kernel has passed it to the handler that calls this.
    unsafe { (*information).si_code == libc::SI_KERNEL }
}

/// Does about a signal that has come what would have been done without this handler.
pub fn pass_on(signal: c_int, information: *mut siginfo_t, context: *mut c_void, raised_by_fault: bool) {
    let Some(index) = FAULTS.into_iter().position(|fault| fault == signal) else { return };
    // SAFETY: the handler that calls this was installed when the former action was known.
    let former = unsafe { (*FORMER.0.get())[index].assume_init_ref() };
    let handler = match former.has(libc::SA_RESETHAND) {
        true => HANDLERS[index].swap(libc::SIG_DFL, Ordering::AcqRel),
        false => HANDLERS[index].load(Ordering::Acquire),
    };
    match handler {
        // The kernel does not let a fault be ignored.
        libc::SIG_IGN if !raised_by_fault && !is_by_kernel(information) => {}
        libc::SIG_DFL | libc::SIG_IGN => super::take_default(signal, raised_by_fault),
        handler if former.has(libc::SA_SIGINFO) => {
            former.mask_signals(signal);
            // SAFETY: whoever installed it has said that it is such a function.
            let handler = unsafe { transmute::<usize, extern "C" fn(c_int, *mut siginfo_t, *mut c_void)>(handler) };
            handler(signal, information, context);
        }
        handler => {
            former.mask_signals(signal);
            // SAFETY: likewise.
            let handler = unsafe { transmute::<usize, extern "C" fn(c_int)>(handler) };
            handler(signal);
        }
    }
}

impl Action {
    /// Whether it was set with a flag.
    fn has(&self, flag: c_int) -> bool {
        self.flags & flag as u64 != 0
    }

    /// Blocks the signals that are to wait for the end of its handler, and only those, inside a handler of `signal` that has blocked
    /// no other. The kernel takes that back when the outer one returns.
    fn mask_signals(&self, signal: c_int) {
        let own = 1_u64 << (signal - 1);
        let change = |how: c_int, mask: u64| {
            // SAFETY: the kernel reads a mask of that size, and writes none.
            unsafe {
                libc::syscall(libc::SYS_rt_sigprocmask, how, &raw const mask, null_mut::<u64>(), size_of::<u64>());
            }
        };
        change(libc::SIG_BLOCK, self.mask);
        if self.has(libc::SA_NODEFER) && self.mask & own == 0 {
            change(libc::SIG_UNBLOCK, own);
        }
    }
}
