//! Where to go on in a directory.
//!
//! A cookie says where to go on. The cookies of the kernel are hashes of 63 bits on some file systems, but programs for
//! 32-bit machines keep a cookie in 32 bits (`telldir`). So the guest gets the number of an entry, and the open directory
//! remembers the kernel's cookie for it; a program may go back to every cookie it has seen. Entries of the embedded tree
//! come after the host's, with cookies from `TREE_COOKIES`; what the tree holds hides what the host has under that name.

use crate::process::lock::Lock;
use alloc::vec::Vec;
use rustix::io::Errno;

/// These cookies number the entries of the tree: the first is `.`, the second `..`, then come the children.
pub const TREE_COOKIES: core::ops::Range<u64> = 1 << 30..1 << 31;

/// The kernel's cookies of the entries that were read, in their order. Whoever reads the directory holds them all the
/// time: the kernel has one place in it, too.
pub struct Cookies(Lock<Known>);

impl Cookies {
    /// Of a directory that was not read yet, or of a file.
    pub const fn new() -> Cookies {
        Cookies(Lock::new(Known(Vec::new())))
    }

    /// Works on what is known.
    pub fn with<R>(&self, work: impl FnOnce(&mut Known) -> R) -> R {
        self.0.with(work)
    }
}

/// What is known of the cookies of one directory.
pub struct Known(Vec<u64>);

impl Known {
    /// The kernel's cookie for one that the guest was given; 0 is the start.
    pub fn find(&self, cookie: u64) -> Result<u64, Errno> {
        let Some(index) = cookie.checked_sub(1) else { return Ok(0) };
        usize::try_from(index).ok().and_then(|index| self.0.get(index).copied()).ok_or(Errno::INVAL)
    }

    /// Keeps the kernel's cookie. When a directory is read again from the start, the new ones replace the old.
    pub fn remember(&mut self, cookie: u64, kernel: u64) -> Result<(), Errno> {
        if cookie >= TREE_COOKIES.start {
            return Err(Errno::OVERFLOW);
        }
        match self.0.get_mut(cookie as usize - 1) {
            Some(known) => *known = kernel,
            None => {
                self.0.try_reserve(1).map_err(|_| Errno::NOMEM)?;
                self.0.push(kernel);
            }
        }
        Ok(())
    }
}
