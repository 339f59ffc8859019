//! What each thread of the host program has that has ever called the library.

use super::Failure;
use crate::arch::page_bytes;
use crate::process::signals::{self, SignalStack};
use core::ffi::c_void;
use core::mem::size_of;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering, compiler_fence};
use libc::pthread_key_t;
use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};

/// What belongs to a thread. It lives until the thread ends, in a mapping of its own: below it there are a stack for handlers of
/// signals and, below that, a guard.
#[repr(C, align(16))]
pub struct HostThread {
    /// What the latest failed call was stopped by.
    pub failure: Failure,
    /// The status that the guest has exited with in the latest call in which it did so.
    pub exit_status: i32,
    /// Whether a call by this thread is under way or waits for its turn.
    calls: AtomicBool,
    /// How often libc has said that the thread ends.
    ends: u32,
}

/// Room for handlers of the host program as well, which get the faults that are not the guest's.
const SIGNAL_STACK_BYTES: usize = 128 << 10;

/// How often libc says that a thread ends, to whoever asks for that again (`PTHREAD_DESTRUCTOR_ITERATIONS`, which is at least this).
const ENDS: u32 = 4;

/// The key by which libc keeps it, and [`HAS_KEY`]; 0 before there is one.
static KEY: AtomicU64 = AtomicU64::new(0);
const HAS_KEY: u64 = 1 << 32;

impl HostThread {
    /// Returns that of this thread, which is made by its first call. `None` if there is no memory for it.
    pub fn this() -> Option<*mut HostThread> {
        let key = key()?;
        // SAFETY: the key is never deleted.
        let thread = unsafe { libc::pthread_getspecific(key) };
        if thread.is_null() { HostThread::make(key) } else { Some(thread.cast()) }
    }

    /// Does `work`, for which the thread has a stack for handlers of its signals; unless this thread does so already, or a handler
    /// calls, on that stack: then a fault of the guest would overwrite what the handler has there.
    ///
    /// # Safety
    /// `thread` is that of this thread.
    pub unsafe fn once<R>(thread: *mut HostThread, work: impl FnOnce() -> R) -> Option<R> {
        // SAFETY: promised by the caller.
        let calls = unsafe { &(*thread).calls };
        // `Relaxed`: only this thread and the handlers of its signals use the flag. Nothing matters but the order of the instructions.
        if calls.load(Ordering::Relaxed) || !HostThread::has_signal_stack(thread) {
            return None;
        }
        calls.store(true, Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
        let result = work();
        compiler_fence(Ordering::SeqCst);
        calls.store(false, Ordering::Relaxed);
        Some(result)
    }

    /// Sees to it that handlers run on the thread's own stack for them; `false` if one is running there. To be asked at each call: when
    /// a handler returns, the kernel brings back the stack that was set when it came, and others may have set theirs.
    fn has_signal_stack(thread: *mut HostThread) -> bool {
        let stack = SignalStack::of_thread();
        if stack.ss_flags & libc::SS_ONSTACK != 0 {
            return false;
        }
        let own = HostThread::signal_stack(thread);
        if stack.ss_sp != own.cast() {
            // SAFETY: the bytes stay until `end`, and are this thread's alone.
            unsafe { SignalStack::use_bytes(own, SIGNAL_STACK_BYTES) };
        }
        true
    }

    /// The size of the mapping, and where the thread's own begins in it.
    fn layout() -> (usize, usize) {
        let offset = page_bytes() as usize + SIGNAL_STACK_BYTES;
        (offset + size_of::<HostThread>().next_multiple_of(page_bytes() as usize), offset)
    }

    #[cold]
    fn make(key: pthread_key_t) -> Option<*mut HostThread> {
        let (bytes, offset) = HostThread::layout();
        let (protection, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE | MapFlags::NORESERVE);
        // SAFETY: nothing that is mapped is replaced.
        let start = unsafe { mmap_anonymous(null_mut(), bytes, protection, flags) }.ok()?;
        let thread = start.cast::<u8>().wrapping_add(offset).cast::<HostThread>();
        // SAFETY: the mapping was made just now, for one of these. Its zeros are what a thread starts with: it has not failed. It stays
        // until `end`.
        unsafe {
            // Without a guard the stack is as good as the host program's may be.
            let _ = mprotect(start, page_bytes() as usize, MprotectFlags::empty());
            if libc::pthread_setspecific(key, thread.cast()) != 0 {
                let _ = munmap(start, bytes);
                return None;
            }
        }
        signals::let_faults_through();
        Some(thread)
    }

    /// Where the stack for handlers begins.
    fn signal_stack(thread: *mut HostThread) -> *mut u8 {
        thread.cast::<u8>().wrapping_sub(SIGNAL_STACK_BYTES)
    }
}

/// Returns the key, which the first call of all makes.
fn key() -> Option<pthread_key_t> {
    let key = KEY.load(Ordering::Acquire);
    if key != 0 { Some(key as pthread_key_t) } else { make_key() }
}

/// Not under a lock: a handler of a signal may want the same.
#[cold]
fn make_key() -> Option<pthread_key_t> {
    let mut key: pthread_key_t = 0;
    // SAFETY: the key is a place for one, and `end` takes what is kept under it.
    if unsafe { libc::pthread_key_create(&mut key, Some(end)) } != 0 {
        return None;
    }
    match KEY.compare_exchange(0, u64::from(key) | HAS_KEY, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => Some(key),
        Err(made) => {
            // SAFETY: nobody else knows this one.
            unsafe { libc::pthread_key_delete(key) };
            Some(made as pthread_key_t)
        }
    }
}

/// Called by libc when a thread ends. What else is called then may call the library, or another one whose guest relies on this stack.
/// So nothing is given back before the last time.
unsafe extern "C" fn end(thread: *mut c_void) {
    let thread = thread.cast::<HostThread>();
    // Relaxed: the key is known to this thread, or nothing would be kept by it.
    // SAFETY: it was made by `make`, and the thread, which calls this, uses it no longer when it is unmapped.
    unsafe {
        (*thread).ends += 1;
        if (*thread).ends < ENDS {
            // `Relaxed`: whoever made the thread's own has seen the key.
            libc::pthread_setspecific(KEY.load(Ordering::Relaxed) as pthread_key_t, thread.cast());
            return;
        }
        if SignalStack::of_thread().ss_sp == HostThread::signal_stack(thread).cast() {
            SignalStack::use_none();
        }
        let (bytes, offset) = HostThread::layout();
        let _ = munmap(thread.cast::<u8>().wrapping_sub(offset).cast(), bytes);
    }
}
