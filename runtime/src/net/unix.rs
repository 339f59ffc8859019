//! Unix sockets that have names in the file system.
//!
//! Grants of files say which ones the guest reaches. The kernel takes no directory to start a name at, so it is given a name through
//! one of the process's descriptors. Who asks for the address of a socket of this process is told the guest's name for it.

use super::address::{Address, UnixAddress, UnixName};
use super::inside::any_socket;
use super::socket::bind_as_is;
use crate::vfs::open::socket::Role;
use crate::vfs::posix::{namespace, sockets};
use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::io::Errno;

/// An address as the kernel is given it.
pub struct Reached {
    /// The address.
    pub address: Address,
    /// What it leads through.
    _through: Option<OwnedFd>,
}

/// Finds what an address of the guest leads to, for a call that connects to it or sends to it.
pub fn reach(address: &Address) -> Result<Reached, Errno> {
    let Address::Unix(unix) = address else { return Ok(Reached { address: *address, _through: None }) };
    let UnixName::Path(path) = unix.name() else { return Ok(Reached { address: *address, _through: None }) };
    let found = sockets::find(&namespace::at(None, path)?)?;
    let address = Address::Unix(UnixAddress::new(&sockets::path_to(&found))?);
    Ok(Reached { address, _through: Some(found) })
}

/// Binds a socket to a path. Returns what becomes of it.
pub fn bind(socket: BorrowedFd<'_>, path: &[u8]) -> Result<Role, Errno> {
    sockets::name(&namespace::at(None, path)?, |kernel| {
        let address = UnixAddress::new(kernel).map_err(|_| Errno::NAMETOOLONG)?;
        bind_as_is(socket, &Address::Unix(address))?;
        Ok(Role::BoundToPath { kernel: kernel.into(), guest: path.into() })
    })
}

/// Returns what the guest calls an address of the kernel.
pub fn as_guest_knows(address: Address) -> Address {
    let Address::Unix(unix) = &address else { return address };
    let UnixName::Path(path) = unix.name() else { return address };
    let guest = any_socket(|socket, _| {
        socket.with_role(|role| match role {
            Role::BoundToPath { kernel, guest } if **kernel == *path => UnixAddress::new(guest).ok(),
            _ => None,
        })
    });
    guest.map_or(address, Address::Unix)
}
