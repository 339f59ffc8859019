//! The file by which a guest reads and writes its own memory by address, until it has said that it goes on from the checkpoint.
//!
//! A language without pointers can so adapt what its interpreter keeps in C to the new process. It gives the guest nothing that
//! it has not: every address is checked as a pointer of the guest's is, and its memory is the guest's own.

use super::cold_start;
use crate::guest::pointer::{Guest, GuestRange};
use crate::process::phase;
use rustix::io::Errno;

/// Copies what is at an address into the pieces. Returns how many bytes that were.
pub fn read(guest: Guest, pieces: &[GuestRange], address: u64) -> Result<usize, Errno> {
    each(guest, pieces, address, |piece, memory| piece.copy_from(memory))
}

/// Copies the pieces to an address. Returns how many bytes that were.
pub fn write(guest: Guest, pieces: &[GuestRange], address: u64) -> Result<usize, Errno> {
    each(guest, pieces, address, |piece, memory| memory.copy_from(piece))
}

fn each(
    guest: Guest,
    pieces: &[GuestRange],
    address: u64,
    copy: impl Fn(GuestRange, GuestRange) -> usize,
) -> Result<usize, Errno> {
    if !phase::is_making() && !cold_start::can_begin() {
        return Err(Errno::BADF);
    }
    let mut done = 0;
    for piece in pieces {
        let next = address.checked_add(done as u64).and_then(|next| u32::try_from(next).ok()).ok_or(Errno::FAULT)?;
        done += copy(*piece, guest.range(next, piece.len() as u64)?);
    }
    Ok(done)
}
