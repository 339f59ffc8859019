//! Giving up what root may do that others may not.

use std::io;

/// Becomes a user without rights, if this one has all.
pub fn without_rights() -> io::Result<()> {
    const NOBODY: u32 = 65534;
    // SAFETY: plain system calls.
    let changed = unsafe {
        libc::geteuid() != 0
            || libc::setgroups(0, std::ptr::null()) == 0
                && libc::setresgid(NOBODY, NOBODY, NOBODY) == 0
                && libc::setresuid(NOBODY, NOBODY, NOBODY) == 0
    };
    if changed { Ok(()) } else { Err(io::Error::last_os_error()) }
}
