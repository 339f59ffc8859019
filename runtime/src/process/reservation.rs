//! Address space: reserving it, and making parts of it accessible.
//!
//! Memories, tables and the guest stack are reserved once, before the guest runs, and never move. What is reserved but not
//! accessible costs nothing but addresses; where even these are limited, reservations that are only room to grow shrink.

use crate::arch::page_bytes;
use crate::process::{kernel, phase};
use adder_abi::plan::{FIXED_REGIONS, PAGE_BYTES};
use core::ffi::c_void;
use core::fmt::{Display, Formatter};
use core::ops::Range;
use core::sync::atomic::{AtomicU64, Ordering};
use rustix::io::Errno;
use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags, madvise, mmap_anonymous, mprotect, munmap};

// Relaxed, all of them: they are written by the first thread before it enters the guest, and `pthread_create` publishes
// them to the others, who only read.

/// In a program that is built for a checkpoint, where the next reservation without a place of its own goes until the guest
/// is entered; else 0.
static NEXT_FIXED: AtomicU64 = AtomicU64::new(0);

/// Address space that was reserved in one piece for several purposes: its start and end.
static TOGETHER: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

/// Reserves all of these addresses in one piece, which is one system call instead of one for each purpose. [`reserve`] then
/// finds them reserved. If that fails, it will say what is wrong with which.
pub(crate) fn reserve_together(addresses: Range<u64>) {
    if reserve(addresses.end - addresses.start, Some(addresses.start), "all").is_ok() {
        TOGETHER[0].store(addresses.start, Ordering::Relaxed);
        TOGETHER[1].store(addresses.end, Ordering::Relaxed);
    }
}

/// Whether somebody has reserved these bytes already.
fn is_reserved(address: u64, bytes: u64) -> bool {
    let [start, end] = &TOGETHER;
    address >= start.load(Ordering::Relaxed) && bytes <= end.load(Ordering::Relaxed).saturating_sub(address)
}

/// From now on, what has no place of its own is reserved at fixed addresses, the same in every process.
pub(crate) fn begin_fixed() {
    NEXT_FIXED.store(FIXED_REGIONS, Ordering::Relaxed);
}

/// From now on, the kernel chooses again.
pub(crate) fn end_fixed() {
    NEXT_FIXED.store(0, Ordering::Relaxed);
}

/// What a reservation takes of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Addresses, which `RLIMIT_AS` limits.
    AddressSpace,
    /// Bytes that can be written to, which `RLIMIT_DATA` limits as well, used or not.
    Memory,
}

/// Address space or memory that could not be had.
#[derive(Debug)]
pub struct ReservationError {
    /// Which of them.
    pub resource: Resource,
    /// What it was for.
    pub purpose: &'static str,
    /// How much, in bytes.
    pub bytes: u64,
    /// Where, if it matters.
    pub address: Option<u64>,
    /// What the kernel said.
    pub reason: Errno,
}

impl Display for ReservationError {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self.resource {
            Resource::AddressSpace => write!(f, "cannot reserve {} bytes of address space", self.bytes)?,
            Resource::Memory => write!(f, "cannot get {} bytes of memory", self.bytes)?,
        }
        write!(f, " for {}", self.purpose)?;
        if let Some(address) = self.address {
            write!(f, " at {address:#x}")?;
        }
        match self.reason {
            Errno::NOMEM if self.resource == Resource::Memory => f.write_str(": memory is limited"),
            Errno::NOMEM => f.write_str(": address space is limited"),
            Errno::EXIST => f.write_str(": the addresses are taken"),
            Errno::PERM => f.write_str(": the kernel does not permit the address"),
            reason => write!(f, ": error {}", reason.raw_os_error()),
        }
    }
}

/// Where address space is limited, what has to be left when a reservation takes what it can get: for tables, for the heap.
const LEFT_BYTES: u64 = 16 << 20;

/// Reserves address space for something that can grow, at `address` exactly or anywhere: `bytes` of it or, where that is not
/// to be had, less, but not less than `bytes_min`. Returns its address and size.
pub(crate) fn reserve_up_to(
    bytes: u64,
    bytes_min: u64,
    address: Option<u64>,
    purpose: &'static str,
) -> Result<(*mut u8, u64), ReservationError> {
    match reserve(bytes, address, purpose) {
        Ok(start) => return Ok((start, bytes)),
        // What could not be had at build would be missing for ever.
        Err(error) if phase::is_at_build() => return Err(error),
        Err(_) => {}
    }
    for bytes in smaller(bytes, bytes_min, page_bytes()) {
        if let Ok(start) = reserve(bytes + LEFT_BYTES, address, purpose) {
            unmap(start.wrapping_add(bytes as usize), LEFT_BYTES);
            return Ok((start, bytes));
        }
    }
    let bytes_min = bytes_min.next_multiple_of(page_bytes());
    reserve(bytes_min, address, purpose).map(|start| (start, bytes_min))
}

/// Sizes below this one, in whole pages: half of it, half of that, and last `bytes_min`, which is not 0.
fn smaller(bytes: u64, bytes_min: u64, page_bytes: u64) -> impl Iterator<Item = u64> {
    let bytes_min = bytes_min.next_multiple_of(page_bytes);
    let half = move |bytes: &u64| Some((bytes / 2).next_multiple_of(page_bytes).max(bytes_min));
    core::iter::successors(Some(bytes), move |bytes| half(bytes).filter(|_| *bytes > bytes_min)).skip(1)
}

/// Reserves address space that is not accessible: at `address` exactly, or anywhere.
pub(crate) fn reserve(bytes: u64, address: Option<u64>, purpose: &'static str) -> Result<*mut u8, ReservationError> {
    let next = NEXT_FIXED.load(Ordering::Relaxed);
    let address = address.or((next != 0).then_some(next));
    if let Some(address) = address.filter(|address| is_reserved(*address, bytes)) {
        return Ok(address as *mut u8);
    }
    let error = |reason| ReservationError { resource: Resource::AddressSpace, purpose, bytes, address, reason };
    let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
    let flags = if address.is_some() { flags | MapFlags::FIXED_NOREPLACE } else { flags };
    let wish = address.unwrap_or(0) as *mut c_void;
    // SAFETY: nothing that is mapped is replaced.
    let start = unsafe { mmap_anonymous(wish, bytes as usize, ProtFlags::empty(), flags) }.map_err(error)?;
    if address.is_some_and(|address| address != start as u64) {
        // Kernels before 4.17, and valgrind, take the address as a mere wish.
        unmap(start.cast(), bytes);
        return Err(error(Errno::EXIST));
    }
    if next != 0 && address == Some(next) {
        NEXT_FIXED.store((next + bytes).next_multiple_of(PAGE_BYTES), Ordering::Relaxed);
    }
    Ok(start.cast())
}

/// Gives back address space that was reserved and is used by nobody.
fn unmap(start: *mut u8, bytes: u64) {
    if bytes != 0 {
        // SAFETY: the callers in this file pass what they have just mapped, or what nobody uses any more. Failing leaves
        // it reserved, no more.
        let _ = unsafe { munmap(start.cast(), bytes as usize) };
    }
}

/// Gives back a reservation.
///
/// # Safety
/// It was reserved here with this address and size, and nobody uses it any more.
pub(crate) unsafe fn release(start: *mut u8, bytes: u64) {
    unmap(start, bytes);
}

/// Makes bytes of a reservation readable and writable. The end is rounded up to a page of the host.
///
/// # Safety
/// The bytes belong to a reservation of the caller's.
pub(crate) unsafe fn make_accessible(start: *mut u8, bytes: u64) -> Result<(), Errno> {
    if bytes == 0 {
        return Ok(());
    }
    // SAFETY: promised by the caller.
    unsafe { mprotect(start.cast(), bytes as usize, MprotectFlags::READ | MprotectFlags::WRITE) }
}

const STACK: &str = "the guest stack";

/// The kernel from which on `MAP_STACK` means that there are to be no huge pages (mmap(2)): 6.8.
const STACKS_WITHOUT_HUGE_PAGES: u32 = 6 << 16 | 8 << 8;

/// Reserves a guest stack of `bytes` (a power of two) with a guard at its lower end: at `address` exactly, or anywhere, but
/// aligned to its size.
pub(crate) fn reserve_stack(bytes: u64, address: Option<u64>, guard: u64) -> Result<*mut u8, ReservationError> {
    let start = match address {
        Some(address) => reserve(bytes, Some(address), STACK)?,
        None => reserve_aligned(bytes)?,
    };
    let (lowest, size) = (start.wrapping_add(guard as usize), (bytes - guard) as usize);
    let protection = ProtFlags::READ | ProtFlags::WRITE;
    let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | MapFlags::FIXED | MapFlags::STACK;
    // SAFETY: replaces a part of what was reserved just now.
    unsafe { mmap_anonymous(lowest.cast(), size, protection, flags) }.map_err(|reason| {
        unmap(start, bytes);
        ReservationError { resource: Resource::Memory, purpose: STACK, bytes, address, reason }
    })?;
    // A huge page would be cleared at the first push: more work than all the rest of the start. Newer kernels know that of
    // stacks. Without support for huge pages this fails, and nothing is lost.
    if kernel::version() < STACKS_WITHOUT_HUGE_PAGES {
        // SAFETY: the mapping was made just now; how it is backed does not change what it holds.
        let _ = unsafe { madvise(lowest.cast(), size, Advice::LinuxNoHugepage) };
    }
    Ok(start)
}

/// Reserves address space for a stack that is aligned to its size, a power of two.
fn reserve_aligned(bytes: u64) -> Result<*mut u8, ReservationError> {
    // Twice as much holds an aligned piece; the rest is given back.
    if let Ok(start) = reserve(bytes * 2, None, STACK) {
        let aligned = (start as u64).next_multiple_of(bytes);
        unmap(start, aligned - start as u64);
        unmap((aligned + bytes) as *mut u8, start as u64 + bytes - aligned);
        return Ok(aligned as *mut u8);
    }
    // That much is not to be had. Find out where there is room for one, and ask for the aligned address below it.
    let start = reserve(bytes, None, STACK)?;
    unmap(start, bytes);
    reserve(bytes, Some(start as u64 & !(bytes - 1)), STACK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn smaller_reservations_are_whole_pages() {
        for page in [4 << 10, 16 << 10, 64 << 10] {
            let sizes: Vec<u64> = smaller(5 * page, 2 * page - 1, page).collect();
            assert_eq!(sizes, [3 * page, 2 * page], "{page}");
            let sizes: Vec<u64> = smaller((4 << 30) + 1, 8, page).collect();
            assert!(sizes.is_sorted_by(|one, next| one > next), "{page}");
            assert!(sizes.iter().all(|size| size.is_multiple_of(page)), "{page}");
            assert_eq!((sizes[0], sizes.last()), ((2 << 30), Some(&page)));
            assert_eq!(smaller(page, 1, page).next(), None, "{page}");
        }
    }
}
