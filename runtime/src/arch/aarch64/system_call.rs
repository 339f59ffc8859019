//! System calls that take pointers to guest memory, and may wait: made directly and not by libc, whose functions have no table of
//! frames, so that a debugger finds the way from here to the guest.

use core::arch::asm;
use core::ffi::c_long;
use rustix::io::Errno;

/// Makes a system call. Returns what the kernel returned, or its error.
///
/// # Safety
/// The call with these arguments is sound.
pub unsafe fn system_call<const COUNT: usize>(number: c_long, arguments: [usize; COUNT]) -> Result<usize, Errno> {
    const { assert!(COUNT <= 6) };
    let mut all = [0; 6];
    all[..COUNT].copy_from_slice(&arguments);
    let [first, second, third, fourth, fifth, sixth] = all;
    let returned: isize;
    // SAFETY: the convention of Linux on aarch64 (syscall(2)): these registers go in, `x0` comes out, no other is lost. The rest
    // is promised by the caller.
    unsafe {
        asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") first as isize => returned,
            in("x1") second,
            in("x2") third,
            in("x3") fourth,
            in("x4") fifth,
            in("x5") sixth,
            options(nostack),
        );
    }
    // Errors are the numbers from -4095 to -1.
    usize::try_from(returned).map_err(|_| Errno::from_raw_os_error(-returned as i32))
}
