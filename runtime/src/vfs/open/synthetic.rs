//! A directory that is nowhere but in the guest's own names: only because grants lie below it, or because it is the root.

use super::listing::{Entry, Visit};
use super::operations::{Operations, Own};
use super::status::{FileType, Status};
use crate::guest::pointer::GuestRange;
use crate::vfs::tree::{NodeIndex, Tree};
use alloc::vec::Vec;
use rustix::fs::{Advice, OFlags, Timestamps};
use rustix::io::Errno;

/// A directory that leads to grants. Nobody can make anything in it.
pub struct SyntheticDirectory {
    /// The guest's name for it.
    pub path: Vec<u8>,
    /// Its number, on the device of what is embedded.
    pub inode: u64,
    /// The directory of the embedded tree that has the same name, if there is one.
    pub node: Option<NodeIndex>,
    /// What it shows, with `.` and `..`.
    pub entries: Vec<SyntheticEntry>,
}

/// An entry of such a directory.
pub struct SyntheticEntry {
    /// Its name.
    pub name: &'static [u8],
    /// Its number.
    pub inode: u64,
    /// What it is.
    pub file_type: FileType,
}

impl Operations for SyntheticDirectory {
    fn file_type(&self) -> Result<FileType, Errno> {
        Ok(FileType::Directory)
    }

    fn node(&self) -> Option<NodeIndex> {
        self.node
    }

    fn status(&self) -> Own<Status> {
        Ok(Some(Status::unchangeable(self.inode, FileType::Directory, 0, 0)))
    }

    fn read(&self, _pieces: &[GuestRange]) -> Own<usize> {
        Err(Errno::ISDIR)
    }

    fn read_at(&self, _pieces: &[GuestRange], _offset: u64) -> Own<usize> {
        Err(Errno::ISDIR)
    }

    fn set_size(&self, _size: u64) -> Own<()> {
        Err(Errno::INVAL)
    }

    fn set_times(&self, _times: &Timestamps) -> Own<()> {
        Err(Errno::ROFS)
    }

    fn advise(&self, _advice: Advice) -> Own<()> {
        Ok(Some(()))
    }

    fn sync(&self) -> Own<()> {
        Ok(Some(()))
    }

    fn flags(&self) -> Own<OFlags> {
        Ok(Some(OFlags::RDONLY | OFlags::DIRECTORY))
    }

    fn set_flags(&self, _flags: OFlags) -> Own<()> {
        Ok(Some(()))
    }

    /// A cookie is the number of the next entry.
    fn list(&self, _tree: Option<Tree>, cookie: u64, _bytes: usize, visit: &mut Visit<'_>) -> Result<(), Errno> {
        let mut next = cookie;
        while let Some(&SyntheticEntry { name, inode, file_type }) = self.entries.get(next as usize) {
            next += 1;
            if visit(Entry { next, inode, file_type, name }).is_break() {
                break;
            }
        }
        Ok(())
    }
}
