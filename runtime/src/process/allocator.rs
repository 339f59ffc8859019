//! The global allocator: a first piece of memory that is part of the executable, then musl's `malloc`.
//!
//! What a small program allocates fits into the first piece, and so its start needs no system call for a heap. The first
//! piece is handed out from one end to the other; only its latest allocation can be given back or grow in place. That is
//! a bounded loss: when it is used up, everything comes from `malloc`, which is fit for long lives.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicUsize, Ordering};

const FIRST_BYTES: usize = 32 << 10;

/// What musl's `malloc` aligns to on 64-bit machines.
const MALLOC_ALIGNMENT: usize = 16;

#[repr(align(16))]
struct First(UnsafeCell<[u8; FIRST_BYTES]>);

// SAFETY: the bytes are only reached through allocations, which do not overlap.
unsafe impl Sync for First {}

static FIRST: First = First(UnsafeCell::new([0; FIRST_BYTES]));
/// Bytes of `FIRST` that are handed out. Who gives some back does it with `Release`, who gets some takes them with
/// `Acquire`; all changes are exchanges, so that also holds if others have come between them. Relaxed: what is only
/// looked at to try an exchange, or after one that has failed.
static USED: AtomicUsize = AtomicUsize::new(0);

struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

fn first_address() -> usize {
    FIRST.0.get() as usize
}

/// Where an allocation lies in the first piece, if it does.
fn offset_in_first(pointer: *mut u8) -> Option<usize> {
    let offset = (pointer as usize).wrapping_sub(first_address());
    (offset < FIRST_BYTES).then_some(offset)
}

/// Takes from the first piece, if there is room.
fn take(layout: Layout) -> Option<*mut u8> {
    let mut used = USED.load(Ordering::Relaxed);
    loop {
        let offset = (first_address() + used).checked_next_multiple_of(layout.align())? - first_address();
        let end = offset.checked_add(layout.size()).filter(|&end| end <= FIRST_BYTES)?;
        // Bytes that another thread has given back are its until then.
        match USED.compare_exchange_weak(used, end, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => return Some(FIRST.0.get().cast::<u8>().wrapping_add(offset)),
            Err(now) => used = now,
        }
    }
}

/// Moves the end of the latest allocation of the first piece; `false` if this is not the latest or there is no room.
fn move_end(offset: usize, old_bytes: usize, new_bytes: usize) -> bool {
    let Some(new_end) = offset.checked_add(new_bytes).filter(|&end| end <= FIRST_BYTES) else { return false };
    USED.compare_exchange(offset + old_bytes, new_end, Ordering::AcqRel, Ordering::Relaxed).is_ok()
}

// SAFETY: allocations of the first piece do not overlap (`USED` only moves over free bytes), those of `malloc` neither;
// sizes and alignments are as asked.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if let Some(pointer) = take(layout) {
            return pointer;
        }
        if layout.align() <= MALLOC_ALIGNMENT {
            // SAFETY: `malloc` has no conditions.
            return unsafe { libc::malloc(layout.size()).cast() };
        }
        let mut pointer = null_mut();
        // SAFETY: the alignment is a power of two and, here, larger than a pointer's.
        match unsafe { libc::posix_memalign(&mut pointer, layout.align(), layout.size()) } {
            0 => pointer.cast(),
            _ => null_mut(),
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.size() > FIRST_BYTES && layout.align() <= MALLOC_ALIGNMENT {
            // Large ones come fresh from the kernel; `calloc` knows that and does not touch them.
            // SAFETY: `calloc` has no conditions.
            return unsafe { libc::calloc(1, layout.size()).cast() };
        }
        // SAFETY: the same conditions as ours.
        let pointer = unsafe { self.alloc(layout) };
        if !pointer.is_null() {
            // SAFETY: it was just allocated with this size.
            unsafe { core::ptr::write_bytes(pointer, 0, layout.size()) };
        }
        pointer
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        match offset_in_first(pointer) {
            Some(offset) => {
                move_end(offset, layout.size(), 0);
            }
            // SAFETY: what is not from the first piece is from `malloc` or `posix_memalign`.
            None => unsafe { libc::free(pointer.cast()) },
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        match offset_in_first(pointer) {
            Some(offset) if move_end(offset, layout.size(), new_size) => return pointer,
            None if layout.align() <= MALLOC_ALIGNMENT => {
                // SAFETY: it is from `malloc`, whose alignment is enough.
                return unsafe { libc::realloc(pointer.cast(), new_size).cast() };
            }
            _ => {}
        }
        // SAFETY: the caller promises that `new_size`, rounded up to the alignment, does not overflow.
        let new = unsafe { self.alloc(Layout::from_size_align_unchecked(new_size, layout.align())) };
        if !new.is_null() {
            // SAFETY: both are live allocations of at least so many bytes, and they do not overlap.
            unsafe {
                core::ptr::copy_nonoverlapping(pointer, new, layout.size().min(new_size));
                self.dealloc(pointer, layout);
            }
        }
        new
    }
}
