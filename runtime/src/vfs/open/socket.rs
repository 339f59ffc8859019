//! A socket: one that whoever started the process has handed over, one that such a socket has accepted, or one that the guest has
//! made.

use super::operations::{Operations, Own};
use super::shared::Shared;
use super::status::FileType;
use super::vectored::Received;
use crate::guest::pointer::GuestRange;
use crate::process::lock::Lock;
use crate::process::standard::open_closed_descriptors;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ffi::{CStr, c_int};
use core::net::SocketAddr;
use rustix::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use rustix::fs::{Advice, FileType as HostType, OFlags, fstat};
use rustix::io::{Errno, FdFlags, fcntl_setfd};
use rustix::net::{Shutdown, SocketFlags, shutdown};

/// A socket that is no standard stream.
pub struct Socket {
    socket: OwnedFd,
    /// Whether others have it too, with its flags.
    is_shared: bool,
    shared: Shared,
    role: Lock<Role>,
}

/// What a socket has become that differs from what the kernel says of it.
pub enum Role {
    /// What the kernel says.
    Plain,
    /// It is bound to an address that was granted.
    BoundByGrant,
    /// It is a Unix socket with a name in the file system.
    BoundToPath {
        /// The name that the kernel was given.
        kernel: Box<[u8]>,
        /// The guest's name.
        guest: Box<[u8]>,
    },
    /// It is bound to an address at which only this process may connect to it.
    BoundInside,
    /// It is reached by this process alone. What is behind its descriptor is where connections come out.
    ListensInside {
        /// Its address.
        own: SocketAddr,
        /// Where connections are put in.
        entrance: OwnedFd,
        /// The socket that has the address for the kernel, where nobody can connect to it.
        _reserved: OwnedFd,
    },
    /// It is one end of a connection inside of this process. What is behind its descriptor is a Unix socket.
    ConnectedInside {
        /// Its address.
        own: SocketAddr,
        /// That of the other end.
        peer: SocketAddr,
        /// The socket that has its address for the kernel, if that is the only one.
        _reserved: Option<OwnedFd>,
    },
}

/// The first descriptor that is handed over, as in the protocol of socket activation (`sd_listen_fds(3)`).
const FIRST_INHERITED: RawFd = 3;

impl Socket {
    /// Takes a socket that was made for the guest, or a connection that was accepted for it.
    pub fn own(socket: OwnedFd) -> Socket {
        Socket::in_role(socket, Role::Plain)
    }

    /// Takes one that has become something already.
    pub fn in_role(socket: OwnedFd, role: Role) -> Socket {
        Socket { socket, is_shared: false, shared: Shared::new(), role: Lock::new(role) }
    }

    /// Whether whoever started the process has handed it over.
    pub fn is_inherited(&self) -> bool {
        self.is_shared
    }

    /// Works on what it has become. `work` must not wait.
    pub fn with_role<R>(&self, work: impl FnOnce(&mut Role) -> R) -> R {
        self.role.with(work)
    }

    /// Returns the sockets that whoever started the process has handed over: `LISTEN_FDS` of them from descriptor 3, if
    /// `LISTEN_PID` is this process. Other descriptors that happen to be open are none of the guest's business.
    pub fn inherited(environment: impl Iterator<Item = &'static CStr> + Clone) -> Vec<Socket> {
        let number = |name: &[u8]| {
            let mut texts = environment.clone();
            let value = texts.find_map(|text| text.to_bytes().strip_prefix(name))?;
            core::str::from_utf8(value).ok()?.parse::<i32>().ok()
        };
        let count = number(b"LISTEN_FDS=").unwrap_or(0);
        if count <= 0 || number(b"LISTEN_PID=") != Some(rustix::process::getpid().as_raw_nonzero().get()) {
            return Vec::new();
        }
        // What such a socket accepts must not become a standard descriptor.
        let _ = open_closed_descriptors();
        let numbers = (FIRST_INHERITED..).take(count.min(1024) as usize);
        numbers
            .filter_map(|raw| {
                // SAFETY: it is only asked about; if it is not open, that is what this finds out.
                let descriptor = unsafe { BorrowedFd::borrow_raw(raw) };
                let stat = fstat(descriptor).ok()?;
                if HostType::from_raw_mode(stat.st_mode) != HostType::Socket {
                    return None;
                }
                fcntl_setfd(descriptor, FdFlags::CLOEXEC).ok()?;
                // SAFETY: whoever started the process gave it away, and the runtime has opened nothing before this.
                let socket = unsafe { OwnedFd::from_raw_fd(raw) };
                Some(Socket { socket, is_shared: true, shared: Shared::new(), role: Lock::new(Role::Plain) })
            })
            .collect()
    }
}

impl Operations for Socket {
    fn file_type(&self) -> Result<FileType, Errno> {
        self.shared.file_type(self.socket.as_fd())
    }

    fn descriptor(&self) -> Result<BorrowedFd<'_>, Errno> {
        Ok(self.socket.as_fd())
    }

    fn read(&self, pieces: &[GuestRange]) -> Own<usize> {
        self.shared.read(self.socket.as_fd(), pieces).map(Some)
    }

    fn write(&self, pieces: &[GuestRange]) -> Own<usize> {
        self.shared.write(self.socket.as_fd(), pieces).map(Some)
    }

    fn advise(&self, _advice: Advice) -> Own<()> {
        if self.is_shared { self.shared.advise(self.socket.as_fd()).map(Some) } else { Ok(None) }
    }

    fn set_flags(&self, flags: OFlags) -> Own<()> {
        if !self.is_shared {
            return Ok(None);
        }
        self.shared.set_own_flags(flags);
        Ok(Some(()))
    }

    fn own_flags(&self) -> Option<OFlags> {
        self.shared.own_flags()
    }

    fn receive(&self, pieces: &[GuestRange], flags: c_int) -> Result<Received, Errno> {
        self.shared.receive(self.socket.as_fd(), pieces, flags)
    }

    fn send(&self, pieces: &[GuestRange]) -> Result<usize, Errno> {
        self.shared.send(self.socket.as_fd(), pieces)
    }

    fn accept(&self, flags: SocketFlags) -> Result<OwnedFd, Errno> {
        self.shared.accept(self.socket.as_fd(), flags)
    }

    fn shut_down(&self, how: Shutdown) -> Result<(), Errno> {
        shutdown(&self.socket, how)
    }
}
