//! What a kind of open file says of itself: what it is, and what it does otherwise than the kernel would.
//!
//! Most kinds have a descriptor of the process, and most of what can be done with them is the kernel's affair. So a kind answers
//! only where it differs; where it gives no answer of its own, [`super::OpenFile`] asks the kernel about its descriptor.

use super::listing::Visit;
use super::status::{FileType, Status};
use super::vectored::Received;
use crate::guest::pointer::GuestRange;
use crate::process::phase;
use crate::vfs::path::beneath::{Access, Base};
use crate::vfs::special::Special;
use crate::vfs::tree::{NodeIndex, Tree};
use adder_abi::refusal::Refusal;
use core::ffi::c_int;
use rustix::fd::{BorrowedFd, OwnedFd, RawFd};
use rustix::fs::{Advice, OFlags, SeekFrom, Timestamps, fstat};
use rustix::io::Errno;
use rustix::net::{Shutdown, SocketFlags};

/// The answer of a kind; nothing, if it leaves that to the kernel.
pub type Own<T> = Result<Option<T>, Errno>;

/// What a kind of open file says of itself. What the operations mean is said at those of [`super::OpenFile`].
pub trait Operations {
    /// Returns what it is.
    fn file_type(&self) -> Result<FileType, Errno>;

    /// Returns the descriptor of the process that is behind it.
    fn descriptor(&self) -> Result<BorrowedFd<'_>, Errno> {
        Err(Errno::BADF)
    }

    /// Returns the rules of the grant that covers it, if one does.
    fn access(&self) -> Option<Access> {
        None
    }

    /// Returns the node of the embedded tree that it is, or the passage that lies over it.
    fn node(&self) -> Option<NodeIndex> {
        None
    }

    /// Returns the directory of the host as a start of paths. What does not say so itself is none, even if it is a directory.
    fn base(&self) -> Result<Base<'_>, Errno> {
        Err(Errno::NOTDIR)
    }

    /// Returns the standard descriptor of the process that it is, if it is one.
    fn standard(&self) -> Option<RawFd> {
        None
    }

    /// Returns which of the special files it is, if it is one.
    fn special(&self) -> Option<Special> {
        None
    }

    /// Returns the flags that the guest has set for itself of an open file that others share, if it has set any: those of
    /// [`CHANGEABLE`](super::shared::CHANGEABLE) that are on.
    fn own_flags(&self) -> Option<OFlags> {
        None
    }

    /// Whether it can always be read and written without waiting. If not, the kernel knows of its descriptor when it can.
    fn is_always_ready(&self) -> Result<bool, Errno> {
        Ok(matches!(self.file_type()?, FileType::RegularFile | FileType::Directory | FileType::BlockDevice))
    }

    /// Returns its attributes.
    fn status(&self) -> Own<Status> {
        Ok(None)
    }

    /// Reads from where it is.
    fn read(&self, _pieces: &[GuestRange]) -> Own<usize> {
        Ok(None)
    }

    /// Reads from an offset.
    fn read_at(&self, _pieces: &[GuestRange], _offset: u64) -> Own<usize> {
        Ok(None)
    }

    /// Writes to where it is.
    fn write(&self, _pieces: &[GuestRange]) -> Own<usize> {
        Ok(None)
    }

    /// Moves to another place. It is no directory.
    fn seek(&self, _to: SeekFrom) -> Own<u64> {
        Ok(None)
    }

    /// Cuts or extends it.
    fn set_size(&self, _size: u64) -> Own<()> {
        Ok(None)
    }

    /// Sets its times.
    fn set_times(&self, _times: &Timestamps) -> Own<()> {
        Ok(None)
    }

    /// Takes advice about its use.
    fn advise(&self, _advice: Advice) -> Own<()> {
        Ok(None)
    }

    /// Brings it to its device.
    fn sync(&self) -> Own<()> {
        Ok(None)
    }

    /// Returns its flags.
    fn flags(&self) -> Own<OFlags> {
        Ok(None)
    }

    /// Sets its flags.
    fn set_flags(&self, _flags: OFlags) -> Own<()> {
        Ok(None)
    }

    /// Gives its entries.
    fn list(
        &self,
        _tree: Option<Tree>,
        _cookie: u64,
        _bytes_wanted: usize,
        _visit: &mut Visit<'_>,
    ) -> Result<(), Errno> {
        Err(Errno::NOTDIR)
    }

    /// Receives.
    fn receive(&self, _pieces: &[GuestRange], _flags: c_int) -> Result<Received, Errno> {
        Err(Errno::NOTSOCK)
    }

    /// Sends.
    fn send(&self, _pieces: &[GuestRange]) -> Result<usize, Errno> {
        Err(Errno::NOTSOCK)
    }

    /// Accepts a connection.
    fn accept(&self, _flags: SocketFlags) -> Result<OwnedFd, Errno> {
        Err(Errno::NOTSOCK)
    }

    /// Ends receiving, sending or both.
    fn shut_down(&self, _how: Shutdown) -> Result<(), Errno> {
        Err(Errno::NOTSOCK)
    }
}

/// Ends a process that makes or tries a checkpoint before it reads anything of the host, which all starts would have in them.
pub fn refuse_input_at_build() {
    if phase::is_at_build() {
        phase::refuse(Refusal::ReadsInput);
    }
}

/// Returns the attributes of what is behind a descriptor of the process.
pub fn status_of(descriptor: BorrowedFd<'_>) -> Result<Status, Errno> {
    let status = Status::of_host(&fstat(descriptor)?);
    if phase::is_at_build() {
        // Standard descriptors, all that there is of the host: numbers and times are of that one process.
        return Ok(Status {
            device: 0,
            inode: 0,
            mode: status.mode & libc::S_IFMT,
            uid: 0,
            gid: 0,
            rdev: 0,
            size: 0,
            blocks: 0,
            accessed: 0,
            modified: 0,
            changed: 0,
            ..status
        });
    }
    Ok(status)
}
