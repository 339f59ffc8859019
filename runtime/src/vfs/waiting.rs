//! System calls that wait for what happens to a descriptor. A signal that the guest handles ends them, at whatever moment it comes
//! ([`waiting_system_call`]).

use crate::arch::waiting_system_call;
use crate::process::pending::restarted;
use core::ffi::c_int;
use core::ptr::null;
use rustix::event::{PollFd, Timespec};
use rustix::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use rustix::io::Errno;
use rustix::net::SocketFlags;

/// Waits until something has happened to one of these, or the time is over: returns to how many. `None` waits as long as it takes.
/// Fails with `EINTR` when a signal comes; whoever was to wait for a time finds out how long that still is.
pub fn poll(descriptors: &mut [PollFd<'_>], timeout: Option<&Timespec>) -> Result<usize, Errno> {
    let timeout = timeout.map(|time| libc::timespec { tv_sec: time.tv_sec as _, tv_nsec: time.tv_nsec as _ });
    let timeout = timeout.as_ref().map_or(null(), |time| time as *const libc::timespec);
    let arguments = [descriptors.as_mut_ptr() as usize, descriptors.len(), timeout as usize, 0, 0];
    // The kernel writes how much time is left, but for its other caller (ppoll(2)).
    // SAFETY: a `PollFd` has the layout of `struct pollfd`; the time is a copy.
    unsafe { waiting_system_call(libc::SYS_ppoll, arguments) }
}

/// Accepts a connection.
pub fn accept(socket: BorrowedFd<'_>, flags: SocketFlags) -> Result<OwnedFd, Errno> {
    let arguments = [socket.as_raw_fd() as usize, 0, 0, flags.bits() as usize];
    // SAFETY: no address is wanted.
    let accepted = restarted(|| unsafe { waiting_system_call(libc::SYS_accept4, arguments) })?;
    // SAFETY: the kernel has made it just now.
    Ok(unsafe { OwnedFd::from_raw_fd(accepted as c_int) })
}
