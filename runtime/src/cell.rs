//! Guest stacks, and what each thread that runs the guest has at the upper end of its own: the thread cell.
//!
//! ```text
//! lowest address                                                              highest
//! [guard, never accessible][guest frames, growing down ...][thread state][thread cell]
//! ```
//!
//! The region is aligned to its size, a power of two, so that the border and generated code find the cell from any stack
//! pointer in it.

use crate::exception::Arena;
use crate::program::program;
use crate::reservation::{self, ReservationError};
use adder_abi::plan::{MemoryPlan, STACK_GUARD_BYTES, THREAD_CELL_BYTES, low_stack_base};
use adder_abi::program::Text;
use alloc::boxed::Box;
use core::arch::{asm, global_asm};
use core::ops::Range;
use core::sync::atomic::{AtomicU64, Ordering};

/// The thread cell: the border's state of the thread that runs on this stack. Only that thread uses it, and the handlers
/// of its signals.
#[repr(C)]
pub struct ThreadCell {
    /// Host stack pointer as the innermost `enter` left it; its saved state begins there.
    pub(crate) host_stack_pointer: u64,
    /// Frame pointer of the host call that is being served, which is also its stack pointer; 0 if there is none. The
    /// next nested entry continues below.
    pub(crate) guest_frame: u64,
    /// Where the latest trap happened; 0 if none did since the last entry.
    pub(crate) trap_address: u64,
    /// The guest's frame pointer there.
    pub(crate) trap_frame: u64,
    /// Where the guest goes on when an exception was caught.
    pub(crate) resumption: Resumption,
    /// The exceptions of this thread; null until it throws one.
    pub(crate) exceptions: *mut Arena,
    /// Where the outermost entry begins: the lower end of the thread state.
    pub(crate) stack_top: u64,
    /// The stack pointer of a guest that was left for a checkpoint; its registers lie there.
    pub(crate) checkpoint_stack_pointer: u64,
    /// What the guest exits with, for [`TrapCode::Exit`].
    pub exit_status: u32,
    /// The import whose call is [`TrapCode::MissingImport`], or null.
    pub missing_import: *const Text,
}

/// Where the guest goes on, and with what: the contract of [`adder_abi::exception::Handler`].
#[repr(C)]
pub(crate) struct Resumption {
    /// The handler.
    pub address: u64,
    /// Its stack pointer.
    pub stack: u64,
    /// Its frame pointer.
    pub frame: u64,
    /// Address of the exception's payload.
    pub payload: u64,
    /// The exception.
    pub exception: u64,
}

const _: () = assert!(size_of::<ThreadCell>() as u64 <= THREAD_CELL_BYTES);

/// Size of the guest stack region less one: what to fill into a guest stack pointer to get the region's last byte.
pub(crate) static STACK_MASK: AtomicU64 = AtomicU64::new(0);

// The cell of this thread, for code that is not on its guest stack. A variable of its own in each thread, at a fixed
// distance from where libc has the thread pointer; stable Rust has no word for that without `std`.
global_asm!(
    ".pushsection .tbss.adder_this_cell, \"awT\", @nobits",
    ".balign 8",
    ".globl adder_this_cell",
    ".hidden adder_this_cell",
    ".type adder_this_cell, @object",
    ".size adder_this_cell, 8",
    "adder_this_cell:",
    ".zero 8",
    ".popsection",
);

/// The cell of the guest stack that this thread uses; null before it has one.
pub fn this_cell() -> *mut ThreadCell {
    let cell;
    // SAFETY: reads the variable above.
    unsafe {
        asm!(
            "mov {cell}, qword ptr fs:[adder_this_cell@TPOFF]",
            cell = out(reg) cell,
            options(nostack, preserves_flags, readonly)
        );
    }
    cell
}

/// Makes a guest stack the one that this thread uses; null for none.
///
/// # Safety
/// No other thread uses it, and it stays reserved until this thread has another one or none.
pub(crate) unsafe fn use_cell(cell: *mut ThreadCell) {
    // SAFETY: writes the variable above.
    unsafe {
        asm!(
            "mov qword ptr fs:[adder_this_cell@TPOFF], {cell}",
            cell = in(reg) cell,
            options(nostack, preserves_flags)
        );
    }
}

/// Where the region of a guest stack starts, from the address of its cell.
pub(crate) fn stack_start(cell: u64) -> u64 {
    cell & !STACK_MASK.load(Ordering::Relaxed)
}

impl ThreadCell {
    /// Forgets where a trap or an uncaught exception happened: it was caught.
    pub(crate) fn forget_place(&mut self) {
        self.trap_address = 0;
    }

    /// Keeps where an exception was thrown that nothing catches: the address that the call would return to, and the frame
    /// pointer there. If a nested entry did not catch it either, its place is already known.
    pub(crate) fn keep_place(&mut self, return_address: u64, frame: u64) {
        if self.trap_address == 0 {
            // The call is what belongs to the function; what comes after it may be another one's first.
            self.trap_address = return_address - 1;
            self.trap_frame = frame;
        }
    }

    /// The part of the guest stack where frames lie.
    pub(crate) fn stack(&self) -> Range<u64> {
        stack_start(self as *const ThreadCell as u64) + STACK_GUARD_BYTES..self.stack_top
    }

    /// Whether more than one entry is under way.
    pub(crate) fn is_nested(&self) -> bool {
        !self.host_frames().is_empty()
    }

    /// The part of the host stack in which the guest's callee-saved registers may lie: functions of the host between the
    /// entries that are under way have saved them there.
    pub(crate) fn host_frames(&self) -> Range<u64> {
        let innermost = self.host_stack_pointer;
        let mut outermost = innermost;
        loop {
            // SAFETY: a saved stack pointer points to what `enter_guest` has saved; the third word is the next one's.
            let next = unsafe { (outermost as *const u64).add(2).read() };
            if next == 0 {
                return innermost..outermost;
            }
            outermost = next;
        }
    }
}

/// Reserves the guest stack of the first thread and makes it the one that [`enter`] uses.
pub(crate) fn reserve_first_stack() -> Result<*mut ThreadCell, ReservationError> {
    STACK_MASK.store(program().stack_bytes - 1, Ordering::Relaxed);
    let fixed = program().memory_plan == MemoryPlan::Low as u32;
    let cell = new_stack(fixed.then(|| low_stack_base(program().stack_bytes)))?;
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
    unsafe { (*cell).stack_top = stack_top };
    Ok(cell)
}

/// Gives a guest stack back.
///
/// # Safety
/// It came from [`new_stack`], and nobody uses it any more.
pub(crate) unsafe fn release_stack(cell: *mut ThreadCell) {
    // SAFETY: promised by the caller; the arena was boxed when the thread threw its first exception.
    unsafe {
        let exceptions = (*cell).exceptions;
        if !exceptions.is_null() {
            drop(Box::from_raw(exceptions));
        }
        reservation::release(stack_start(cell as u64) as *mut u8, program().stack_bytes);
    }
}
