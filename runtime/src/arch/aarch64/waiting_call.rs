//! System calls that may wait, and do not when a signal has come that the guest is to be told of.
//!
//! Between a look at what is pending and the instruction that waits, a signal could come unseen. So the handler looks where it has
//! interrupted the thread: before that instruction, the call is not made any more.

use super::signal::Registers;
use crate::arch::contract::PENDING;
use core::arch::naked_asm;
use core::ffi::c_long;
use rustix::io::Errno;

unsafe extern "C" {
    /// Where [`look_and_call`] begins to look.
    static adder_wait_looks: u8;
    /// The instruction behind the one that waits.
    static adder_wait_is_over: u8;
    /// What returns `EINTR`.
    static adder_wait_is_off: u8;
}

/// Makes a system call as [`super::system_call::system_call`] does; fails with `EINTR` at once if a signal is pending.
///
/// # Safety
/// The call with these arguments is sound.
pub unsafe fn waiting_system_call<const COUNT: usize>(
    number: c_long,
    arguments: [usize; COUNT],
) -> Result<usize, Errno> {
    const { assert!(COUNT <= 6) };
    let mut all = [0; 6];
    all[..COUNT].copy_from_slice(&arguments);
    // SAFETY: there are six arguments; the rest is promised by the caller.
    let returned = unsafe { look_and_call(number as usize, all.as_ptr()) };
    // Errors are the numbers from -4095 to -1.
    usize::try_from(returned).map_err(|_| Errno::from_raw_os_error(-returned as i32))
}

/// Makes a system call with six arguments, unless a signal is pending. Returns what the kernel returns.
#[unsafe(naked)]
unsafe extern "C" fn look_and_call(number: usize, arguments: *const usize) -> isize {
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

impl Registers<'_> {
    /// Calls a wait off that the thread was about to begin.
    pub fn call_wait_off(&mut self) {
        let [looks, over, off] =
            [&raw const adder_wait_looks, &raw const adder_wait_is_over, &raw const adder_wait_is_off];
        if (looks as u64..over as u64).contains(&self.instruction()) {
            self.continue_at(off as u64);
        }
    }
}
