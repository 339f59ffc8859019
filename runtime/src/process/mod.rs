//! The process: what it was started with, what it was built for, and what it may ask of the system. It knows nothing of the
//! guest.

#[cfg(not(test))]
mod allocator;
pub mod configuration;
pub mod failure;
pub mod kernel;
pub mod lock;
pub mod output;
#[cfg(not(test))]
mod panic;
pub mod pending;
pub mod phase;
pub mod protect;
pub mod reservation;
pub mod signals;
pub mod standard;
pub mod vectors;

/// Ends the process at once: no destructors, no `atexit`, nothing that could be in a state not fit for it.
pub fn exit(status: i32) -> ! {
    // SAFETY: `_exit` has no conditions.
    unsafe { libc::_exit(status) }
}
