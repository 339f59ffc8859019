//! Reads and writes between descriptors and several pieces of guest memory at once.
//!
//! These are system calls of their own and not rustix's, because the pieces are guest memory: they may overlap and may change at
//! any time, so they must not become slices.

use crate::arch::{system_call, waiting_system_call};
use crate::guest::pointer::GuestRange;
use crate::process::pending::restarted;
use crate::process::signals::ignore_signals_of_writes;
use core::ffi::c_int;
use rustix::fd::{AsRawFd, BorrowedFd};
use rustix::io::{Errno, retry_on_intr};

/// Pieces in one call, as in the kernel (`UIO_MAXIOV`).
pub const PIECES_MAX: usize = 1024;

/// Reads from where the descriptor is.
pub fn read(descriptor: BorrowedFd<'_>, pieces: &[GuestRange]) -> Result<usize, Errno> {
    let [descriptor, vectors, count] = arguments(descriptor, pieces);
    // SAFETY: the pieces are memory that the guest owns and expects to change.
    restarted(|| unsafe { waiting_system_call(libc::SYS_readv, [descriptor, vectors, count]) })
}

/// Where the descriptor is, as an offset. The register for its upper half means nothing in 64 bits.
const HERE: usize = usize::MAX;

/// Reads from where the descriptor is, what is there without waiting. Fails with `EAGAIN` if nothing is, and with `EOPNOTSUPP`
/// (`EINVAL` or `ENOSYS` before Linux 4.14) where the kernel cannot tell.
pub fn read_at_once(descriptor: BorrowedFd<'_>, pieces: &[GuestRange]) -> Result<usize, Errno> {
    let [descriptor, vectors, count] = arguments(descriptor, pieces);
    let arguments = [descriptor, vectors, count, HERE, HERE, libc::RWF_NOWAIT as usize];
    // SAFETY: as in `read`.
    retry_on_intr(|| unsafe { system_call(libc::SYS_preadv2, arguments) })
}

/// Reads from `offset` and leaves the descriptor where it is.
pub fn read_at(descriptor: BorrowedFd<'_>, pieces: &[GuestRange], offset: u64) -> Result<usize, Errno> {
    let [descriptor, vectors, count] = arguments(descriptor, pieces);
    let offset = i64::try_from(offset).map_err(|_| Errno::INVAL)? as usize;
    // SAFETY: as in `read`.
    retry_on_intr(|| unsafe { system_call(libc::SYS_preadv, [descriptor, vectors, count, offset]) })
}

/// Writes to where the descriptor is.
pub fn write(descriptor: BorrowedFd<'_>, pieces: &[GuestRange]) -> Result<usize, Errno> {
    let [descriptor, vectors, count] = arguments(descriptor, pieces);
    ignore_signals_of_writes();
    // SAFETY: the pieces are memory that the guest owns and the kernel only reads.
    restarted(|| unsafe { waiting_system_call(libc::SYS_writev, [descriptor, vectors, count]) })
}

/// Writes at `offset` and leaves the descriptor where it is. As always on Linux, a descriptor that appends appends.
pub fn write_at(descriptor: BorrowedFd<'_>, pieces: &[GuestRange], offset: u64) -> Result<usize, Errno> {
    let [descriptor, vectors, count] = arguments(descriptor, pieces);
    let offset = i64::try_from(offset).map_err(|_| Errno::INVAL)? as usize;
    ignore_signals_of_writes();
    // SAFETY: as in `write`.
    retry_on_intr(|| unsafe { system_call(libc::SYS_pwritev, [descriptor, vectors, count, offset]) })
}

/// Writes to the end of a file, whether the descriptor appends or not. Before Linux 4.16 this fails.
pub fn append(descriptor: BorrowedFd<'_>, pieces: &[GuestRange]) -> Result<usize, Errno> {
    let [descriptor, vectors, count] = arguments(descriptor, pieces);
    ignore_signals_of_writes();
    let arguments = [descriptor, vectors, count, HERE, HERE, libc::RWF_APPEND as usize];
    // SAFETY: as in `write`.
    retry_on_intr(|| unsafe { system_call(libc::SYS_pwritev2, arguments) })
}

/// What `recvmsg` says of a message.
pub struct Received {
    /// Bytes received.
    pub bytes: usize,
    /// The message was longer than the pieces together.
    pub truncated: bool,
}

/// Receives from a socket. `flags` are `MSG_*`.
pub fn receive(socket: BorrowedFd<'_>, pieces: &[GuestRange], flags: c_int) -> Result<Received, Errno> {
    let mut message = message(pieces);
    // SAFETY: the message is valid, names no address and no control data, and its pieces are as in `read`.
    let bytes = restarted(|| unsafe {
        waiting_system_call(libc::SYS_recvmsg, [socket.as_raw_fd() as usize, &raw mut message as usize, flags as usize])
    })?;
    Ok(Received { bytes, truncated: message.msg_flags & libc::MSG_TRUNC != 0 })
}

/// Sends to a connected socket, without SIGPIPE. `flags` are `MSG_*`.
pub fn send(socket: BorrowedFd<'_>, pieces: &[GuestRange], flags: c_int) -> Result<usize, Errno> {
    let message = message(pieces);
    // SAFETY: the message is valid, names no address and no control data, and its pieces are as in `write`.
    restarted(|| unsafe {
        let flags = flags | libc::MSG_NOSIGNAL;
        waiting_system_call(
            libc::SYS_sendmsg,
            [socket.as_raw_fd() as usize, &raw const message as usize, flags as usize],
        )
    })
}

/// Fills guest memory with random bytes.
pub fn random(into: GuestRange) -> Result<(), Errno> {
    // Small enough that a signal does not wait long.
    const CHUNK_BYTES: usize = 1 << 20;
    let mut done = 0;
    while done < into.len() {
        let chunk = into.part(done, CHUNK_BYTES);
        // SAFETY: the piece is memory that the guest owns and expects to change.
        done += retry_on_intr(|| unsafe {
            system_call(libc::SYS_getrandom, [chunk.as_mut_ptr() as usize, chunk.len(), 0])
        })?;
    }
    Ok(())
}

/// A descriptor and pieces as the kernel wants them; [`GuestRange`] has the layout of its `struct iovec`.
fn arguments(descriptor: BorrowedFd<'_>, pieces: &[GuestRange]) -> [usize; 3] {
    [descriptor.as_raw_fd() as usize, pieces.as_ptr() as usize, pieces.len().min(PIECES_MAX)]
}

fn message(pieces: &[GuestRange]) -> libc::msghdr {
    // SAFETY: all zeros is a message without anything; the fields that libc keeps for padding have no names.
    let mut message: libc::msghdr = unsafe { core::mem::zeroed() };
    message.msg_iov = pieces.as_ptr().cast_mut().cast();
    message.msg_iovlen = pieces.len().min(PIECES_MAX) as _;
    message
}

/// What a function of libc returned, or the error it left.
pub fn result(returned: isize) -> Result<usize, Errno> {
    usize::try_from(returned).map_err(|_| {
        // SAFETY: the location belongs to this thread.
        Errno::from_raw_os_error(unsafe { *libc::__errno_location() })
    })
}
