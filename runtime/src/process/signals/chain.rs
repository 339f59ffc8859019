//! Handlers of faults in a process that belongs to another program: what is not a fault of the guest goes to whoever handled such
//! faults before, which may be another library of this kind.
//!
//! A program that installs its own handler later gets the faults of the guest. It has to pass on what it does not know, as this does.

use super::{Action, FAULTS, Handler};
use core::cell::UnsafeCell;
use core::ffi::{c_int, c_void};
use core::mem::{MaybeUninit, transmute};
use libc::siginfo_t;

/// What was done about [`FAULTS`] before.
struct Former(UnsafeCell<[MaybeUninit<Action>; FAULTS.len()]>);

// SAFETY: written once, by `install_handlers`, before the kernel is told of the handler that reads it. Actions of signals are set
// and read under a lock of the kernel's, so a thread on which the handler runs sees what was written before.
unsafe impl Sync for Former {}

static FORMER: Former = Former(UnsafeCell::new([const { MaybeUninit::uninit() }; FAULTS.len()]));

/// Installs the handler of [`FAULTS`]. To be called once.
pub fn install_handlers(handler: Handler) {
    for (index, signal) in FAULTS.into_iter().enumerate() {
        // What was there is read before the handler is, which reads it.
        let former = super::action(signal);
        // SAFETY: only one thread installs handlers, and the handler of this signal is not yet there.
        unsafe { (*FORMER.0.get())[index].write(former) };
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
    match former.handler {
        // The kernel does not let a fault be ignored.
        libc::SIG_IGN if !raised_by_fault && !is_by_kernel(information) => {}
        libc::SIG_DFL | libc::SIG_IGN => super::take_default(signal, raised_by_fault),
        handler if former.flags & libc::SA_SIGINFO as u64 != 0 => {
            // SAFETY: whoever installed it has said that it is such a function.
            let handler = unsafe { transmute::<usize, extern "C" fn(c_int, *mut siginfo_t, *mut c_void)>(handler) };
            handler(signal, information, context);
        }
        handler => {
            // SAFETY: likewise.
            let handler = unsafe { transmute::<usize, extern "C" fn(c_int)>(handler) };
            handler(signal);
        }
    }
}
