//! What the guest has opened on the host by a path: a file, directory, device, pipe or terminal.

use super::cookies::Cookies;
use super::listing::{self, HostDirectory, Visit};
use super::operations::Operations;
use super::status::{FileType, KnownType};
use crate::vfs::path::beneath::{Access, Base};
use crate::vfs::tree::{NodeIndex, Tree};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;

/// A file, directory, device, pipe or terminal of the host that nobody else has open by this descriptor.
pub struct HostFile {
    opened: OwnedFd,
    /// The rules of the grant that it was opened under.
    access: Access,
    /// The passage of the embedded tree that lies over this directory.
    node: Option<NodeIndex>,
    known_type: KnownType,
    /// Where its entries are, if it is a directory that was listed.
    cookies: Cookies,
}

impl HostFile {
    /// Takes what was opened under a grant.
    pub fn new(opened: OwnedFd, access: Access, node: Option<NodeIndex>) -> HostFile {
        HostFile { opened, access, node, known_type: KnownType::new(), cookies: Cookies::new() }
    }
}

impl Operations for HostFile {
    fn file_type(&self) -> Result<FileType, Errno> {
        self.known_type.of(self.opened.as_fd())
    }

    fn descriptor(&self) -> Result<BorrowedFd<'_>, Errno> {
        Ok(self.opened.as_fd())
    }

    fn access(&self) -> Option<Access> {
        Some(self.access)
    }

    fn node(&self) -> Option<NodeIndex> {
        self.node
    }

    fn base(&self) -> Result<Base<'_>, Errno> {
        Ok(Base { directory: self.opened.as_fd(), access: self.access })
    }

    fn list(&self, tree: Option<Tree>, cookie: u64, bytes_wanted: usize, visit: &mut Visit<'_>) -> Result<(), Errno> {
        if self.file_type()? != FileType::Directory {
            return Err(Errno::NOTDIR);
        }
        let host = HostDirectory { descriptor: self.opened.as_fd(), cookies: &self.cookies };
        listing::list(Some(host), tree.zip(self.node), cookie, bytes_wanted, visit)
    }
}
