//! Sending and receiving.

use super::address::{self, GuestAddress};
use super::socket_of;
use crate::guest::pointer::{Guest, GuestRange, Record};
use crate::net::message;
use crate::vfs::open::vectored::PIECES_MAX;
use crate::vfs::rights;
use alloc::vec::Vec;
use core::slice;
use rustix::io::Errno;

/// `struct msghdr`.
#[derive(Clone, Copy)]
#[repr(C)]
struct Header {
    name: u32,
    name_bytes: u32,
    pieces: u32,
    piece_count: u32,
    control: u32,
    control_bytes: u32,
    flags: u32,
}

const _: () = assert!(size_of::<Header>() == 28);

// SAFETY: integers without padding between them.
unsafe impl Record for Header {}

/// `struct iovec`.
#[derive(Clone, Copy)]
#[repr(C)]
struct Piece {
    start: u32,
    bytes: u32,
}

// SAFETY: integers without padding between them.
unsafe impl Record for Piece {}

/// The longest message: as much as a call of Linux moves.
const BYTES_MAX: u64 = 0x7fff_f000;

pub fn send_to(
    guest: Guest,
    fd: u32,
    buffer: u32,
    bytes: u32,
    flags: u32,
    address: u32,
    address_bytes: u32,
) -> Result<u32, Errno> {
    let file = socket_of(fd, rights::FD_WRITE)?;
    let piece = guest.range(buffer, u64::from(bytes).min(BYTES_MAX))?;
    let to = if address == 0 { None } else { Some(address::read(guest, address, address_bytes)?) };
    message::send(&file, slice::from_ref(&piece), to.as_ref(), flags as i32).map(|bytes| bytes as u32)
}

pub fn receive_from(
    guest: Guest,
    fd: u32,
    buffer: u32,
    bytes: u32,
    flags: u32,
    address: u32,
    address_bytes: u32,
) -> Result<u32, Errno> {
    let file = socket_of(fd, rights::FD_READ)?;
    let piece = guest.range(buffer, u64::from(bytes).min(BYTES_MAX))?;
    let received = message::receive(&file, slice::from_ref(&piece), flags as i32)?;
    address::write(guest, received.from, address, address_bytes)?;
    Ok(received.bytes as u32)
}

/// Reads the pieces of a message. Fails with `EMSGSIZE` if they are more than the kernel takes: then it would be another message.
fn pieces(guest: Guest, header: &Header) -> Result<Vec<GuestRange>, Errno> {
    if header.piece_count as usize > PIECES_MAX {
        return Err(Errno::MSGSIZE);
    }
    let places = guest.array::<Piece>(header.pieces, header.piece_count)?;
    let mut pieces = Vec::new();
    pieces.try_reserve_exact(places.len()).map_err(|_| Errno::NOMEM)?;
    for place in places.places() {
        let piece = place.read();
        pieces.push(guest.range(piece.start, piece.bytes.into())?);
    }
    Ok(pieces)
}

pub fn send_message(guest: Guest, fd: u32, address: u32, flags: u32, _: u32, _: u32, _: u32) -> Result<u32, Errno> {
    let file = socket_of(fd, rights::FD_WRITE)?;
    let header = guest.place::<Header>(address)?.read();
    let to = match (header.name, header.name_bytes) {
        (0, _) | (_, 0) => None,
        (name, bytes) => Some(address::read(guest, name, bytes)?),
    };
    if header.control != 0 && header.control_bytes != 0 {
        guest.range(header.control, header.control_bytes.into())?;
        // There are no control messages that a guest may send.
        return Err(Errno::INVAL);
    }
    message::send(&file, &pieces(guest, &header)?, to.as_ref(), flags as i32).map(|bytes| bytes as u32)
}

pub fn receive_message(guest: Guest, fd: u32, address: u32, flags: u32, _: u32, _: u32, _: u32) -> Result<u32, Errno> {
    let file = socket_of(fd, rights::FD_READ)?;
    let place = guest.place::<Header>(address)?;
    let mut header = place.read();
    let room = match header.name {
        0 => None,
        name => Some(guest.range(name, u32::try_from(header.name_bytes as i32).map_err(|_| Errno::INVAL)?.into())?),
    };
    if header.control != 0 {
        guest.range(header.control, header.control_bytes.into())?;
    }
    let received = message::receive(&file, &pieces(guest, &header)?, flags as i32)?;
    let from = received.from.as_ref().map(GuestAddress::from);
    let bytes = from.as_ref().map_or(&[][..], GuestAddress::bytes);
    if let Some(room) = room {
        room.write(bytes);
        header.name_bytes = bytes.len() as u32;
    }
    // What is sent beside messages is not let through.
    header.control_bytes = 0;
    header.flags = received.flags as u32;
    place.write(header);
    Ok(received.bytes as u32)
}
