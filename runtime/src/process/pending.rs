//! Signals that the guest handles, from when they come until it is told.
//!
//! The handler only notes what has come. Whoever waits is woken up and returns `EINTR` to generated code, which looks after each
//! call of the runtime what is pending, and has the guest told. A program that handles no signals has nothing pending ever.

use crate::arch::{PENDING, Registers};
use crate::process::signals::{self, set_action};
use adder_abi::symbol::TIMER_SIGNALS;
use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use libc::siginfo_t;
use rustix::io::Errno;

// Relaxed, everywhere here: what is pending says all by itself (`arch/contract.rs`), and what is kept beside it belongs
// to programs that handle signals, those of Emscripten, which have one thread. One that has others by the interface of
// wasi-threads, which Emscripten does not do, may have a signal of one thread be told to another, or end by a second
// one too soon.

/// The bit of a signal.
pub const fn bit(signal: u32) -> u64 {
    1 << (signal - 1)
}

/// Returns what is pending, and has nothing be pending.
pub fn take() -> u64 {
    PENDING.swap(0, Ordering::Relaxed)
}

/// Has more be pending.
pub fn add(bits: u64) {
    PENDING.fetch_or(bits, Ordering::Relaxed);
}

/// Whether a call has ended with `EINTR` that is made again when the guest's handlers want that.
static RESTARTS: AtomicBool = AtomicBool::new(false);

/// Whether since this was last asked a call has ended with `EINTR` that is to be made again unless a handler does not want that.
pub fn restarts() -> bool {
    RESTARTS.swap(false, Ordering::Relaxed)
}

/// Makes a call, and makes it again when a signal has ended it that is none of the guest's. `EINTR` is for those that the guest
/// handles; after a handler with `SA_RESTART`, the guest makes the call again, and sees nothing (signal(7) says which calls).
pub fn restarted<T>(mut call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    loop {
        match call() {
            Err(Errno::INTR) if !interrupts(true) => {}
            result => return result,
        }
    }
}

/// Makes a call as [`restarted`] does; one that the guest sees the end of, whatever its handlers want. The call finds out again how
/// long it may take.
pub fn interrupted<T>(mut call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    loop {
        match call() {
            Err(Errno::INTR) if !interrupts(false) => {}
            result => return result,
        }
    }
}

/// Whether a call that a signal has ended is over for the guest.
#[cold]
fn interrupts(restarts: bool) -> bool {
    let is_pending = PENDING.load(Ordering::Relaxed) != 0;
    if is_pending {
        RESTARTS.store(restarts, Ordering::Relaxed);
    }
    is_pending
}

/// Has a signal noted from now on.
pub fn catch(signal: c_int) {
    // Other handlers wait: this one is short, and they find everything as they would have.
    set_action(signal, note as *const () as usize, libc::SA_SIGINFO | libc::SA_ONSTACK, u64::MAX);
}

/// When a signal that people end programs by has come and nobody has been told of it, in nanoseconds.
static UNHEARD_SINCE: AtomicI64 = AtomicI64::new(0);

/// After that time, a program that does not hear is not going to.
const PATIENCE_NANOSECONDS: i64 = 1_000_000_000;

/// Notes a signal.
extern "C" fn note(signal: c_int, information: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel calls this with both structures, and nobody else uses them.
    let (code, mut registers) = unsafe { ((*information).si_code, Registers::of_context(context)) };
    let noted = match timer(signal).filter(|_| code == libc::SI_KERNEL) {
        Some(timer) => bit(TIMER_SIGNALS + timer),
        None => bit(signal as u32),
    };
    let before = PENDING.fetch_or(noted, Ordering::Relaxed);
    if signal == libc::SIGINT || signal == libc::SIGTERM {
        let now = now();
        if before & noted == 0 {
            UNHEARD_SINCE.store(now, Ordering::Relaxed);
        } else if now - UNHEARD_SINCE.load(Ordering::Relaxed) >= PATIENCE_NANOSECONDS {
            // A loop that calls nothing: whoever wants to end it must be able to.
            signals::set_default(signal);
            // SAFETY: `raise` has no conditions. The signal is blocked until this handler has returned.
            unsafe { libc::raise(signal) };
        }
    }
    registers.call_wait_off();
}

/// The timer of `setitimer(2)` that a signal tells the end of.
fn timer(signal: c_int) -> Option<u32> {
    TIMER_ENDS.iter().position(|end| *end == signal).map(|timer| timer as u32)
}

/// The signals of the timers, by their numbers.
pub const TIMER_ENDS: [c_int; 3] = [libc::SIGALRM, libc::SIGVTALRM, libc::SIGPROF];

fn now() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is the room for the answer.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}
