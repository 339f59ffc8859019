//! What each thread of the host program has that has ever called the library.

use super::Failure;
use crate::process::lock::Lock;
use crate::process::signals::{self, SignalStack};
use alloc::alloc::{Layout, alloc, dealloc};
use core::ffi::c_void;
use core::sync::atomic::{AtomicU64, Ordering};
use libc::pthread_key_t;

/// What belongs to a thread. It lives until the thread ends.
pub struct HostThread {
    /// What the handlers of faults run on, unless the thread has such a stack already.
    signal_stack: SignalStack,
    /// What the latest failed call was stopped by.
    pub failure: Failure,
    /// The status that the guest has exited with in the latest call in which it did so.
    pub exit_status: i32,
}

/// The key by which libc keeps it, and [`HAS_KEY`]; 0 before there is one.
static KEY: AtomicU64 = AtomicU64::new(0);
const HAS_KEY: u64 = 1 << 32;

/// Whoever makes the key.
static MAKING: Lock<()> = Lock::new(());

impl HostThread {
    /// Returns that of this thread, which is made by its first call. `None` if there is no memory for it.
    pub fn this() -> Option<*mut HostThread> {
        let key = key()?;
        // SAFETY: the key is never deleted.
        let thread = unsafe { libc::pthread_getspecific(key) };
        if thread.is_null() { HostThread::make(key) } else { Some(thread.cast()) }
    }

    #[cold]
    fn make(key: pthread_key_t) -> Option<*mut HostThread> {
        // SAFETY: it has a size.
        let thread = unsafe { alloc(Layout::new::<HostThread>()) }.cast::<HostThread>();
        if thread.is_null() {
            return None;
        }
        // SAFETY: the place was allocated just now for one of these. It stays where it is until `end`.
        unsafe {
            thread.write(HostThread { signal_stack: SignalStack::new(), failure: Failure::NONE, exit_status: 0 });
            if libc::pthread_setspecific(key, thread.cast()) != 0 {
                dealloc(thread.cast(), Layout::new::<HostThread>());
                return None;
            }
            if !SignalStack::is_there() {
                (*thread).signal_stack.make_own();
            }
        }
        signals::let_faults_through();
        Some(thread)
    }
}

/// Returns the key, which the first call of all makes.
fn key() -> Option<pthread_key_t> {
    let key = KEY.load(Ordering::Acquire);
    if key != 0 { Some(key as pthread_key_t) } else { make_key() }
}

#[cold]
fn make_key() -> Option<pthread_key_t> {
    MAKING.with(|()| {
        let made = KEY.load(Ordering::Relaxed);
        if made != 0 {
            return Some(made as pthread_key_t);
        }
        let mut key: pthread_key_t = 0;
        // SAFETY: the key is a place for one, and `end` takes what is kept under it.
        if unsafe { libc::pthread_key_create(&mut key, Some(end)) } != 0 {
            return None;
        }
        KEY.store(u64::from(key) | HAS_KEY, Ordering::Release);
        Some(key)
    })
}

/// Called by libc when a thread ends.
unsafe extern "C" fn end(thread: *mut c_void) {
    let thread = thread.cast::<HostThread>();
    // SAFETY: it was made by `make`, and the thread, which calls this, uses it no longer.
    unsafe {
        (*thread).signal_stack.disuse_if_own();
        dealloc(thread.cast(), Layout::new::<HostThread>());
    }
}
