//! What can be done with a path.

use super::descriptor;
use super::fd::{filestat, host_fdflags, timestamps};
use super::witx::errno::Errno;
use super::witx::types::{Filestat, fdflags, lookupflags, oflags};
use crate::guest::pointer::Guest;
use crate::vfs::open::OpenFile;
use crate::vfs::operation::{self, At};
use crate::vfs::path::{PATH_BYTES_MAX, Path};
use crate::vfs::rights::Rights;
use crate::vfs::tree::Tree;
use crate::vfs::{descriptors, rights};
use alloc::sync::Arc;
use alloc::vec::Vec;
use rustix::fs::OFlags;

/// Makes a directory.
pub fn path_create_directory(guest: Guest, fd: u32, path: u32, bytes: u32) -> Result<(), Errno> {
    let directory = descriptor::file(fd, rights::PATH_CREATE_DIRECTORY)?;
    Ok(operation::create_directory(at(guest, &directory, path, bytes)?)?)
}

/// Attributes of what a path names.
pub fn path_filestat_get(guest: Guest, fd: u32, lookup: u32, path: u32, bytes: u32, result: u32) -> Result<(), Errno> {
    let directory = descriptor::file(fd, rights::PATH_FILESTAT_GET)?;
    let place = guest.place::<Filestat>(result)?;
    let status = operation::status(at(guest, &directory, path, bytes)?, follow(lookup)?)?;
    place.write(filestat(&status));
    Ok(())
}

/// Sets the times of what a path names.
#[allow(clippy::too_many_arguments, reason = "the interface has so many")]
pub fn path_filestat_set_times(
    guest: Guest,
    fd: u32,
    lookup: u32,
    path: u32,
    bytes: u32,
    accessed: u64,
    modified: u64,
    flags: u32,
) -> Result<(), Errno> {
    let directory = descriptor::file(fd, rights::PATH_FILESTAT_SET_TIMES)?;
    let times = timestamps(accessed, modified, flags)?;
    Ok(operation::set_times(at(guest, &directory, path, bytes)?, follow(lookup)?, &times)?)
}

/// Gives a file another name. Other engines do not follow a link in the old one's last name either (`EINVAL`).
#[allow(clippy::too_many_arguments, reason = "the interface has so many")]
pub fn path_link(
    guest: Guest,
    old_fd: u32,
    lookup: u32,
    old_path: u32,
    old_bytes: u32,
    new_fd: u32,
    new_path: u32,
    new_bytes: u32,
) -> Result<(), Errno> {
    let old = descriptor::file(old_fd, rights::PATH_LINK_SOURCE)?;
    let new = descriptor::file(new_fd, rights::PATH_LINK_TARGET)?;
    if follow(lookup)? {
        return Err(Errno::Inval);
    }
    Ok(operation::link(at(guest, &old, old_path, old_bytes)?, at(guest, &new, new_path, new_bytes)?)?)
}

/// Opens or makes a file, or opens a directory. Of the wanted rights, reading and writing count.
#[allow(clippy::too_many_arguments, reason = "the interface has so many")]
pub fn path_open(
    guest: Guest,
    fd: u32,
    lookup: u32,
    path: u32,
    bytes: u32,
    oflags: u32,
    base: u64,
    _inheriting: u64,
    fdflags: u32,
    result: u32,
) -> Result<(), Errno> {
    let flags = host_flags(lookup, oflags, base, fdflags)?;
    let mut needed = rights::PATH_OPEN;
    if flags.contains(OFlags::CREATE) {
        needed |= rights::PATH_CREATE_FILE;
    }
    if flags.contains(OFlags::TRUNC) {
        needed |= rights::PATH_FILESTAT_SET_SIZE;
    }
    // Looked up once: another thread may change what the number stands for.
    let directory = descriptor::with_rights(fd, needed)?;
    let (directory, inherited) = (directory.file, directory.rights.inheriting);
    let place = guest.place::<u32>(result)?;
    let at = at(guest, &directory, path, bytes)?;
    // Read once: what is tried again is the path that was tried first.
    let for_names = (flags.contains(OFlags::DIRECTORY) && base & LISTS == 0).then(|| at.clone());
    let opened = match (operation::open(at, flags), for_names) {
        // A directory whose names can be used although they cannot be listed, for whoever does not want to list them.
        (Err(rustix::io::Errno::ACCESS), Some(at)) => {
            operation::open(at, flags & (OFlags::DIRECTORY | OFlags::NOFOLLOW) | OFlags::PATH)?
        }
        (result, _) => result?,
    };
    place.write(descriptors::add(opened, Rights { base: inherited, inheriting: inherited })?);
    Ok(())
}

/// What opening a directory needs its permission to read for.
const LISTS: u64 = rights::FD_READ | rights::FD_READDIR;

fn host_flags(lookup: u32, oflags: u32, base: u64, fdflags: u32) -> Result<OFlags, Errno> {
    if oflags & !oflags::ALL != 0 || fdflags & !fdflags::ALL != 0 {
        return Err(Errno::Inval);
    }
    if oflags & oflags::DIRECTORY != 0 && oflags & !oflags::DIRECTORY != 0 {
        // Directories are made by another function.
        return Err(Errno::Inval);
    }
    let mut flags = host_fdflags(fdflags);
    flags |= match (base & rights::FD_READ != 0, base & rights::FD_WRITE != 0) {
        (true, true) => OFlags::RDWR,
        (false, true) => OFlags::WRONLY,
        (_, false) => OFlags::RDONLY,
    };
    for (flag, host) in [
        (oflags::CREAT, OFlags::CREATE),
        (oflags::DIRECTORY, OFlags::DIRECTORY),
        (oflags::EXCL, OFlags::EXCL),
        (oflags::TRUNC, OFlags::TRUNC),
    ] {
        flags.set(host, oflags & flag != 0);
    }
    flags.set(OFlags::NOFOLLOW, !follow(lookup)?);
    Ok(flags)
}

/// The text of a link, as much of it as fits.
pub fn path_readlink(
    guest: Guest,
    fd: u32,
    path: u32,
    bytes: u32,
    buffer: u32,
    buffer_bytes: u32,
    result: u32,
) -> Result<(), Errno> {
    let directory = descriptor::file(fd, rights::PATH_READLINK)?;
    let place = guest.place::<u32>(result)?;
    let buffer = guest.range(buffer, buffer_bytes.into())?;
    let text = operation::read_link(at(guest, &directory, path, bytes)?)?;
    place.write(buffer.write(&text) as u32);
    Ok(())
}

/// Removes an empty directory.
pub fn path_remove_directory(guest: Guest, fd: u32, path: u32, bytes: u32) -> Result<(), Errno> {
    let directory = descriptor::file(fd, rights::PATH_REMOVE_DIRECTORY)?;
    Ok(operation::remove_directory(at(guest, &directory, path, bytes)?)?)
}

/// Renames a file or directory.
pub fn path_rename(
    guest: Guest,
    old_fd: u32,
    old_path: u32,
    old_bytes: u32,
    new_fd: u32,
    new_path: u32,
    new_bytes: u32,
) -> Result<(), Errno> {
    let old = descriptor::file(old_fd, rights::PATH_RENAME_SOURCE)?;
    let new = descriptor::file(new_fd, rights::PATH_RENAME_TARGET)?;
    Ok(operation::rename(at(guest, &old, old_path, old_bytes)?, at(guest, &new, new_path, new_bytes)?)?)
}

/// Makes a link with a text.
pub fn path_symlink(guest: Guest, text: u32, text_bytes: u32, fd: u32, path: u32, bytes: u32) -> Result<(), Errno> {
    let directory = descriptor::file(fd, rights::PATH_SYMLINK)?;
    let text = Path::any(read_bytes(guest, text, text_bytes)?)?;
    Ok(operation::symbolic_link(&text, at(guest, &directory, path, bytes)?)?)
}

/// Removes a name that is not of a directory.
pub fn path_unlink_file(guest: Guest, fd: u32, path: u32, bytes: u32) -> Result<(), Errno> {
    let directory = descriptor::file(fd, rights::PATH_UNLINK_FILE)?;
    Ok(operation::unlink(at(guest, &directory, path, bytes)?)?)
}

fn follow(lookup: u32) -> Result<bool, Errno> {
    match lookup {
        0 => Ok(false),
        lookupflags::SYMLINK_FOLLOW => Ok(true),
        _ => Err(Errno::Inval),
    }
}

fn at(guest: Guest, start: &Arc<OpenFile>, path: u32, bytes: u32) -> Result<At<'_>, Errno> {
    Ok(At { start, path: Path::new(read_bytes(guest, path, bytes)?)?, tree: Tree::of_executable() })
}

/// Copies the bytes of a path. Longer ones than any path are not copied at all.
fn read_bytes(guest: Guest, address: u32, bytes: u32) -> Result<Vec<u8>, Errno> {
    let range = guest.range(address, bytes.into())?;
    if range.len() > PATH_BYTES_MAX {
        return Err(Errno::NameTooLong);
    }
    // Room for the NUL too.
    let mut copy = Vec::with_capacity(range.len() + 1);
    copy.resize(range.len(), 0);
    range.read(&mut copy);
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_those_of_open() {
        let read_write = rights::FD_READ | rights::FD_WRITE;
        let flags = host_flags(1, oflags::CREAT | oflags::TRUNC, read_write, fdflags::APPEND).expect("fine");
        assert_eq!(flags, OFlags::RDWR | OFlags::CREATE | OFlags::TRUNC | OFlags::APPEND);
        assert_eq!(host_flags(0, 0, 0, 0).expect("fine"), OFlags::RDONLY | OFlags::NOFOLLOW);
        for (lookup, oflags, fdflags) in [(2, 0, 0), (0, 16, 0), (0, 0, 32), (0, 3, 0), (0, 10, 0)] {
            assert_eq!(host_flags(lookup, oflags, 0, fdflags), Err(Errno::Inval));
        }
    }
}
