//! Connections inside of the process: sockets that have an address of this machine, at which only this process can connect to them.
//!
//! Programs make a pair of sockets of a socket that listens at a port of the system's choice, and one that connects to it
//! (`socket.socketpair` of Python where the C library has none). That needs no grant: nothing leaves the process, and nobody gets
//! in. The socket that is bound has the address for the kernel, which so gives it to nobody else, but it never listens there. What
//! the guest's descriptor stands for from then on is the end of a pair of Unix sockets where connections come out: each is an end of
//! another pair. So waiting, polling, reading and writing are the kernel's affair as with any other socket.

use super::address::{Address, KernelAddress, host_of};
use super::kernel_option::Timeout;
use super::socket::{bind_as_is, is_nonblocking, name_of};
use super::waiting::{until_done, until_ready};
use crate::arch::system_call;
use crate::vfs::descriptors::with_table;
use crate::vfs::open::OpenFile;
use crate::vfs::open::socket::{Role, Socket};
use alloc::sync::Arc;
use core::mem::MaybeUninit;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use rustix::event::PollFlags;
use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::io::{Errno, IoSlice, IoSliceMut, fcntl_dupfd_cloexec};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, SocketFlags, SocketType, getpeername, recvmsg, sendmsg, socketpair, sockopt,
};

/// What a socket is, of its [`Role`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing of what is here.
    Outside {
        /// It is bound to an address that was granted.
        is_granted: bool,
    },
    /// Bound.
    Bound,
    /// It listens.
    Listens,
    /// Connected.
    Connected,
}

impl State {
    /// Returns that of a role.
    pub fn of(role: &Role) -> State {
        match role {
            Role::Plain => State::Outside { is_granted: false },
            Role::BoundByGrant | Role::BoundToPath { .. } => State::Outside { is_granted: true },
            Role::BoundInside => State::Bound,
            Role::ListensInside { .. } => State::Listens,
            Role::ConnectedInside { .. } => State::Connected,
        }
    }
}

/// Returns the addresses of a socket that listens or is connected inside: its own, and that of the other end.
pub fn addresses(role: &Role) -> Option<(SocketAddr, Option<SocketAddr>)> {
    match role {
        Role::ListensInside { own, .. } => Some((*own, None)),
        Role::ConnectedInside { own, peer, .. } => Some((*own, Some(*peer))),
        Role::Plain | Role::BoundByGrant | Role::BoundToPath { .. } | Role::BoundInside => None,
    }
}

/// Whether what is behind a socket's descriptor is a Unix socket in place of the one that the guest has made.
pub fn is_inside(socket: &Socket) -> bool {
    socket.with_role(|role| matches!(State::of(role), State::Listens | State::Connected))
}

/// Whether a socket can be bound to an address where only this process reaches it: a port of the system's choice on this machine.
pub fn can_bind(file: &OpenFile, address: &SocketAddr) -> bool {
    let OpenFile::Socket(socket) = file else { return false };
    let is_plain = !socket.is_inherited() && socket.with_role(|role| matches!(role, Role::Plain));
    is_plain && address.ip().is_loopback() && address.port() == 0 && is_stream(file)
}

/// Whether an open file is a socket of TCP.
fn is_stream(file: &OpenFile) -> bool {
    let Ok(descriptor) = file.descriptor() else { return false };
    let is_ip = matches!(sockopt::socket_domain(descriptor), Ok(AddressFamily::INET | AddressFamily::INET6));
    is_ip && sockopt::socket_type(descriptor) == Ok(SocketType::STREAM)
}

/// Lets this process connect to a socket that is bound inside.
pub fn listen(socket: &Socket, descriptor: BorrowedFd<'_>) -> Result<(), Errno> {
    let own = ip_of(descriptor)?;
    let (exit, entrance) = pair(SocketType::SEQPACKET)?;
    let reserved = replace(descriptor, exit)?;
    socket.with_role(|role| *role = Role::ListensInside { own, entrance, _reserved: reserved });
    Ok(())
}

/// Returns the socket that listens inside at an address.
pub fn listener(address: &SocketAddr) -> Option<Arc<OpenFile>> {
    let is_it = |own: &SocketAddr| host_of(own) == host_of(address) && own.port() == address.port();
    any_file(|file, socket, _| {
        let listens = socket.with_role(|role| matches!(role, Role::ListensInside { own, .. } if is_it(own)));
        listens.then(|| file.clone())
    })
}

/// Connects a socket with one that listens inside.
pub fn connect(
    socket: &Socket,
    descriptor: BorrowedFd<'_>,
    listener: &OpenFile,
    address: &SocketAddr,
) -> Result<(), Errno> {
    if sockopt::socket_type(descriptor)? != SocketType::STREAM {
        return Err(Errno::CONNREFUSED);
    }
    if getpeername(descriptor).is_ok() {
        return Err(Errno::ISCONN);
    }
    if ip_of(descriptor)?.port() == 0 {
        let here = match address {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        };
        bind_as_is(descriptor, &Address::Ip(SocketAddr::new(here, 0)))?;
    }
    let own = ip_of(descriptor)?;
    let (end, other) = pair(SocketType::STREAM)?;
    let OpenFile::Socket(listener) = listener else { return Err(Errno::CONNREFUSED) };
    listener.with_role(|role| match role {
        Role::ListensInside { entrance, .. } => put_in(entrance.as_fd(), &own, other.as_fd()),
        _ => Err(Errno::CONNREFUSED),
    })?;
    let reserved = Some(replace(descriptor, end)?);
    socket.with_role(|role| *role = Role::ConnectedInside { own, peer: *address, _reserved: reserved });
    Ok(())
}

/// Takes a connection that was made with a socket that listens inside.
pub fn accept(
    listener: &Socket,
    descriptor: BorrowedFd<'_>,
    flags: SocketFlags,
) -> Result<(Socket, Option<Address>), Errno> {
    let own = listener.with_role(|role| addresses(role)).ok_or(Errno::INVAL)?.0;
    let (end, peer) = take_out(descriptor)?;
    if flags.contains(SocketFlags::NONBLOCK) {
        fcntl_setfl(&end, OFlags::NONBLOCK)?;
    }
    let role = Role::ConnectedInside { own, peer, _reserved: None };
    Ok((Socket::in_role(end, role), Some(Address::Ip(peer))))
}

/// Puts an end of a connection into the entrance of a socket that listens, with the address of whoever has the other end.
fn put_in(entrance: BorrowedFd<'_>, from: &SocketAddr, end: BorrowedFd<'_>) -> Result<(), Errno> {
    let from = KernelAddress::from(&Address::Ip(*from));
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let ends = [end];
    if !control.push(SendAncillaryMessage::ScmRights(&ends)) {
        return Err(Errno::NOBUFS);
    }
    let sent =
        sendmsg(entrance, &[IoSlice::new(from.bytes())], &mut control, SendFlags::DONTWAIT | SendFlags::NOSIGNAL);
    match sent {
        Ok(_) => Ok(()),
        // So many wait to be accepted already.
        Err(Errno::AGAIN | Errno::PIPE | Errno::CONNRESET) => Err(Errno::CONNREFUSED),
        Err(error) => Err(error),
    }
}

/// Takes an end of a connection out where connections come out, with the address of whoever has the other end.
fn take_out(exit: BorrowedFd<'_>) -> Result<(OwnedFd, SocketAddr), Errno> {
    let mut bytes = [0; super::address::BYTES_MAX];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    // Who waits for a limited time is the kernel's affair; else a signal must not come between looking and waiting.
    let waits = !Timeout::Receive.is_limited(exit)? && !is_nonblocking(exit)?;
    let flags = RecvFlags::CMSG_CLOEXEC | if waits { RecvFlags::DONTWAIT } else { RecvFlags::empty() };
    let received = loop {
        match until_done(|| recvmsg(exit, &mut [IoSliceMut::new(&mut bytes)], &mut control, flags)) {
            Err(Errno::AGAIN) if waits => until_ready(exit, PollFlags::IN)?,
            result => break result?,
        }
    };
    let mut from = KernelAddress::room();
    from.set(&bytes[..received.bytes]);
    let end = control.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut ends) => ends.next(),
        _ => None,
    });
    match (end, from.address()) {
        (Some(end), Some(Address::Ip(from))) => Ok((end, from)),
        _ => Err(Errno::CONNABORTED),
    }
}

/// Makes two Unix sockets that are connected.
fn pair(ty: SocketType) -> Result<(OwnedFd, OwnedFd), Errno> {
    socketpair(AddressFamily::UNIX, ty, SocketFlags::CLOEXEC, None)
}

/// Puts another socket behind the number of a descriptor, with the flags of the one that was there. Returns that one.
fn replace(descriptor: BorrowedFd<'_>, by: OwnedFd) -> Result<OwnedFd, Errno> {
    if is_nonblocking(descriptor)? {
        fcntl_setfl(&by, OFlags::NONBLOCK)?;
    }
    Timeout::Receive.copy(descriptor, by.as_fd())?;
    Timeout::Send.copy(descriptor, by.as_fd())?;
    let before = fcntl_dupfd_cloexec(descriptor, 3)?;
    let (new, old) = (by.as_raw_fd() as usize, descriptor.as_raw_fd() as usize);
    // SAFETY: whoever has the descriptor has a socket as before, and what was behind it stays open.
    unsafe { system_call(libc::SYS_dup3, [new, old, libc::O_CLOEXEC as usize]) }?;
    Ok(before)
}

/// Returns the address that the kernel has for a socket.
fn ip_of(descriptor: BorrowedFd<'_>) -> Result<SocketAddr, Errno> {
    match name_of(descriptor)? {
        Some(Address::Ip(address)) => Ok(address),
        _ => Err(Errno::CONNREFUSED),
    }
}

/// Returns what is said of the first socket of the guest of which something is.
pub fn any_socket<T>(mut say: impl FnMut(&Socket, BorrowedFd<'_>) -> Option<T>) -> Option<T> {
    any_file(|_, socket, descriptor| say(socket, descriptor))
}

fn any_file<T>(mut say: impl FnMut(&Arc<OpenFile>, &Socket, BorrowedFd<'_>) -> Option<T>) -> Option<T> {
    let said = with_table(|table| {
        Ok(table.iter().find_map(|(_, entry)| match &*entry.file {
            OpenFile::Socket(socket) => say(&entry.file, socket, entry.file.descriptor().ok()?),
            _ => None,
        }))
    });
    said.ok().flatten()
}
