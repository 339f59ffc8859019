//! Files in the memory of the guest: mapped there by the kernel, so that a shared mapping is what is in the file, for everybody.
//!
//! A mapping lies over memory that the guest has from its own allocator. When it goes, there is memory again, all zero.

use super::open::OpenFile;
use super::open::status::FileType;
use crate::guest::pointer::GuestRange;
use crate::guest::trap::handle_fault;
use crate::process::signals::handle_also;
use core::ffi::c_void;
use libc::SIGBUS;
use rustix::io::Errno;
use rustix::mm::{MapFlags, MsyncFlags, ProtFlags, mmap, mmap_anonymous, msync};

/// How a file is mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Whether what is written there goes into the file.
    pub writes_file: bool,
    /// Where it begins in the file, in bytes.
    pub offset: u64,
}

/// The smallest pages of all targets. The guest's own are a multiple of all that there are.
const PAGE_BYTES: usize = 4096;

/// Maps a file over `range`, which begins at a page of the guest's.
///
/// Fails with `EINVAL` if it does not, or if `offset` is no multiple of the size of pages; with `ENODEV` for what cannot be mapped.
pub fn map(file: &OpenFile, range: GuestRange, mapping: Mapping) -> Result<(), Errno> {
    let Mapping { writes_file, offset } = mapping;
    let (start, bytes) = pages(range)?;
    match file.file_type()? {
        FileType::RegularFile | FileType::BlockDevice | FileType::CharacterDevice => {}
        FileType::Directory => return Err(Errno::NODEV),
        _ => return Err(Errno::ACCESS),
    }
    let Ok(descriptor) = file.descriptor() else {
        // It is in the executable: a copy is as good, as nobody changes it.
        return copy(file, range, mapping);
    };
    // Behind the end of a file there is nothing, and the kernel says so by this signal.
    handle_also(SIGBUS, handle_fault);
    let flags = if writes_file { MapFlags::SHARED } else { MapFlags::PRIVATE };
    let protection = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: the range was checked to lie in the memory of the guest, which is the only one to use it; all of it is replaced. The
    // guest's memory keeps being readable and writable; an access behind the end of the file is a fault of the guest.
    unsafe { mmap(start, bytes, protection, flags | MapFlags::FIXED, descriptor, offset) }.map(drop)
}

/// Copies what is in a file to where it is to be mapped.
fn copy(file: &OpenFile, range: GuestRange, mapping: Mapping) -> Result<(), Errno> {
    if mapping.writes_file {
        return Err(Errno::ACCESS);
    }
    let mut done = 0;
    while done < range.len() {
        let rest = range.part(done, range.len() - done);
        match file.read_at(&[rest], mapping.offset + done as u64)? {
            0 => break,
            bytes => done += bytes,
        }
    }
    Ok(())
}

/// Takes a mapping away.
///
/// Fails with `EINVAL` for a range that does not begin at a page.
pub fn unmap(range: GuestRange) -> Result<(), Errno> {
    let (start, bytes) = pages(range)?;
    if bytes == 0 {
        return Ok(());
    }
    let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | MapFlags::FIXED;
    // SAFETY: as in `map`: it is the guest's memory, and stays that.
    unsafe { mmap_anonymous(start, bytes, ProtFlags::READ | ProtFlags::WRITE, flags) }.map(drop)
}

/// Writes what was changed in a mapping into its file; unless `waits`, at some time.
pub fn sync(range: GuestRange, waits: bool) -> Result<(), Errno> {
    let (start, bytes) = pages(range)?;
    let flags = if waits { MsyncFlags::SYNC } else { MsyncFlags::ASYNC };
    // SAFETY: the range lies in the memory of the guest.
    unsafe { msync(start, bytes, flags) }
}

/// The pages of a range.
fn pages(range: GuestRange) -> Result<(*mut c_void, usize), Errno> {
    let start = range.as_mut_ptr();
    if !(start as usize).is_multiple_of(PAGE_BYTES) {
        return Err(Errno::INVAL);
    }
    Ok((start.cast(), range.len().next_multiple_of(PAGE_BYTES)))
}
