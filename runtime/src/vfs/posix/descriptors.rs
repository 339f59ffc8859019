//! What POSIX keeps of a descriptor beside its open file: whether it is closed on exec, and the name of a directory.
//!
//! That is here and not in the table of all descriptors, so that a guest of WASI does not carry it. Whoever gives out and closes
//! numbers for a POSIX guest does it here; of a number that somebody else has given out, nothing is known.

use super::locks;
use super::names::Directory;
use crate::arch::system_call;
use crate::process::lock::Lock;
use crate::process::phase;
use crate::process::standard::open_closed_descriptors;
use crate::vfs::descriptor::{DESCRIPTORS_MAX, Descriptor};
use crate::vfs::descriptors::with_table;
use crate::vfs::open::OpenFile;
use crate::vfs::open::host_file::HostFile;
use crate::vfs::path::beneath::Access;
use crate::vfs::rights::Rights;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use rustix::fd::{FromRawFd, OwnedFd, RawFd};
use rustix::fs::OFlags;
use rustix::io::Errno;

/// What is known of a number.
#[derive(Clone)]
struct Known {
    /// The open file that had the number then. If that is another one by now, the rest means nothing.
    file: Weak<OpenFile>,
    name: Option<Arc<[u8]>>,
    /// Where the next entries of a directory are, for all copies of the descriptor; nothing if that is still the start and there are
    /// none.
    position: Option<Arc<Lock<u64>>>,
    close_on_exec: bool,
}

/// By number. Only used while the table of the descriptors is locked, so that both agree.
static KNOWN: Lock<Vec<Option<Known>>> = Lock::new(Vec::new());

fn know(number: u32, known: Known) -> Result<(), Errno> {
    KNOWN.with(|all| {
        let index = number as usize;
        if index >= all.len() {
            all.try_reserve(index + 1 - all.len()).map_err(|_| Errno::NOMEM)?;
            all.resize(index + 1, None);
        }
        all[index] = Some(known);
        Ok(())
    })
}

fn known(number: u32, file: &Arc<OpenFile>) -> Known {
    let found = KNOWN.with(|all| all.get(number as usize).cloned().flatten());
    let is_same = |known: &Known| core::ptr::eq(known.file.as_ptr(), Arc::as_ptr(file));
    let unknown = || Known { file: Arc::downgrade(file), name: None, position: None, close_on_exec: false };
    found.filter(is_same).unwrap_or_else(unknown)
}

/// The same with a position that all copies share.
fn known_to_copies(number: u32, file: &Arc<OpenFile>) -> Result<Known, Errno> {
    let mut known = known(number, file);
    // Only what may be a directory has a name.
    if known.name.is_some() && known.position.is_none() {
        known.position = Some(Arc::new(Lock::new(0)));
        know(number, known.clone())?;
    }
    Ok(known)
}

/// Gives an open file the lowest free number. `name` is the guest's for what may be a directory.
pub fn add(file: Arc<OpenFile>, name: Option<Arc<[u8]>>, close_on_exec: bool) -> Result<u32, Errno> {
    with_table(|table| {
        let known = Known { file: Arc::downgrade(&file), name, position: None, close_on_exec };
        let number = table.insert(Descriptor { file: file.clone(), rights: Rights::ALL, preopen: None })?;
        know(number, known)?;
        Ok(number)
    })
}

/// Returns the open file of a descriptor. Fails with `EBADF` where the guest was not given the rights to it that are `needed`
/// ([`crate::vfs::rights`]): to write to standard input, say, whatever that is open for.
pub fn file(number: u32, needed: u64) -> Result<Arc<OpenFile>, Errno> {
    with_table(|table| {
        let descriptor = table.get(number)?;
        if needed & !descriptor.rights.base == 0 { Ok(descriptor.file.clone()) } else { Err(Errno::BADF) }
    })
}

/// Returns a descriptor as a start of paths, whether it is a directory or not.
pub fn directory(number: u32) -> Result<Directory, Errno> {
    with_table(|table| {
        let file = table.get(number)?.file.clone();
        let name = known(number, &file).name;
        Ok(Directory { file, name })
    })
}

/// Returns the open file of a descriptor, and where its next entries are if it is a directory: a cookie, 0 at the start.
pub fn position(number: u32) -> Result<(Arc<OpenFile>, Arc<Lock<u64>>), Errno> {
    with_table(|table| {
        let file = table.get(number)?.file.clone();
        let mut known = known(number, &file);
        let position = known.position.get_or_insert_with(|| Arc::new(Lock::new(0))).clone();
        know(number, known)?;
        Ok((file, position))
    })
}

/// Makes a pipe: an end to read from and one to write to. Of the flags `O_NONBLOCK`, `O_CLOEXEC` and `O_DIRECT` are known.
pub fn pipe(flags: OFlags) -> Result<[u32; 2], Errno> {
    // Nothing that the kernel keeps gets into a checkpoint.
    if phase::is_at_build() {
        return Err(Errno::NFILE);
    }
    if !(OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::DIRECT).contains(flags) {
        return Err(Errno::INVAL);
    }
    open_closed_descriptors()?;
    let mut ends: [RawFd; 2] = [-1; 2];
    // SAFETY: there is room for two descriptors.
    unsafe {
        let flags = flags | OFlags::CLOEXEC;
        system_call(libc::SYS_pipe2, [ends.as_mut_ptr() as usize, flags.bits() as usize])?;
    }
    // SAFETY: the kernel has made both, and nobody else knows them.
    let files = ends.map(|end| HostFile::new(unsafe { OwnedFd::from_raw_fd(end) }, Access::default(), None));
    let close_on_exec = flags.contains(OFlags::CLOEXEC);
    let [from, to] = files.map(|file| add(Arc::new(file.into()), None, close_on_exec));
    match (from, to) {
        (Ok(from), Ok(to)) => Ok([from, to]),
        (Ok(number), Err(error)) | (Err(error), Ok(number)) => {
            close(number)?;
            Err(error)
        }
        (Err(error), Err(_)) => Err(error),
    }
}

/// Closes a descriptor.
pub fn close(number: u32) -> Result<(), Errno> {
    // The file is closed here, outside of the table's lock.
    let closed = with_table(|table| table.remove(number))?;
    locks::release(&closed.file);
    Ok(())
}

/// Gives the open file of a descriptor the lowest free number that is not below `minimum` (`F_DUPFD`).
pub fn dup(number: u32, minimum: u32, close_on_exec: bool) -> Result<u32, Errno> {
    if minimum as usize >= DESCRIPTORS_MAX {
        return Err(Errno::INVAL);
    }
    with_table(|table| {
        let copy = table.get(number)?.clone();
        let known = Known { close_on_exec, ..known_to_copies(number, &copy.file)? };
        let copied = table.insert_from(minimum, Descriptor { preopen: None, ..copy })?;
        know(copied, known)?;
        Ok(copied)
    })
}

/// Gives the open file of a descriptor the number `to`, of which what had it before is closed. Nothing happens if both are one.
pub fn dup2(number: u32, to: u32, close_on_exec: bool) -> Result<(), Errno> {
    let replaced = with_table(|table| {
        let copy = table.get(number)?.clone();
        if to as usize >= DESCRIPTORS_MAX {
            return Err(Errno::BADF);
        }
        if number == to {
            return Ok(None);
        }
        let known = Known { close_on_exec, ..known_to_copies(number, &copy.file)? };
        let replaced = table.replace(to, Descriptor { preopen: None, ..copy })?;
        know(to, known)?;
        Ok(replaced)
    })?;
    // It is closed here, outside of the table's lock.
    if let Some(replaced) = replaced {
        locks::release(&replaced.file);
    }
    Ok(())
}

/// Whether a descriptor is closed on exec (`F_GETFD`).
pub fn is_close_on_exec(number: u32) -> Result<bool, Errno> {
    with_table(|table| Ok(known(number, &table.get(number)?.file).close_on_exec))
}

/// Says whether a descriptor is closed on exec (`F_SETFD`). It means something to the guest alone, which cannot execute anything.
pub fn set_close_on_exec(number: u32, close_on_exec: bool) -> Result<(), Errno> {
    with_table(|table| {
        let known = known(number, &table.get(number)?.file);
        know(number, Known { close_on_exec, ..known })
    })
}
