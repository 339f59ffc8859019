//! An open file: what a descriptor of the guest stands for, and everything that can be done with it without a path.
//!
//! A kind of open file has a file of its own here: a type and its [`Operations`], which say what it does otherwise than the kernel
//! does with a descriptor. A line in the list of kinds below is all else that it needs.

pub mod cookies;
pub mod embedded;
pub mod host_file;
pub mod host_folder;
pub mod listing;
mod operations;
mod shared;
pub mod socket;
pub mod special;
pub mod status;
pub mod stream;
pub mod synthetic;
pub mod vectored;

use crate::guest::pointer::GuestRange;
use crate::process::signals::ignore_signals_of_writes;
use crate::vfs::path::beneath::{Access, Base, UNCHANGEABLE};
use crate::vfs::special::Special;
use crate::vfs::tree::{NodeIndex, Tree};
use core::ffi::c_int;
use core::num::NonZeroU64;
use embedded::EmbeddedFile;
use host_file::HostFile;
use host_folder::HostFolder;
use listing::Visit;
use operations::{Operations, refuse_input_at_build, status_of};
use rustix::fd::{BorrowedFd, OwnedFd, RawFd};
use rustix::fs::{
    Advice, FallocateFlags, OFlags, SeekFrom, Timestamps, fadvise, fallocate, fcntl_getfl, fcntl_setfl, fdatasync,
    fsync, ftruncate, futimens, seek,
};
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{Shutdown, SocketFlags};
use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};
use rustix::termios::isatty;
use shared::CHANGEABLE;
use socket::Socket;
use special::SpecialFile;
use status::{FileType, Status};
use stream::Stream;
use synthetic::SyntheticDirectory;
use vectored::Received;

/// Makes [`OpenFile`] of a list of kinds, and a macro that works on an open file as what it is. No trait object: its table would
/// bring every operation into every executable, and so each brings only those that its program can ask for.
///
/// The macro that this makes has variables of its own, whose dollar signs come from the parameter.
macro_rules! kinds {
    ($dollar:tt $($(#[$meaning:meta])* $kind:ident),*) => {
        /// What a descriptor of the guest stands for.
        pub enum OpenFile {
            $($(#[$meaning])* $kind($kind),)*
        }

        $(impl From<$kind> for OpenFile {
            fn from(file: $kind) -> OpenFile {
                OpenFile::$kind(file)
            }
        })*

        macro_rules! of_its_kind {
            ($dollar open:expr, $dollar file:ident => $dollar work:expr) => {
                match $dollar open {
                    $(OpenFile::$kind($dollar file) => $dollar work,)*
                }
            };
        }
    };
}

kinds! { $
    /// What was opened on the host by a path.
    HostFile,
    /// The folder of a grant.
    HostFolder,
    /// A standard stream.
    Stream,
    /// A socket that was handed over or accepted.
    Socket,
    /// A file or directory in the executable.
    EmbeddedFile,
    /// A file by which the guest deals with its checkpoint.
    SpecialFile,
    /// A directory that is only there because grants lie below it.
    SyntheticDirectory
}

impl OpenFile {
    /// Opens a node of the embedded tree.
    pub fn of_node(tree: Tree, node: NodeIndex, flags: OFlags) -> OpenFile {
        match Special::of(tree.kind(node)) {
            Some(special) => SpecialFile::open(special, node, flags).into(),
            None => EmbeddedFile::open(node, flags).into(),
        }
    }

    /// Whether it is a terminal.
    pub fn is_terminal(&self) -> bool {
        self.file_type() == Ok(FileType::CharacterDevice) && self.descriptor().is_ok_and(isatty)
    }

    /// Returns its attributes.
    pub fn status(&self) -> Result<Status, Errno> {
        if let Some(status) = of_its_kind!(self, file => file.status())? {
            return Ok(status);
        }
        let mut status = status_of(self.descriptor()?)?;
        if status.file_type == FileType::StreamSocket {
            status.file_type = self.file_type()?;
        }
        Ok(status)
    }

    /// Reads from where it is. Returns the number of bytes, 0 at the end.
    pub fn read(&self, pieces: &[GuestRange]) -> Result<usize, Errno> {
        if let Some(bytes) = of_its_kind!(self, file => file.read(pieces))? {
            return Ok(bytes);
        }
        refuse_input_at_build();
        vectored::read(self.descriptor()?, pieces)
    }

    /// Reads from `offset`.
    pub fn read_at(&self, pieces: &[GuestRange], offset: u64) -> Result<usize, Errno> {
        if let Some(bytes) = of_its_kind!(self, file => file.read_at(pieces, offset))? {
            return Ok(bytes);
        }
        vectored::read_at(self.descriptor()?, pieces, offset)
    }

    /// Writes to where it is.
    pub fn write(&self, pieces: &[GuestRange]) -> Result<usize, Errno> {
        if let Some(bytes) = of_its_kind!(self, file => file.write(pieces))? {
            return Ok(bytes);
        }
        vectored::write(self.descriptor()?, pieces)
    }

    /// Writes at `offset`.
    pub fn write_at(&self, pieces: &[GuestRange], offset: u64) -> Result<usize, Errno> {
        self.may_move()?;
        vectored::write_at(self.descriptor()?, pieces, offset)
    }

    /// Moves to another place and returns it, in bytes from the start.
    ///
    /// Fails with `EBADF` for a directory: other engines do not give directories the right to seek either.
    pub fn seek(&self, to: SeekFrom) -> Result<u64, Errno> {
        if self.file_type()? == FileType::Directory {
            return Err(Errno::BADF);
        }
        self.may_move()?;
        if let Some(position) = of_its_kind!(self, file => file.seek(to))? {
            return Ok(position);
        }
        seek(self.descriptor()?, to)
    }

    /// Cuts or extends it to `size` bytes.
    pub fn set_size(&self, size: u64) -> Result<(), Errno> {
        self.may_change()?;
        if let Some(()) = of_its_kind!(self, file => file.set_size(size))? {
            return Ok(());
        }
        ignore_signals_of_writes();
        retry_on_intr(|| ftruncate(self.descriptor()?, size))
    }

    /// Sets its times of access and modification.
    pub fn set_times(&self, times: &Timestamps) -> Result<(), Errno> {
        self.may_change()?;
        if let Some(()) = of_its_kind!(self, file => file.set_times(times))? {
            return Ok(());
        }
        futimens(self.descriptor()?, times)
    }

    /// Makes sure that there is room for these bytes.
    pub fn allocate(&self, offset: u64, bytes: u64) -> Result<(), Errno> {
        self.may_change()?;
        let descriptor = self.descriptor()?;
        ignore_signals_of_writes();
        let fits = offset.checked_add(bytes).is_some_and(|end| i64::try_from(end).is_ok());
        if bytes == 0 {
            return Err(Errno::INVAL);
        }
        if !fits {
            return Err(Errno::FBIG);
        }
        retry_on_intr(|| fallocate(descriptor, FallocateFlags::empty(), offset, bytes))
    }

    /// Says how these bytes are going to be used; 0 bytes means to the end.
    pub fn advise(&self, offset: u64, bytes: u64, advice: Advice) -> Result<(), Errno> {
        i64::try_from(offset).map_err(|_| Errno::INVAL)?;
        i64::try_from(bytes).map_err(|_| Errno::INVAL)?;
        if let Some(()) = of_its_kind!(self, file => file.advise(advice))? {
            return Ok(());
        }
        fadvise(self.descriptor()?, offset, NonZeroU64::new(bytes), advice)
    }

    /// Writes what is not on the device yet; with `data_only` without attributes that reading does not need.
    pub fn sync(&self, data_only: bool) -> Result<(), Errno> {
        if let Some(()) = of_its_kind!(self, file => file.sync())? {
            return Ok(());
        }
        self.granted()?;
        let descriptor = self.descriptor()?;
        let synced = retry_on_intr(|| if data_only { fdatasync(descriptor) } else { fsync(descriptor) });
        // A folder that could not be opened for reading was opened for its names alone.
        synced.map_err(|error| if error == Errno::BADF { Errno::ACCESS } else { error })
    }

    /// Returns the flags it was opened with, and those set since.
    pub fn flags(&self) -> Result<OFlags, Errno> {
        if let Some(flags) = of_its_kind!(self, file => file.flags())? {
            return Ok(flags);
        }
        let flags = fcntl_getfl(self.descriptor()?)?;
        Ok(self.own_flags().map_or(flags, |own| (flags - CHANGEABLE) | own))
    }

    /// Sets the flags that can be changed after opening: `O_APPEND` and `O_NONBLOCK`. Where whoever shares a file appends to it,
    /// the guest does too, and is told so by [`OpenFile::flags`].
    pub fn set_flags(&self, mut flags: OFlags) -> Result<(), Errno> {
        if self.is_output_to_file()? {
            flags |= fcntl_getfl(self.descriptor()?)? & OFlags::APPEND;
        }
        if let Some(()) = of_its_kind!(self, file => file.set_flags(flags))? {
            return Ok(());
        }
        fcntl_setfl(self.descriptor()?, flags)
    }

    /// Returns how many bytes a pipe holds, after it was told to hold that many, if it was. Those that it shares with others it cannot
    /// change.
    pub fn pipe_size(&self, wanted: Option<usize>) -> Result<usize, Errno> {
        let descriptor = self.descriptor()?;
        if let Some(wanted) = wanted {
            if self.standard().is_some() {
                return Err(Errno::PERM);
            }
            fcntl_setpipe_size(descriptor, wanted)?;
        }
        fcntl_getpipe_size(descriptor)
    }

    /// Gives the entries of a directory from `cookie` (0: the first) to `visit` until that breaks off. `.` and `..` are among
    /// them. `bytes_wanted` says about how many bytes of entries are of use.
    pub fn list(
        &self,
        tree: Option<Tree>,
        cookie: u64,
        bytes_wanted: usize,
        visit: &mut Visit<'_>,
    ) -> Result<(), Errno> {
        of_its_kind!(self, file => file.list(tree, cookie, bytes_wanted, visit))
    }

    /// Receives from a socket. `flags` are `MSG_*`.
    pub fn receive(&self, pieces: &[GuestRange], flags: c_int) -> Result<Received, Errno> {
        of_its_kind!(self, file => file.receive(pieces, flags))
    }

    /// Sends to a connected socket.
    pub fn send(&self, pieces: &[GuestRange]) -> Result<usize, Errno> {
        of_its_kind!(self, file => file.send(pieces))
    }

    /// Accepts a connection.
    pub fn accept(&self, flags: SocketFlags) -> Result<OwnedFd, Errno> {
        of_its_kind!(self, file => file.accept(flags))
    }

    /// Ends receiving from a socket, sending to it or both.
    pub fn shut_down(&self, how: Shutdown) -> Result<(), Errno> {
        of_its_kind!(self, file => file.shut_down(how))
    }

    /// Whether it is a directory that the process was started with as a standard descriptor. No grant covers it: apart from
    /// its attributes the guest gets nothing of it.
    pub fn is_ungranted_directory(&self) -> Result<bool, Errno> {
        Ok(self.standard().is_some() && self.file_type()? == FileType::Directory)
    }

    /// Whether it is standard output or error, and what is written there could replace what somebody else wrote before.
    pub fn is_output_to_file(&self) -> Result<bool, Errno> {
        let is_output = matches!(self.standard(), Some(1 | 2));
        Ok(is_output && matches!(self.file_type()?, FileType::RegularFile | FileType::BlockDevice))
    }

    /// Fails with `EPERM` for a directory that no grant covers.
    fn granted(&self) -> Result<(), Errno> {
        if self.is_ungranted_directory()? { Err(Errno::PERM) } else { Ok(()) }
    }

    /// Fails where the grant allows no changes, and where there is none.
    fn may_change(&self) -> Result<(), Errno> {
        self.granted()?;
        if self.access().is_some_and(|access| access.read_only) { Err(UNCHANGEABLE) } else { Ok(()) }
    }

    /// Fails with `ESPIPE` where the guest may only write on: it was not given what is in the file already. Other engines give
    /// standard output no position either.
    fn may_move(&self) -> Result<(), Errno> {
        if self.is_output_to_file()? { Err(Errno::SPIPE) } else { Ok(()) }
    }
}

/// Makes functions of [`OpenFile`] that return what its kind says.
macro_rules! questions {
    ($($(#[$meaning:meta])* $question:ident -> $answer:ty;)*) => {
        impl OpenFile {
            $($(#[$meaning])* pub fn $question(&self) -> $answer {
                of_its_kind!(self, file => file.$question())
            })*
        }
    };
}

questions! {
    /// Returns what it is.
    file_type -> Result<FileType, Errno>;
    /// See [`Operations::descriptor`].
    descriptor -> Result<BorrowedFd<'_>, Errno>;
    /// See [`Operations::access`].
    access -> Option<Access>;
    /// See [`Operations::node`].
    node -> Option<NodeIndex>;
    /// See [`Operations::base`].
    base -> Result<Base<'_>, Errno>;
    /// See [`Operations::standard`].
    standard -> Option<RawFd>;
    /// See [`Operations::special`].
    special -> Option<Special>;
    /// See [`Operations::own_flags`].
    own_flags -> Option<OFlags>;
    /// See [`Operations::is_always_ready`].
    is_always_ready -> Result<bool, Errno>;
}
