//! Guest memory, seen from the host: the one place where pointers that the guest hands over are checked.
//!
//! A pointer becomes a [`GuestRange`] or a [`Place`] once, and everything after that works on those. The bytes belong to
//! the guest and are hostile: they are copied in and out and never borrowed, so nothing here holds a reference to them,
//! and what was copied in is not read again, because another thread of the guest may have changed it.
//! Guest pointers need no alignment. A pointer or length that is not inside of the memory is `EFAULT`.

use crate::arch::end_of_copy;
use adder_abi::program::Memory;
use core::ffi::c_void;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::{copy, copy_nonoverlapping};
use rustix::io::Errno;

/// The linear memory of the instance that called.
///
/// Memories never move and never shrink, so ranges stay good even if the guest is entered again in between. What it has
/// grown by then is seen by the next check.
#[derive(Clone, Copy)]
pub struct Guest {
    /// Null for an instance without memory.
    memory: *const Memory,
}

/// Bytes of guest memory, known to be inside of it. Laid out as the kernel's `struct iovec`, so that an array of them can
/// be handed to the kernel.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct GuestRange {
    start: *mut u8,
    bytes: usize,
}

const _: () = assert!(size_of::<GuestRange>() == size_of::<libc::iovec>());

/// A record of guest memory, known to be inside of it.
#[derive(Clone, Copy)]
pub struct Place<T: Record> {
    range: GuestRange,
    record: PhantomData<T>,
}

/// What can be copied between host and guest as bytes.
///
/// # Safety
/// Every pattern of bytes is a value of the type, and the type has no padding.
pub unsafe trait Record: Copy {}

// SAFETY: integers have neither invalid patterns nor padding.
unsafe impl Record for u8 {}
// SAFETY: as above.
unsafe impl Record for u16 {}
// SAFETY: as above.
unsafe impl Record for u32 {}
// SAFETY: as above.
unsafe impl Record for u64 {}

impl Guest {
    /// The memory that a host function was called with.
    ///
    /// # Safety
    /// `context` is null or the [`Memory`] of the calling instance, reserved, and stays so as long as the result is used.
    pub unsafe fn from_context(context: *mut c_void) -> Guest {
        Guest { memory: context.cast() }
    }

    /// Whether it is this memory of the program.
    pub fn is(self, memory: *const Memory) -> bool {
        self.memory == memory
    }

    /// Address of the first byte, and the current number of bytes.
    fn bounds(self) -> (*mut u8, u64) {
        if self.memory.is_null() {
            return (core::ptr::null_mut(), 0);
        }
        // SAFETY: promised to `from_context`; the base is constant since the memory was reserved.
        unsafe { ((*self.memory).base, crate::guest::memory::size_bytes(self.memory)) }
    }

    /// Number of bytes.
    pub fn size_bytes(self) -> u64 {
        self.bounds().1
    }

    /// Number of bytes that it can grow to.
    pub fn limit_bytes(self) -> u64 {
        if self.memory.is_null() {
            return 0;
        }
        // SAFETY: promised to `from_context`; these are constant since the memory was reserved.
        unsafe { (*self.memory).limit_bytes.min((*self.memory).reservation_bytes) }
    }

    /// The memory.
    pub fn memory(self) -> *const Memory {
        self.memory
    }

    /// At most so many bytes from `address`, which may be the end of the memory.
    pub fn rest(self, address: u32, bytes_max: usize) -> Result<GuestRange, Errno> {
        let rest = self.size_bytes().checked_sub(address.into()).ok_or(Errno::FAULT)?;
        self.range(address, rest.min(bytes_max as u64))
    }

    /// The bytes from `address`.
    pub fn range(self, address: u32, bytes: u64) -> Result<GuestRange, Errno> {
        let (base, size_bytes) = self.bounds();
        let end = u64::from(address).checked_add(bytes).ok_or(Errno::FAULT)?;
        if end > size_bytes {
            return Err(Errno::FAULT);
        }
        let bytes = usize::try_from(bytes).map_err(|_| Errno::FAULT)?;
        Ok(GuestRange { start: base.wrapping_add(address as usize), bytes })
    }

    /// The record at `address`.
    pub fn place<T: Record>(self, address: u32) -> Result<Place<T>, Errno> {
        Ok(Place { range: self.range(address, size_of::<T>() as u64)?, record: PhantomData })
    }

    /// `count` records from `address`.
    pub fn array<T: Record>(self, address: u32, count: u32) -> Result<Array<T>, Errno> {
        let range = self.range(address, u64::from(count) * size_of::<T>() as u64)?;
        Ok(Array { range, record: PhantomData })
    }
}

impl GuestRange {
    /// Number of bytes.
    pub fn len(self) -> usize {
        self.bytes
    }

    /// Whether there are no bytes.
    pub fn is_empty(self) -> bool {
        self.bytes == 0
    }

    /// The address for the kernel.
    pub fn as_mut_ptr(self) -> *mut u8 {
        self.start
    }

    /// A part of it; parts that lie outside are cut off.
    pub fn part(self, offset: usize, bytes: usize) -> GuestRange {
        let offset = offset.min(self.bytes);
        GuestRange { start: self.start.wrapping_add(offset), bytes: bytes.min(self.bytes - offset) }
    }

    /// Copies from the guest; as much as fits on both sides. Returns how many bytes.
    pub fn read(self, into: &mut [u8]) -> usize {
        let bytes = self.bytes.min(into.len());
        // SAFETY: the range was checked when it was made, host memory does not overlap with guest memory, and `bytes` is
        // no more than either has.
        unsafe { copy_nonoverlapping(self.start, into.as_mut_ptr(), bytes) };
        end_of_copy();
        bytes
    }

    /// Copies from another range of the guest, which may overlap with this one; as much as fits. Returns how many bytes.
    pub fn copy_from(self, other: GuestRange) -> usize {
        let bytes = self.bytes.min(other.bytes);
        // SAFETY: both ranges were checked when they were made, and `bytes` is no more than either has.
        unsafe { copy(other.start, self.start, bytes) };
        end_of_copy();
        bytes
    }

    /// Copies to the guest; as much as fits. Returns how many bytes.
    pub fn write(self, from: &[u8]) -> usize {
        let bytes = self.bytes.min(from.len());
        // SAFETY: as in `read`.
        unsafe { copy_nonoverlapping(from.as_ptr(), self.start, bytes) };
        bytes
    }
}

impl<T: Record> Place<T> {
    /// Copies the record out of guest memory.
    pub fn read(self) -> T {
        let mut value = MaybeUninit::<T>::uninit();
        // SAFETY: the range has the size of the record, lies in guest memory, and every pattern of bytes is a value.
        unsafe {
            copy_nonoverlapping(self.range.start, value.as_mut_ptr().cast::<u8>(), size_of::<T>());
            end_of_copy();
            value.assume_init()
        }
    }

    /// Copies the record into guest memory.
    pub fn write(self, value: T) {
        // SAFETY: the range has the size of the record and lies in guest memory; the record has no padding.
        unsafe { copy_nonoverlapping((&raw const value).cast::<u8>(), self.range.start, size_of::<T>()) };
    }
}

/// Records of guest memory, known to be inside of it.
#[derive(Clone, Copy)]
pub struct Array<T: Record> {
    range: GuestRange,
    record: PhantomData<T>,
}

impl<T: Record> Array<T> {
    /// Number of records.
    pub fn len(self) -> usize {
        self.range.bytes / size_of::<T>()
    }

    /// The record with this index, if there is one.
    pub fn get(self, index: usize) -> Option<Place<T>> {
        if index >= self.len() {
            return None;
        }
        let range = self.range.part(index * size_of::<T>(), size_of::<T>());
        Some(Place { range, record: PhantomData })
    }

    /// All records.
    pub fn places(self) -> impl Iterator<Item = Place<T>> {
        (0..self.len()).filter_map(move |index| self.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(bytes: &mut [u8]) -> Memory {
        crate::test_program::memory(bytes.as_mut_ptr(), bytes.len(), 0)
    }

    #[test]
    fn ranges_end_with_the_memory() {
        let mut bytes = [0; 64];
        let mut memory = memory(&mut bytes);
        // SAFETY: a memory that lives as long as the test.
        let guest = unsafe { Guest::from_context((&raw mut memory).cast()) };
        for (address, length, good) in [
            (0, 64, true),
            (64, 0, true),
            (63, 1, true),
            (63, 2, false),
            (65, 0, false),
            (u32::MAX, 1, false),
            (u32::MAX, u64::MAX, false),
            (1, u64::MAX, false),
            (0, 65, false),
        ] {
            assert_eq!(guest.range(address, length).is_ok(), good, "{address} + {length}");
        }
        assert!(guest.place::<u64>(56).is_ok());
        assert!(guest.place::<u64>(57).is_err());
        assert!(guest.array::<u64>(0, 8).is_ok());
        assert!(guest.array::<u64>(0, 9).is_err());
        assert!(guest.array::<u64>(0, u32::MAX).is_err());
    }

    #[test]
    fn records_need_no_alignment() {
        let mut bytes = [0; 16];
        let mut memory = memory(&mut bytes);
        // SAFETY: a memory that lives as long as the test.
        let guest = unsafe { Guest::from_context((&raw mut memory).cast()) };
        let place = guest.place::<u32>(3).expect("inside");
        place.write(0x0102_0304);
        assert_eq!(place.read(), 0x0102_0304);
        assert_eq!(bytes[3..7], [4, 3, 2, 1]);
    }

    #[test]
    fn copies_are_cut_to_what_fits() {
        let mut bytes = [7; 8];
        let mut memory = memory(&mut bytes);
        // SAFETY: a memory that lives as long as the test.
        let guest = unsafe { Guest::from_context((&raw mut memory).cast()) };
        let range = guest.range(6, 2).expect("inside");
        assert_eq!(range.write(&[1, 2, 3]), 2);
        let mut read = [0; 4];
        assert_eq!(range.read(&mut read), 2);
        assert_eq!(read, [1, 2, 0, 0]);
        assert_eq!(range.part(1, 9).len(), 1);
        assert_eq!(range.part(9, 9).len(), 0);
    }

    #[test]
    fn an_instance_without_memory_has_no_bytes() {
        // SAFETY: null is allowed.
        let guest = unsafe { Guest::from_context(core::ptr::null_mut()) };
        assert!(guest.range(0, 0).is_ok());
        assert!(guest.range(0, 1).is_err());
    }
}
