//! The folder of a grant.

use super::cookies::Cookies;
use super::listing::{self, HostDirectory, Visit};
use super::operations::{Operations, Own};
use super::status::{FileType, Status};
use crate::process::phase;
use crate::process::standard::open_closed_descriptors;
use crate::vfs::path::beneath::{Access, Base, is_out_of_reach};
use crate::vfs::tree::{NodeIndex, Tree};
use core::sync::atomic::{AtomicI32, Ordering};
use rustix::fd::{AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::Errno;

/// The folder of a grant, opened when it is first needed. It may be missing on the host; then the embedded tree may have something
/// in its place.
pub struct HostFolder {
    path: &'static [u8],
    /// Its descriptor, or [`NOT_OPENED`].
    opened: AtomicI32,
    /// The rules of the grant.
    pub access: Access,
    /// The passage of the embedded tree that lies over it.
    node: Option<NodeIndex>,
    cookies: Cookies,
}

const NOT_OPENED: i32 = -1;

impl HostFolder {
    /// Takes the path of a folder and the rules of its grant.
    pub fn new(path: &'static [u8], access: Access, node: Option<NodeIndex>) -> HostFolder {
        HostFolder { path, opened: AtomicI32::new(NOT_OPENED), access, node, cookies: Cookies::new() }
    }

    /// Whether its path in the configuration is the text at this address.
    pub fn has_text(&self, text: *const u8) -> bool {
        self.path.as_ptr() == text
    }

    fn open(&self) -> Result<RawFd, Errno> {
        // Nothing of the machine that makes a checkpoint gets into it.
        if phase::is_at_build() {
            return Err(Errno::NOENT);
        }
        // Everything else of the host is opened below such a folder.
        open_closed_descriptors()?;
        let readable = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = match openat(CWD, self.path, readable, Mode::empty()) {
            // Names in it can be used although they cannot be listed.
            Err(Errno::ACCESS) => {
                openat(CWD, self.path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?
            }
            result => result?,
        };
        match self.opened.compare_exchange(NOT_OPENED, folder.as_raw_fd(), Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Ok(folder.into_raw_fd()),
            Err(earlier) => Ok(earlier),
        }
    }
}

impl Operations for HostFolder {
    fn file_type(&self) -> Result<FileType, Errno> {
        Ok(FileType::Directory)
    }

    fn descriptor(&self) -> Result<BorrowedFd<'_>, Errno> {
        let raw = match self.opened.load(Ordering::Acquire) {
            NOT_OPENED => self.open()?,
            raw => raw,
        };
        // SAFETY: it stays open as long as `self`.
        Ok(unsafe { BorrowedFd::borrow_raw(raw) })
    }

    fn access(&self) -> Option<Access> {
        Some(self.access)
    }

    fn node(&self) -> Option<NodeIndex> {
        self.node
    }

    fn base(&self) -> Result<Base<'_>, Errno> {
        Ok(Base { directory: self.descriptor()?, access: self.access })
    }

    fn status(&self) -> Own<Status> {
        match (self.descriptor(), self.node) {
            (Err(error), Some(node)) if is_out_of_reach(error) => Ok(Some(Status::of_node(Tree::expected()?, node))),
            (descriptor, _) => descriptor.map(|_| None),
        }
    }

    /// C libraries ask for these before each use of a folder, even if what they look for is embedded.
    fn flags(&self) -> Own<OFlags> {
        Ok(Some(OFlags::RDONLY | OFlags::DIRECTORY))
    }

    fn list(&self, tree: Option<Tree>, cookie: u64, bytes_wanted: usize, visit: &mut Visit<'_>) -> Result<(), Errno> {
        let over = tree.zip(self.node);
        let host = match self.descriptor() {
            // The tree is all there is.
            Err(error) if over.is_some() && is_out_of_reach(error) => None,
            descriptor => Some(HostDirectory { descriptor: descriptor?, cookies: &self.cookies }),
        };
        listing::list(host, over, cookie, bytes_wanted, visit)
    }
}

impl Drop for HostFolder {
    fn drop(&mut self) {
        let raw = *self.opened.get_mut();
        if raw != NOT_OPENED {
            // SAFETY: opened by `open`, owned by this folder, and not used after it.
            drop(unsafe { OwnedFd::from_raw_fd(raw) });
        }
    }
}
