//! An open file: what a descriptor of the guest stands for, and everything that can be done with it without a path.

pub mod cookies;
pub mod host_file;
pub mod listing;
mod own_flags;
mod shared;
pub mod status;
pub mod vectored;

use super::embedded::{EmbeddedFile, Tree};
use super::path::beneath::is_out_of_reach;
use super::special;
use crate::guest::pointer::GuestRange;
use crate::process::phase;
use crate::process::signals::ignore_signals_of_writes;
use adder_abi::configuration::NodeKind;
use adder_abi::refusal::Refusal;
use host_file::HostFile;
use rustix::fd::RawFd;
use rustix::fs::{
    Advice, FallocateFlags, OFlags, SeekFrom, Timestamps, fadvise, fallocate, fcntl_setfl, fdatasync, fstat, fsync,
    ftruncate, futimens, seek,
};
use rustix::io::{Errno, retry_on_intr};
use status::{Kind, Status, kind_of_node};

/// What a descriptor of the guest stands for.
pub struct OpenFile {
    /// Where its contents are.
    pub content: Content,
    /// The guest's name for it, if it is one of the directories that the guest starts with.
    pub preopen: Option<&'static [u8]>,
}

/// Where the contents of an open file are.
pub enum Content {
    /// On the host.
    Host(HostFile),
    /// In the executable.
    Embedded(EmbeddedFile),
}

impl OpenFile {
    /// A file that is not one of those that the guest starts with.
    pub fn new(content: Content) -> OpenFile {
        OpenFile { content, preopen: None }
    }

    /// The host's file, or `error` for an embedded one.
    pub fn host_or(&self, error: Errno) -> Result<&HostFile, Errno> {
        match &self.content {
            Content::Host(host) => Ok(host),
            Content::Embedded(_) => Err(error),
        }
    }

    /// The standard descriptor of the process that it is, if it is one.
    pub fn is_standard(&self) -> Option<RawFd> {
        match &self.content {
            Content::Host(host) => host.is_standard(),
            Content::Embedded(_) => None,
        }
    }

    /// Whether it is the file whose read asks for a checkpoint.
    pub fn is_checkpoint(&self) -> bool {
        self.is_embedded(NodeKind::Checkpoint)
    }

    /// Whether it is the guest's own memory.
    pub fn is_memory(&self) -> bool {
        self.is_embedded(NodeKind::Memory)
    }

    fn is_embedded(&self, kind: NodeKind) -> bool {
        match &self.content {
            Content::Host(_) => false,
            Content::Embedded(file) => Tree::of_executable().is_some_and(|tree| tree.kind(file.node) == kind),
        }
    }

    /// What it is.
    pub fn kind(&self) -> Result<Kind, Errno> {
        match &self.content {
            Content::Host(host) => host.kind(),
            Content::Embedded(file) => Ok(kind_of_node(Tree::expected()?, file.node)),
        }
    }

    /// See [`HostFile::is_ungranted_directory`].
    pub fn is_ungranted_directory(&self) -> Result<bool, Errno> {
        match &self.content {
            Content::Host(host) => host.is_ungranted_directory(),
            Content::Embedded(_) => Ok(false),
        }
    }

    /// See [`HostFile::is_output_to_file`].
    pub fn is_output_to_file(&self) -> Result<bool, Errno> {
        match &self.content {
            Content::Host(host) => host.is_output_to_file(),
            Content::Embedded(_) => Ok(false),
        }
    }

    /// Attributes.
    pub fn status(&self) -> Result<Status, Errno> {
        match &self.content {
            Content::Host(host) => {
                let descriptor = match (host.descriptor(), host.node) {
                    // The folder of a grant is missing, but the tree has something in its place.
                    (Err(error), Some(node)) if is_out_of_reach(error) => {
                        return Ok(Status::of_node(Tree::expected()?, node));
                    }
                    (result, _) => result?,
                };
                let mut status = Status::of_host(&fstat(descriptor)?);
                if phase::is_at_build() {
                    // Standard descriptors, all that there is of the host: numbers and times are of that one process.
                    status = Status { device: 0, inode: 0, size: 0, accessed: 0, modified: 0, changed: 0, ..status };
                }
                if status.kind == Kind::StreamSocket {
                    status.kind = host.kind()?;
                }
                Ok(status)
            }
            Content::Embedded(file) => Ok(Status::of_node(Tree::expected()?, file.node)),
        }
    }

    /// Reads from where it is. Returns the number of bytes, 0 at the end.
    pub fn read(&self, pieces: &[GuestRange]) -> Result<usize, Errno> {
        match &self.content {
            Content::Host(_) if phase::is_at_build() => phase::refuse(Refusal::ReadsInput),
            Content::Host(host) => host.read(pieces),
            Content::Embedded(file) => {
                let wanted = pieces.iter().fold(0_u64, |sum, piece| sum.saturating_add(piece.len() as u64));
                let size = self.embedded_bytes(file)?.len() as u64;
                // Takes the bytes before they are copied, so that no other thread reads them too.
                let start = file.advance(|start| Some(start.max(size.min(start.saturating_add(wanted)))));
                self.read_embedded(file, pieces, start.unwrap_or(size))
            }
        }
    }

    /// Reads from `offset`.
    pub fn read_at(&self, pieces: &[GuestRange], offset: u64) -> Result<usize, Errno> {
        match &self.content {
            Content::Host(host) => vectored::read_at(host.descriptor()?, pieces, offset),
            Content::Embedded(file) => {
                i64::try_from(offset).map_err(|_| Errno::INVAL)?;
                self.read_embedded(file, pieces, offset)
            }
        }
    }

    /// The whole contents of an embedded file.
    fn embedded_bytes(&self, file: &EmbeddedFile) -> Result<&'static [u8], Errno> {
        let tree = Tree::expected()?;
        match kind_of_node(tree, file.node) {
            Kind::Directory => Err(Errno::ISDIR),
            _ => Ok(tree.contents(file.node)),
        }
    }

    fn read_embedded(&self, file: &EmbeddedFile, pieces: &[GuestRange], offset: u64) -> Result<usize, Errno> {
        let contents = self.embedded_bytes(file)?;
        let mut rest = usize::try_from(offset).ok().and_then(|offset| contents.get(offset..)).unwrap_or(&[]);
        let available = rest.len();
        for piece in pieces {
            rest = &rest[piece.write(rest)..];
        }
        Ok(available - rest.len())
    }

    /// Writes to where it is. Of embedded files, only the one for reasons takes anything.
    pub fn write(&self, pieces: &[GuestRange]) -> Result<usize, Errno> {
        if self.is_embedded(NodeKind::Reason) {
            return Ok(special::keep_reason(pieces));
        }
        self.host_or(Errno::BADF)?.write(pieces)
    }

    /// Writes at `offset`.
    pub fn write_at(&self, pieces: &[GuestRange], offset: u64) -> Result<usize, Errno> {
        let host = self.host_or(Errno::BADF)?;
        host.may_move()?;
        vectored::write_at(host.descriptor()?, pieces, offset)
    }

    /// Moves to another place and returns it, in bytes from the start.
    ///
    /// Fails with `EBADF` for a directory: other engines do not give directories the right to seek either.
    pub fn seek(&self, to: SeekFrom) -> Result<u64, Errno> {
        match &self.content {
            Content::Host(host) => {
                if host.kind()? == Kind::Directory {
                    return Err(Errno::BADF);
                }
                host.may_move()?;
                seek(host.descriptor()?, to)
            }
            Content::Embedded(file) => {
                let tree = Tree::expected()?;
                if kind_of_node(tree, file.node) == Kind::Directory {
                    return Err(Errno::BADF);
                }
                let size = tree.contents(file.node).len() as i64;
                let mut target = None;
                file.advance(|position| {
                    let wanted = match to {
                        SeekFrom::Start(offset) => i64::try_from(offset).ok(),
                        SeekFrom::Current(offset) => (position as i64).checked_add(offset),
                        SeekFrom::End(offset) => size.checked_add(offset),
                        _ => None,
                    };
                    target = wanted.and_then(|wanted| u64::try_from(wanted).ok());
                    target
                });
                target.ok_or(Errno::INVAL)
            }
        }
    }

    /// Cuts or extends it to `size` bytes.
    pub fn set_size(&self, size: u64) -> Result<(), Errno> {
        let host = self.host_or(Errno::INVAL)?;
        host.may_change()?;
        ignore_signals_of_writes();
        retry_on_intr(|| ftruncate(host.descriptor()?, size))
    }

    /// Sets its times of access and modification.
    pub fn set_times(&self, times: &Timestamps) -> Result<(), Errno> {
        let host = self.host_or(Errno::ROFS)?;
        host.may_change()?;
        futimens(host.descriptor()?, times)
    }

    /// Makes sure that there is room for these bytes.
    pub fn allocate(&self, offset: u64, bytes: u64) -> Result<(), Errno> {
        let host = self.host_or(Errno::BADF)?;
        host.may_change()?;
        ignore_signals_of_writes();
        let fits = offset.checked_add(bytes).is_some_and(|end| i64::try_from(end).is_ok());
        if bytes == 0 {
            return Err(Errno::INVAL);
        }
        if !fits {
            return Err(Errno::FBIG);
        }
        retry_on_intr(|| fallocate(host.descriptor()?, FallocateFlags::empty(), offset, bytes))
    }

    /// Says how these bytes are going to be used; 0 bytes means to the end.
    pub fn advise(&self, offset: u64, bytes: u64, advice: Advice) -> Result<(), Errno> {
        i64::try_from(offset).map_err(|_| Errno::INVAL)?;
        i64::try_from(bytes).map_err(|_| Errno::INVAL)?;
        match &self.content {
            // It would be about the reads of all who share the file.
            Content::Host(host) if host.is_shared() => {
                if host.kind()? == Kind::Pipe {
                    Err(Errno::SPIPE)
                } else {
                    Ok(())
                }
            }
            Content::Host(host) => fadvise(host.descriptor()?, offset, core::num::NonZeroU64::new(bytes), advice),
            Content::Embedded(_) => Ok(()),
        }
    }

    /// Writes what is not on the device yet; with `data_only` without attributes that reading does not need.
    pub fn sync(&self, data_only: bool) -> Result<(), Errno> {
        let Content::Host(host) = &self.content else { return Ok(()) };
        host.granted()?;
        let descriptor = host.descriptor()?;
        let synced = retry_on_intr(|| if data_only { fdatasync(descriptor) } else { fsync(descriptor) });
        // A folder that could not be opened for reading was opened for its names alone.
        synced.map_err(|error| if error == Errno::BADF { Errno::ACCESS } else { error })
    }

    /// The flags it was opened with, and those set since.
    pub fn flags(&self) -> Result<OFlags, Errno> {
        match &self.content {
            // C libraries ask for these before each use of a folder, even if what they look for is embedded.
            Content::Host(host) if host.is_folder() => Ok(OFlags::RDONLY | OFlags::DIRECTORY),
            Content::Host(host) => host.flags(),
            Content::Embedded(file) => Ok(file.flags()),
        }
    }

    /// Sets the flags that can be changed after opening: `O_APPEND` and `O_NONBLOCK`.
    pub fn set_flags(&self, flags: OFlags) -> Result<(), Errno> {
        match &self.content {
            Content::Host(host) if host.is_shared() => host.set_own_flags(flags),
            Content::Host(host) => fcntl_setfl(host.descriptor()?, flags),
            Content::Embedded(file) => {
                file.set_flags(flags);
                Ok(())
            }
        }
    }

    /// How many bytes can be read without waiting, as far as the system tells.
    pub fn bytes_ready(&self) -> u64 {
        match &self.content {
            Content::Host(host) => host.descriptor().and_then(rustix::io::ioctl_fionread).unwrap_or(0),
            Content::Embedded(file) => Tree::expected().map_or(0, |tree| file.rest(tree, file.position()).len() as u64),
        }
    }

    /// Whether it is a terminal.
    pub fn is_terminal(&self) -> bool {
        match &self.content {
            Content::Host(host) => {
                host.kind() == Ok(Kind::CharacterDevice) && host.descriptor().is_ok_and(rustix::termios::isatty)
            }
            Content::Embedded(_) => false,
        }
    }
}
