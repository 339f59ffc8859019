//! What the process was started with: arguments and environment.

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// The vectors that the kernel put above the host stack, ended by null. They live as long as the process. Relaxed: the
/// first thread keeps them before it does anything else.
static ARGUMENTS: AtomicPtr<*const c_char> = AtomicPtr::new(null_mut());
static ENVIRONMENT: AtomicPtr<*const c_char> = AtomicPtr::new(null_mut());

/// Keeps the vectors that `main` was called with.
///
/// # Safety
/// Both are vectors of C strings, ended by null, that live and stay unchanged as long as the process.
pub unsafe fn keep(arguments: *const *const c_char, environment: *const *const c_char) {
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

/// The environment of the process: `NAME=VALUE`. Some of it is meant for the runtime ([`adder_abi::variable`]).
pub fn environment() -> impl Iterator<Item = &'static CStr> + Clone {
    strings(&ENVIRONMENT)
}

/// The part of a text `NAME=VALUE` before the `=`.
pub fn name_of_variable(text: &[u8]) -> &[u8] {
    text.split(|&byte| byte == b'=').next().unwrap_or(text)
}

fn strings(vector: &'static AtomicPtr<*const c_char>) -> impl Iterator<Item = &'static CStr> + Clone {
    let vector = vector.load(Ordering::Relaxed);
    (0..).map_while(move |index| {
        if vector.is_null() {
            return None;
        }
        // SAFETY: `keep` was promised a vector that ends with a null, and this stops there.
        let string = unsafe { *vector.add(index) };
        // SAFETY: the vector's elements are C strings that live as long as the process.
        (!string.is_null()).then(|| unsafe { CStr::from_ptr(string) })
    })
}
