//! Options of sockets.
//!
//! Only those that are known here can be set and asked for. Others choose where packets go (`IP_OPTIONS`, `SO_BINDTODEVICE`), have
//! addresses of memory in them (`SO_ATTACH_FILTER`) or need a privilege that the process may have and the guest has not
//! (`SO_MARK`).

use super::inside;
pub use super::kernel_option::SocketOption;
use super::kernel_option::{set_value, value_of};
use super::socket::descriptor;
use crate::vfs::open::OpenFile;
use rustix::io::Errno;
use rustix::net::sockopt;

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
