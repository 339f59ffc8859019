//! A standard stream: descriptor 0, 1 or 2 of the process, whatever whoever started it has put there.

use super::operations::{Operations, Own};
use super::shared::Shared;
use super::status::FileType;
use super::vectored::Received;
use crate::guest::pointer::GuestRange;
use crate::process::standard::open_closed_descriptors;
use core::ffi::c_int;
use rustix::fd::{AsRawFd, BorrowedFd, OwnedFd, RawFd};
use rustix::fs::{Advice, CWD, Mode, OFlags, openat};
use rustix::io::Errno;
use rustix::net::{Shutdown, SocketFlags, shutdown};

/// Standard input, output or error of the process.
///
/// No grant covers it. A directory there is no start of paths: whoever starts the program with it has not granted it.
pub struct Stream {
    raw: RawFd,
    shared: Shared,
}

impl Stream {
    /// Takes the number of the standard descriptor.
    pub const fn new(raw: RawFd) -> Stream {
        Stream { raw, shared: Shared::new() }
    }
}

impl Operations for Stream {
    fn file_type(&self) -> Result<FileType, Errno> {
        self.shared.file_type(self.descriptor()?)
    }

    fn descriptor(&self) -> Result<BorrowedFd<'_>, Errno> {
        open_closed_descriptors()?;
        // SAFETY: standard descriptors stay open as long as the process.
        Ok(unsafe { BorrowedFd::borrow_raw(self.raw) })
    }

    fn standard(&self) -> Option<RawFd> {
        Some(self.raw)
    }

    fn read(&self, pieces: &[GuestRange]) -> Own<usize> {
        self.shared.read(self.descriptor()?, pieces).map(Some)
    }

    fn write(&self, pieces: &[GuestRange]) -> Own<usize> {
        self.shared.write(self.descriptor()?, pieces).map(Some)
    }

    fn advise(&self, _advice: Advice) -> Own<()> {
        self.shared.advise(self.descriptor()?).map(Some)
    }

    fn own_flags(&self) -> Option<OFlags> {
        self.shared.own_flags()
    }

    fn set_flags(&self, flags: OFlags) -> Own<()> {
        self.shared.set_own_flags(flags);
        Ok(Some(()))
    }

    fn receive(&self, pieces: &[GuestRange], flags: c_int) -> Result<Received, Errno> {
        self.shared.receive(self.descriptor()?, pieces, flags)
    }

    fn send(&self, pieces: &[GuestRange]) -> Result<usize, Errno> {
        self.shared.send(self.descriptor()?, pieces)
    }

    fn accept(&self, flags: SocketFlags) -> Result<OwnedFd, Errno> {
        self.shared.accept(self.descriptor()?, flags)
    }

    fn shut_down(&self, how: Shutdown) -> Result<(), Errno> {
        shutdown(self.descriptor()?, how)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if cfg!(feature = "library") {
            // It is the host program's, which goes on using it.
            return;
        }
        // The number must not become free: it would go to the guest's next file, and messages of the runtime with it.
        if let Ok(null) = openat(CWD, c"/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty()) {
            // SAFETY: replaces a standard descriptor; nobody else refers to its former file.
            unsafe { libc::dup2(null.as_raw_fd(), self.raw) };
        }
    }
}
