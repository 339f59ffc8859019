//! A special file: one of those below [`CHECKPOINT_FOLDER`](adder_abi::checkpoint::CHECKPOINT_FOLDER), by which a guest deals
//! with its checkpoint.

use super::embedded::EmbeddedFile;
use super::operations::{Operations, Own};
use super::status::{FileType, Status};
use crate::Runtime;
use crate::guest::pointer::GuestRange;
use crate::vfs::special::{Special, SpecialFiles};
use crate::vfs::tree::NodeIndex;
use rustix::fs::{Advice, OFlags, SeekFrom, Timestamps};
use rustix::io::Errno;

/// A special file that is open. But for what it is there for it is like any embedded file.
pub struct SpecialFile {
    special: Special,
    file: EmbeddedFile,
}

impl SpecialFile {
    /// Opens the node of a special file.
    pub fn open(special: Special, node: NodeIndex, flags: OFlags) -> SpecialFile {
        SpecialFile { special, file: EmbeddedFile::open(node, flags) }
    }
}

impl Operations for SpecialFile {
    fn special(&self) -> Option<Special> {
        Some(self.special)
    }

    fn write(&self, pieces: &[GuestRange]) -> Own<usize> {
        match self.special {
            Special::Reason => Ok(Some(Runtime::keep_reason(pieces))),
            Special::Checkpoint | Special::Memory => Ok(None),
        }
    }

    fn file_type(&self) -> Result<FileType, Errno> {
        self.file.file_type()
    }

    fn node(&self) -> Option<NodeIndex> {
        self.file.node()
    }

    fn status(&self) -> Own<Status> {
        self.file.status()
    }

    fn read(&self, pieces: &[GuestRange]) -> Own<usize> {
        self.file.read(pieces)
    }

    fn read_at(&self, pieces: &[GuestRange], offset: u64) -> Own<usize> {
        self.file.read_at(pieces, offset)
    }

    fn seek(&self, to: SeekFrom) -> Own<u64> {
        self.file.seek(to)
    }

    fn set_size(&self, size: u64) -> Own<()> {
        self.file.set_size(size)
    }

    fn set_times(&self, times: &Timestamps) -> Own<()> {
        self.file.set_times(times)
    }

    fn advise(&self, advice: Advice) -> Own<()> {
        self.file.advise(advice)
    }

    fn sync(&self) -> Own<()> {
        self.file.sync()
    }

    fn flags(&self) -> Own<OFlags> {
        self.file.flags()
    }

    fn set_flags(&self, flags: OFlags) -> Own<()> {
        self.file.set_flags(flags)
    }
}
