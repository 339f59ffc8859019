//! Sockets: made, bound, connected, accepted, shut.

use super::address::{Address, KernelAddress, UnixName};
use super::grant::{self, Use};
use super::waiting::until_done;
use super::{inside, unix};
use crate::arch::{system_call, waiting_system_call};
use crate::process::phase;
use crate::process::standard::open_closed_descriptors;
use crate::vfs::open::OpenFile;
use crate::vfs::open::socket::{Role, Socket};
use core::net::SocketAddr;
use rustix::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::net::{self, AddressFamily, Protocol, Shutdown, SocketFlags, SocketType, ipproto, sockopt};

/// A family of sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
    /// Unix sockets.
    Unix,
}

/// How data go through a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// As a stream.
    Stream,
    /// As datagrams.
    Datagram,
    /// As records, through a connection.
    Packets,
}

/// A protocol of sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// That of the type.
    Default,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// What a socket is to be.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its family.
    pub domain: Domain,
    /// How data go through it.
    pub ty: Type,
    /// Its protocol.
    pub transport: Transport,
    /// Whether nobody waits at it.
    pub is_nonblocking: bool,
}

impl Kind {
    fn parts(self) -> (AddressFamily, SocketType, SocketFlags, Option<Protocol>) {
        let family = match self.domain {
            Domain::V4 => AddressFamily::INET,
            Domain::V6 => AddressFamily::INET6,
            Domain::Unix => AddressFamily::UNIX,
        };
        let ty = match self.ty {
            Type::Stream => SocketType::STREAM,
            Type::Datagram => SocketType::DGRAM,
            Type::Packets => SocketType::SEQPACKET,
        };
        let protocol = match self.transport {
            Transport::Default => None,
            Transport::Tcp => Some(ipproto::TCP),
            Transport::Udp => Some(ipproto::UDP),
        };
        (family, ty, flags(self.is_nonblocking), protocol)
    }

    /// Fails where there is no such protocol here: only those are, in which an address says everything about where data go.
    fn check(self) -> Result<(), Errno> {
        match (self.domain, self.ty, self.transport) {
            (Domain::Unix, _, Transport::Default) => Ok(()),
            (Domain::V4 | Domain::V6, Type::Stream, Transport::Default | Transport::Tcp) => Ok(()),
            (Domain::V4 | Domain::V6, Type::Datagram, Transport::Default | Transport::Udp) => Ok(()),
            (_, Type::Packets, _) => Err(Errno::SOCKTNOSUPPORT),
            _ => Err(Errno::PROTONOSUPPORT),
        }
    }
}

fn flags(is_nonblocking: bool) -> SocketFlags {
    let nonblocking = if is_nonblocking { SocketFlags::NONBLOCK } else { SocketFlags::empty() };
    SocketFlags::CLOEXEC | nonblocking
}

/// Fails while a checkpoint is made: nothing that the kernel keeps gets into one.
fn not_at_build() -> Result<(), Errno> {
    if phase::is_at_build() { Err(Errno::NFILE) } else { Ok(()) }
}

/// Makes a socket. That needs no grant.
pub fn socket(kind: Kind) -> Result<Socket, Errno> {
    kind.check()?;
    not_at_build()?;
    open_closed_descriptors()?;
    let (family, ty, flags, protocol) = kind.parts();
    net::socket_with(family, ty, flags, protocol).map(Socket::own)
}

/// Makes two Unix sockets that are connected with each other.
pub fn pair(kind: Kind) -> Result<(Socket, Socket), Errno> {
    if kind.domain != Domain::Unix {
        return Err(Errno::OPNOTSUPP);
    }
    kind.check()?;
    not_at_build()?;
    open_closed_descriptors()?;
    let (family, ty, flags, protocol) = kind.parts();
    net::socketpair(family, ty, flags, protocol).map(|(one, other)| (Socket::own(one), Socket::own(other)))
}

/// Returns the socket that an open file is, if the guest may change what it is connected with. Standard streams are what they are.
pub fn of_file(file: &OpenFile) -> Result<&Socket, Errno> {
    match file {
        OpenFile::Socket(socket) => Ok(socket),
        file => descriptor(file).and(Err(Errno::OPNOTSUPP)),
    }
}

/// Returns the descriptor of a socket. Fails with `ENOTSOCK` for everything else.
pub fn descriptor(file: &OpenFile) -> Result<BorrowedFd<'_>, Errno> {
    use crate::vfs::open::status::FileType::{DatagramSocket, StreamSocket};
    match file.file_type()? {
        StreamSocket | DatagramSocket => file.descriptor(),
        _ => Err(Errno::NOTSOCK),
    }
}

/// Binds a socket to an address.
pub fn bind(file: &OpenFile, address: &Address) -> Result<(), Errno> {
    let socket = descriptor(file)?;
    let own = of_file(file)?;
    let role = match address {
        Address::Unspecified => return Err(Errno::AFNOSUPPORT),
        Address::Ip(ip) if grant::covers(Use::Listen, ip) => Role::BoundByGrant,
        Address::Ip(ip) if inside::can_bind(file, ip) => Role::BoundInside,
        Address::Ip(_) => return grant::check(Use::Listen, address),
        Address::Unix(unix) => match unix.name() {
            UnixName::Path(path) if sockopt::socket_domain(socket)? == AddressFamily::UNIX => {
                let role = unix::bind(socket, path)?;
                own.with_role(|found| *found = role);
                return Ok(());
            }
            _ => {
                grant::check(Use::Listen, address)?;
                Role::BoundByGrant
            }
        },
    };
    bind_as_is(socket, address)?;
    own.with_role(|found| *found = role);
    Ok(())
}

/// Binds a socket for the kernel.
pub fn bind_as_is(socket: BorrowedFd<'_>, address: &Address) -> Result<(), Errno> {
    let address = KernelAddress::from(address);
    // SAFETY: the address has so many bytes.
    unsafe { system_call(libc::SYS_bind, of_kernel(socket, &address)) }.map(drop)
}

/// Lets others connect to a socket.
pub fn listen(file: &OpenFile, backlog: i32) -> Result<(), Errno> {
    let socket = descriptor(file)?;
    if let OpenFile::Socket(own) = file
        && !own.is_inherited()
    {
        match own.with_role(|role| inside::State::of(role)) {
            inside::State::Bound => return inside::listen(own, socket),
            inside::State::Listens => return Ok(()),
            inside::State::Connected => return Err(Errno::INVAL),
            inside::State::Outside { is_granted: true } => {}
            // The kernel would bind it to a port of its choice.
            inside::State::Outside { is_granted: false } => {
                if let Some(address @ Address::Ip(_)) = name_of(socket)? {
                    grant::check(Use::Listen, &address)?;
                }
            }
        }
    }
    net::listen(socket, backlog)
}

/// Connects a socket.
pub fn connect(file: &OpenFile, address: &Address) -> Result<(), Errno> {
    let socket = descriptor(file)?;
    if let Address::Ip(ip) = address {
        match file {
            OpenFile::Socket(own) if inside::is_inside(own) => return Err(Errno::ISCONN),
            OpenFile::Socket(own) => match inside::listener(ip) {
                Some(listener) => return inside::connect(own, socket, &listener, ip),
                None if is_own(ip) => {}
                None => grant::check(Use::Connect, address)?,
            },
            _ => grant::check(Use::Connect, address)?,
        }
    } else {
        grant::check(Use::Connect, address)?;
    }
    connect_as_is(socket, &unix::reach(address)?.address)
}

/// Connects a socket for the kernel.
fn connect_as_is(socket: BorrowedFd<'_>, address: &Address) -> Result<(), Errno> {
    let address = KernelAddress::from(address);
    // SAFETY: the address has so many bytes.
    until_done(|| unsafe { waiting_system_call(libc::SYS_connect, of_kernel(socket, &address)) }).map(drop)
}

/// Whether a socket of this process listens at an address, and no other process does.
fn is_own(address: &SocketAddr) -> bool {
    inside::any_socket(|socket, descriptor| {
        let listens = !socket.is_inherited()
            && sockopt::socket_acceptconn(descriptor) == Ok(true)
            && sockopt::socket_reuseport(descriptor) == Ok(false)
            && name_of(descriptor) == Ok(Some(Address::Ip(*address)));
        listens.then_some(())
    })
    .is_some()
}

/// Accepts a connection. Returns it with the address of the other end.
pub fn accept(file: &OpenFile, is_nonblocking: bool) -> Result<(Socket, Option<Address>), Errno> {
    let socket = descriptor(file)?;
    let flags = flags(is_nonblocking);
    if let OpenFile::Socket(own) = file {
        match own.with_role(|role| inside::State::of(role)) {
            inside::State::Listens => return inside::accept(own, socket, flags),
            inside::State::Bound | inside::State::Connected => return Err(Errno::INVAL),
            inside::State::Outside { .. } => {}
        }
    }
    if file.own_flags().is_some() {
        let accepted = file.accept(flags)?;
        let peer = peer_of(accepted.as_fd()).ok().flatten();
        return Ok((Socket::own(accepted), peer));
    }
    let mut peer = KernelAddress::room();
    let accepted = until_done(|| {
        let [socket, address, len] = to_kernel(socket, &mut peer);
        // SAFETY: there is room for any address, and its number of bytes beside it.
        unsafe { waiting_system_call(libc::SYS_accept4, [socket, address, len, flags.bits() as usize]) }
    })?;
    // SAFETY: the kernel has just made it, and nobody else has it.
    let accepted = unsafe { OwnedFd::from_raw_fd(accepted as RawFd) };
    Ok((Socket::own(accepted), peer.address().map(unix::as_guest_knows)))
}

/// Ends receiving, sending or both.
pub fn shut_down(file: &OpenFile, how: Shutdown) -> Result<(), Errno> {
    descriptor(file)?;
    file.shut_down(how)
}

/// Returns the address of a socket.
pub fn own_address(file: &OpenFile) -> Result<Option<Address>, Errno> {
    let socket = descriptor(file)?;
    match file {
        OpenFile::Socket(own) => match own.with_role(|role| inside::addresses(role)) {
            Some((own, _)) => Ok(Some(Address::Ip(own))),
            None => Ok(name_of(socket)?.map(unix::as_guest_knows)),
        },
        _ => name_of(socket),
    }
}

/// Returns the address that a socket is connected to.
pub fn peer_address(file: &OpenFile) -> Result<Option<Address>, Errno> {
    let socket = descriptor(file)?;
    match file {
        OpenFile::Socket(own) => match own.with_role(|role| inside::addresses(role)) {
            Some((_, peer)) => peer.map(|peer| Some(Address::Ip(peer))).ok_or(Errno::NOTCONN),
            None => Ok(peer_of(socket)?.map(unix::as_guest_knows)),
        },
        _ => peer_of(socket),
    }
}

/// Returns the address that the kernel has for a socket.
pub fn name_of(socket: BorrowedFd<'_>) -> Result<Option<Address>, Errno> {
    let mut address = KernelAddress::room();
    // SAFETY: there is room for any address, and its number of bytes beside it.
    unsafe { system_call(libc::SYS_getsockname, to_kernel(socket, &mut address)) }?;
    Ok(address.address())
}

fn peer_of(socket: BorrowedFd<'_>) -> Result<Option<Address>, Errno> {
    let mut address = KernelAddress::room();
    // SAFETY: as above.
    unsafe { system_call(libc::SYS_getpeername, to_kernel(socket, &mut address)) }?;
    Ok(address.address())
}

/// A socket and an address as a call takes them that reads the address.
fn of_kernel(socket: BorrowedFd<'_>, address: &KernelAddress) -> [usize; 3] {
    [socket.as_raw_fd() as usize, address.as_ptr() as usize, address.len() as usize]
}

/// The same for a call that writes the address.
fn to_kernel(socket: BorrowedFd<'_>, address: &mut KernelAddress) -> [usize; 3] {
    let start = address.as_mut_ptr() as usize;
    let len: *mut libc::socklen_t = address.len_mut();
    [socket.as_raw_fd() as usize, start, len as usize]
}

/// Whether a socket does not wait.
pub fn is_nonblocking(socket: BorrowedFd<'_>) -> Result<bool, Errno> {
    Ok(rustix::fs::fcntl_getfl(socket)?.contains(OFlags::NONBLOCK))
}
