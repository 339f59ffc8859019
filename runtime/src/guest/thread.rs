//! Threads of the host that run the guest: each with a guest stack and thread state, a host stack, and a stack for the
//! handlers of signals.
//!
//! libc makes and ends them, because libc has state of its own in each thread (`errno`) and locks (of `malloc`) that it
//! only takes where it knows of several. They are detached: libc gives the host stack back when nobody runs on it any
//! more; the rest, the thread itself gives back as the last thing it does there.

use crate::guest::cell::{self, ThreadCell};
use crate::guest::thread_state;
use crate::process::signals::SignalStack;
use alloc::alloc::{Layout, alloc};
use alloc::boxed::Box;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicUsize, Ordering};
use libc::{pthread_attr_t, pthread_t};
use rustix::io::Errno;

/// The host stack of a thread, its signal stack included. Host functions need a tenth of this; only what is used of it
/// costs memory.
const HOST_STACK_BYTES: usize = 256 << 10;

/// See [`count`]. Threads that end give it back with `Release`, so whoever finds none left sees all that they have
/// done. Relaxed: raised by the thread that starts another one, which is counted itself or the first, so nobody finds
/// none in between.
static WORKING: AtomicUsize = AtomicUsize::new(0);

/// How many threads of the guest are at work, the first one not counted.
pub fn count() -> usize {
    WORKING.load(Ordering::Acquire)
}

/// What a new thread is given.
struct Start<Work> {
    cell: *mut ThreadCell,
    work: Work,
}

impl<Work> Start<Work> {
    /// Puts it where the thread finds it. `Box::new` would end the process where there is no memory.
    fn boxed(self) -> Result<Box<Start<Work>>, Errno> {
        // SAFETY: it has a size, because of its first field.
        let place = unsafe { alloc(Layout::new::<Start<Work>>()) }.cast::<Start<Work>>();
        if place.is_null() {
            return Err(Errno::NOMEM);
        }
        // SAFETY: the place was allocated just now for one of these.
        unsafe {
            place.write(self);
            Ok(Box::from_raw(place))
        }
    }
}

/// Starts a thread that does `work`, in which it may [`enter`](crate::guest::border::enter) the guest.
///
/// Fails with `EAGAIN` or `ENOMEM` where the system cannot give what a thread needs; then nothing stays reserved.
pub fn start<Work: FnOnce() + Send + 'static>(work: Work) -> Result<(), Errno> {
    let cell = cell::new_stack(None).map_err(|error| error.reason)?;
    // SAFETY: the stack is new.
    if let Err(error) = unsafe { thread_state::begin(cell) } {
        // SAFETY: nobody uses it any more.
        unsafe { cell::release_stack(cell) };
        return Err(error.reason);
    }
    WORKING.fetch_add(1, Ordering::Relaxed);
    let created = Start { cell, work }.boxed().and_then(|start| {
        let start = Box::into_raw(start);
        // SAFETY: `run` takes what it gets to be the `Start`, once. If there is no thread, nobody has taken it.
        unsafe { create(run::<Work>, start.cast()).inspect_err(|_| drop(Box::from_raw(start))) }
    });
    if created.is_err() {
        WORKING.fetch_sub(1, Ordering::Relaxed);
        release(cell);
    }
    created
}

/// Has libc make a detached thread.
///
/// # Safety
/// `function` can be called with `argument` on another thread.
unsafe fn create(function: extern "C" fn(*mut c_void) -> *mut c_void, argument: *mut c_void) -> Result<(), Errno> {
    let mut attributes = MaybeUninit::<pthread_attr_t>::uninit();
    let mut thread = MaybeUninit::<pthread_t>::uninit();
    // SAFETY: the attributes are initialised by the first call; those that follow do not fail with these values. The rest
    // is promised by the caller.
    let error = unsafe {
        libc::pthread_attr_init(attributes.as_mut_ptr());
        libc::pthread_attr_setstacksize(attributes.as_mut_ptr(), HOST_STACK_BYTES);
        libc::pthread_attr_setdetachstate(attributes.as_mut_ptr(), libc::PTHREAD_CREATE_DETACHED);
        libc::pthread_create(thread.as_mut_ptr(), attributes.as_ptr(), function, argument)
    };
    if error == 0 { Ok(()) } else { Err(Errno::from_raw_os_error(error)) }
}

/// The life of a thread.
extern "C" fn run<Work: FnOnce()>(start: *mut c_void) -> *mut c_void {
    // SAFETY: it is the `Start` of this thread, which nobody else takes.
    let Start { cell, work } = *unsafe { Box::from_raw(start.cast::<Start<Work>>()) };
    let signal_stack = SignalStack::new();
    // SAFETY: nobody else uses the stacks, and both stay until the end of this function.
    unsafe {
        signal_stack.make_own();
        cell::use_cell(cell);
    }
    work();
    WORKING.fetch_sub(1, Ordering::Release);
    signal_stack.disuse();
    // SAFETY: no cell is always good.
    unsafe { cell::use_cell(null_mut()) };
    release(cell);
    null_mut()
}

/// Gives back a guest stack and what is reserved for its thread state.
fn release(cell: *mut ThreadCell) {
    // SAFETY: the callers in this file own it, and nobody uses it any more.
    unsafe {
        thread_state::end(cell);
        cell::release_stack(cell);
    }
}
