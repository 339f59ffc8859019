//! Sockets. Preview 1 cannot make any: there are those that the process was started with (see [`crate::vfs::grant`]) and
//! those that they accept.

use super::descriptor::file;
use super::witx::errno::Errno;
use super::witx::pieces::Pieces;
use super::witx::types::{fdflags, riflags, sdflags};
use crate::guest::pointer::Guest;
use crate::vfs::open::socket::Socket;
use crate::vfs::rights::Rights;
use crate::vfs::{descriptors, rights};
use rustix::net::{Shutdown, SocketFlags};

/// Accepts a connection. Of the flags, `NONBLOCK` is known.
pub fn sock_accept(guest: Guest, fd: u32, flags: u32, result: u32) -> Result<(), Errno> {
    let socket = file(fd, rights::SOCK_ACCEPT)?;
    let place = guest.place::<u32>(result)?;
    if flags & !fdflags::NONBLOCK != 0 {
        return Err(Errno::Inval);
    }
    let mut host_flags = SocketFlags::CLOEXEC;
    host_flags.set(SocketFlags::NONBLOCK, flags != 0);
    let accepted = Socket::own(socket.accept(host_flags)?);
    place.write(descriptors::add(accepted.into(), Rights::ALL)?);
    Ok(())
}

/// Receives a message.
pub fn sock_recv(
    guest: Guest,
    fd: u32,
    vectors: u32,
    count: u32,
    flags: u32,
    result: u32,
    result_flags: u32,
) -> Result<(), Errno> {
    let socket = file(fd, rights::FD_READ)?;
    let bytes = guest.place::<u32>(result)?;
    let received_flags = guest.place::<u16>(result_flags)?;
    let pieces = Pieces::from_guest(guest, vectors, count)?;
    if flags & !(riflags::PEEK | riflags::WAITALL) != 0 {
        return Err(Errno::Inval);
    }
    let mut host_flags = 0;
    if flags & riflags::PEEK != 0 {
        host_flags |= libc::MSG_PEEK;
    }
    if flags & riflags::WAITALL != 0 {
        host_flags |= libc::MSG_WAITALL;
    }
    let received = socket.receive(pieces.ranges(), host_flags)?;
    bytes.write(received.bytes as u32);
    received_flags.write(if received.truncated { riflags::DATA_TRUNCATED } else { 0 });
    Ok(())
}

/// Sends a message. No flags are known.
pub fn sock_send(guest: Guest, fd: u32, vectors: u32, count: u32, flags: u32, result: u32) -> Result<(), Errno> {
    let socket = file(fd, rights::FD_WRITE)?;
    let bytes = guest.place::<u32>(result)?;
    let pieces = Pieces::from_guest(guest, vectors, count)?;
    if flags != 0 {
        return Err(Errno::Inval);
    }
    bytes.write(socket.send(pieces.ranges())? as u32);
    Ok(())
}

/// Ends receiving, sending or both.
pub fn sock_shutdown(_guest: Guest, fd: u32, how: u32) -> Result<(), Errno> {
    let socket = file(fd, rights::SOCK_SHUTDOWN)?;
    const BOTH: u32 = sdflags::RD | sdflags::WR;
    let how = match how {
        sdflags::RD => Shutdown::Read,
        sdflags::WR => Shutdown::Write,
        BOTH => Shutdown::Both,
        _ => return Err(Errno::Inval),
    };
    Ok(socket.shut_down(how)?)
}
