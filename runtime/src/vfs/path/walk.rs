//! Resolves paths beneath a directory without `openat2`: name by name, on kernels before 5.6 and in sandboxes that refuse
//! the call.
//!
//! No step follows a link: every name is opened with `O_NOFOLLOW` relative to the directory that is already open, and the
//! text of a link is walked in turn. `..` goes back to the descriptor that the walk came from, so renaming a directory
//! meanwhile cannot lead it outside.

use super::Path;
use crate::process::pending::restarted;
use alloc::vec::Vec;
use core::ffi::CStr;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{FileType, Mode, OFlags, fstat, openat, readlinkat_raw};
use rustix::io::{Errno, retry_on_intr};

/// Links in one path, as in the kernel.
const LINKS_MAX: usize = 40;

/// Opens `path`, which never leads outside of `directory`.
///
/// Fails with `EPERM` for a path that would, otherwise as `openat` does.
pub fn open(directory: BorrowedFd<'_>, path: &Path, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
    let mut walk = Walk { bottom: directory, above: Vec::new(), rest: Vec::new(), links: 0 };
    walk.go_on_with(path.bytes().to_vec())?;
    loop {
        let Next { name, slash, after } = walk.take_name();
        let last = after.is_empty();
        match name.as_slice() {
            b"." => {}
            b".." => {
                if walk.above.pop().is_none() {
                    return Err(Errno::PERM);
                }
            }
            _ if last => match walk.open_last(&name, slash, flags, mode)? {
                Some(opened) => return Ok(opened),
                None => continue,
            },
            _ => {
                walk.descend(&name, after)?;
                continue;
            }
        }
        if last {
            return retry_on_intr(|| openat(walk.directory(), c".", flags, mode));
        }
        walk.rest = after;
    }
}

struct Walk<'a> {
    bottom: BorrowedFd<'a>,
    /// The directories between the bottom and where the walk is, without the bottom.
    above: Vec<OwnedFd>,
    /// What is still to walk. Never empty, and it does not start with a slash.
    rest: Vec<u8>,
    /// Links met so far.
    links: usize,
}

/// The name that the walk has come to.
struct Next {
    name: Vec<u8>,
    /// Whether a slash follows it.
    slash: bool,
    /// What follows after the slashes.
    after: Vec<u8>,
}

impl Walk<'_> {
    fn directory(&self) -> BorrowedFd<'_> {
        self.above.last().map_or(self.bottom, AsFd::as_fd)
    }

    fn go_on_with(&mut self, rest: Vec<u8>) -> Result<(), Errno> {
        match rest.first() {
            None => return Err(Errno::NOENT),
            Some(b'/') => return Err(Errno::PERM),
            Some(_) => self.rest = rest,
        }
        Ok(())
    }

    fn take_name(&self) -> Next {
        let end = self.rest.iter().position(|&byte| byte == b'/').unwrap_or(self.rest.len());
        let (name, after) = self.rest.split_at(end);
        let slashes = after.iter().take_while(|&&byte| byte == b'/').count();
        Next { name: name.to_vec(), slash: slashes > 0, after: after[slashes..].to_vec() }
    }

    /// Goes into a directory, or puts the text of a link in place of its name.
    fn descend(&mut self, name: &[u8], after: Vec<u8>) -> Result<(), Errno> {
        let name = Path::any(name.to_vec())?;
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = retry_on_intr(|| openat(self.directory(), name.c_str(), flags, Mode::empty()))?;
        match FileType::from_raw_mode(fstat(&opened)?.st_mode) {
            FileType::Directory => {
                self.above.push(opened);
                self.rest = after;
                Ok(())
            }
            FileType::Symlink => {
                let mut text = read_link(opened.as_fd(), c"")?;
                text.push(b'/');
                text.extend_from_slice(&after);
                self.follow(text)
            }
            _ => Err(Errno::NOTDIR),
        }
    }

    /// Opens the last name. `None` if it was a link that is to be followed: the walk goes on with its text.
    fn open_last(&mut self, name: &[u8], slash: bool, mut flags: OFlags, mode: Mode) -> Result<Option<OwnedFd>, Errno> {
        let name = Path::any(name.to_vec())?;
        if slash {
            if flags.contains(OFlags::CREATE) {
                return Err(Errno::ISDIR);
            }
            flags |= OFlags::DIRECTORY;
        }
        // As in the kernel, a slash behind a link follows it whatever the flags say.
        let exclusive = flags.contains(OFlags::CREATE | OFlags::EXCL);
        if slash || !(exclusive || flags.contains(OFlags::NOFOLLOW)) {
            match read_link(self.directory(), name.c_str()) {
                Ok(mut text) => {
                    if slash {
                        text.push(b'/');
                    }
                    self.follow(text)?;
                    return Ok(None);
                }
                // Not a link, or nothing there: opening says what is.
                Err(Errno::INVAL | Errno::NOENT) => {}
                Err(error) => return Err(error),
            }
        }
        // If it becomes a link in between, this does not follow it.
        // Of a named pipe, this waits.
        restarted(|| openat(self.directory(), name.c_str(), flags | OFlags::NOFOLLOW, mode)).map(Some)
    }

    fn follow(&mut self, text: Vec<u8>) -> Result<(), Errno> {
        self.links += 1;
        if self.links > LINKS_MAX {
            return Err(Errno::LOOP);
        }
        self.go_on_with(text)
    }
}

/// The whole text of a link. An empty name means the descriptor itself.
pub fn read_link(directory: BorrowedFd<'_>, name: &CStr) -> Result<Vec<u8>, Errno> {
    let mut text = Vec::with_capacity(256);
    loop {
        let length = readlinkat_raw(directory, name, rustix::buffer::spare_capacity(&mut text))?;
        if length < text.capacity() {
            return Ok(text);
        }
        text = Vec::with_capacity(text.capacity() * 2);
    }
}
