//! Linear memories: reserving, initial contents, growing.
//!
//! A memory is a reservation of address space, of which the bytes below the current size are accessible. What is beyond
//! faults, and [`crate::trap`] makes the fault a trap: with the guard plans that replaces every bounds check. Growing is a
//! change of protection in place; a memory never moves.

use crate::program::memories;
use crate::reservation::{HOST_PAGE_BYTES, ReservationError, make_accessible, reserve, reserve_up_to};
use adder_abi::plan::PAGE_BYTES;
use adder_abi::program::{ImageRun, MEMORY_CHECKED, Memory, Segment};
use adder_abi::trap::TrapCode;
use core::ffi::c_void;
use core::ptr::{copy_nonoverlapping, null_mut};
use core::slice;
use rustix::mm::{MapFlags, MremapFlags, ProtFlags, mmap_anonymous, mremap_fixed};

/// Reserves all memories and gives them their initial size and contents.
pub(crate) fn reserve_all() -> Result<(), ReservationError> {
    for memory in memories() {
        // SAFETY: nobody else uses the memories before the guest is entered.
        let memory = unsafe { &mut *memory };
        reserve_memory(memory)?;
    }
    Ok(())
}

fn reserve_memory(memory: &mut Memory) -> Result<(), ReservationError> {
    let address = (memory.fixed_base != 0).then_some(memory.fixed_base);
    if memory.reservation_bytes == 0 {
        // A memory that is and stays empty; generated code checks every access to it.
        memory.base = null_mut();
        memory.size_bytes = 0;
        return Ok(());
    }
    if memory.flags & MEMORY_CHECKED != 0 {
        let bytes_min = memory.initial_bytes.max(PAGE_BYTES);
        (memory.base, memory.reservation_bytes) = reserve_up_to(memory.reservation_bytes, bytes_min, "a memory")?;
    } else {
        memory.base = reserve(memory.reservation_bytes, address, "a memory")?;
    }
    let error = |reason| ReservationError {
        purpose: "the initial size of a memory",
        bytes: memory.initial_bytes,
        address: None,
        reason,
    };
    assert!(memory.initial_bytes <= memory.reservation_bytes);
    // SAFETY: the reservation was made just now and is at least so large.
    unsafe { make_accessible(memory.base, memory.initial_bytes) }.map_err(error)?;
    memory.size_bytes = memory.initial_bytes;
    let image = match memory.image_count {
        0 => &[],
        // SAFETY: pointer and count belong together.
        count => unsafe { slice::from_raw_parts(memory.image, count as usize) },
    };
    for run in image {
        assert!(run.offset.checked_add(run.bytes).is_some_and(|end| end <= memory.initial_bytes));
        // SAFETY: the run lies within the accessible bytes of the memory, which nobody uses yet.
        unsafe { place_run(run, memory.base.add(run.offset as usize)) };
    }
    Ok(())
}

/// Moves a part of the initial contents from the executable's image into place. The kernel moves page tables, not
/// bytes; pages of the file stay shared with other processes until they are written to.
///
/// # Safety
/// `destination` has room for the run, and nobody uses the run or the destination.
unsafe fn place_run(run: &ImageRun, destination: *mut u8) {
    if (run.contents as u64).is_multiple_of(HOST_PAGE_BYTES)
        && run.bytes.is_multiple_of(HOST_PAGE_BYTES)
        && run.bytes != 0
    {
        let bytes = run.bytes as usize;
        // SAFETY: the compiler puts nothing else into the pages of a run, and the destination is replaced as a whole.
        let moved =
            unsafe { mremap_fixed(run.contents.cast(), bytes, bytes, MremapFlags::MAYMOVE, destination.cast()) };
        if moved.is_ok() {
            return;
        }
    }
    // A linker may have split the image over several mappings. `mremap` finds that out when it has already unmapped the
    // destination, so map it anew before copying.
    let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | MapFlags::FIXED;
    let protection = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: the destination belongs to the memory that is being set up, and its bytes are still nobody's. If mapping
    // fails, the copy faults, which is as good an end as any for a process that has no memory.
    unsafe {
        let _ = mmap_anonymous(destination.cast(), run.bytes as usize, protection, flags);
        copy_nonoverlapping(run.contents, destination, run.bytes as usize);
    }
}

/// `memory.grow`: adds pages to a memory. See [`adder_abi::symbol::MEMORY_GROW`].
///
/// # Safety
/// `context` is a [`Memory`] of the program, `values` a slot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_memory_grow(context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: generated code passes a memory and a slot, and does not run meanwhile.
    let (memory, values) = unsafe { (&mut *context.cast::<Memory>(), &mut *values) };
    let old_pages = memory.size_bytes / PAGE_BYTES;
    *values = match grow(memory, *values) {
        Some(()) => old_pages,
        None => u64::MAX,
    };
    0
}

fn grow(memory: &mut Memory, pages: u64) -> Option<()> {
    let added = pages.checked_mul(PAGE_BYTES)?;
    let size = memory.size_bytes.checked_add(added)?;
    if size > memory.limit_bytes.min(memory.reservation_bytes) {
        return None;
    }
    if added != 0 {
        // SAFETY: the new size is within the reservation.
        unsafe { make_accessible(memory.base.add(memory.size_bytes as usize), added) }.ok()?;
    }
    memory.size_bytes = size;
    Some(())
}

/// `memory.init`: copies from a passive segment. See [`adder_abi::symbol::MEMORY_INIT`].
///
/// # Safety
/// `context` is a [`Memory`] of the program; `values` are destination, source, count and the address of a [`Segment`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_memory_init(context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: generated code passes a memory and four slots, and does not run meanwhile.
    let (memory, values) = unsafe { (&*context.cast::<Memory>(), &*values.cast::<[u64; 4]>()) };
    let [destination, source, count, segment] = *values;
    // SAFETY: the fourth slot is the address of a segment of the program.
    let segment = unsafe { &*(segment as *const Segment) };
    if !fits(destination, count, memory.size_bytes) || !fits(source, count, segment.count) {
        return TrapCode::MemoryOutOfBounds as u32;
    }
    if count != 0 {
        // SAFETY: both ranges were checked; a segment never lies in a memory.
        unsafe {
            let source = segment.start.cast::<u8>().add(source as usize);
            copy_nonoverlapping(source, memory.base.add(destination as usize), count as usize);
        }
    }
    0
}

/// Whether `count` elements from `index` lie within `size` elements.
pub(crate) fn fits(index: u64, count: u64, size: u64) -> bool {
    index.checked_add(count).is_some_and(|end| end <= size)
}

/// Whether an access to this address is one beyond the end of a memory of the guest.
pub(crate) fn is_beyond_a_memory(address: u64) -> bool {
    memories().any(|memory| {
        // SAFETY: the guest, which shares the descriptor, is interrupted.
        let memory = unsafe { &*memory };
        let offset = address.wrapping_sub(memory.base as u64);
        (memory.size_bytes..memory.reservation_bytes).contains(&offset)
    })
}
