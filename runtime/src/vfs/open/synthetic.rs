//! A directory that is nowhere but in the guest's own names: only because grants lie below it, or because it is the root.

use super::listing::{Entry, Visit};
use super::operations::{Operations, Own};
use super::status::{FileType, Status, type_of_node};
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
    /// That of the directory above it.
    pub parent_inode: u64,
    /// The directory of the embedded tree that has the same name, if there is one.
    pub node: Option<NodeIndex>,
    /// The directories in it that lead to grants or are such, by name, and their numbers.
    pub children: Vec<(&'static [u8], u64)>,
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
    fn list(&self, tree: Option<Tree>, cookie: u64, _bytes_wanted: usize, visit: &mut Visit<'_>) -> Result<(), Errno> {
        const DIRECTORY: FileType = FileType::Directory;
        let dots = [(b".".as_slice(), self.inode, DIRECTORY), (b"..".as_slice(), self.parent_inode, DIRECTORY)];
        let mounts = self.children.iter().map(|&(name, inode)| (name, inode, DIRECTORY));
        let embedded = tree.zip(self.node).into_iter().flat_map(|(tree, node)| {
            let is_hidden = move |child| self.children.iter().any(|&(name, _)| name == tree.name(child));
            // Whoever reads all that there is does not mean to ask for a checkpoint or a cold start.
            let shown =
                tree.children(node).filter(move |&child| !is_hidden(child) && !tree.is_checkpoint_folder(child));
            shown.map(move |child| (tree.name(child), tree.inode(child), type_of_node(tree, child)))
        });
        let first = usize::try_from(cookie).unwrap_or(usize::MAX);
        for (index, (name, inode, file_type)) in dots.into_iter().chain(mounts).chain(embedded).enumerate().skip(first)
        {
            if visit(Entry { next: index as u64 + 1, inode, file_type, name }).is_break() {
                break;
            }
        }
        Ok(())
    }
}
