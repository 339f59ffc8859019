//! Profiles of instrumented programs: writes the file when the process ends.
//!
//! Nothing but the descriptor of an instrumented program refers to this, so the linker leaves it out of all others.

use crate::guest::program::{program, text};
use crate::process;
use crate::process::output::Output;
use crate::process::{phase, vectors};
use adder_abi::profile::Instrumentation;
use adder_abi::variable;
use core::ffi::CStr;
use core::fmt::Write;
use core::slice;
use core::sync::atomic::{AtomicU64, Ordering};
use rustix::fd::OwnedFd;
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::{Errno, write};

/// A path may have this many bytes, its terminating zero included.
const PATH_BYTES_MAX: usize = 4096;

/// So many counters are written by one call.
const COUNTERS_AT_ONCE: usize = 2048;

/// Writes the profile, if the program counts and does not only run for a checkpoint. Whoever ends the process calls this.
pub(crate) fn finish() {
    // SAFETY: null, or the descriptor of the program, which is constant.
    let Some(instrumentation) = (unsafe { program().instrumentation.as_ref() }) else { return };
    // SAFETY: the compiler has put its own function there.
    unsafe { (instrumentation.write)(instrumentation) };
}

/// Whether a variable of the environment says where the profile of an instrumented program goes. The guest does not see it.
pub(crate) fn is_variable(text: &CStr) -> bool {
    !program().instrumentation.is_null() && value(text).is_some()
}

fn value(text: &CStr) -> Option<&[u8]> {
    variable::value(text.to_bytes(), variable::PROFILE)
}

/// See [`adder_abi::symbol::WRITE_PROFILE`].
///
/// # Safety
/// `instrumentation` is that of the program.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_write_profile(instrumentation: *const Instrumentation) {
    if phase::is_at_build() {
        return;
    }
    // SAFETY: promised by the caller.
    let instrumentation = unsafe { &*instrumentation };
    let asked = vectors::environment().find_map(value);
    let path = asked.filter(|path| !path.is_empty()).unwrap_or_else(|| text(&instrumentation.path));
    if let Err(error) = write_file(path, instrumentation) {
        let mut output = Output::error();
        let _ = write!(output, "adder: cannot write the profile ");
        output.bytes(path);
        let _ = writeln!(output, ": error {}", error.raw_os_error());
    }
}

fn write_file(path: &[u8], instrumentation: &Instrumentation) -> Result<(), Errno> {
    process::standard::open_closed_descriptors()?;
    crate::process::signals::ignore_signals_of_writes();
    let mut buffer = [0; PATH_BYTES_MAX];
    let path = expand(path, &mut buffer).ok_or(Errno::NAMETOOLONG)?;
    let file = openat(
        CWD,
        path,
        OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::CLOEXEC,
        Mode::from_raw_mode(0o666),
    )?;
    write_all(&file, text(&instrumentation.head))?;
    let count = instrumentation.counter_count as usize;
    // SAFETY: that many counters are there, and generated code changes them in words.
    let counters = unsafe { slice::from_raw_parts(instrumentation.counters.cast::<AtomicU64>(), count) };
    let mut buffer = [0; COUNTERS_AT_ONCE * size_of::<u64>()];
    for part in counters.chunks(COUNTERS_AT_ONCE) {
        for (bytes, counter) in buffer.chunks_exact_mut(size_of::<u64>()).zip(part) {
            // Relaxed: threads that still run may count on, and whatever is read of a counter will do.
            bytes.copy_from_slice(&counter.load(Ordering::Relaxed).to_ne_bytes());
        }
        write_all(&file, &buffer[..size_of_val(part)])?;
    }
    Ok(())
}

fn write_all(file: &OwnedFd, mut rest: &[u8]) -> Result<(), Errno> {
    while !rest.is_empty() {
        match write(file, rest) {
            Ok(0) => return Err(Errno::NOSPC),
            Ok(written) => rest = &rest[written.min(rest.len())..],
            Err(Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The path with the number of this process in place of `%p`, so that several processes do not write the same file.
fn expand<'a>(path: &[u8], buffer: &'a mut [u8; PATH_BYTES_MAX]) -> Option<&'a CStr> {
    let mut used = 0;
    let mut add = |bytes: &[u8]| {
        let end = used + bytes.len();
        buffer.get_mut(used..end)?.copy_from_slice(bytes);
        used = end;
        Some(())
    };
    let mut rest = path;
    while let Some((first, after)) = rest.split_first() {
        if rest.starts_with(b"%p") {
            let mut digits = [0; 10];
            let mut number = rustix::process::getpid().as_raw_pid();
            let mut start = digits.len();
            while number > 0 && start > 0 {
                start -= 1;
                digits[start] = b'0' + (number % 10) as u8;
                number /= 10;
            }
            add(&digits[start..])?;
            rest = &rest[2..];
        } else {
            add(&[*first])?;
            rest = after;
        }
    }
    add(&[0])?;
    CStr::from_bytes_with_nul(&buffer[..used]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_can_name_the_process() {
        let mut buffer = [0; PATH_BYTES_MAX];
        let number = rustix::process::getpid().as_raw_pid();
        let expanded = expand(b"a%pb%", &mut buffer).map(|path| path.to_str().unwrap().to_owned());
        assert_eq!(expanded, Some(format!("a{number}b%")));
        assert_eq!(expand(&[b'x'; PATH_BYTES_MAX], &mut buffer), None);
        assert_eq!(expand(b"a\0b", &mut buffer), None);
    }
}
