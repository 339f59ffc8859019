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
        "mov rax, rdi",
        "mov r11, rsi",
        "mov rdi, [r11]",
        "mov rsi, [r11 + 8]",
        "mov rdx, [r11 + 16]",
        "mov r10, [r11 + 24]",
        "mov r8, [r11 + 32]",
        "mov r9, [r11 + 40]",
        ".hidden adder_wait_looks",
        ".globl adder_wait_looks",
        "adder_wait_looks:",
        "cmp qword ptr [rip + {pending}], 0",
        "jne adder_wait_is_off",
        "syscall",
        ".hidden adder_wait_is_over",
        ".globl adder_wait_is_over",
        "adder_wait_is_over:",
        "ret",
        ".hidden adder_wait_is_off",
        ".globl adder_wait_is_off",
        "adder_wait_is_off:",
        "mov rax, {interrupted}",
        "ret",
        ".cfi_endproc",
        pending = sym PENDING,
        interrupted = const -libc::EINTR,
    )
}
