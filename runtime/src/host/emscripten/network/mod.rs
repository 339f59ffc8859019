//! Sockets.

mod address;
mod message;
mod option;
mod poll;
mod resolver;
mod stub;

use super::errno::number;
use crate::guest::pointer::Guest;
use crate::host::interface;
use crate::net::address::Address;
use crate::net::socket::{self, Domain, Kind, Transport, Type};
use crate::vfs::open::OpenFile;
use crate::vfs::open::socket::Socket;
use crate::vfs::posix::descriptors::{self, file};
use crate::vfs::rights;
use alloc::sync::Arc;
use rustix::io::Errno;
use rustix::net::Shutdown;

interface! {
    emscripten::network;
    adder_emscripten_network___syscall_accept4 = accept(
        Guest, fd: u32, address: u32, bytes: u32, flags: u32, _unused: u32, _unused_too: u32
    );
    adder_emscripten_network___syscall_bind = bind(
        Guest, fd: u32, address: u32, bytes: u32, _third: u32, _fourth: u32, _fifth: u32
    );
    adder_emscripten_network___syscall_connect = connect(
        Guest, fd: u32, address: u32, bytes: u32, _third: u32, _fourth: u32, _fifth: u32
    );
    adder_emscripten_network___syscall_getpeername = peer_name(
        Guest, fd: u32, address: u32, bytes: u32, _third: u32, _fourth: u32, _fifth: u32
    );
    adder_emscripten_network___syscall_getsockname = own_name(
        Guest, fd: u32, address: u32, bytes: u32, _third: u32, _fourth: u32, _fifth: u32
    );
    adder_emscripten_network___syscall_getsockopt = option::get(
        Guest, fd: u32, level: u32, option: u32, value: u32, bytes: u32, _fifth: u32
    );
    adder_emscripten_network___syscall_listen = listen(
        Guest, fd: u32, backlog: i32, _second: u32, _third: u32, _fourth: u32, _fifth: u32
    );
    adder_emscripten_network___syscall__newselect = poll::select(
        Guest, count: u32, readable: u32, writable: u32, exceptional: u32, timeout: u32
    );
    adder_emscripten_network___syscall_poll = poll::poll(Guest, files: u32, count: u32, timeout: i32);
    adder_emscripten_network___syscall_poll_nonblocking = poll::poll_at_once(Guest, files: u32, count: u32);
    adder_emscripten_network___syscall_recvfrom = message::receive_from(
        Guest, fd: u32, buffer: u32, bytes: u32, flags: u32, address: u32, address_bytes: u32
    );
    adder_emscripten_network___syscall_recvmsg = message::receive_message(
        Guest, fd: u32, message: u32, flags: u32, _third: u32, _fourth: u32, _fifth: u32
    );
    adder_emscripten_network___syscall_sendmsg = message::send_message(
        Guest, fd: u32, message: u32, flags: u32, _third: u32, _fourth: u32, _fifth: u32
    );
    adder_emscripten_network___syscall_sendto = message::send_to(
        Guest, fd: u32, buffer: u32, bytes: u32, flags: u32, address: u32, address_bytes: u32
    );
    adder_emscripten_network___syscall_setsockopt = option::set(
        Guest, fd: u32, level: u32, option: u32, value: u32, bytes: u32, _fifth: u32
    );
    adder_emscripten_network___syscall_shutdown = shut_down(
        Guest, fd: u32, how: u32, _second: u32, _third: u32, _fourth: u32, _fifth: u32
    );
    adder_emscripten_network___syscall_socket = make(
        Guest, domain: u32, ty: u32, protocol: u32, _third: u32, _fourth: u32, _fifth: u32
    );
    adder_emscripten_network___syscall_socketpair = pair(
        Guest, domain: u32, ty: u32, protocol: u32, result: u32, _fourth: u32, _fifth: u32
    );
    adder_emscripten_network__emscripten_lookup_name = resolver::name_to_number(Guest, name: u32);
    adder_emscripten_network_getaddrinfo = resolver::address_info(
        Guest, host: u32, service: u32, hints: u32, result: u32
    );
    adder_emscripten_network_gethostbyaddr = resolver::host_by_address(Guest, address: u32, bytes: u32, family: u32);
    adder_emscripten_network_gethostbyname = resolver::host_by_name(Guest, name: u32);
    adder_emscripten_network_getnameinfo = resolver::name_info(
        Guest, address: u32, bytes: u32, host: u32, host_bytes: u32, service: u32, service_bytes: u32, flags: u32
    );
    adder_emscripten_network_getprotobyname = resolver::protocol_by_name(Guest, name: u32);
    adder_emscripten_network__try_shutdown = try_shutdown(Guest, fd: u32, how: u32, result: u32);
}

/// What the C library adds to the type of a socket.
mod type_flag {
    pub const NONBLOCK: u32 = 0x800;
    pub const CLOEXEC: u32 = 0x8_0000;
    pub const ALL: u32 = NONBLOCK | CLOEXEC;
}

/// Returns the socket of a descriptor, if the guest has the right to what it is going to do with it.
fn socket_of(fd: u32, needed: u64) -> Result<Arc<OpenFile>, Errno> {
    // What is no socket is told from one that the guest has no right to.
    let found =
        file(fd, needed).or_else(|error| file(fd, 0).and_then(|file| socket::descriptor(&file).and(Err(error))))?;
    socket::descriptor(&found)?;
    Ok(found)
}

/// Gives a socket the lowest free number. `flags` are those of its type.
fn add(socket: Socket, flags: u32) -> Result<u32, Errno> {
    descriptors::add(Arc::new(socket.into()), None, flags & type_flag::CLOEXEC != 0)
}

/// Understands what `socket` is asked for.
fn kind(domain: u32, ty: u32, protocol: u32) -> Result<Kind, Errno> {
    const STREAM: u32 = 1;
    const DATAGRAM: u32 = 2;
    const RAW: u32 = 3;
    const PACKETS: u32 = 5;
    const TCP: u32 = 6;
    const UDP: u32 = 17;
    let domain = match domain {
        address::family::INET => Domain::V4,
        address::family::INET6 => Domain::V6,
        address::family::UNIX => Domain::Unix,
        _ => return Err(Errno::AFNOSUPPORT),
    };
    let is_nonblocking = ty & type_flag::NONBLOCK != 0;
    let ty = match ty & !type_flag::ALL {
        STREAM => Type::Stream,
        DATAGRAM => Type::Datagram,
        PACKETS => Type::Packets,
        // As for a process without privileges.
        RAW => return Err(Errno::PERM),
        _ => return Err(Errno::INVAL),
    };
    let transport = match protocol {
        0 => Transport::Default,
        // The number of the family stands for its own protocol.
        address::family::UNIX if domain == Domain::Unix => Transport::Default,
        TCP => Transport::Tcp,
        UDP => Transport::Udp,
        _ => return Err(Errno::PROTONOSUPPORT),
    };
    Ok(Kind { domain, ty, transport, is_nonblocking })
}

fn make(_guest: Guest, domain: u32, ty: u32, protocol: u32, _: u32, _: u32, _: u32) -> Result<u32, Errno> {
    add(socket::socket(kind(domain, ty, protocol)?)?, ty)
}

fn pair(guest: Guest, domain: u32, ty: u32, protocol: u32, result: u32, _: u32, _: u32) -> Result<(), Errno> {
    let places = guest.array::<u32>(result, 2)?;
    let (one, other) = socket::pair(kind(domain, ty, protocol)?)?;
    let one = add(one, ty)?;
    let other = add(other, ty).inspect_err(|_| {
        let _ = descriptors::close(one);
    })?;
    for (place, number) in places.places().zip([one, other]) {
        place.write(number);
    }
    Ok(())
}

fn bind(guest: Guest, fd: u32, address: u32, bytes: u32, _: u32, _: u32, _: u32) -> Result<(), Errno> {
    let file = socket_of(fd, 0)?;
    socket::bind(&file, &address::read(guest, address, bytes)?)
}

fn connect(guest: Guest, fd: u32, address: u32, bytes: u32, _: u32, _: u32, _: u32) -> Result<(), Errno> {
    let file = socket_of(fd, 0)?;
    socket::connect(&file, &address::read(guest, address, bytes)?)
}

fn listen(_guest: Guest, fd: u32, backlog: i32, _: u32, _: u32, _: u32, _: u32) -> Result<(), Errno> {
    socket::listen(&*file(fd, 0)?, backlog)
}

fn accept(guest: Guest, fd: u32, address: u32, bytes: u32, flags: u32, _: u32, _: u32) -> Result<u32, Errno> {
    let file = socket_of(fd, rights::SOCK_ACCEPT)?;
    if flags & !type_flag::ALL != 0 {
        return Err(Errno::INVAL);
    }
    let (accepted, peer) = socket::accept(&file, flags & type_flag::NONBLOCK != 0)?;
    address::write(guest, peer, address, bytes)?;
    add(accepted, flags)
}

fn own_name(guest: Guest, fd: u32, address: u32, bytes: u32, _: u32, _: u32, _: u32) -> Result<(), Errno> {
    write_name(guest, socket::own_address, fd, address, bytes)
}

fn peer_name(guest: Guest, fd: u32, address: u32, bytes: u32, _: u32, _: u32, _: u32) -> Result<(), Errno> {
    write_name(guest, socket::peer_address, fd, address, bytes)
}

fn write_name(
    guest: Guest,
    name: impl Fn(&OpenFile) -> Result<Option<Address>, Errno>,
    fd: u32,
    address: u32,
    bytes: u32,
) -> Result<(), Errno> {
    let found = name(&*file(fd, 0)?)?;
    if address == 0 {
        return Err(Errno::FAULT);
    }
    address::write(guest, found, address, bytes)
}

fn shut_down(_guest: Guest, fd: u32, how: u32, _: u32, _: u32, _: u32, _: u32) -> Result<(), Errno> {
    let how = match how {
        0 => Shutdown::Read,
        1 => Shutdown::Write,
        2 => Shutdown::Both,
        _ => return Err(Errno::INVAL),
    };
    socket::shut_down(&*socket_of(fd, rights::SOCK_SHUTDOWN)?, how)
}

/// Does what Pyodide's own call cannot do, and writes what that returns. Returns that it is done.
fn try_shutdown(guest: Guest, fd: u32, how: u32, result: u32) -> u32 {
    let done = shut_down(guest, fd, how, 0, 0, 0, 0);
    match guest.place::<u32>(result) {
        Ok(place) => {
            place.write(done.map_or_else(|error| number(error).wrapping_neg(), |()| 0));
            1
        }
        Err(_) => 0,
    }
}
