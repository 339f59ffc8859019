//! What the tables of frames of the compiler's own library refer to, which musl needs on aarch64 for arithmetic on its
//! 128-bit floats, and some linkers for libraries. It would be called to take a frame down when something unwinds;
//! nothing does.

/// Ends the process.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {
    // SAFETY: it does not return.
    unsafe { libc::abort() }
}
