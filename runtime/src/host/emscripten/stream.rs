//! Functions of WASI that have another type or meaning here.

use super::super::interface;
use super::file;
use crate::guest::pointer::Guest;
use crate::host::wasi::fd;
use crate::host::wasi::witx::errno::Errno;
use crate::vfs::descriptors;
use crate::vfs::open::status::FileType;
use crate::vfs::posix;
use rustix::fs::SeekFrom;

interface! {
    emscripten::stream;
    adder_emscripten_stream_fd_close = fd_close(Guest, fd: u32);
    adder_emscripten_stream_fd_fdstat_get = fd_fdstat_get(Guest, fd: u32, result: u32);
    adder_emscripten_stream_fd_pread_halves = fd_pread_halves(
        Guest, fd: u32, vectors: u32, count: u32, low: u32, high: u32, result: u32
    );
    adder_emscripten_stream_fd_pwrite_halves = fd_pwrite_halves(
        Guest, fd: u32, vectors: u32, count: u32, low: u32, high: u32, result: u32
    );
    adder_emscripten_stream_fd_seek = fd_seek(Guest, fd: u32, offset: i64, whence: u32, result: u32);
    adder_emscripten_stream_fd_seek_halves = fd_seek_halves(
        Guest, fd: u32, low: u32, high: u32, whence: u32, result: u32
    );
}

/// Returns a number of 64 bits of its halves.
pub fn joined(low: u32, high: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// A terminal, and any other device, as WASI numbers file types.
const CHARACTER_DEVICE: u8 = 2;
const UNKNOWN: u8 = 0;

fn fd_close(_guest: Guest, fd: u32) -> Result<(), Errno> {
    Ok(posix::descriptors::close(fd)?)
}

/// Attributes of a descriptor. A device is a character device only if it is a terminal: that is how `isatty` is done.
fn fd_fdstat_get(guest: Guest, fd: u32, result: u32) -> Result<(), Errno> {
    let file = descriptors::descriptor(fd)?.file;
    fd::fd_fdstat_get(guest, fd, result)?;
    let is_device = file.file_type()? == FileType::CharacterDevice;
    if is_device && !file.is_terminal() {
        guest.place::<u8>(result)?.write(UNKNOWN);
    }
    debug_assert!(!is_device || guest.place::<u8>(result)?.read() <= CHARACTER_DEVICE);
    Ok(())
}

fn fd_pread_halves(
    guest: Guest,
    fd: u32,
    vectors: u32,
    count: u32,
    low: u32,
    high: u32,
    result: u32,
) -> Result<(), Errno> {
    fd::fd_pread(guest, fd, vectors, count, joined(low, high), result)
}

fn fd_pwrite_halves(
    guest: Guest,
    fd: u32,
    vectors: u32,
    count: u32,
    low: u32,
    high: u32,
    result: u32,
) -> Result<(), Errno> {
    fd::fd_pwrite(guest, fd, vectors, count, joined(low, high), result)
}

fn fd_seek(guest: Guest, fd: u32, offset: i64, whence: u32, result: u32) -> Result<(), Errno> {
    let place = guest.place::<u64>(result)?;
    let to = match whence {
        0 => SeekFrom::Start(offset.try_into().map_err(|_| Errno::Inval)?),
        1 => SeekFrom::Current(offset),
        2 => SeekFrom::End(offset),
        _ => return Err(Errno::Inval),
    };
    place.write(file::seek(fd, to)?);
    Ok(())
}

fn fd_seek_halves(guest: Guest, fd: u32, low: u32, high: u32, whence: u32, result: u32) -> Result<(), Errno> {
    fd_seek(guest, fd, joined(low, high) as i64, whence, result)
}
