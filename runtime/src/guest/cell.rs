//! Guest stacks, and what each thread that runs the guest has at the upper end of its own: the thread cell.
//!
//! ```text
//! lowest address                                                              highest
//! [guard, never accessible][guest frames, growing down ...][thread state][thread cell]
//! ```
//!
//! The region is aligned to its size, a power of two, so that the border and generated code find the cell from any stack
//! pointer in it.

use crate::arch::{self, BorderState, STACK_MASK};
use crate::guest::program::program;
use crate::process::reservation::{self, ReservationError};
use adder_abi::plan::{MemoryPlan, STACK_GUARD_BYTES, THREAD_CELL_BYTES, low_stack_base};
use adder_abi::program::Text;
use core::ffi::c_void;
use core::mem::offset_of;
use core::ops::Range;
#[cfg(feature = "library")]
use core::sync::atomic::AtomicPtr;
use core::sync::atomic::Ordering;

/// The thread cell: what belongs to the thread that runs on this stack. Only that thread uses it, and the handlers of its
/// signals.
#[repr(C)]
pub struct ThreadCell {
    /// What the border keeps.
    pub(crate) border: BorderState,
    /// What has to be given back with the stack; null until the thread throws its first exception.
    pub(crate) exceptions: Owned,
    /// What the guest exits with, for [`TrapCode::Exit`](adder_abi::trap::TrapCode::Exit).
    pub exit_status: u32,
    /// The import whose call is [`TrapCode::MissingImport`](adder_abi::trap::TrapCode::MissingImport), or null.
    pub missing_import: *const Text,
}

/// Something of a thread's whose inside is another room's affair, and how it is given back.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Owned {
    /// Null if there is nothing.
    pub pointer: *mut c_void,
    /// Gives it back; there if the pointer is not null.
    pub release: Option<unsafe fn(*mut c_void)>,
}

const _: () = assert!(size_of::<ThreadCell>() as u64 <= THREAD_CELL_BYTES);
// The border finds its state where the cell is.
const _: () = assert!(offset_of!(ThreadCell, border) == 0);

/// The cell of the guest stack that this thread uses; null before it has one.
#[cfg(not(feature = "library"))]
pub fn this_cell() -> *mut ThreadCell {
    arch::thread_word().cast()
}

/// The only cell of a library, which its callers use in turns: so it needs no memory of each thread.
#[cfg(feature = "library")]
static ONLY_CELL: AtomicPtr<ThreadCell> = AtomicPtr::new(core::ptr::null_mut());

/// The cell of the guest stack that whoever has its turn uses; null before there is one. Whether this thread does, its stack pointer
/// tells.
#[cfg(feature = "library")]
pub fn this_cell() -> *mut ThreadCell {
    // Relaxed: whoever is in the guest has taken the lock that it was set under. A handler of another thread's fault may see either
    // value: its stack pointer is in no guest stack.
    ONLY_CELL.load(Ordering::Relaxed)
}

/// Makes a guest stack the one that this thread uses; null for none.
///
/// # Safety
/// No other thread uses it, and it stays reserved until this thread has another one or none.
pub(crate) unsafe fn use_cell(cell: *mut ThreadCell) {
    #[cfg(not(feature = "library"))]
    arch::set_thread_word(cell.cast());
    #[cfg(feature = "library")]
    ONLY_CELL.store(cell, Ordering::Relaxed);
}

/// Where the region of a guest stack starts, from the address of its cell.
pub(crate) fn stack_start(cell: u64) -> u64 {
    // Relaxed: see `STACK_MASK`.
    cell & !STACK_MASK.load(Ordering::Relaxed)
}

impl ThreadCell {
    /// Forgets where a trap or an uncaught exception happened: it was caught.
    pub(crate) fn forget_place(&mut self) {
        self.border.trap_address = 0;
    }

    /// Keeps where an exception was thrown that nothing catches: the address that the call would return to, and the frame
    /// pointer there. If a nested entry did not catch it either, its place is already known.
    pub(crate) fn keep_place(&mut self, return_address: u64, frame: u64) {
        if self.border.trap_address == 0 {
            // The call is what belongs to the function; what comes after it may be another one's first.
            self.border.trap_address = return_address - 1;
            self.border.trap_frame = frame;
        }
    }

    /// The part of the guest stack where frames lie.
    pub(crate) fn stack(&self) -> Range<u64> {
        stack_start(self as *const ThreadCell as u64) + STACK_GUARD_BYTES..self.border.stack_top
    }

    /// Whether more than one entry is under way.
    pub(crate) fn is_nested(&self) -> bool {
        !self.host_frames().is_empty()
    }

    /// The part of the host stack in which the guest's callee-saved registers may lie: functions of the host between the
    /// entries that are under way have saved them there.
    pub(crate) fn host_frames(&self) -> Range<u64> {
        let innermost = self.border.host_stack_pointer;
        let mut outermost = innermost;
        loop {
            // SAFETY: this entry, and those outside of it, are under way.
            let next = unsafe { arch::outer_entry(outermost) };
            if next == 0 {
                return innermost..outermost;
            }
            outermost = next;
        }
    }
}

/// Reserves the guest stack of the first thread and makes it the one that [`enter`](super::border::enter) uses.
pub(crate) fn reserve_first_stack() -> Result<*mut ThreadCell, ReservationError> {
    STACK_MASK.store(program().stack_bytes - 1, Ordering::Relaxed);
    let fixed = program().memory_plan == MemoryPlan::Low as u32;
    let cell = new_stack(fixed.then(|| low_stack_base(arch::ARCHITECTURE, program().stack_bytes)))?;
    // SAFETY: nobody else knows the stack, and it is never given back.
    unsafe { use_cell(cell) };
    Ok(cell)
}

/// Reserves a guest stack, at `address` exactly or anywhere. Returns its cell.
pub(crate) fn new_stack(address: Option<u64>) -> Result<*mut ThreadCell, ReservationError> {
    let bytes = program().stack_bytes;
    let base = reservation::reserve_stack(bytes, address, STACK_GUARD_BYTES)?;
    let cell = (base as u64 + bytes - THREAD_CELL_BYTES) as *mut ThreadCell;
    let stack_top = cell as u64 - program().thread_state.bytes;
    // SAFETY: the region was reserved just now, holds zeros, and ends with the cell.
    unsafe { (*cell).border.stack_top = stack_top };
    Ok(cell)
}

/// Gives a guest stack back.
///
/// # Safety
/// It came from [`new_stack`], and nobody uses it any more.
pub(crate) unsafe fn release_stack(cell: *mut ThreadCell) {
    // SAFETY: promised by the caller; what the cell owns is nobody's beside it.
    unsafe {
        let Owned { pointer, release } = (*cell).exceptions;
        if let Some(release) = release.filter(|_| !pointer.is_null()) {
            release(pointer);
        }
        reservation::release(stack_start(cell as u64) as *mut u8, program().stack_bytes);
    }
}
