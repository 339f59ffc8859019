//! Resolves paths that must stay beneath a directory. Everything that the guest opens by path is opened here.
//!
//! A grant of a folder ends at the folder: `..`, absolute paths and links that lead outside fail with `EPERM`, also when
//! somebody moves directories while they are resolved. The kernel's `openat2` does it in one call; where it is missing,
//! [`super::walk`] does.
//!
//! A grant of the host's `/` is another matter: nothing is outside of it. There the kernel resolves paths as for any native
//! program, links with absolute texts and magic links of `/proc` (`/dev/stdin`, `/dev/fd/63`) included.
//!
//! Under any grant, files of procfs cannot be opened for writing: `/proc/self/mem` is the way out of the sandbox of memory,
//! and no grant of files opens that.

use super::{Path, split_last, walk};
use crate::process::pending::restarted;
use alloc::vec::Vec;
use core::ffi::CStr;
use core::sync::atomic::{AtomicU8, Ordering};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{CWD, Mode, OFlags, PROC_SUPER_MAGIC, ResolveFlags, fstatfs, openat, openat2};
use rustix::io::Errno;

/// How often a resolution is tried again that was disturbed by a rename, before it is walked.
const DISTURBANCES_MAX: usize = 16;

/// The flags with which directories on the way are opened.
pub const PASSING: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// The flags that make a file: `O_TMPFILE` is one of them, with `O_DIRECTORY`.
const MAKES: OFlags = OFlags::CREATE.union(OFlags::TMPFILE.difference(OFlags::DIRECTORY));

/// A directory of the host, and what may be done beneath it.
#[derive(Clone, Copy)]
pub struct Base<'a> {
    /// Where paths start.
    pub directory: BorrowedFd<'a>,
    /// The rules of the grant.
    pub access: Access,
}

/// A path of the host.
pub struct HostPath<'a> {
    /// Where it starts.
    pub base: Base<'a>,
    /// Its names.
    pub path: Path,
}

/// Whether an error says that the process cannot get to a folder of the host: then what is embedded there is all there is. Any
/// other (no more descriptors, no more memory) says nothing about the folder.
pub fn is_out_of_reach(error: Errno) -> bool {
    matches!(error, Errno::NOENT | Errno::NOTDIR | Errno::ACCESS | Errno::PERM | Errno::LOOP)
}

/// The rules of a grant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The grant is of the host's `/`.
    pub whole_host: bool,
    /// Nothing may be changed.
    pub read_only: bool,
}

/// What a change fails with that the grant does not allow: `EPERM`, as in other runtimes of WASI, so that a program that was
/// tested there (a Python that expects PermissionError) finds the same here.
pub const UNCHANGEABLE: Errno = Errno::PERM;

/// The directory in which a last name is looked up, and that name.
pub struct Parent<'a> {
    opened: Option<OwnedFd>,
    base: BorrowedFd<'a>,
    name: Path,
}

impl Parent<'_> {
    /// The directory for an `*at` call.
    pub fn directory(&self) -> BorrowedFd<'_> {
        self.opened.as_ref().map_or(self.base, AsFd::as_fd)
    }

    /// The name for an `*at` call that does not follow a link in its last name.
    pub fn name(&self) -> &CStr {
        self.name.c_str()
    }
}

impl<'a> Base<'a> {
    /// Opens `path`. `flags` are those of `open`; close-on-exec and no-controlling-terminal are added.
    pub fn open(self, path: &Path, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
        let flags = flags | OFlags::CLOEXEC;
        // The kernel accepts little beside `O_PATH`, and a mode only where a file may be made.
        let flags = if flags.contains(OFlags::PATH) { flags } else { flags | OFlags::NOCTTY };
        let mode = if flags.intersects(MAKES) { mode } else { Mode::empty() };
        let opened = if self.access.whole_host {
            // Of a named pipe, this waits.
            restarted(|| openat(self.directory, path.c_str(), flags, mode))?
        } else {
            beneath(self.directory, path, flags, mode)?
        };
        let writes = flags.intersects(OFlags::WRONLY | OFlags::RDWR);
        if writes && fstatfs(&opened)?.f_type == PROC_SUPER_MAGIC {
            return Err(Errno::ACCESS);
        }
        Ok(opened)
    }

    /// Resolves all of `path` without opening what it names: for `fstat` and the like.
    pub fn look_up(self, path: &Path, follow: bool) -> Result<OwnedFd, Errno> {
        let flags = if follow { OFlags::PATH } else { OFlags::PATH | OFlags::NOFOLLOW };
        self.open(path, flags, Mode::empty())
    }

    /// Resolves all but the last name of `path`.
    pub fn parent(self, path: &Path) -> Result<Parent<'a>, Errno> {
        if self.access.whole_host {
            return Ok(Parent { opened: None, base: self.directory, name: path.clone() });
        }
        let (before, last) = split_last(path.bytes());
        if last.split(|&byte| byte == b'/').next() == Some(b"..".as_slice()) {
            // What the call makes of `..` is its own affair, but not where this leads outside.
            self.open(path, PASSING, Mode::empty())?;
        }
        let opened = match before {
            b"" => None,
            before => Some(self.open(&Path::any(before.to_vec())?, PASSING, Mode::empty())?),
        };
        Ok(Parent { opened, base: self.directory, name: Path::any(last.to_vec())? })
    }
}

/// Whether this kernel has `openat2`: see the constants. Relaxed: the byte says all, and all threads find out the same.
static OPENAT2: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = 0;
const WORKS: u8 = 1;
const MISSING: u8 = 2;

/// Lets tests have paths walked.
#[cfg(test)]
pub fn pretend_openat2_is_missing(missing: bool) {
    OPENAT2.store(if missing { MISSING } else { UNKNOWN }, Ordering::Relaxed);
}

fn beneath(directory: BorrowedFd<'_>, path: &Path, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
    let mut disturbances = 0;
    while OPENAT2.load(Ordering::Relaxed) != MISSING && disturbances < DISTURBANCES_MAX {
        match openat2(directory, path.c_str(), flags, mode, resolve) {
            Ok(opened) => {
                OPENAT2.store(WORKS, Ordering::Relaxed);
                return Ok(opened);
            }
            Err(Errno::XDEV) => return Err(Errno::PERM),
            Err(Errno::INTR) => {}
            // Somebody renames or mounts meanwhile, and the kernel cannot tell whether `..` is still beneath.
            Err(Errno::AGAIN) => disturbances += 1,
            Err(Errno::NOSYS) => OPENAT2.store(MISSING, Ordering::Relaxed),
            // Filters of system calls that are older than the call refuse it this way.
            Err(Errno::PERM) if OPENAT2.load(Ordering::Relaxed) == UNKNOWN => probe(),
            Err(error) => return Err(error),
        }
    }
    walk::open(directory, path, flags, mode)
}

/// Finds out whether `openat2` itself is refused, by a call that cannot fail otherwise.
fn probe() {
    let works = openat2(CWD, c"/", PASSING, Mode::empty(), ResolveFlags::empty()).is_ok();
    OPENAT2.store(if works { WORKS } else { MISSING }, Ordering::Relaxed);
}

/// The whole text of the link at `path`.
pub fn read_link(base: Base<'_>, path: &Path) -> Result<Vec<u8>, Errno> {
    if base.access.whole_host {
        return walk::read_link(base.directory, path.c_str());
    }
    let link = base.look_up(path, false)?;
    // For a descriptor that is no link the kernel says ENOENT, for a path EINVAL.
    walk::read_link(link.as_fd(), c"").map_err(|error| if error == Errno::NOENT { Errno::INVAL } else { error })
}
