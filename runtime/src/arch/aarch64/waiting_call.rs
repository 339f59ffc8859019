//! The instructions of a system call that may wait: `arch/waiting_call.rs` says what is about them.

use crate::arch::contract::PENDING;
use core::arch::naked_asm;

/// Makes a system call with six arguments, unless a signal is pending. Returns what the kernel returns.
///
/// # Safety
/// There are six arguments, and the call with them is sound.
#[unsafe(naked)]
pub unsafe extern "C" fn look_and_call(number: usize, arguments: *const usize) -> isize {
    naked_asm!(
        ".cfi_startproc",
        "mov x8, x0",
        "mov x9, x1",
        "ldp x0, x1, [x9]",
        "ldp x2, x3, [x9, 16]",
        "ldp x4, x5, [x9, 32]",
        ".hidden adder_wait_looks",
        ".globl adder_wait_looks",
        "adder_wait_looks:",
        "adrp x9, {pending}",
        "ldr x9, [x9, :lo12:{pending}]",
        "cbnz x9, 2f",
        "svc 0",
        ".hidden adder_wait_is_over",
        ".globl adder_wait_is_over",
        "adder_wait_is_over:",
        "ret",
        "2:",
        ".hidden adder_wait_is_off",
        ".globl adder_wait_is_off",
        "adder_wait_is_off:",
        "mov x0, {interrupted}",
        "ret",
        ".cfi_endproc",
        pending = sym PENDING,
        interrupted = const -libc::EINTR,
    )
}
