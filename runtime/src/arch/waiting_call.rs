//! System calls that may wait, and do not when a signal has come that the guest is to be told of.
//!
//! Between a look at what is pending and the instruction that waits, a signal could come unseen. So the handler looks where it has
//! interrupted the thread: before that instruction, the call is not made any more.

use super::this::signal::Registers;
use super::this::waiting_call::look_and_call;
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

/// Makes a system call as [`super::system_call`] does; fails with `EINTR` at once if a signal is pending.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_and_errors_come_back() {
        // SAFETY: the calls take no pointers.
        unsafe {
            assert_eq!(waiting_system_call(libc::SYS_getpid, []), Ok(libc::getpid() as usize));
            assert_eq!(waiting_system_call(libc::SYS_close, [usize::MAX]), Err(Errno::BADF));
            assert_eq!(waiting_system_call(libc::SYS_fadvise64, [0, 0, 0, 77, 0, 0]), Err(Errno::INVAL));
        }
    }
}
