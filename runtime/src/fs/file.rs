//! An open file: what a descriptor of the guest stands for, and everything that can be done with it without a path.

use super::beneath::{Access, Base, UNCHANGEABLE};
use super::embedded::{EmbeddedFile, NodeIndex};
use super::listing::Cookies;
use super::locate::is_out_of_reach;
use super::shared::OwnFlags;
use super::status::{Kind, Status, kind_of_node};
use super::{embedded_tree, vectored};
use crate::checkpoint::explain;
use crate::guest::pointer::GuestRange;
use crate::process::phase;
use crate::process::signals::ignore_signals_of_writes;
use crate::process::standard::open_closed_descriptors;
use adder_abi::configuration::NodeKind;
use adder_abi::refusal::Refusal;
use core::sync::atomic::{AtomicI32, AtomicU8, Ordering};
use rustix::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use rustix::fs::{
    Advice, CWD, FallocateFlags, FileType, Mode, OFlags, SeekFrom, Timestamps, fadvise, fallocate, fcntl_setfl,
    fdatasync, fstat, fsync, ftruncate, futimens, openat, seek,
};
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{SocketType, sockopt::socket_type};

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

/// A file, directory, pipe, terminal or socket of the host.
pub struct HostFile {
    handle: Handle,
    /// The rules of the grant that it was opened under.
    pub access: Access,
    /// The passage of the embedded tree that lies over this directory.
    pub node: Option<NodeIndex>,
    /// A [`Kind`] as soon as it is known; 0 before. It never changes, and it costs a call of the system.
    kind: AtomicU8,
    /// Where its entries are, if it is a directory that was listed.
    pub cookies: Cookies,
    /// What the guest has set of the flags of an open file that others share.
    pub(super) own_flags: OwnFlags,
}

enum Handle {
    /// Opened for the guest.
    Owned(OwnedFd),
    /// Descriptor 0, 1 or 2 of the process.
    Standard(RawFd),
    /// A socket that whoever started the process has handed over.
    Inherited(OwnedFd),
    /// The folder of a grant, opened when it is first needed.
    Folder { path: &'static [u8], opened: AtomicI32 },
}

const NOT_OPENED: i32 = -1;

impl HostFile {
    /// What was opened for the guest under a grant.
    pub fn opened(descriptor: OwnedFd, access: Access, node: Option<NodeIndex>) -> HostFile {
        HostFile::new(Handle::Owned(descriptor), access, node, 0)
    }

    /// Standard input, output or error of the process.
    pub fn standard(descriptor: RawFd) -> HostFile {
        HostFile::new(Handle::Standard(descriptor), Access::default(), None, 0)
    }

    /// A socket that whoever started the process has handed over.
    pub fn inherited(socket: OwnedFd) -> HostFile {
        HostFile::new(Handle::Inherited(socket), Access::default(), None, 0)
    }

    /// The folder of a grant.
    pub fn folder(path: &'static [u8], access: Access, node: Option<NodeIndex>) -> HostFile {
        let handle = Handle::Folder { path, opened: AtomicI32::new(NOT_OPENED) };
        HostFile::new(handle, access, node, Kind::Directory as u8)
    }

    fn new(handle: Handle, access: Access, node: Option<NodeIndex>, kind: u8) -> HostFile {
        let (kind, cookies, own_flags) = (AtomicU8::new(kind), Cookies::new(), OwnFlags::new());
        HostFile { handle, access, node, kind, cookies, own_flags }
    }

    /// The descriptor of the process. Fails if it is the folder of a grant and cannot be opened.
    pub fn descriptor(&self) -> Result<BorrowedFd<'_>, Errno> {
        let raw = match &self.handle {
            Handle::Owned(descriptor) | Handle::Inherited(descriptor) => return Ok(descriptor.as_fd()),
            Handle::Standard(raw) => {
                open_closed_descriptors()?;
                *raw
            }
            Handle::Folder { path, opened } => match opened.load(Ordering::Acquire) {
                NOT_OPENED => open_folder(path, opened)?,
                raw => raw,
            },
        };
        // SAFETY: standard descriptors stay open as long as the process, folders as long as `self`.
        Ok(unsafe { BorrowedFd::borrow_raw(raw) })
    }

    /// The directory as a start of paths.
    ///
    /// Fails with `ENOTDIR` for a standard descriptor: whoever starts the program with a directory there has not granted it.
    pub fn base(&self) -> Result<Base<'_>, Errno> {
        if matches!(self.handle, Handle::Standard(_)) {
            return Err(Errno::NOTDIR);
        }
        Ok(Base { directory: self.descriptor()?, access: self.access })
    }

    /// What it is.
    pub fn kind(&self) -> Result<Kind, Errno> {
        const KINDS: [Kind; 9] = [
            Kind::Unknown,
            Kind::BlockDevice,
            Kind::CharacterDevice,
            Kind::Directory,
            Kind::RegularFile,
            Kind::DatagramSocket,
            Kind::StreamSocket,
            Kind::SymbolicLink,
            Kind::Pipe,
        ];
        let known = self.kind.load(Ordering::Relaxed);
        if let Some(index) = usize::from(known).checked_sub(1) {
            return Ok(KINDS[index]);
        }
        let descriptor = self.descriptor()?;
        let mut kind = Kind::from_file_type(FileType::from_raw_mode(fstat(descriptor)?.st_mode));
        if kind == Kind::StreamSocket && socket_type(descriptor)? == SocketType::DGRAM {
            kind = Kind::DatagramSocket;
        }
        self.kind.store(kind as u8, Ordering::Relaxed);
        Ok(kind)
    }

    /// Whether it is a directory that the process was started with as a standard descriptor. No grant covers it: apart from
    /// its attributes the guest gets nothing of it.
    pub fn is_ungranted_directory(&self) -> Result<bool, Errno> {
        Ok(matches!(self.handle, Handle::Standard(_)) && self.kind()? == Kind::Directory)
    }

    /// Fails with `EPERM` for a directory that no grant covers.
    fn granted(&self) -> Result<(), Errno> {
        if self.is_ungranted_directory()? { Err(Errno::PERM) } else { Ok(()) }
    }

    /// Whether it is the folder of a grant that the configuration names at this address.
    pub(super) fn is_folder_with_text(&self, text: *const u8) -> bool {
        matches!(self.handle, Handle::Folder { path, .. } if path.as_ptr() == text)
    }

    /// Whether others have the same open file, with its position and its flags.
    pub(super) fn is_shared(&self) -> bool {
        matches!(self.handle, Handle::Standard(_) | Handle::Inherited(_))
    }

    /// Whether it is standard output or error, and what is written there could replace what somebody else wrote before.
    pub fn is_output_to_file(&self) -> Result<bool, Errno> {
        let is_output = matches!(self.handle, Handle::Standard(1 | 2));
        Ok(is_output && matches!(self.kind()?, Kind::RegularFile | Kind::BlockDevice))
    }

    /// Fails with `ESPIPE` where the guest may only write on: it was not given what is in the file already. Other engines give
    /// standard output no position either.
    fn may_move(&self) -> Result<(), Errno> {
        if self.is_output_to_file()? { Err(Errno::SPIPE) } else { Ok(()) }
    }

    /// Fails where the grant allows no changes, and where there is none.
    fn may_change(&self) -> Result<(), Errno> {
        self.granted()?;
        if self.access.read_only { Err(UNCHANGEABLE) } else { Ok(()) }
    }
}

fn open_folder(path: &[u8], opened: &AtomicI32) -> Result<RawFd, Errno> {
    // Nothing of the machine that makes a checkpoint gets into it.
    if phase::is_at_build() {
        return Err(Errno::NOENT);
    }
    // Everything else of the host is opened below such a folder.
    open_closed_descriptors()?;
    let readable = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = match openat(CWD, path, readable, Mode::empty()) {
        // Names in it can be used although they cannot be listed.
        Err(Errno::ACCESS) => openat(CWD, path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?,
        result => result?,
    };
    match opened.compare_exchange(NOT_OPENED, folder.as_raw_fd(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => Ok(folder.into_raw_fd()),
        Err(earlier) => Ok(earlier),
    }
}

impl Drop for HostFile {
    fn drop(&mut self) {
        match &mut self.handle {
            Handle::Owned(_) | Handle::Inherited(_) => {}
            // The number must not become free: it would go to the guest's next file, and messages of the runtime with it.
            Handle::Standard(raw) => {
                if let Ok(null) = openat(CWD, c"/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty()) {
                    // SAFETY: replaces a standard descriptor; nobody else refers to its former file.
                    unsafe { libc::dup2(null.as_raw_fd(), *raw) };
                }
            }
            Handle::Folder { opened, .. } => {
                let raw = *opened.get_mut();
                if raw != NOT_OPENED {
                    // SAFETY: opened by `open_folder`, owned by this file, and not used after it.
                    drop(unsafe { OwnedFd::from_raw_fd(raw) });
                }
            }
        }
    }
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
            Content::Host(HostFile { handle: Handle::Standard(raw), .. }) => Some(*raw),
            _ => None,
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
            Content::Embedded(file) => super::tree().is_some_and(|tree| tree.kind(file.node) == kind),
        }
    }

    /// What it is.
    pub fn kind(&self) -> Result<Kind, Errno> {
        match &self.content {
            Content::Host(host) => host.kind(),
            Content::Embedded(file) => Ok(kind_of_node(embedded_tree()?, file.node)),
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
                        return Ok(Status::of_node(embedded_tree()?, node));
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
            Content::Embedded(file) => Ok(Status::of_node(embedded_tree()?, file.node)),
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
        let tree = embedded_tree()?;
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
            return Ok(explain::keep_reason(pieces));
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
                let tree = embedded_tree()?;
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
            Content::Host(HostFile { handle: Handle::Folder { .. }, .. }) => Ok(OFlags::RDONLY | OFlags::DIRECTORY),
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
            Content::Embedded(file) => embedded_tree().map_or(0, |tree| file.rest(tree, file.position()).len() as u64),
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
