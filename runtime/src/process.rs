//! What the process was started with: arguments, environment, standard descriptors.

use crate::checkpoint::{cold_start, explain};
use crate::profile;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{BorrowedFd, IntoRawFd};
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::Errno;

/// The vectors that the kernel put above the host stack, ended by null. They live as long as the process.
static ARGUMENTS: AtomicPtr<*const c_char> = AtomicPtr::new(null_mut());
static ENVIRONMENT: AtomicPtr<*const c_char> = AtomicPtr::new(null_mut());

/// Keeps the vectors that `main` was called with.
///
/// # Safety
/// Both are vectors of C strings, ended by null, that live and stay unchanged as long as the process.
pub(crate) unsafe fn keep_vectors(arguments: *const *const c_char, environment: *const *const c_char) {
    ARGUMENTS.store(arguments.cast_mut(), Ordering::Relaxed);
    ENVIRONMENT.store(environment.cast_mut(), Ordering::Relaxed);
}

/// The command line, the name of the program first.
pub fn arguments() -> impl Iterator<Item = &'static CStr> + Clone {
    strings(&ARGUMENTS)
}

/// The command line as a vector that ends with a null.
pub fn argument_vector() -> *const *const c_char {
    ARGUMENTS.load(Ordering::Relaxed)
}

/// The path of the executable that the kernel was given, if it says; a bare name is made one in the working directory.
pub fn path() -> Option<Vec<u8>> {
    // SAFETY: the kernel has put a C string there, if anything.
    let name = unsafe { libc::getauxval(libc::AT_EXECFN) } as *const c_char;
    if name.is_null() {
        return None;
    }
    // SAFETY: as above; it lies above the stack as long as the process lives.
    let name = unsafe { CStr::from_ptr(name) }.to_bytes();
    // What was opened before has no path (execveat(2)).
    if name.is_empty() || name.starts_with(b"/dev/fd/") {
        return None;
    }
    let mut path = if name.contains(&b'/') { Vec::new() } else { b"./".to_vec() };
    path.extend_from_slice(name);
    Some(path)
}

/// The environment of the process: `NAME=VALUE`. What is meant for the runtime is not part of it.
pub fn environment() -> impl Iterator<Item = &'static CStr> + Clone {
    let is_own =
        |text: &CStr| cold_start::is_variable(text) || explain::is_variable(text) || profile::is_variable(text);
    whole_environment().filter(move |text| !is_own(text))
}

/// The environment of the process as it is.
pub fn whole_environment() -> impl Iterator<Item = &'static CStr> + Clone {
    strings(&ENVIRONMENT)
}

fn strings(vector: &'static AtomicPtr<*const c_char>) -> impl Iterator<Item = &'static CStr> + Clone {
    let vector = vector.load(Ordering::Relaxed);
    (0..).map_while(move |index| {
        if vector.is_null() {
            return None;
        }
        // SAFETY: `keep_vectors` was promised a vector that ends with a null, and this stops there.
        let string = unsafe { *vector.add(index) };
        // SAFETY: the vector's elements are C strings that live as long as the process.
        (!string.is_null()).then(|| unsafe { CStr::from_ptr(string) })
    })
}

/// Whether all standard descriptors are open.
static STANDARD_OPEN: AtomicBool = AtomicBool::new(false);

/// Opens `/dev/null` in place of the standard descriptors that are closed. Otherwise the first file that the guest
/// opens would become its standard output or the place that error messages go to. Whoever uses them or opens files calls
/// this before.
pub(crate) fn open_closed_descriptors() -> Result<(), Errno> {
    if STANDARD_OPEN.load(Ordering::Relaxed) {
        return Ok(());
    }
    // SAFETY: the descriptors are only asked about; one that is closed is what this is about.
    let mut standard =
        [0, 1, 2].map(|fd| PollFd::from_borrowed_fd(unsafe { BorrowedFd::borrow_raw(fd) }, PollFlags::empty()));
    if poll(&mut standard, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_err() {
        // A limit of fewer than three descriptors, or a filter of system calls: then nothing can be opened either.
        return Ok(());
    }
    for descriptor in &standard {
        if descriptor.revents().contains(PollFlags::NVAL) {
            // The kernel gives the lowest free number, and the lower ones are open by now.
            let _stays_open = openat(CWD, c"/dev/null", OFlags::RDWR, Mode::empty())?.into_raw_fd();
        }
    }
    STANDARD_OPEN.store(true, Ordering::Relaxed);
    Ok(())
}

/// Ends the process at once: no destructors, no `atexit`, nothing that could be in a state not fit for it.
pub(crate) fn exit(status: i32) -> ! {
    // SAFETY: `_exit` has no conditions.
    unsafe { libc::_exit(status) }
}
