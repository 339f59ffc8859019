//! Options as the kernel has them, by number.

use crate::arch::system_call;
use rustix::fd::{AsRawFd, BorrowedFd};
use rustix::io::Errno;

/// Which option: its level and its number for the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketOption {
    /// `SOL_SOCKET`, `IPPROTO_*`.
    pub level: i32,
    /// Its number there.
    pub number: i32,
}

/// For how long a socket waits to receive, or to send: the bytes of a `struct timeval`, all 0 for ever.
///
/// By the number that every system knows. Of a later one, which is for machines with 32 bits, qemu 7.2 says that its value is a
/// number of 4 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// To receive.
    Receive = libc::SO_RCVTIMEO as isize,
    /// To send.
    Send = libc::SO_SNDTIMEO as isize,
}

impl Timeout {
    /// Whether a socket waits for a limited time.
    pub fn is_limited(self, socket: BorrowedFd<'_>) -> Result<bool, Errno> {
        self.of(socket).map(|value| value.iter().any(|byte| *byte != 0))
    }

    /// Lets a socket wait for as long as another one.
    pub fn copy(self, from: BorrowedFd<'_>, to: BorrowedFd<'_>) -> Result<(), Errno> {
        set_value(to, self.option(), &self.of(from)?)
    }

    fn of(self, socket: BorrowedFd<'_>) -> Result<[u8; size_of::<libc::timeval>()], Errno> {
        let mut value = [0; size_of::<libc::timeval>()];
        value_of(socket, self.option(), &mut value)?;
        Ok(value)
    }

    fn option(self) -> SocketOption {
        SocketOption { level: libc::SOL_SOCKET, number: self as i32 }
    }
}

/// Sets an option.
pub fn set_value(socket: BorrowedFd<'_>, option: SocketOption, value: &[u8]) -> Result<(), Errno> {
    let SocketOption { level, number } = option;
    let arguments =
        [socket.as_raw_fd() as usize, level as usize, number as usize, value.as_ptr() as usize, value.len()];
    // SAFETY: the kernel reads so many bytes of the value, of which no option that is known is an address.
    unsafe { system_call(libc::SYS_setsockopt, arguments) }.map(drop)
}

/// Writes the value of an option. Returns how many bytes it has.
pub fn value_of(socket: BorrowedFd<'_>, option: SocketOption, value: &mut [u8]) -> Result<usize, Errno> {
    let mut len = value.len() as libc::socklen_t;
    let SocketOption { level, number } = option;
    let (value, len_at) = (value.as_mut_ptr() as usize, &raw mut len as usize);
    let arguments = [socket.as_raw_fd() as usize, level as usize, number as usize, value, len_at];
    // SAFETY: the kernel writes at most so many bytes.
    unsafe { system_call(libc::SYS_getsockopt, arguments) }?;
    Ok(len as usize)
}
