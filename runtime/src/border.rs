//! The border between host and guest: the two switches of stacks, and the way out of a trap.
//!
//! The guest runs on its own stack. [`enter`] saves the host's callee-saved registers on the host stack, goes to the guest
//! stack and calls. [`adder_host_call`] goes back to the host stack, right below what `enter` saved there, and calls a
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
//! An exception is thrown from the guest ([`adder_throw`]). [`crate::exception`] finds out, on the host stack, where in the
//! frames of the innermost `enter` it is caught, and the border goes on there. If it is not, the `enter` is left as by a
//! trap, and when the host function has passed that on, the exception goes on in the frames outside of the host call.
//!
//! Every frame of the guest stack, [`adder_host_call`]'s too, starts with the saved frame pointer below the return
//! address, and a nested entry links to the host call it came from. [`crate::frame`] walks that chain.

use crate::exception::{self, Arena};
use crate::program::program;
use crate::reservation::{self, ReservationError};
use adder_abi::plan::{LOW_STACK_BASE, MemoryPlan, STACK_GUARD_BYTES, THREAD_CELL_BYTES};
use adder_abi::program::{EntryFunction, HostFunction, Text};
use adder_abi::trap::TrapCode;
use alloc::boxed::Box;
use core::arch::{asm, global_asm, naked_asm};
use core::ffi::c_void;
use core::mem::offset_of;
use core::ops::Range;
use core::sync::atomic::{AtomicU64, Ordering};

/// The thread cell: the border's state of the thread that runs on this stack. Only that thread uses it, and the handlers
/// of its signals.
#[repr(C)]
pub struct ThreadCell {
    /// Host stack pointer as the innermost `enter` left it; its saved state begins there.
    host_stack_pointer: u64,
    /// Frame pointer of the host call that is being served, which is also its stack pointer; 0 if there is none. The
    /// next nested entry continues below.
    guest_frame: u64,
    /// Where the latest trap happened; 0 if none did since the last entry.
    trap_address: u64,
    /// The guest's frame pointer there.
    trap_frame: u64,
    /// Where the guest goes on when an exception was caught.
    pub(crate) resumption: Resumption,
    /// The exceptions of this thread; null until it throws one.
    pub(crate) exceptions: *mut Arena,
    /// Where the outermost entry begins: the lower end of the thread state.
    stack_top: u64,
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
static STACK_MASK: AtomicU64 = AtomicU64::new(0);

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
    unsafe { (*cell).trap_address = 0 };
    // SAFETY: promised by the caller; the cell was set up by `new_stack`.
    let number = unsafe { enter_guest(entry, values.as_mut_ptr(), cell) };
    if number == 0 {
        return Ok(());
    }
    Err(TrapCode::from_number(number).expect("host functions return numbers of trap codes"))
}

/// Where the trap happened that the latest `enter` of this thread returned.
pub fn trap_place() -> TrapPlace {
    // SAFETY: the cell lives as long as this thread uses it, and no other does.
    let cell = unsafe { &*this_cell() };
    TrapPlace { address: cell.trap_address, frame: cell.trap_frame, stack: cell.stack() }
}

fn stack_start(cell: u64) -> u64 {
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

    /// Keeps where the trap happened, and returns where to go on to leave the guest: address and stack pointer, with the
    /// trap's number in `eax`.
    pub fn leave(&self, address: u64, frame: u64) -> (u64, u64) {
        // SAFETY: the thread that uses the cell is interrupted right here.
        unsafe {
            (*self.cell).trap_address = address;
            (*self.cell).trap_frame = frame;
            (leave_guest as *const () as u64, (*self.cell).host_stack_pointer)
        }
    }
}

/// Reserves the guest stack of the first thread and makes it the one that [`enter`] uses.
pub(crate) fn reserve_first_stack() -> Result<*mut ThreadCell, ReservationError> {
    STACK_MASK.store(program().stack_bytes - 1, Ordering::Relaxed);
    let fixed = program().memory_plan == MemoryPlan::Low as u32;
    let cell = new_stack(fixed.then_some(LOW_STACK_BASE))?;
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

/// Goes to the guest stack and calls. Returns 0, or the number of the trap that ended it.
///
/// What it saves on the host stack, from the top down: callee-saved registers; control words of the floating-point units;
/// stack pointer and host call of the entry outside of this one; the cell. It is taken down by [`leave_guest`].
#[unsafe(naked)]
unsafe extern "C" fn enter_guest(entry: EntryFunction, values: *mut u64, cell: *mut ThreadCell) -> u32 {
    naked_asm!(
        "push rbp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "sub rsp, 16",
        "stmxcsr dword ptr [rsp]",
        "fnstcw word ptr [rsp + 4]",
        "push qword ptr [rdx + {host_stack_pointer}]",
        "push qword ptr [rdx + {guest_frame}]",
        "push rdx",
        "mov [rdx + {host_stack_pointer}], rsp",
        // Start below the host call that is being served, or else at the top. The frame pointer that the entry
        // wrapper saves links to that host call, or is 0, where the chain ends.
        "mov rbp, [rdx + {guest_frame}]",
        "mov rax, [rdx + {stack_top}]",
        "test rbp, rbp",
        "cmovnz rax, rbp",
        "and rax, -16",
        "mov rsp, rax",
        "mov rax, rdi",
        "mov rdi, rsi",
        "mov rbx, rdx",
        "call rax",
        "mov rsp, [rbx + {host_stack_pointer}]",
        "xor eax, eax",
        "jmp {leave_guest}",
        host_stack_pointer = const offset_of!(ThreadCell, host_stack_pointer),
        guest_frame = const offset_of!(ThreadCell, guest_frame),
        stack_top = const offset_of!(ThreadCell, stack_top),
        leave_guest = sym leave_guest,
    )
}

/// Takes down what [`enter_guest`] saved, to which the stack pointer points, and returns from it with `eax`.
#[unsafe(naked)]
unsafe extern "C" fn leave_guest() {
    naked_asm!(
        "pop rdx",
        "pop qword ptr [rdx + {guest_frame}]",
        "pop qword ptr [rdx + {host_stack_pointer}]",
        "ldmxcsr dword ptr [rsp]",
        "fldcw word ptr [rsp + 4]",
        "add rsp, 16",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
        host_stack_pointer = const offset_of!(ThreadCell, host_stack_pointer),
        guest_frame = const offset_of!(ThreadCell, guest_frame),
    )
}

/// Called by generated code on the guest stack: calls a host function on the host stack. See
/// [`adder_abi::symbol::HOST_CALL`].
///
/// # Safety
/// Only generated code calls this, on the guest stack, with what the host function expects.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_host_call(function: HostFunction, context: *mut c_void, values: *mut u64) {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "mov rax, rsp",
        "or rax, [rip + {mask}]",
        "mov [rax + {cell} + {guest_frame}], rbp",
        "mov rsp, [rax + {cell} + {host_stack_pointer}]",
        "mov rax, rdi",
        "mov rdi, rsi",
        "mov rsi, rdx",
        "call rax",
        "test eax, eax",
        "jnz 2f",
        // The host function has kept rbp, as it has to.
        "mov rsp, rbp",
        "pop rbp",
        "ret",
        // A trap, or an exception that a nested entry has not caught: that goes on from this frame.
        "2:",
        "mov rbx, [rsp]",
        "cmp eax, {uncaught}",
        "jne 3f",
        "mov rdi, rbp",
        "mov rsi, rbx",
        "call {go_on}",
        "jmp {resume}",
        // If the trap came out of a nested entry, its place is already known.
        "3:",
        "mov rdx, rbx",
        "cmp qword ptr [rdx + {trap_address}], 0",
        "jne {leave_guest}",
        "mov rcx, [rbp + 8]",
        "mov [rdx + {trap_address}], rcx",
        "mov rcx, [rbp]",
        "mov [rdx + {trap_frame}], rcx",
        "jmp {leave_guest}",
        mask = sym STACK_MASK,
        // From the last byte of the region to the cell.
        cell = const 1 - THREAD_CELL_BYTES as i64,
        host_stack_pointer = const offset_of!(ThreadCell, host_stack_pointer),
        guest_frame = const offset_of!(ThreadCell, guest_frame),
        trap_address = const offset_of!(ThreadCell, trap_address),
        trap_frame = const offset_of!(ThreadCell, trap_frame),
        uncaught = const TrapCode::UncaughtException as u32,
        go_on = sym exception::go_on,
        resume = sym resume,
        leave_guest = sym leave_guest,
    )
}

/// Called by generated code on the guest stack. See [`adder_abi::symbol::THROW`]. The convention of guest functions has
/// these parameters in the registers of the C convention.
///
/// # Safety
/// Only generated code calls this, on the guest stack, with a tag of the program and as many words as it has.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_throw(tag: u32, words: u32, payload: *const u64) {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "mov rax, rsp",
        "or rax, [rip + {mask}]",
        // Nobody misses the guest's registers: a handler expects nothing in them.
        "lea rbx, [rax + {cell}]",
        "mov rcx, rbp",
        "mov r8, rbx",
        "mov rsp, [rbx + {host_stack_pointer}]",
        "call {throw}",
        "jmp {resume}",
        mask = sym STACK_MASK,
        cell = const 1 - THREAD_CELL_BYTES as i64,
        host_stack_pointer = const offset_of!(ThreadCell, host_stack_pointer),
        throw = sym exception::throw,
        resume = sym resume,
    )
}

/// Called by generated code on the guest stack. See [`adder_abi::symbol::THROW_REF`].
///
/// # Safety
/// Only generated code calls this, on the guest stack.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_throw_ref(exception: u64) {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "mov rax, rsp",
        "or rax, [rip + {mask}]",
        "lea rbx, [rax + {cell}]",
        "mov rsi, rbp",
        "mov rdx, rbx",
        "mov rsp, [rbx + {host_stack_pointer}]",
        "call {throw_ref}",
        "jmp {resume}",
        mask = sym STACK_MASK,
        cell = const 1 - THREAD_CELL_BYTES as i64,
        host_stack_pointer = const offset_of!(ThreadCell, host_stack_pointer),
        throw_ref = sym exception::throw_ref,
        resume = sym resume,
    )
}

/// Goes on in the guest where an exception was caught; or, if `eax` is not 0, leaves the guest with that code. `rbx` is the
/// cell, and the stack pointer the host's as the innermost `enter` left it.
#[unsafe(naked)]
unsafe extern "C" fn resume() {
    naked_asm!(
        "test eax, eax",
        "jnz {leave_guest}",
        "mov rax, [rbx + {resumption} + {payload}]",
        "mov rdx, [rbx + {resumption} + {exception}]",
        "mov rcx, [rbx + {resumption} + {address}]",
        "mov rbp, [rbx + {resumption} + {frame}]",
        "mov rsp, [rbx + {resumption} + {stack}]",
        "jmp rcx",
        resumption = const offset_of!(ThreadCell, resumption),
        payload = const offset_of!(Resumption, payload),
        exception = const offset_of!(Resumption, exception),
        address = const offset_of!(Resumption, address),
        frame = const offset_of!(Resumption, frame),
        stack = const offset_of!(Resumption, stack),
        leave_guest = sym leave_guest,
    )
}
