//! Options of sockets.
//!
//! Only those that are known here can be set and asked for. Others choose where packets go (`IP_OPTIONS`, `SO_BINDTODEVICE`), have
//! addresses of memory in them (`SO_ATTACH_FILTER`) or need a privilege that the process may have and the guest has not
//! (`SO_MARK`).

use super::inside;
use super::socket::descriptor;
use crate::arch::system_call;
use crate::vfs::open::OpenFile;
use rustix::fd::{AsRawFd, BorrowedFd};
use rustix::io::Errno;
use rustix::net::sockopt;

/// Which option: its level and its number for the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketOption {
    /// `SOL_SOCKET`, `IPPROTO_*`.
    pub level: i32,
    /// Its number there.
    pub number: i32,
}

/// The most bytes that the value of an option has (`TCP_INFO`, the name of an algorithm).
pub const VALUE_BYTES_MAX: usize = 256;

/// Sets an option.
pub fn set(file: &OpenFile, option: SocketOption, value: &[u8]) -> Result<(), Errno> {
    let socket = descriptor(file)?;
    if is_of_protocol(option) && is_inside(file) {
        // There are no packets that it would be about.
        return Ok(());
    }
    set_value(socket, option, value)
}

fn set_value(socket: BorrowedFd<'_>, option: SocketOption, value: &[u8]) -> Result<(), Errno> {
    let SocketOption { level, number } = option;
    let arguments =
        [socket.as_raw_fd() as usize, level as usize, number as usize, value.as_ptr() as usize, value.len()];
    // SAFETY: the kernel reads so many bytes of the value, of which no option that is known is an address.
    unsafe { system_call(libc::SYS_setsockopt, arguments) }.map(drop)
}

/// Writes the value of an option. Returns how many bytes it has.
pub fn get(file: &OpenFile, option: SocketOption, value: &mut [u8]) -> Result<usize, Errno> {
    let socket = descriptor(file)?;
    if is_inside(file)
        && let Some(known) = inside_value(file, option)
    {
        let bytes = known.to_ne_bytes();
        let len = bytes.len().min(value.len());
        value[..len].copy_from_slice(&bytes[..len]);
        return Ok(len);
    }
    value_of(socket, option, value)
}

fn value_of(socket: BorrowedFd<'_>, option: SocketOption, value: &mut [u8]) -> Result<usize, Errno> {
    let mut len = value.len() as libc::socklen_t;
    let SocketOption { level, number } = option;
    let (value, len_at) = (value.as_mut_ptr() as usize, &raw mut len as usize);
    let arguments = [socket.as_raw_fd() as usize, level as usize, number as usize, value, len_at];
    // SAFETY: the kernel writes at most so many bytes.
    unsafe { system_call(libc::SYS_getsockopt, arguments) }?;
    Ok(len as usize)
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

/// Returns the error that a socket has met, and takes it.
pub fn error(file: &OpenFile) -> Result<Option<Errno>, Errno> {
    sockopt::socket_error(descriptor(file)?).map(Result::err)
}

fn is_of_protocol(option: SocketOption) -> bool {
    option.level != libc::SOL_SOCKET
}

fn is_inside(file: &OpenFile) -> bool {
    matches!(file, OpenFile::Socket(socket) if inside::is_inside(socket))
}

/// Returns what an option is of a socket that is reached inside of the process, where the kernel would speak of the Unix socket that
/// is behind it.
fn inside_value(file: &OpenFile, option: SocketOption) -> Option<i32> {
    let OpenFile::Socket(socket) = file else { return None };
    let (own, peer) = socket.with_role(|role| inside::addresses(role))?;
    match option.number {
        _ if is_of_protocol(option) => Some(0),
        libc::SO_DOMAIN => Some(if own.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 }),
        libc::SO_TYPE => Some(libc::SOCK_STREAM),
        libc::SO_PROTOCOL => Some(libc::IPPROTO_TCP),
        libc::SO_ACCEPTCONN => Some(i32::from(peer.is_none())),
        _ => None,
    }
}
