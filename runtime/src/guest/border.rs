//! The border between host and guest: the two switches of stacks, and the way out of a trap.
//!
//! The guest runs on its own stack. [`enter`] saves the host's callee-saved registers on the host stack, goes to the guest
//! stack and calls. `adder_host_call` goes back to the host stack, right below what `enter` saved there, and calls a
//! host function. A host function may `enter` again: the guest then continues below the frame of the host call.
//!
//! ```text
//! host stack        guest stack (grows down)
//! main              [thread cell]
//! enter      ---->  entry wrapper, guest functions ...
//! host fn    <----  frame of adder_host_call
//! enter      ---->  entry wrapper, guest functions ...
//! ```
//!
//! A trap leaves the innermost `enter` with a code by taking the host stack pointer back to where that `enter` left it:
//! from a host function by returning the code, from a fault by changing where the signal handler returns to. Nothing of
//! Rust is ever jumped over, so nothing is left undone. The guest's frames simply become free.
//!
//! An exception is thrown from the guest (`adder_throw`). [`crate::heap::exception`] finds out, on the host stack, where in the
//! frames of the innermost `enter` it is caught, and the border goes on there. If it is not, the `enter` is left as by a
//! trap, and when the host function has passed that on, the exception goes on in the frames outside of the host call.
//!
//! Every frame of the guest stack, `adder_host_call`'s too, starts with the saved frame pointer below the return
//! address, and a nested entry links to the host call it came from. [`crate::guest::frame`] walks that chain.

use crate::arch;
use crate::guest::cell::{ThreadCell, stack_start, this_cell};
use adder_abi::checkpoint::Resume;
use adder_abi::plan::STACK_GUARD_BYTES;
use adder_abi::program::EntryFunction;
use adder_abi::trap::TrapCode;
use core::ops::Range;

/// Where in the guest a trap happened.
pub struct TrapPlace {
    /// The instruction that faulted, or the one after the call that did not return.
    pub address: u64,
    /// The frame pointer there.
    pub frame: u64,
    /// The addresses between which frames lie.
    pub stack: Range<u64>,
}

/// Calls into the guest. Returns when the guest does, or when it traps.
///
/// May be called by the runtime at the outermost level and by host functions that are declared to do so
/// ([`adder_abi::host::Signature::enters_guest`]); a host function that gets a trap or an uncaught exception from here passes
/// it on by returning its number.
///
/// # Safety
/// `entry` is an entry wrapper of the program, all memories and tables are reserved, and `values` has a slot for each of its
/// parameters or results, whichever are more.
pub unsafe fn enter(entry: EntryFunction, values: &mut [u64]) -> Result<(), TrapCode> {
    let cell = this_cell();
    assert!(!cell.is_null(), "the guest is entered before it has a stack");
    // SAFETY: the cell lives as long as this thread uses it, and no other does.
    unsafe { (*cell).border.trap_address = 0 };
    // SAFETY: promised by the caller; the cell was set up by `new_stack`.
    ended(unsafe { arch::enter_guest(entry, values.as_mut_ptr(), cell.cast()) })
}

/// Goes on in the guest where a checkpoint was made: the host call that was under way is made again. Returns when the
/// guest's entry does, or when the guest traps.
///
/// # Safety
/// `resume` is that of this executable's checkpoint, and all state of the guest is restored.
pub unsafe fn go_on(resume: &Resume) -> Result<(), TrapCode> {
    // SAFETY: promised by the caller; the cell is that of this thread, with the stack that was restored.
    ended(unsafe { arch::resume_guest(resume, this_cell().cast()) })
}

/// What the number means that an entry returns.
fn ended(number: u32) -> Result<(), TrapCode> {
    if number == 0 {
        return Ok(());
    }
    Err(TrapCode::from_number(number).expect("host functions return numbers of trap codes"))
}

/// Where the trap happened that the latest `enter` of this thread returned.
pub fn trap_place() -> TrapPlace {
    // SAFETY: the cell lives as long as this thread uses it, and no other does.
    let cell = unsafe { &*this_cell() };
    TrapPlace { address: cell.border.trap_address, frame: cell.border.trap_frame, stack: cell.stack() }
}

/// What a signal handler finds out about the guest stack.
pub(crate) struct Interrupted {
    cell: *mut ThreadCell,
}

impl Interrupted {
    /// The guest of this thread, if this stack pointer is the guest's.
    pub fn by_stack_pointer(stack_pointer: u64) -> Option<Interrupted> {
        let cell = this_cell();
        let inside = !cell.is_null() && (stack_start(cell as u64)..=cell as u64).contains(&stack_pointer);
        inside.then_some(Interrupted { cell })
    }

    /// The cell of its stack.
    pub fn cell(&self) -> *mut ThreadCell {
        self.cell
    }

    /// Whether an address lies in the guard below this guest's stack.
    pub fn guard_contains(&self, address: u64) -> bool {
        address.wrapping_sub(stack_start(self.cell as u64)) < STACK_GUARD_BYTES
    }

    /// Whether what the kernel puts on a stack for a handler of a signal may not fit above the guard. It takes up to 11 KiB (AMX).
    #[cfg(feature = "library")]
    pub fn has_no_room_for_a_handler(&self, stack_pointer: u64) -> bool {
        stack_pointer < stack_start(self.cell as u64) + STACK_GUARD_BYTES + (16 << 10)
    }

    /// Keeps where the trap happened, and returns where to go on to leave the guest: address and stack pointer, with the
    /// trap's number as what a function returns.
    pub fn leave(&self, address: u64, frame: u64) -> (u64, u64) {
        // SAFETY: the thread that uses the cell is interrupted right here.
        unsafe {
            let border = &mut (*self.cell).border;
            border.trap_address = address;
            border.trap_frame = frame;
            (arch::leave_guest as *const () as u64, border.host_stack_pointer)
        }
    }
}
