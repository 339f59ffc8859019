//! Linear memories: reserving, initial contents, growing.
//!
//! A memory is a reservation of address space, of which the bytes below the current size are accessible. What is beyond
//! faults, and [`crate::guest::trap`] makes the fault a trap: with the guard plans that replaces every bounds check. Growing is a
//! change of protection in place; a memory never moves.

use crate::arch;
use crate::guest::pointer::Guest;
use crate::guest::program::memories;
use crate::process::lock::Lock;
use crate::process::reservation::{ReservationError, Resource, make_accessible, release, reserve, reserve_up_to};
use adder_abi::checkpoint::SavedMemory;
use adder_abi::plan::PAGE_BYTES;
use adder_abi::program::{ImageRun, MEMORY_CHECKED, MEMORY_SHARED, Memory, Segment};
use adder_abi::trap::TrapCode;
use core::ffi::c_void;
use core::ptr::{copy_nonoverlapping, null_mut};
use core::slice;
use core::sync::atomic::{AtomicU64, Ordering};
use rustix::mm::{MapFlags, MremapFlags, ProtFlags, mmap_anonymous, mremap_fixed};

/// A run that is not larger is copied: that takes less time than to move its pages.
const COPIED_BYTES_MAX: u64 = 32 << 10;

/// Held while a memory grows. Nothing that is hot does that, so one for all is enough.
static GROWTH: Lock<()> = Lock::new(());

/// The current size of a memory in bytes. Other threads may be growing it; what is smaller is accessible.
///
/// # Safety
/// `memory` is a memory of the program.
pub(crate) unsafe fn size_bytes(memory: *const Memory) -> u64 {
    // SAFETY: promised by the caller; while there are several threads, the field is only accessed atomically.
    unsafe { AtomicU64::from_ptr(&raw mut (*memory.cast_mut()).size_bytes) }.load(Ordering::Acquire)
}

/// Whether threads share a memory.
///
/// # Safety
/// `memory` is a memory of the program.
pub(crate) unsafe fn is_shared(memory: *const Memory) -> bool {
    // SAFETY: promised by the caller; the field is constant.
    unsafe { (*memory).flags & MEMORY_SHARED != 0 }
}

/// Whether a memory has the place that the address plan has for one.
pub(crate) fn has_low() -> bool {
    // SAFETY: memories of the program; the field is constant.
    memories().any(|memory| unsafe { (*memory).fixed_base == arch::ARCHITECTURE.low_memory_base() })
}

/// Reserves all memories but those that each thread has of its own, and gives them their initial size and contents. Those that are as
/// large as can be come last: a checkpoint keeps addresses, and not every machine has those behind them.
pub(crate) fn reserve_all() -> Result<(), ReservationError> {
    // SAFETY: memories of the program; the field is constant.
    let is_checked = |memory: &*mut Memory| unsafe { (**memory).flags & MEMORY_CHECKED != 0 };
    for memory in memories().filter(|memory| !is_checked(memory)).chain(memories().filter(is_checked)) {
        // SAFETY: nobody else uses the memories before the guest is entered.
        let memory = unsafe { &mut *memory };
        // SAFETY: nobody else uses the image, and this is the only time that it is needed.
        reserve_memory(memory, |run, destination| unsafe { place_run(run, destination) })?;
    }
    Ok(())
}

/// Reserves a memory that a thread has of its own. The next thread needs the image too.
pub(crate) fn reserve_own(memory: &mut Memory) -> Result<(), ReservationError> {
    reserve_memory(memory, |run, destination| {
        // SAFETY: the run lies in the image, the destination within the accessible bytes of the memory.
        unsafe { copy_nonoverlapping(run.contents, destination, run.bytes as usize) };
    })
}

/// Gives back a memory that a thread had of its own.
///
/// # Safety
/// Nobody uses its bytes any more.
pub(crate) unsafe fn release_own(memory: &mut Memory) {
    if !memory.base.is_null() {
        // SAFETY: that is how it was reserved; the rest is promised by the caller.
        unsafe { release(memory.base, memory.reservation_bytes) };
        memory.base = null_mut();
    }
}

/// Reserves all memories but those that each thread has of its own, as their restored descriptors say, with the contents
/// that they had. Returns how many there are.
pub(crate) fn restore_all(saved: &[SavedMemory]) -> Result<usize, ReservationError> {
    let mut count = 0;
    for (memory, saved) in memories().zip(saved) {
        // SAFETY: nobody else uses the memories before the guest is entered.
        restore(unsafe { &mut *memory }, saved)?;
        count += 1;
    }
    Ok(count)
}

/// Reserves a memory at the base that it had.
pub(crate) fn restore(memory: &mut Memory, saved: &SavedMemory) -> Result<(), ReservationError> {
    assert!(memory.size_bytes == saved.size_bytes, "the checkpoint is of another program");
    if memory.reservation_bytes == 0 {
        return Ok(());
    }
    let address = Some(memory.base as u64);
    if memory.flags & MEMORY_CHECKED != 0 {
        let bytes_min = memory.size_bytes.max(PAGE_BYTES);
        (_, memory.reservation_bytes) = reserve_up_to(memory.reservation_bytes, bytes_min, address, "a memory")?;
    } else {
        reserve(memory.reservation_bytes, address, "a memory")?;
    }
    // SAFETY: nobody else uses these parts of the executable, and this is the only time that they are needed.
    fill(memory, memory.size_bytes, runs(saved), |run, destination| unsafe { place_run(run, destination) })
}

/// The runs of a saved memory.
fn runs(saved: &SavedMemory) -> &[ImageRun] {
    match saved.run_count {
        0 => &[],
        // SAFETY: pointer and count belong together, and the segment is constant.
        count => unsafe { slice::from_raw_parts(saved.runs, count as usize) },
    }
}

fn reserve_memory(memory: &mut Memory, place: impl Fn(&ImageRun, *mut u8)) -> Result<(), ReservationError> {
    let address = (memory.fixed_base != 0).then_some(memory.fixed_base);
    if memory.reservation_bytes == 0 {
        // A memory that is and stays empty; generated code checks every access to it.
        memory.base = null_mut();
        memory.size_bytes = 0;
        return Ok(());
    }
    if memory.flags & MEMORY_CHECKED != 0 {
        let bytes_min = memory.initial_bytes.max(PAGE_BYTES);
        (memory.base, memory.reservation_bytes) = reserve_up_to(memory.reservation_bytes, bytes_min, None, "a memory")?;
    } else {
        memory.base = reserve(memory.reservation_bytes, address, "a memory")?;
    }
    let image = match memory.image_count {
        0 => &[],
        // SAFETY: pointer and count belong together.
        count => unsafe { slice::from_raw_parts(memory.image, count as usize) },
    };
    memory.size_bytes = memory.initial_bytes;
    fill(memory, memory.initial_bytes, image, place)
}

/// Makes the bytes of a new reservation accessible and gives them their contents.
fn fill(
    memory: &Memory,
    bytes: u64,
    image: &[ImageRun],
    place: impl Fn(&ImageRun, *mut u8),
) -> Result<(), ReservationError> {
    let purpose = "the initial size of a memory";
    let error = |reason| ReservationError { resource: Resource::Memory, purpose, bytes, address: None, reason };
    assert!(bytes <= memory.reservation_bytes);
    // SAFETY: the reservation was made just now and is at least so large.
    unsafe { make_accessible(memory.base, bytes) }.map_err(error)?;
    for run in image {
        assert!(run.offset.checked_add(run.bytes).is_some_and(|end| end <= bytes));
        let destination = memory.base.wrapping_add(run.offset as usize);
        if run.bytes <= COPIED_BYTES_MAX {
            // SAFETY: the run lies in the executable, the destination within the accessible bytes of the memory.
            unsafe { copy_nonoverlapping(run.contents, destination, run.bytes as usize) };
        } else {
            place(run, destination);
        }
    }
    Ok(())
}

/// Moves a part of the initial contents from the executable's image into place. The kernel moves page tables, not
/// bytes; pages of the file stay shared with other processes until they are written to. What is not whole pages is copied.
///
/// # Safety
/// `destination` has room for the run, and nobody uses the run or the destination.
unsafe fn place_run(run: &ImageRun, destination: *mut u8) {
    let bytes = run.bytes as usize;
    if are_pages(run, destination as u64, arch::page_bytes()) {
        // SAFETY: nothing else lies in these pages of the executable, and the destination is replaced as a whole.
        let moved =
            unsafe { mremap_fixed(run.contents.cast(), bytes, bytes, MremapFlags::MAYMOVE, destination.cast()) };
        if moved.is_ok() {
            return;
        }
        // A linker may have split the image over several mappings. `mremap` finds that out when it has already unmapped the
        // destination, so map it anew before copying.
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | MapFlags::FIXED;
        let protection = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: the destination belongs to the memory that is being set up, and its bytes are still nobody's. If mapping
        // fails, the copy faults, which is as good an end as any for a process that has no memory.
        let _ = unsafe { mmap_anonymous(destination.cast(), bytes, protection, flags) };
    }
    // SAFETY: promised by the caller.
    unsafe { copy_nonoverlapping(run.contents, destination, bytes) };
}

/// Whether a run is whole pages that become whole pages.
fn are_pages(run: &ImageRun, destination: u64, page_bytes: u64) -> bool {
    let parts = [run.contents as u64, destination, run.bytes];
    run.bytes != 0 && parts.iter().all(|part| part.is_multiple_of(page_bytes))
}

/// `memory.grow`: adds pages to a memory. See [`adder_abi::symbol::MEMORY_GROW`].
///
/// # Safety
/// `context` is a [`Memory`] of the program, `values` a slot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_memory_grow(context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: generated code passes a memory and a slot, which is its own.
    let (memory, values) = unsafe { (context.cast::<Memory>(), &mut *values) };
    // SAFETY: as above; the lock is held.
    let old_size = GROWTH.with(|()| unsafe { grow(memory, *values) });
    *values = old_size.map_or(u64::MAX, |bytes| bytes / PAGE_BYTES);
    0
}

/// Grows a memory to so many bytes, a multiple of the page size, if it is smaller. Returns whether it has them.
pub fn grow_to(guest: Guest, bytes: u64) -> bool {
    let memory = guest.memory().cast_mut();
    GROWTH.with(|()| {
        let missing = bytes.saturating_sub(guest.size_bytes());
        // SAFETY: it is the reserved memory of the instance that called; the lock is held.
        missing == 0 || unsafe { grow(memory, missing.div_ceil(PAGE_BYTES)) }.is_some()
    })
}

/// Returns the former size in bytes.
///
/// # Safety
/// `memory` is a reserved memory of the program, and no other thread grows it.
unsafe fn grow(memory: *mut Memory, pages: u64) -> Option<u64> {
    // SAFETY: promised by the caller; these fields are constant since it was reserved.
    let (base, limit_bytes) = unsafe { ((*memory).base, (*memory).limit_bytes.min((*memory).reservation_bytes)) };
    // SAFETY: promised by the caller.
    let old_size = unsafe { size_bytes(memory) };
    let added = pages.checked_mul(PAGE_BYTES)?;
    let size = old_size.checked_add(added).filter(|&size| size <= limit_bytes)?;
    if added != 0 {
        // SAFETY: the new size is within the reservation.
        unsafe { make_accessible(base.add(old_size as usize), added) }.ok()?;
        // SAFETY: as in `size_bytes`. Whoever sees the new size may use the bytes.
        unsafe { AtomicU64::from_ptr(&raw mut (*memory).size_bytes) }.store(size, Ordering::Release);
    }
    Some(old_size)
}

/// `memory.init`: copies from a passive segment. See [`adder_abi::symbol::MEMORY_INIT`].
///
/// # Safety
/// `context` is a [`Memory`] of the program; `values` are destination, source, count and the address of a [`Segment`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_memory_init(context: *mut c_void, values: *mut u64) -> u32 {
    let memory = context.cast::<Memory>();
    // SAFETY: generated code passes four slots, which are its own.
    let [destination, source, count, segment] = unsafe { *values.cast::<[u64; 4]>() };
    // SAFETY: the fourth slot is the address of a segment of the program, which only this thread changes.
    let segment = unsafe { &*(segment as *const Segment) };
    // SAFETY: generated code passes a memory, which was reserved before it runs; its base is constant since.
    let (base, size_bytes) = unsafe { ((*memory).base, size_bytes(memory)) };
    if !fits(destination, count, size_bytes) || !fits(source, count, segment.count) {
        return TrapCode::MemoryOutOfBounds as u32;
    }
    if count != 0 {
        // SAFETY: both ranges were checked; a segment never lies in a memory.
        unsafe {
            let source = segment.start.cast::<u8>().add(source as usize);
            copy_nonoverlapping(source, base.add(destination as usize), count as usize);
        }
    }
    0
}

/// Whether `count` elements from `index` lie within `size` elements.
pub(crate) fn fits(index: u64, count: u64, size: u64) -> bool {
    index.checked_add(count).is_some_and(|end| end <= size)
}
