//! Terminals that the process was started with, or that are opened in a grant.

use crate::process::pending::restarted;
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

/// What was written or typed and has not arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// What was typed.
    Input,
    /// What was written.
    Output,
    /// Both.
    Both,
}

/// What stops, or goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The terminal shows nothing more.
    StopOutput,
    /// It goes on.
    StartOutput,
    /// The terminal is asked to send nothing more.
    StopInput,
    /// It may go on.
    StartInput,
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
    let descriptor = descriptor(file)?;
    let mut attributes = MaybeUninit::<libc::termios>::zeroed();
    // SAFETY: there is room for them.
    result(unsafe { libc::tcgetattr(descriptor, attributes.as_mut_ptr()) })?;
    // SAFETY: the function has set them, and all bytes are.
    Ok(unsafe { transmute::<libc::termios, [u8; ATTRIBUTES_BYTES]>(attributes.assume_init()) })
}

/// Sets the attributes of a terminal. Fails with `ENOTTY` for what is none.
pub fn set_attributes(file: &OpenFile, when: When, attributes: &[u8; ATTRIBUTES_BYTES]) -> Result<(), Errno> {
    let descriptor = descriptor(file)?;
    let when = match when {
        When::Now => libc::TCSANOW,
        When::Drained => libc::TCSADRAIN,
        When::Flushed => libc::TCSAFLUSH,
    };
    // SAFETY: all patterns of bytes are attributes.
    let attributes = unsafe { transmute::<[u8; ATTRIBUTES_BYTES], libc::termios>(*attributes) };
    // SAFETY: they are there.
    result(unsafe { libc::tcsetattr(descriptor, when, &attributes) })
}

/// Returns the descriptor of a terminal. Fails with `ENOTTY` for what is none.
fn descriptor(file: &OpenFile) -> Result<i32, Errno> {
    if file.is_terminal() { Ok(file.descriptor()?.as_raw_fd()) } else { Err(Errno::NOTTY) }
}

/// Throws away what has not arrived.
pub fn flush(file: &OpenFile, queue: Queue) -> Result<(), Errno> {
    let queue = match queue {
        Queue::Input => libc::TCIFLUSH,
        Queue::Output => libc::TCOFLUSH,
        Queue::Both => libc::TCIOFLUSH,
    };
    // SAFETY: it has no conditions.
    result(unsafe { libc::tcflush(descriptor(file)?, queue) })
}

/// Stops output or input, or lets it go on.
pub fn set_flow(file: &OpenFile, flow: Flow) -> Result<(), Errno> {
    let flow = match flow {
        Flow::StopOutput => libc::TCOOFF,
        Flow::StartOutput => libc::TCOON,
        Flow::StopInput => libc::TCIOFF,
        Flow::StartInput => libc::TCION,
    };
    // SAFETY: it has no conditions.
    result(unsafe { libc::tcflow(descriptor(file)?, flow) })
}

/// Waits until all output was written.
pub fn drain(file: &OpenFile) -> Result<(), Errno> {
    let descriptor = descriptor(file)?;
    // SAFETY: it has no conditions.
    restarted(|| result(unsafe { libc::tcdrain(descriptor) }))
}

/// Sends zeros for a while, as far as the terminal is at a line.
pub fn send_break(file: &OpenFile) -> Result<(), Errno> {
    // SAFETY: it has no conditions.
    result(unsafe { libc::tcsendbreak(descriptor(file)?, 0) })
}

/// Returns how many rows and columns a terminal has.
pub fn window_size(file: &OpenFile) -> Result<(u16, u16), Errno> {
    let size = tcgetwinsize(file.descriptor().map_err(|_| Errno::NOTTY)?)?;
    Ok((size.ws_row, size.ws_col))
}

/// Returns the group of processes that a terminal belongs to now.
pub fn process_group(file: &OpenFile) -> Result<u32, Errno> {
    // SAFETY: it has no conditions.
    let group = unsafe { libc::tcgetpgrp(descriptor(file)?) };
    u32::try_from(group).map_err(|_| last_error())
}

/// Returns how many bytes can be read without waiting.
pub fn bytes_to_read(file: &OpenFile) -> Result<u32, Errno> {
    let bytes = ioctl_fionread(file.descriptor().map_err(|_| Errno::NOTTY)?)?;
    Ok(bytes.try_into().unwrap_or(u32::MAX))
}
