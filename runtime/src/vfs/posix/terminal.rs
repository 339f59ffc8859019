//! Terminals that the process was started with, or that are opened in a grant.

use crate::vfs::open::OpenFile;
use core::mem::{MaybeUninit, transmute};
use rustix::fd::AsRawFd;
use rustix::io::{Errno, ioctl_fionread};
use rustix::termios::tcgetwinsize;

/// Bytes of the attributes, which are laid out as musl has them on all machines.
pub const ATTRIBUTES_BYTES: usize = size_of::<libc::termios>();

const _: () = assert!(ATTRIBUTES_BYTES == 60);

/// When attributes are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At once.
    Now,
    /// When all output was written.
    Drained,
    /// Then, and input that was not read yet is thrown away.
    Flushed,
}

fn result(returned: i32) -> Result<(), Errno> {
    if returned == 0 { Ok(()) } else { Err(last_error()) }
}

fn last_error() -> Errno {
    // SAFETY: the C library has a place for it in every thread.
    Errno::from_raw_os_error(unsafe { *libc::__errno_location() })
}

/// Returns the attributes of a terminal. Fails with `ENOTTY` for what is none.
pub fn attributes(file: &OpenFile) -> Result<[u8; ATTRIBUTES_BYTES], Errno> {
    if !file.is_terminal() {
        return Err(Errno::NOTTY);
    }
    let mut attributes = MaybeUninit::<libc::termios>::zeroed();
    // SAFETY: there is room for them.
    result(unsafe { libc::tcgetattr(file.descriptor()?.as_raw_fd(), attributes.as_mut_ptr()) })?;
    // SAFETY: the function has set them, and all bytes are.
    Ok(unsafe { transmute::<libc::termios, [u8; ATTRIBUTES_BYTES]>(attributes.assume_init()) })
}

/// Sets the attributes of a terminal. Fails with `ENOTTY` for what is none.
pub fn set_attributes(file: &OpenFile, when: When, attributes: &[u8; ATTRIBUTES_BYTES]) -> Result<(), Errno> {
    if !file.is_terminal() {
        return Err(Errno::NOTTY);
    }
    let when = match when {
        When::Now => libc::TCSANOW,
        When::Drained => libc::TCSADRAIN,
        When::Flushed => libc::TCSAFLUSH,
    };
    // SAFETY: all patterns of bytes are attributes.
    let attributes = unsafe { transmute::<[u8; ATTRIBUTES_BYTES], libc::termios>(*attributes) };
    // SAFETY: they are there.
    result(unsafe { libc::tcsetattr(file.descriptor()?.as_raw_fd(), when, &attributes) })
}

/// Returns how many rows and columns a terminal has.
pub fn window_size(file: &OpenFile) -> Result<(u16, u16), Errno> {
    let size = tcgetwinsize(file.descriptor().map_err(|_| Errno::NOTTY)?)?;
    Ok((size.ws_row, size.ws_col))
}

/// Returns the group of processes that a terminal belongs to now.
pub fn process_group(file: &OpenFile) -> Result<u32, Errno> {
    if !file.is_terminal() {
        return Err(Errno::NOTTY);
    }
    // SAFETY: it has no conditions.
    let group = unsafe { libc::tcgetpgrp(file.descriptor()?.as_raw_fd()) };
    u32::try_from(group).map_err(|_| last_error())
}

/// Returns how many bytes can be read without waiting.
pub fn bytes_to_read(file: &OpenFile) -> Result<u32, Errno> {
    let bytes = ioctl_fionread(file.descriptor().map_err(|_| Errno::NOTTY)?)?;
    Ok(bytes.try_into().unwrap_or(u32::MAX))
}
