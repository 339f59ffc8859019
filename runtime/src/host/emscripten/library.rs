//! What functions of the C library do that are imported whole: texts, `errno`, memory of the guest's own allocator.

use super::errno::number;
use crate::guest::pointer::{Guest, GuestRange};
use crate::host::callback::callback;
use adder_abi::callback::Callback;
use adder_abi::trap::TrapCode;
use alloc::vec::Vec;
use rustix::io::Errno;

/// What a function of the C library returns if it fails.
pub const FAILED: u32 = u32::MAX;

/// Sets `errno`, and returns -1.
pub fn fail(guest: Guest, error: Errno) -> Result<u32, TrapCode> {
    set_errno(guest, error)?;
    Ok(FAILED)
}

/// Sets `errno`, if the program says where that is.
pub fn set_errno(guest: Guest, error: Errno) -> Result<(), TrapCode> {
    if let Some(location) = callback::<(), u32>(Callback::ErrnoLocation) {
        let address = location.call(())?;
        if let Ok(place) = guest.place::<u32>(address) {
            place.write(number(error));
        }
    }
    Ok(())
}

/// Bytes of guest memory that are looked through at once for the end of a text.
const TEXT_STEP: usize = 256;

/// Reads a text up to its NUL, which has to come after at most `bytes_max` bytes: else this fails with `too_long`.
pub fn text(guest: Guest, address: u32, bytes_max: usize, too_long: Errno) -> Result<Vec<u8>, Errno> {
    let mut text = Vec::new();
    loop {
        let start = u32::try_from(text.len()).ok().and_then(|read| address.checked_add(read)).ok_or(Errno::FAULT)?;
        let rest = guest.rest(start, TEXT_STEP)?;
        if rest.is_empty() {
            return Err(Errno::FAULT);
        }
        let mut bytes = [0; TEXT_STEP];
        let read = rest.read(&mut bytes);
        let end = bytes[..read].iter().position(|byte| *byte == 0);
        text.try_reserve(read).map_err(|_| Errno::NOMEM)?;
        text.extend_from_slice(&bytes[..end.unwrap_or(read)]);
        if text.len() > bytes_max {
            return Err(too_long);
        }
        if end.is_some() {
            return Ok(text);
        }
    }
}

/// Writes a text and its NUL into a buffer, cut to what fits.
pub fn write_text(buffer: GuestRange, text: &[u8]) {
    if let Some(room) = buffer.len().checked_sub(1) {
        let bytes = text.len().min(room);
        buffer.write(&text[..bytes]);
        buffer.part(bytes, 1).write(&[0]);
    }
}

/// Takes memory from the guest's own allocator, of which the guest is the owner then; nothing if it has none, or no more.
pub fn allocate(guest: Guest, bytes: u32) -> Result<Option<(u32, GuestRange)>, TrapCode> {
    let Some(malloc) = callback::<u32, u32>(Callback::Malloc) else { return Ok(None) };
    let address = malloc.call(bytes)?;
    Ok(match address {
        0 => None,
        address => guest.range(address, bytes.into()).ok().map(|range| (address, range)),
    })
}

/// Copies a text with its NUL into memory of the guest's own allocator. Returns its address, or 0.
pub fn allocate_text(guest: Guest, text: &[u8]) -> Result<u32, TrapCode> {
    let Ok(bytes) = u32::try_from(text.len() + 1) else { return Ok(0) };
    Ok(match allocate(guest, bytes)? {
        Some((address, range)) => {
            write_text(range, text);
            address
        }
        None => 0,
    })
}
