//! Mapped files. Memory without a file the C library makes by itself.

use super::super::interface;
use super::errno::Stop;
use super::library::{fail, text};
use crate::guest::pointer::{Guest, GuestRange};
use crate::host::callback::callback;
use crate::vfs::descriptors;
use crate::vfs::mapping::{self, Mapping};
use crate::vfs::open::OpenFile;
use crate::vfs::path::PATH_BYTES_MAX;
use crate::vfs::posix::files;
use crate::vfs::posix::namespace::at;
use adder_abi::callback::Callback;
use adder_abi::plan::PAGE_BYTES;
use adder_abi::trap::TrapCode;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

interface! {
    emscripten::mapping;
    adder_emscripten_mapping__mmap_js = map(
        Guest, bytes: u32, protection: u32, flags: u32, fd: u32, offset: u64, allocated: u32, result: u32
    );
    adder_emscripten_mapping_mmap_3_1_6 = map_3_1_6(
        Guest, address: u32, bytes: u32, protection: u32, flags: u32, fd: u32, offset: u32, allocated: u32
    );
    adder_emscripten_mapping__msync_js = sync(
        Guest, address: u32, bytes: u32, protection: u32, flags: u32, fd: u32, offset: u64
    );
    adder_emscripten_mapping_msync_3_1_6 = sync_3_1_6(Guest, address: u32, bytes: u32, flags: u32, fd: u32);
    adder_emscripten_mapping__munmap_js = unmap(
        Guest, address: u32, bytes: u32, protection: u32, flags: u32, fd: u32, offset: u64
    );
    adder_emscripten_mapping_munmap_3_1_6 = unmap_3_1_6(
        Guest, address: u32, bytes: u32, protection: u32, flags: u32, fd: u32, offset: u32
    );
    adder_emscripten_mapping___map_file = map_whole(Guest, path: u32, size: u32);
}

const PROTECTION_WRITE: u32 = 2;
const SHARED: u32 = 1;
const ASYNCHRONOUS: u32 = 1;

/// Maps a part of an open file into memory of the guest's own allocator. Returns its address.
fn mapped(guest: Guest, bytes: u32, protection: u32, flags: u32, fd: u32, offset: u64) -> Result<u32, Stop> {
    let writes_file = flags & SHARED != 0 && protection & PROTECTION_WRITE != 0;
    mapped_file(guest, &descriptors::descriptor(fd)?.file, bytes, Mapping { writes_file, offset })
}

fn mapped_file(guest: Guest, file: &OpenFile, bytes: u32, how: Mapping) -> Result<u32, Stop> {
    if bytes == 0 {
        return Err(Errno::INVAL.into());
    }
    let allocate = callback::<(u32, u32), u32>(Callback::AllocateAlignedBuiltin);
    let allocate = allocate.or_else(|| callback(Callback::AllocateAligned)).ok_or(Errno::NOMEM)?;
    let page = PAGE_BYTES as u32;
    let rounded = bytes.checked_next_multiple_of(page).ok_or(Errno::NOMEM)?;
    let address = allocate.call((page, rounded))?;
    if address == 0 {
        return Err(Errno::NOMEM.into());
    }
    let range = guest.range(address, rounded.into())?;
    let zeroed = mapping::unmap(range);
    let done = zeroed.and_then(|()| mapping::map(file, range.part(0, bytes as usize), how));
    if let Err(error) = done {
        if let Some(free) = callback::<u32, ()>(Callback::Free) {
            free.call(address)?;
        }
        return Err(error.into());
    }
    Ok(address)
}

/// Maps all of the file at a path, to be read. Returns its address, or 0.
fn map_whole(guest: Guest, path: u32, size: u32) -> Result<u32, TrapCode> {
    match mapped_path(guest, path, size) {
        Ok(address) => Ok(address),
        Err(Stop::Trap(code)) => Err(code),
        Err(Stop::Error(error)) => fail(guest, error).map(|_| 0),
    }
}

fn mapped_path(guest: Guest, path: u32, size: u32) -> Result<u32, Stop> {
    let size = guest.place::<u32>(size)?;
    let path = text(guest, path, PATH_BYTES_MAX, Errno::NAMETOOLONG)?;
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = files::open_file(&at(None, &path)?, flags, Mode::empty())?;
    let bytes = u32::try_from(file.status()?.size).map_err(|_| Errno::NOMEM)?;
    let address = mapped_file(guest, &file, bytes, Mapping { writes_file: false, offset: 0 })?;
    size.write(bytes);
    Ok(address)
}

fn map(
    guest: Guest,
    bytes: u32,
    protection: u32,
    flags: u32,
    fd: u32,
    offset: u64,
    allocated: u32,
    result: u32,
) -> Result<(), Stop> {
    let (allocated, result) = (guest.place::<u32>(allocated)?, guest.place::<u32>(result)?);
    result.write(mapped(guest, bytes, protection, flags, fd, offset)?);
    allocated.write(1);
    Ok(())
}

fn map_3_1_6(
    guest: Guest,
    address: u32,
    bytes: u32,
    protection: u32,
    flags: u32,
    fd: u32,
    offset: u32,
    allocated: u32,
) -> Result<u32, Stop> {
    let allocated = guest.place::<u32>(allocated)?;
    if address != 0 {
        return Err(Errno::INVAL.into());
    }
    // The C library has made pages of 4 KiB of the offset.
    let mapped = mapped(guest, bytes, protection, flags, fd, u64::from(offset))?;
    allocated.write(1);
    Ok(mapped)
}

fn range(guest: Guest, address: u32, bytes: u32) -> Result<GuestRange, Errno> {
    guest.range(address, bytes.into())
}

fn sync(
    guest: Guest,
    address: u32,
    bytes: u32,
    _protection: u32,
    flags: u32,
    _fd: u32,
    _offset: u64,
) -> Result<(), Errno> {
    mapping::sync(range(guest, address, bytes)?, flags & ASYNCHRONOUS == 0)
}

fn sync_3_1_6(guest: Guest, address: u32, bytes: u32, flags: u32, _fd: u32) -> Result<(), Errno> {
    mapping::sync(range(guest, address, bytes)?, flags & ASYNCHRONOUS == 0)
}

fn unmap(
    guest: Guest,
    address: u32,
    bytes: u32,
    _protection: u32,
    _flags: u32,
    _fd: u32,
    _offset: u64,
) -> Result<(), Errno> {
    mapping::unmap(range(guest, address, bytes)?)
}

fn unmap_3_1_6(
    guest: Guest,
    address: u32,
    bytes: u32,
    _protection: u32,
    _flags: u32,
    _fd: u32,
    _offset: u32,
) -> Result<(), Errno> {
    mapping::unmap(range(guest, address, bytes)?)
}
