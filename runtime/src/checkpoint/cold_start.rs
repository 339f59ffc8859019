//! Starts a program without its checkpoint, in the process that went on from it: the guest asks for that if it cannot
//! go on as it should.

use super::explain;
use crate::process::configuration::Configuration;
use crate::process::failure::fail;
use crate::process::lock::Lock;
use crate::process::phase::{is_at_build, is_trial, refuse};
use crate::process::standard::open_closed_descriptors;
use crate::process::vectors;
use crate::process::vectors::name_of_variable;
use crate::vfs::open::vectored::result;
use adder_abi::refusal::Refusal;
use adder_abi::{status, variable};
use alloc::vec::Vec;
use core::ffi::{CStr, c_char, c_int};
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use rustix::fd::{AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd};
use rustix::fs::{MemfdFlags, SealFlags, SeekFrom, fcntl_add_seals, ftruncate, memfd_create, seek, stat};
use rustix::io::{Errno, fcntl_dupfd_cloexec};

// Relaxed: each of the two is a fact of its own, said by the first thread before there are others, or taken back once.
// Nothing else is known by them.

/// Whether this process has gone on from a checkpoint.
static POSSIBLE: AtomicBool = AtomicBool::new(false);

/// Whether this process has started without a checkpoint.
static IS_ONE: AtomicBool = AtomicBool::new(false);

/// What the cold start is to have as its standard input; -1 for what this process has. `Release` and `Acquire`: whoever
/// finds a descriptor here finds it open.
static INPUT: AtomicI32 = AtomicI32::new(-1);

/// Says that this process goes on from a checkpoint.
pub fn is_possible() {
    POSSIBLE.store(true, Ordering::Relaxed);
}

/// Says that this process starts without a checkpoint.
pub fn is_one() {
    IS_ONE.store(true, Ordering::Relaxed);
}

/// The variable of the environment that only a cold start has, or has otherwise than `all` says: `NAME=VALUE`.
pub fn variable<I: Iterator<Item = &'static [u8]>>(
    configuration: Configuration,
    all: impl FnOnce() -> I,
) -> Option<&'static [u8]> {
    static VARIABLE: Lock<Option<&'static [u8]>> = Lock::new(None);
    if !IS_ONE.load(Ordering::Relaxed) || is_at_build() {
        return None;
    }
    let (name, value) = configuration.cold_start_variable()?;
    let new = || {
        let mut text = [name, b"=", value].concat();
        let given = all().find(|text| name_of_variable(text) == name);
        let given = given.map(|text| text.get(name.len() + 1..).unwrap_or_default()).unwrap_or_default();
        if !given.is_empty() {
            text.push(b':');
            text.extend_from_slice(given);
        }
        &*text.leak()
    };
    Some(VARIABLE.with(|variable| *variable.get_or_insert_with(new)))
}

/// Whether the guest can still ask for a cold start.
pub fn can_begin() -> bool {
    POSSIBLE.load(Ordering::Relaxed)
}

/// Says that the guest will not ask for a cold start any more. Fails never; where it could not ask anyway, nothing changes.
pub fn give_up() {
    if POSSIBLE.swap(false, Ordering::Relaxed) {
        explain::went_on();
    }
}

/// Whether a variable of the environment says to start cold. The guest does not see it.
pub fn is_variable(text: &CStr) -> bool {
    variable::value(text.to_bytes(), variable::COLD_START).is_some()
}

/// How much a guest can give back, in bytes: the file is memory of the host, which no limit of the guest's counts.
const INPUT_BYTES_MAX: u64 = 64 << 20;

/// Opens what becomes the standard input of the cold start: a guest writes back what it has read, [`INPUT_BYTES_MAX`] at most. It
/// may do so once. Fails with `EINVAL` in a process that has started cold.
pub fn give_input() -> Result<OwnedFd, Errno> {
    if !POSSIBLE.load(Ordering::Relaxed) || INPUT.load(Ordering::Acquire) >= 0 {
        return Err(Errno::INVAL);
    }
    open_closed_descriptors()?;
    let file = memfd_create(c"standard input", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    // What is not written takes no memory, and what is written cannot make it larger.
    ftruncate(&file, INPUT_BYTES_MAX)?;
    fcntl_add_seals(&file, SealFlags::GROW)?;
    // The guest closes its own.
    let kept = fcntl_dupfd_cloexec(&file, 3)?;
    // Of threads that do this at the same time, one does it.
    match INPUT.compare_exchange(-1, kept.as_raw_fd(), Ordering::Release, Ordering::Relaxed) {
        Ok(_) => {
            let _stays_open = kept.into_raw_fd();
            Ok(file)
        }
        Err(_) => Err(Errno::INVAL),
    }
}

/// Replaces this process by one that starts cold, with the same arguments, environment and descriptors. Returns only if that
/// is not to be done: with `EINVAL` in a process that has started cold. Where the kernel refuses, the process ends: what the guest
/// would do then is not what it was started for.
pub fn begin() -> Errno {
    if !POSSIBLE.load(Ordering::Relaxed) {
        return Errno::INVAL;
    }
    if is_trial() {
        refuse(Refusal::StartsCold);
    }
    let input = INPUT.load(Ordering::Acquire);
    if input >= 0 {
        // SAFETY: the descriptor was opened above and is closed by nobody.
        let given = unsafe { BorrowedFd::borrow_raw(input) };
        if let Err(error) = put_input(given) {
            return error;
        }
    }
    let mut variable = variable::COLD_START.as_bytes().to_vec();
    variable.extend_from_slice(b"=1\0");
    explain::guest_starts();
    let rest = vectors::environment().filter(|text| !explain::is_variable(text));
    let mut environment: Vec<*const c_char> = rest.map(CStr::as_ptr).collect();
    environment.push(variable.as_ptr().cast());
    environment.push(null());
    // By the name that the kernel was given, because the process is called by it, if that still leads to the file; where there
    // is no /proc, by that name too.
    // SAFETY: the kernel has put a C string there, if anything.
    let name = unsafe { libc::getauxval(libc::AT_EXECFN) } as *const c_char;
    const ITSELF: &CStr = c"/proc/self/exe";
    let paths = if is_same_file(name, ITSELF) { [name, ITSELF.as_ptr()] } else { [ITSELF.as_ptr(), name] };
    for path in paths {
        if !path.is_null() {
            // SAFETY: C strings, and vectors of them that end with a null.
            unsafe { libc::execve(path, vectors::argument_vector(), environment.as_ptr()) };
        }
    }
    // SAFETY: the location belongs to this thread.
    let error = Errno::from_raw_os_error(unsafe { *libc::__errno_location() });
    let reason = core::fmt::from_fn(|f| match error {
        Errno::NOEXEC => f.write_str("the kernel knows no such executables"),
        Errno::ACCESS | Errno::PERM => f.write_str("it is not permitted"),
        error => write!(f, "error {}", error.raw_os_error()),
    });
    let message =
        format_args!("the program needs a start without its checkpoint, and cannot start itself anew: {reason}");
    let hint = format_args!("set {}=1 in the environment: then it starts so at once", variable::COLD_START);
    fail(status::SYSTEM, &message, Some(&hint))
}

fn is_same_file(name: *const c_char, other: &CStr) -> bool {
    if name.is_null() {
        return false;
    }
    // SAFETY: a C string of the kernel's.
    match (stat(unsafe { CStr::from_ptr(name) }), stat(other)) {
        (Ok(one), Ok(other)) => (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino),
        _ => false,
    }
}

/// Makes what the guest gave back standard input: a pipe, as it was, if that can hold all of it, else the file itself.
fn put_input(file: BorrowedFd<'_>) -> Result<(), Errno> {
    // The guest has written to the same open file.
    let written = seek(file, SeekFrom::Current(0))?.min(INPUT_BYTES_MAX);
    ftruncate(file, written)?;
    let bytes = usize::try_from(written).map_err(|_| Errno::FBIG)?;
    seek(file, SeekFrom::Start(0))?;
    match pipe_with(file, bytes) {
        Ok(reader) => replace_input(reader.as_raw_fd()),
        Err(_) => {
            seek(file, SeekFrom::Start(0))?;
            replace_input(file.as_raw_fd())
        }
    }
}

/// The reading end of a pipe that holds all bytes of a file, and has no other end.
fn pipe_with(file: BorrowedFd<'_>, bytes: usize) -> Result<OwnedFd, Errno> {
    let mut ends = [0; 2];
    // SAFETY: there is room for both ends, which nobody else owns.
    let [reader, writer] = unsafe {
        result(libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) as isize)?;
        ends.map(|end| OwnedFd::from_raw_fd(end))
    };
    // Where it has room for them already, this is refused or does no harm.
    // SAFETY: the descriptor is open.
    unsafe { libc::fcntl(writer.as_raw_fd(), libc::F_SETPIPE_SZ, c_int::try_from(bytes).unwrap_or(c_int::MAX)) };
    let mut left = bytes;
    while left > 0 {
        let (file, writer) = (file.as_raw_fd(), writer.as_raw_fd());
        // SAFETY: both descriptors are open, and no offsets are asked for.
        let sent = unsafe { libc::splice(file, null_mut(), writer, null_mut(), left, libc::SPLICE_F_NONBLOCK) };
        match result(sent)? {
            0 => return Err(Errno::IO),
            sent => left -= sent,
        }
    }
    Ok(reader)
}

fn replace_input(by: c_int) -> Result<(), Errno> {
    // SAFETY: replaces descriptor 0, which the process that is to come finds there; nobody reads from it any more.
    result(unsafe { libc::dup2(by, 0) } as isize).map(|_| ())
}
