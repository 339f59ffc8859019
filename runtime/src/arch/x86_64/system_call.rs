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
    // SAFETY: the convention of Linux on x86-64 (syscall(2)): these registers go in, `rcx` and `r11` are lost. The rest is
    // promised by the caller.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number as isize => returned,
            in("rdi") first,
            in("rsi") second,
            in("rdx") third,
            in("r10") fourth,
            in("r8") fifth,
            in("r9") sixth,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    // Errors are the numbers from -4095 to -1.
    usize::try_from(returned).map_err(|_| Errno::from_raw_os_error(-returned as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_and_errors_come_back() {
        // SAFETY: the calls take no pointers.
        unsafe {
            assert_eq!(system_call(libc::SYS_getpid, []), Ok(libc::getpid() as usize));
            assert_eq!(system_call(libc::SYS_close, [usize::MAX]), Err(Errno::BADF));
            assert_eq!(system_call(libc::SYS_fadvise64, [0, 0, 0, 77, 0, 0]), Err(Errno::INVAL));
        }
    }
}
