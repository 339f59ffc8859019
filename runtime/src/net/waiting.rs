//! Calls of the kernel that wait.

use rustix::io::{Errno, retry_on_intr};

/// Makes a call that may wait, and makes it again where a signal has come that is not the guest's affair.
pub fn until_done<T>(call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    retry_on_intr(call)
}
