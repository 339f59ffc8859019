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

use crate::Runtime;
use crate::arch::contract::{BorderState, Exceptions, Resumption, STACK_MASK};
use adder_abi::checkpoint::Resume;
use adder_abi::plan::THREAD_CELL_BYTES;
use adder_abi::program::{EntryFunction, HostFunction};
use adder_abi::trap::TrapCode;
use core::arch::naked_asm;
use core::ffi::c_void;
use core::mem::offset_of;

/// What lies on the guest stack below the frame of a host call that asked for a checkpoint: five registers, and nothing, so
/// that a stack pointer is aligned.
const SAVED_BYTES: u64 = 48;

/// What lies on the guest stack above the frame of an entry: for a debugger, the host stack pointer as the entry left it; and
/// nothing, so that the stack is aligned.
const LINK_BYTES: u64 = 16;

/// Says that the registers that a caller keeps are saved, the first right below the return address.
macro_rules! registers_saved {
    () => {
        ".cfi_offset rbp, -16
         .cfi_offset rbx, -24
         .cfi_offset r12, -32
         .cfi_offset r13, -40
         .cfi_offset r14, -48
         .cfi_offset r15, -56"
    };
}

/// Says that the host stack pointer is where an entry left it, 96 bytes below the end of the frame.
macro_rules! entered {
    () => {
        ".cfi_def_cfa rsp, 96"
    };
}

/// Starts a frame on the guest stack which stays that of the function when the stack is switched. Debuggers take a stack for broken
/// on which a frame lies above that of its caller, unless it is that of a signal: so this is said to be one.
macro_rules! frame_on_guest_stack {
    () => {
        ".cfi_startproc
         .cfi_signal_frame
         push rbp
         .cfi_def_cfa_offset 16
         .cfi_offset rbp, -16
         mov rbp, rsp
         .cfi_def_cfa_register rbp"
    };
}

/// Goes to the guest stack and calls. Returns 0, or the number of the trap that ended it.
///
/// What it saves on the host stack, from the top down: callee-saved registers; control words of the floating-point units;
/// stack pointer and host call of the entry outside of this one; the cell. It is taken down by [`leave_guest`].
#[unsafe(naked)]
pub unsafe extern "C" fn enter_guest(entry: EntryFunction, values: *mut u64, state: *mut BorderState) -> u32 {
    naked_asm!(
        ".cfi_startproc",
        "push rbp",
        ".cfi_adjust_cfa_offset 8",
        "push rbx",
        ".cfi_adjust_cfa_offset 8",
        "push r12",
        ".cfi_adjust_cfa_offset 8",
        "push r13",
        ".cfi_adjust_cfa_offset 8",
        "push r14",
        ".cfi_adjust_cfa_offset 8",
        "push r15",
        ".cfi_adjust_cfa_offset 8",
        registers_saved!(),
        "sub rsp, 16",
        ".cfi_adjust_cfa_offset 16",
        "stmxcsr dword ptr [rsp]",
        "fnstcw word ptr [rsp + 4]",
        "push qword ptr [rdx + {host_stack_pointer}]",
        "push qword ptr [rdx + {guest_frame}]",
        "push rdx",
        entered!(),
        "mov [rdx + {host_stack_pointer}], rsp",
        // Start below the host call that is being served, or else at the top. The frame pointer that the entry
        // wrapper saves links to that host call, or is 0, where the chain ends.
        "mov rbp, [rdx + {guest_frame}]",
        "mov rax, [rdx + {stack_top}]",
        "test rbp, rbp",
        "cmovnz rax, rbp",
        "and rax, -16",
        "mov rcx, rsp",
        "mov rsp, rax",
        ".cfi_def_cfa_register rcx",
        // For a debugger, where the host stack goes on, below a word that aligns the stack.
        "push rax",
        "push rcx",
        // The frame ends 96 bytes above what the word at the stack pointer says: DW_CFA_def_cfa_expression of
        // DW_OP_breg7 0, DW_OP_deref, DW_OP_plus_uconst 96.
        ".cfi_escape 0x0f, 5, 0x77, 0, 0x06, 0x23, 96",
        "mov rax, rdi",
        "mov rdi, rsi",
        "mov rbx, rdx",
        "call rax",
        "mov rsp, [rbx + {host_stack_pointer}]",
        entered!(),
        "xor eax, eax",
        "jmp {leave_guest}",
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
        ".cfi_startproc",
        "push rbp",
        ".cfi_adjust_cfa_offset 8",
        "push rbx",
        ".cfi_adjust_cfa_offset 8",
        "push r12",
        ".cfi_adjust_cfa_offset 8",
        "push r13",
        ".cfi_adjust_cfa_offset 8",
        "push r14",
        ".cfi_adjust_cfa_offset 8",
        "push r15",
        ".cfi_adjust_cfa_offset 8",
        registers_saved!(),
        "sub rsp, 16",
        ".cfi_adjust_cfa_offset 16",
        "stmxcsr dword ptr [rsp]",
        "fnstcw word ptr [rsp + 4]",
        "push qword ptr [rsi + {host_stack_pointer}]",
        "push qword ptr [rsi + {guest_frame}]",
        "push rsi",
        entered!(),
        "mov [rsi + {host_stack_pointer}], rsp",
        // As in `enter_guest`: the guest stack was another process's.
        "mov rcx, [rsi + {stack_top}]",
        "and rcx, -16",
        "mov [rcx - {link_bytes}], rsp",
        "mov rcx, [rdi + {stack_pointer}]",
        "mov rbx, [rcx]",
        "mov r12, [rcx + 8]",
        "mov r13, [rcx + 16]",
        "mov r14, [rcx + 24]",
        "mov r15, [rcx + 32]",
        "lea rbp, [rcx + {saved_bytes}]",
        "mov [rsi + {guest_frame}], rbp",
        "mov rax, [rdi + {function}]",
        "mov rsi, [rdi + {values}]",
        "mov rdi, [rdi + {context}]",
        "jmp adder_host_call_resumed",
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

/// Takes down what [`enter_guest`] saved, to which the stack pointer points, and returns from it with `eax`.
#[unsafe(naked)]
pub unsafe extern "C" fn leave_guest() {
    naked_asm!(
        ".cfi_startproc",
        registers_saved!(),
        entered!(),
        "pop rdx",
        ".cfi_adjust_cfa_offset -8",
        "pop qword ptr [rdx + {guest_frame}]",
        ".cfi_adjust_cfa_offset -8",
        "pop qword ptr [rdx + {host_stack_pointer}]",
        ".cfi_adjust_cfa_offset -8",
        "ldmxcsr dword ptr [rsp]",
        "fldcw word ptr [rsp + 4]",
        "add rsp, 16",
        ".cfi_adjust_cfa_offset -16",
        "pop r15",
        ".cfi_adjust_cfa_offset -8",
        "pop r14",
        ".cfi_adjust_cfa_offset -8",
        "pop r13",
        ".cfi_adjust_cfa_offset -8",
        "pop r12",
        ".cfi_adjust_cfa_offset -8",
        "pop rbx",
        ".cfi_adjust_cfa_offset -8",
        "pop rbp",
        ".cfi_adjust_cfa_offset -8",
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
        "mov rax, rsp",
        "or rax, [rip + {mask}]",
        "mov [rax + {cell} + {guest_frame}], rbp",
        "mov rsp, [rax + {cell} + {host_stack_pointer}]",
        "mov rax, rdi",
        "mov rdi, rsi",
        "mov rsi, rdx",
        // A guest that goes on from a checkpoint comes in here: see `resume_guest`.
        ".globl adder_host_call_resumed",
        ".hidden adder_host_call_resumed",
        "adder_host_call_resumed:",
        "call rax",
        "test eax, eax",
        "jnz 2f",
        // The host function has kept rbp, as it has to.
        ".cfi_remember_state",
        "mov rsp, rbp",
        "pop rbp",
        ".cfi_def_cfa rsp, 8",
        "ret",
        ".cfi_restore_state",
        // A trap, or an exception that a nested entry has not caught: that goes on from this frame.
        "2:",
        "cmp eax, {checkpoint}",
        "je 4f",
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
        // A checkpoint: the guest's registers, which the host function has kept, go below the frame.
        "4:",
        "lea rcx, [rbp - {saved_bytes}]",
        "mov [rcx], rbx",
        "mov [rcx + 8], r12",
        "mov [rcx + 16], r13",
        "mov [rcx + 24], r14",
        "mov [rcx + 32], r15",
        "mov rdx, [rsp]",
        "mov [rdx + {checkpoint_stack_pointer}], rcx",
        // What is saved says nothing of this process: see `enter_guest`.
        "mov rcx, [rdx + {stack_top}]",
        "and rcx, -16",
        "mov qword ptr [rcx - {link_bytes}], 0",
        "jmp {leave_guest}",
        ".cfi_endproc",
        mask = sym STACK_MASK,
        // From the last byte of the region to the cell.
        cell = const 1 - THREAD_CELL_BYTES as i64,
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
/// these parameters in the registers of the C convention.
///
/// # Safety
/// Only generated code calls this, on the guest stack, with a tag of the program and as many words as it has.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_throw(tag: u32, words: u32, payload: *const u64) {
    naked_asm!(
        frame_on_guest_stack!(),
        "mov rax, rsp",
        "or rax, [rip + {mask}]",
        // Nobody misses the guest's registers: a handler expects nothing in them.
        "lea rbx, [rax + {cell}]",
        "mov rcx, rbp",
        "mov r8, rbx",
        "mov rsp, [rbx + {host_stack_pointer}]",
        "call {throw}",
        "jmp {resume}",
        ".cfi_endproc",
        mask = sym STACK_MASK,
        cell = const 1 - THREAD_CELL_BYTES as i64,
        host_stack_pointer = const offset_of!(BorderState, host_stack_pointer),
        throw = sym <Runtime as Exceptions>::throw,
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
        frame_on_guest_stack!(),
        "mov rax, rsp",
        "or rax, [rip + {mask}]",
        "lea rbx, [rax + {cell}]",
        "mov rsi, rbp",
        "mov rdx, rbx",
        "mov rsp, [rbx + {host_stack_pointer}]",
        "call {throw_ref}",
        "jmp {resume}",
        ".cfi_endproc",
        mask = sym STACK_MASK,
        cell = const 1 - THREAD_CELL_BYTES as i64,
        host_stack_pointer = const offset_of!(BorderState, host_stack_pointer),
        throw_ref = sym <Runtime as Exceptions>::throw_ref,
        resume = sym resume,
    )
}

/// Goes on in the guest where an exception was caught; or, if `eax` is not 0, leaves the guest with that code. `rbx` is the
/// cell, and the stack pointer the host's as the innermost `enter` left it.
#[unsafe(naked)]
unsafe extern "C" fn resume() {
    naked_asm!(
        ".cfi_startproc",
        registers_saved!(),
        entered!(),
        "test eax, eax",
        "jnz {leave_guest}",
        "mov rax, [rbx + {resumption} + {payload}]",
        "mov rdx, [rbx + {resumption} + {exception}]",
        "mov rcx, [rbx + {resumption} + {address}]",
        "mov rbp, [rbx + {resumption} + {frame}]",
        "mov rsp, [rbx + {resumption} + {stack}]",
        "jmp rcx",
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
