//! A file or directory of the tree in the executable.

use super::listing::{self, Visit};
use super::operations::{Operations, Own};
use super::shared::CHANGEABLE;
use super::status::{FileType, Status, type_of_node};
use crate::guest::pointer::GuestRange;
use crate::vfs::path::beneath::Base;
use crate::vfs::tree::{NodeIndex, Tree};
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use rustix::fs::{Advice, OFlags, SeekFrom, Timestamps};
use rustix::io::Errno;

/// A file or directory of the embedded tree.
pub struct EmbeddedFile {
    node: NodeIndex,
    // Relaxed, both: what is read by them never changes, and changes of one variable have one order for all threads.
    /// Where the next read starts, in bytes.
    position: AtomicU64,
    /// Those of [`REMEMBERED`] that are set.
    flags: AtomicU32,
}

/// Flags that an open file keeps and the guest can ask for, although they make no difference to reading what is there.
/// `O_SYNC` contains `O_DSYNC` and is `O_RSYNC`.
const REMEMBERED: OFlags = CHANGEABLE.union(OFlags::SYNC);

impl EmbeddedFile {
    /// Opens a node.
    pub fn open(node: NodeIndex, flags: OFlags) -> EmbeddedFile {
        let flags = AtomicU32::new((flags & REMEMBERED).bits());
        EmbeddedFile { node, position: AtomicU64::new(0), flags }
    }

    fn current_flags(&self) -> OFlags {
        OFlags::RDONLY | OFlags::from_bits_retain(self.flags.load(Ordering::Relaxed))
    }

    /// Returns the whole contents of a file.
    fn contents(&self) -> Result<&'static [u8], Errno> {
        let tree = Tree::expected()?;
        match type_of_node(tree, self.node) {
            FileType::Directory => Err(Errno::ISDIR),
            _ => Ok(tree.contents(self.node)),
        }
    }

    /// Moves where the next read starts in one step, whatever other threads do. Returns where it was, or nothing if
    /// `target` knows no place to move to.
    fn advance(&self, target: impl FnMut(u64) -> Option<u64>) -> Option<u64> {
        self.position.fetch_update(Ordering::Relaxed, Ordering::Relaxed, target).ok()
    }

    fn copy(&self, pieces: &[GuestRange], offset: u64) -> Result<usize, Errno> {
        let contents = self.contents()?;
        let mut rest = usize::try_from(offset).ok().and_then(|offset| contents.get(offset..)).unwrap_or(&[]);
        let available = rest.len();
        for piece in pieces {
            rest = &rest[piece.write(rest)..];
        }
        Ok(available - rest.len())
    }
}

impl Operations for EmbeddedFile {
    fn file_type(&self) -> Result<FileType, Errno> {
        Ok(type_of_node(Tree::expected()?, self.node))
    }

    fn node(&self) -> Option<NodeIndex> {
        Some(self.node)
    }

    /// The host has nothing in its place.
    fn base(&self) -> Result<Base<'_>, Errno> {
        Err(Errno::NOENT)
    }

    fn status(&self) -> Own<Status> {
        Ok(Some(Status::of_node(Tree::expected()?, self.node)))
    }

    fn read(&self, pieces: &[GuestRange]) -> Own<usize> {
        let wanted = pieces.iter().fold(0_u64, |sum, piece| sum.saturating_add(piece.len() as u64));
        let size = self.contents()?.len() as u64;
        // Takes the bytes before they are copied, so that no other thread reads them too.
        let start = self.advance(|start| Some(start.max(size.min(start.saturating_add(wanted)))));
        self.copy(pieces, start.unwrap_or(size)).map(Some)
    }

    fn read_at(&self, pieces: &[GuestRange], offset: u64) -> Own<usize> {
        i64::try_from(offset).map_err(|_| Errno::INVAL)?;
        self.copy(pieces, offset).map(Some)
    }

    fn seek(&self, to: SeekFrom) -> Own<u64> {
        let size = Tree::expected()?.contents(self.node).len() as i64;
        let mut target = None;
        self.advance(|position| {
            let wanted = match to {
                SeekFrom::Start(offset) => i64::try_from(offset).ok(),
                SeekFrom::Current(offset) => (position as i64).checked_add(offset),
                SeekFrom::End(offset) => size.checked_add(offset),
                _ => None,
            };
            target = wanted.and_then(|wanted| u64::try_from(wanted).ok());
            target
        });
        target.map(Some).ok_or(Errno::INVAL)
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
        Ok(Some(self.current_flags()))
    }

    fn set_flags(&self, flags: OFlags) -> Own<()> {
        let fixed = self.current_flags() - CHANGEABLE;
        self.flags.store((fixed | flags & CHANGEABLE).bits(), Ordering::Relaxed);
        Ok(Some(()))
    }

    fn list(&self, tree: Option<Tree>, cookie: u64, bytes_wanted: usize, visit: &mut Visit<'_>) -> Result<(), Errno> {
        listing::list(None, tree.map(|tree| (tree, self.node)), cookie, bytes_wanted, visit)
    }
}
