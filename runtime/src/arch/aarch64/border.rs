//! The border's assembly: the two switches of stacks, and the way out of a trap.
//!
//! [`enter_guest`] saves the host's callee-saved registers on the host stack, goes to the guest stack and calls.
//! [`adder_host_call`] goes back to the host stack, right below what `enter_guest` saved there, and calls a host function.
//! [`leave_guest`] takes down what `enter_guest` saved.
//!
//! A debugger finds its way across by the directives that start with `.cfi_` (DWARF 5, section 6.4). They are in the executable and
//! cost nothing when it runs, but for one word of each entry: where the host stack goes on.
//!
//! Every frame of the guest stack, [`adder_host_call`]'s too, starts with the saved frame pointer below the return
//! address, and a nested entry links to the host call it came from.
//!
//! The control register of the floating-point unit is not saved: generated code never writes it.

use crate::Runtime;
use crate::arch::contract::{BorderState, Exceptions, Resumption, STACK_MASK};
use adder_abi::checkpoint::Resume;
use adder_abi::plan::THREAD_CELL_BYTES;
use adder_abi::program::{EntryFunction, HostFunction};
use adder_abi::trap::TrapCode;
use core::arch::naked_asm;
use core::ffi::c_void;
use core::mem::offset_of;

/// What lies on the guest stack below the frame of a host call that asked for a checkpoint: the registers that a callee keeps, ten
/// integers and eight floats.
const SAVED_BYTES: u64 = 144;

/// What lies on the guest stack above the frame of an entry: for a debugger, the host stack pointer as the entry left it; and
/// nothing, so that the stack is aligned.
const LINK_BYTES: u64 = 16;

/// Saves what [`leave_guest`] takes down, with the cell in the register `$cell`, and goes on with the stack pointer as the host's.
/// From the bottom up: the cell; host call and stack pointer of the entry outside of this one; nothing; the frame; the registers
/// that a callee keeps. `x10` is the host call, `x12` the stack pointer afterwards.
macro_rules! save {
    ($cell:literal) => {
        concat!(
            ".cfi_startproc
             sub sp, sp, 192
             .cfi_def_cfa_offset 192
             stp x29, x30, [sp, 32]
             stp x19, x20, [sp, 48]
             stp x21, x22, [sp, 64]
             stp x23, x24, [sp, 80]
             stp x25, x26, [sp, 96]
             stp x27, x28, [sp, 112]
             stp d8, d9, [sp, 128]
             stp d10, d11, [sp, 144]
             stp d12, d13, [sp, 160]
             stp d14, d15, [sp, 176]
            ",
            registers_saved!(),
            "
             ldr x10, [",
            $cell,
            ", {guest_frame}]
             ldr x11, [",
            $cell,
            ", {host_stack_pointer}]
             stp ",
            $cell,
            ", x10, [sp]
             str x11, [sp, 16]
             mov x12, sp
             str x12, [",
            $cell,
            ", {host_stack_pointer}]"
        )
    };
}

/// Says where the registers are that a caller keeps.
macro_rules! registers_saved {
    () => {
        ".cfi_offset x29, -160
         .cfi_offset x30, -152
         .cfi_offset x19, -144
         .cfi_offset x20, -136
         .cfi_offset x21, -128
         .cfi_offset x22, -120
         .cfi_offset x23, -112
         .cfi_offset x24, -104
         .cfi_offset x25, -96
         .cfi_offset x26, -88
         .cfi_offset x27, -80
         .cfi_offset x28, -72
         .cfi_offset d8, -64
         .cfi_offset d9, -56
         .cfi_offset d10, -48
         .cfi_offset d11, -40
         .cfi_offset d12, -32
         .cfi_offset d13, -24
         .cfi_offset d14, -16
         .cfi_offset d15, -8"
    };
}

/// Says that the host stack pointer is where an entry left it, 192 bytes below the end of the frame.
macro_rules! entered {
    () => {
        ".cfi_def_cfa sp, 192"
    };
}

/// Starts a frame on the guest stack which stays that of the function when the stack is switched. Debuggers take a stack for broken
/// on which a frame lies above that of its caller, unless it is that of a signal: so this is said to be one.
macro_rules! frame_on_guest_stack {
    () => {
        ".cfi_startproc
         .cfi_signal_frame
         stp x29, x30, [sp, -16]!
         .cfi_def_cfa_offset 16
         .cfi_offset x29, -16
         .cfi_offset x30, -8
         mov x29, sp
         .cfi_def_cfa_register x29"
    };
}

/// Finds the cell of this thread from the stack pointer, into `x9`. Uses `x10`.
macro_rules! find_cell {
    () => {
        "adrp x9, {mask}
         ldr x9, [x9, :lo12:{mask}]
         mov x10, sp
         orr x9, x9, x10
         sub x9, x9, {cell}"
    };
}

/// Goes to the guest stack and calls. Returns 0, or the number of the trap that ended it.
#[unsafe(naked)]
pub unsafe extern "C" fn enter_guest(entry: EntryFunction, values: *mut u64, state: *mut BorderState) -> u32 {
    naked_asm!(
        save!("x2"),
        // Start below the host call that is being served, or else at the top. The frame pointer that the entry
        // wrapper saves links to that host call, or is 0, where the chain ends.
        "ldr x13, [x2, {stack_top}]",
        "cmp x10, 0",
        "csel x13, x13, x10, eq",
        "and x13, x13, -16",
        "mov x29, x10",
        "mov sp, x13",
        ".cfi_def_cfa_register x12",
        // For a debugger, where the host stack goes on, below a word that aligns the stack.
        "stp x12, x13, [sp, -16]!",
        // The frame ends 192 bytes above what the word at the stack pointer says: DW_CFA_def_cfa_expression of
        // DW_OP_breg31 0, DW_OP_deref, DW_OP_plus_uconst 192.
        ".cfi_escape 0x0f, 6, 0x8f, 0, 0x06, 0x23, 0xc0, 0x01",
        "mov x9, x0",
        "mov x0, x1",
        "mov x19, x2",
        "blr x9",
        "ldr x9, [x19, {host_stack_pointer}]",
        "mov sp, x9",
        entered!(),
        "mov w0, 0",
        "b {leave_guest}",
        ".cfi_endproc",
        host_stack_pointer = const offset_of!(BorderState, host_stack_pointer),
        guest_frame = const offset_of!(BorderState, guest_frame),
        stack_top = const offset_of!(BorderState, stack_top),
        leave_guest = sym leave_guest,
    )
}

/// Goes on in a guest that was left for a checkpoint. What is on the host stack is as [`enter_guest`] makes it: when the entry
/// returns, it does so into that function.
#[unsafe(naked)]
pub unsafe extern "C" fn resume_guest(resume: *const Resume, state: *mut BorderState) -> u32 {
    naked_asm!(
        save!("x1"),
        entered!(),
        // As in `enter_guest`: the guest stack was another process's.
        "ldr x9, [x1, {stack_top}]",
        "and x9, x9, -16",
        "stur x12, [x9, -{link_bytes}]",
        "ldr x9, [x0, {stack_pointer}]",
        "ldp x19, x20, [x9]",
        "ldp x21, x22, [x9, 16]",
        "ldp x23, x24, [x9, 32]",
        "ldp x25, x26, [x9, 48]",
        "ldp x27, x28, [x9, 64]",
        "ldp d8, d9, [x9, 80]",
        "ldp d10, d11, [x9, 96]",
        "ldp d12, d13, [x9, 112]",
        "ldp d14, d15, [x9, 128]",
        "add x29, x9, {saved_bytes}",
        "str x29, [x1, {guest_frame}]",
        "ldr x9, [x0, {function}]",
        "ldr x1, [x0, {values}]",
        "ldr x0, [x0, {context}]",
        "b adder_host_call_resumed",
        ".cfi_endproc",
        link_bytes = const LINK_BYTES,
        stack_top = const offset_of!(BorderState, stack_top),
        host_stack_pointer = const offset_of!(BorderState, host_stack_pointer),
        guest_frame = const offset_of!(BorderState, guest_frame),
        stack_pointer = const offset_of!(Resume, stack_pointer),
        function = const offset_of!(Resume, function),
        context = const offset_of!(Resume, context),
        values = const offset_of!(Resume, values),
        saved_bytes = const SAVED_BYTES,
    )
}

/// Returns the host stack pointer that the entry outside of this one has left, from that of this one; 0 if there is none.
///
/// # Safety
/// The entry with this host stack pointer is under way.
pub unsafe fn outer_entry(host_stack_pointer: u64) -> u64 {
    // SAFETY: a saved stack pointer points to what `enter_guest` has saved; the third word is the next one's.
    unsafe { (host_stack_pointer as *const u64).add(2).read() }
}

/// Takes down what [`enter_guest`] saved, to which the stack pointer points, and returns from it with `w0`.
#[unsafe(naked)]
pub unsafe extern "C" fn leave_guest() {
    naked_asm!(
        ".cfi_startproc",
        registers_saved!(),
        entered!(),
        "ldp x9, x10, [sp]",
        "ldr x11, [sp, 16]",
        "str x10, [x9, {guest_frame}]",
        "str x11, [x9, {host_stack_pointer}]",
        "ldp x29, x30, [sp, 32]",
        "ldp x19, x20, [sp, 48]",
        "ldp x21, x22, [sp, 64]",
        "ldp x23, x24, [sp, 80]",
        "ldp x25, x26, [sp, 96]",
        "ldp x27, x28, [sp, 112]",
        "ldp d8, d9, [sp, 128]",
        "ldp d10, d11, [sp, 144]",
        "ldp d12, d13, [sp, 160]",
        "ldp d14, d15, [sp, 176]",
        "add sp, sp, 192",
        ".cfi_def_cfa_offset 0",
        "ret",
        ".cfi_endproc",
        host_stack_pointer = const offset_of!(BorderState, host_stack_pointer),
        guest_frame = const offset_of!(BorderState, guest_frame),
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
        frame_on_guest_stack!(),
        find_cell!(),
        "str x29, [x9, {guest_frame}]",
        "ldr x10, [x9, {host_stack_pointer}]",
        "mov sp, x10",
        "mov x9, x0",
        "mov x0, x1",
        "mov x1, x2",
        // A guest that goes on from a checkpoint comes in here: see `resume_guest`.
        ".globl adder_host_call_resumed",
        ".hidden adder_host_call_resumed",
        "adder_host_call_resumed:",
        "blr x9",
        "cbnz w0, 2f",
        // The host function has kept x29, as it has to.
        ".cfi_remember_state",
        "mov sp, x29",
        "ldp x29, x30, [sp], 16",
        ".cfi_def_cfa sp, 0",
        "ret",
        ".cfi_restore_state",
        // A trap, or an exception that a nested entry has not caught: that goes on from this frame.
        "2:",
        "cmp w0, {checkpoint}",
        "b.eq 4f",
        "ldr x19, [sp]",
        "cmp w0, {uncaught}",
        "b.ne 3f",
        "mov x0, x29",
        "mov x1, x19",
        "bl {go_on}",
        "b {resume}",
        // If the trap came out of a nested entry, its place is already known.
        "3:",
        "ldr x9, [x19, {trap_address}]",
        "cbnz x9, 5f",
        "ldp x9, x10, [x29]",
        "str x10, [x19, {trap_address}]",
        "str x9, [x19, {trap_frame}]",
        "5:",
        "b {leave_guest}",
        // A checkpoint: the guest's registers, which the host function has kept, go below the frame.
        "4:",
        "sub x9, x29, {saved_bytes}",
        "stp x19, x20, [x9]",
        "stp x21, x22, [x9, 16]",
        "stp x23, x24, [x9, 32]",
        "stp x25, x26, [x9, 48]",
        "stp x27, x28, [x9, 64]",
        "stp d8, d9, [x9, 80]",
        "stp d10, d11, [x9, 96]",
        "stp d12, d13, [x9, 112]",
        "stp d14, d15, [x9, 128]",
        "ldr x10, [sp]",
        "str x9, [x10, {checkpoint_stack_pointer}]",
        // What is saved says nothing of this process: see `enter_guest`.
        "ldr x9, [x10, {stack_top}]",
        "and x9, x9, -16",
        "stur xzr, [x9, -{link_bytes}]",
        "b {leave_guest}",
        ".cfi_endproc",
        mask = sym STACK_MASK,
        // From the last byte of the region back to the cell.
        cell = const THREAD_CELL_BYTES - 1,
        host_stack_pointer = const offset_of!(BorderState, host_stack_pointer),
        guest_frame = const offset_of!(BorderState, guest_frame),
        trap_address = const offset_of!(BorderState, trap_address),
        trap_frame = const offset_of!(BorderState, trap_frame),
        uncaught = const TrapCode::UncaughtException as u32,
        checkpoint = const TrapCode::Checkpoint as u32,
        checkpoint_stack_pointer = const offset_of!(BorderState, checkpoint_stack_pointer),
        saved_bytes = const SAVED_BYTES,
        stack_top = const offset_of!(BorderState, stack_top),
        link_bytes = const LINK_BYTES,
        go_on = sym <Runtime as Exceptions>::go_on,
        resume = sym resume,
        leave_guest = sym leave_guest,
    )
}

/// Called by generated code on the guest stack. See [`adder_abi::symbol::THROW`]. The convention of guest functions has
/// these parameters in `x2` to `x4`.
///
/// # Safety
/// Only generated code calls this, on the guest stack, with a tag of the program and as many words as it has.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_throw(tag: u32, words: u32, payload: *const u64) {
    naked_asm!(
        frame_on_guest_stack!(),
        find_cell!(),
        // Nobody misses the guest's registers: a handler expects nothing in them.
        "mov x19, x9",
        "ldr x10, [x19, {host_stack_pointer}]",
        "mov sp, x10",
        "mov w0, w2",
        "mov w1, w3",
        "mov x2, x4",
        "mov x3, x29",
        "mov x4, x19",
        "bl {throw}",
        "b {resume}",
        ".cfi_endproc",
        mask = sym STACK_MASK,
        cell = const THREAD_CELL_BYTES - 1,
        host_stack_pointer = const offset_of!(BorderState, host_stack_pointer),
        throw = sym <Runtime as Exceptions>::throw,
        resume = sym resume,
    )
}

/// Called by generated code on the guest stack. See [`adder_abi::symbol::THROW_REF`]. The convention of guest functions has the
/// parameter in `x2`.
///
/// # Safety
/// Only generated code calls this, on the guest stack.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_throw_ref(exception: u64) {
    naked_asm!(
        frame_on_guest_stack!(),
        find_cell!(),
        "mov x19, x9",
        "ldr x10, [x19, {host_stack_pointer}]",
        "mov sp, x10",
        "mov x0, x2",
        "mov x1, x29",
        "mov x2, x19",
        "bl {throw_ref}",
        "b {resume}",
        ".cfi_endproc",
        mask = sym STACK_MASK,
        cell = const THREAD_CELL_BYTES - 1,
        host_stack_pointer = const offset_of!(BorderState, host_stack_pointer),
        throw_ref = sym <Runtime as Exceptions>::throw_ref,
        resume = sym resume,
    )
}

/// Goes on in the guest where an exception was caught; or, if `w0` is not 0, leaves the guest with that code. `x19` is the
/// cell, and the stack pointer the host's as the innermost `enter` left it.
#[unsafe(naked)]
unsafe extern "C" fn resume() {
    naked_asm!(
        ".cfi_startproc",
        registers_saved!(),
        entered!(),
        "cbz w0, 2f",
        "b {leave_guest}",
        "2:",
        "ldr x0, [x19, {resumption} + {payload}]",
        "ldr x1, [x19, {resumption} + {exception}]",
        "ldr x9, [x19, {resumption} + {address}]",
        "ldr x29, [x19, {resumption} + {frame}]",
        "ldr x10, [x19, {resumption} + {stack}]",
        "mov sp, x10",
        "br x9",
        ".cfi_endproc",
        resumption = const offset_of!(BorderState, resumption),
        payload = const offset_of!(Resumption, payload),
        exception = const offset_of!(Resumption, exception),
        address = const offset_of!(Resumption, address),
        frame = const offset_of!(Resumption, frame),
        stack = const offset_of!(Resumption, stack),
        leave_guest = sym leave_guest,
    )
}
