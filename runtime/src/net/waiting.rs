//! Calls of the kernel that wait.

use crate::process::pending::restarted;
use crate::vfs::waiting;
use rustix::event::{PollFd, PollFlags};
use rustix::fd::BorrowedFd;
use rustix::io::Errno;

/// Makes a call that may wait, and makes it again where a signal has come that is not the guest's affair.
pub fn until_done<T>(call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    restarted(call)
}

/// Waits until a socket can be read or written.
pub fn until_ready(socket: BorrowedFd<'_>, event: PollFlags) -> Result<(), Errno> {
    restarted(|| waiting::poll(&mut [PollFd::from_borrowed_fd(socket, event)], None)).map(drop)
}
