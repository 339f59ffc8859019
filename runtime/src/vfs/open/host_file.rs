//! A file, directory, pipe, terminal or socket of the host that is open.

use super::cookies::Cookies;
use super::own_flags::OwnFlags;
use super::status::Kind;
use crate::process::phase;
use crate::process::standard::open_closed_descriptors;
use crate::vfs::embedded::NodeIndex;
use crate::vfs::path::beneath::{Access, Base, UNCHANGEABLE};
use core::sync::atomic::{AtomicI32, AtomicU8, Ordering};
use rustix::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use rustix::fs::{CWD, FileType, Mode, OFlags, fstat, openat};
use rustix::io::Errno;
use rustix::net::{SocketType, sockopt::socket_type};

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
    pub(super) fn granted(&self) -> Result<(), Errno> {
        if self.is_ungranted_directory()? { Err(Errno::PERM) } else { Ok(()) }
    }

    /// The standard descriptor of the process that it is, if it is one.
    pub fn is_standard(&self) -> Option<RawFd> {
        match self.handle {
            Handle::Standard(raw) => Some(raw),
            _ => None,
        }
    }

    /// Whether it is the folder of a grant.
    pub(super) fn is_folder(&self) -> bool {
        matches!(self.handle, Handle::Folder { .. })
    }

    /// Whether it is the folder of a grant that the configuration names at this address.
    pub fn is_folder_with_text(&self, text: *const u8) -> bool {
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
    pub(super) fn may_move(&self) -> Result<(), Errno> {
        if self.is_output_to_file()? { Err(Errno::SPIPE) } else { Ok(()) }
    }

    /// Fails where the grant allows no changes, and where there is none.
    pub(super) fn may_change(&self) -> Result<(), Errno> {
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
