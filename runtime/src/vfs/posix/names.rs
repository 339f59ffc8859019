//! Names of directories: by their text, and what the kernel calls one that is open.

use crate::vfs::open::OpenFile;
use crate::vfs::path::{Step, steps, walk};
use alloc::sync::Arc;
use alloc::vec::Vec;
use rustix::fd::BorrowedFd;
use rustix::fs::{CWD, fstat};
use rustix::io::Errno;
use rustix::path::DecInt;

/// A directory that is open, as a start of paths.
#[derive(Clone)]
pub struct Directory {
    /// The directory.
    pub file: Arc<OpenFile>,
    /// What the guest called it when it was opened, if that is known: a name without `.` and `..`, but there may be links in it.
    pub name: Option<Arc<[u8]>>,
}

#[cfg(test)]
std::thread_local! {
    /// Lets a test find no procfs.
    pub static PROCFS_IS_MISSING: core::cell::Cell<bool> = const { core::cell::Cell::new(false) };
}

/// Puts a path behind the absolute name of a directory.
pub fn join(directory: &[u8], path: &[u8]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(directory.len() + 1 + path.len());
    joined.extend_from_slice(directory);
    joined.push(b'/');
    joined.extend_from_slice(path);
    joined
}

/// Returns an absolute path without `.`, `..` and superfluous slashes: what it leads to if no links are on the way.
pub fn normal(path: &[u8]) -> Vec<u8> {
    let mut normal = Vec::with_capacity(path.len() + 1);
    for (step, _) in steps(path) {
        match step {
            Step::Up => normal.truncate(normal.iter().rposition(|&byte| byte == b'/').unwrap_or(0)),
            Step::Down(name) => {
                normal.push(b'/');
                normal.extend_from_slice(name);
            }
        }
    }
    if normal.is_empty() {
        normal.push(b'/');
    }
    normal
}

/// Whether a path leads out of its start by its text, on the way or at its end.
pub fn climbs(path: &[u8]) -> bool {
    let mut depth = 0_usize;
    for (step, _) in steps(path) {
        match step {
            Step::Up if depth == 0 => return true,
            Step::Up => depth -= 1,
            Step::Down(_) => depth += 1,
        }
    }
    false
}

/// Returns what of an absolute path follows the name of a directory, if that is a beginning of it.
pub fn below<'a>(path: &'a [u8], directory: &[u8]) -> Option<&'a [u8]> {
    let rest = path.strip_prefix(directory.strip_suffix(b"/").unwrap_or(directory))?;
    (rest.is_empty() || rest.starts_with(b"/")).then_some(rest)
}

/// The magic link of procfs to what is behind a descriptor of the process.
pub fn magic_link(descriptor: BorrowedFd<'_>) -> Vec<u8> {
    let mut link = b"/proc/self/fd/".to_vec();
    link.extend_from_slice(DecInt::from_fd(descriptor).as_bytes());
    link
}

/// Returns the host's name for a directory that is open, `None` if there is no procfs that knows it.
///
/// Fails with `ENOENT` if it was removed, or cannot be reached from the root of the process.
pub fn of_host(directory: BorrowedFd<'_>) -> Result<Option<Vec<u8>>, Errno> {
    #[cfg(test)]
    if PROCFS_IS_MISSING.get() {
        return Ok(None);
    }
    let mut link = magic_link(directory);
    link.push(0);
    let Ok(link) = core::ffi::CStr::from_bytes_with_nul(&link) else { return Ok(None) };
    let Ok(name) = walk::read_link(CWD, link) else { return Ok(None) };
    if !name.starts_with(b"/") || fstat(directory)?.st_nlink == 0 {
        return Err(Errno::NOENT);
    }
    Ok(Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_together() {
        assert_eq!(normal(&join(b"/", b"a//./b/../c/")), b"/a/c");
        assert_eq!(normal(&join(b"/x", b"../../..")), b"/");
        assert_eq!(below(b"/a/b", b"/a"), Some(b"/b".as_slice()));
        assert_eq!(below(b"/a", b"/"), Some(b"/a".as_slice()));
        assert_eq!(below(b"/a", b"/a"), Some(b"".as_slice()));
        assert_eq!(below(b"/ab", b"/a"), None);
        assert!(climbs(b"a/../..") && climbs(b"..") && climbs(b"../a") && climbs(b"a/../../b/c"));
        assert!(!climbs(b"a/..") && !climbs(b"") && !climbs(b"a/b/../../c"));
    }
}
