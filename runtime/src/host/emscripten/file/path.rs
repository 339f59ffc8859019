//! System calls that take a path.

use super::super::errno::Stop;
use super::super::library::text;
use super::super::stream::joined;
use super::layout::{StatPlace, argument, directory, host_flags, timestamps, write_statfs};
use crate::guest::pointer::Guest;
use crate::vfs::path::PATH_BYTES_MAX;
use crate::vfs::posix::namespace::{Target, at, at_or_itself};
use crate::vfs::posix::{attributes, files, working_directory};
use alloc::vec::Vec;
use rustix::fs::{Access, AtFlags, FileType, Mode};
use rustix::io::Errno;

/// `AT_*`.
const NO_FOLLOW: u32 = 0x100;
const REMOVE_DIRECTORY: u32 = 0x200;
const EFFECTIVE_ACCESS: u32 = 0x200;
const FOLLOW: u32 = 0x400;
const EMPTY_PATH: u32 = 0x1000;

/// Stands for the working directory.
const HERE: u32 = -100_i32 as u32;

fn path_text(guest: Guest, path: u32) -> Result<Vec<u8>, Errno> {
    text(guest, path, PATH_BYTES_MAX, Errno::NAMETOOLONG)
}

/// What a path leads to.
fn target(guest: Guest, fd: u32, path: u32) -> Result<Target, Errno> {
    at(directory(fd), &path_text(guest, path)?)
}

/// The same with flags, one of which says that an empty path stands for the descriptor.
fn target_or_itself(guest: Guest, fd: u32, path: u32, flags: u32) -> Result<Target, Errno> {
    let path = path_text(guest, path)?;
    if flags & EMPTY_PATH == 0 { at(directory(fd), &path) } else { at_or_itself(directory(fd), &path) }
}

/// Fails with `EINVAL` for flags that a call does not have.
fn check(flags: u32, known: u32) -> Result<(), Errno> {
    if flags & !known == 0 { Ok(()) } else { Err(Errno::INVAL) }
}

fn mode_of(mode: u32) -> Mode {
    Mode::from_raw_mode(mode & 0o7777)
}

/// A user or group to give a file to; -1 leaves it.
fn owner(id: u32) -> Option<u32> {
    (id != u32::MAX).then_some(id)
}

pub fn open(guest: Guest, path: u32, flags: u32, variadic: u32) -> Result<u32, Errno> {
    openat(guest, HERE, path, flags, variadic)
}

pub fn openat(guest: Guest, fd: u32, path: u32, flags: u32, variadic: u32) -> Result<u32, Errno> {
    let mode = if variadic == 0 { 0 } else { argument(guest, variadic)? };
    files::open(&target(guest, fd, path)?, host_flags(flags), mode_of(mode))
}

pub fn stat(guest: Guest, path: u32, result: u32) -> Result<(), Errno> {
    fstatat(guest, HERE, path, result, 0)
}

pub fn lstat(guest: Guest, path: u32, result: u32) -> Result<(), Errno> {
    fstatat(guest, HERE, path, result, NO_FOLLOW)
}

pub fn fstatat(guest: Guest, fd: u32, path: u32, result: u32, flags: u32) -> Result<(), Errno> {
    let place = StatPlace::new(guest, result)?;
    let target = target_or_itself(guest, fd, path, flags)?;
    place.write(&attributes::stat(&target, flags & NO_FOLLOW == 0)?);
    Ok(())
}

pub fn statfs(guest: Guest, path: u32, bytes: u32, result: u32) -> Result<(), Errno> {
    write_statfs(guest, result, bytes, &attributes::statfs(&target(guest, HERE, path)?)?)
}

pub fn access(guest: Guest, path: u32, mode: u32) -> Result<(), Errno> {
    faccessat(guest, HERE, path, mode, 0)
}

pub fn faccessat(guest: Guest, fd: u32, path: u32, mode: u32, flags: u32) -> Result<(), Errno> {
    check(flags, NO_FOLLOW | EFFECTIVE_ACCESS | EMPTY_PATH)?;
    let access = Access::from_bits(mode).ok_or(Errno::INVAL)?;
    let mut how = AtFlags::empty();
    how.set(AtFlags::SYMLINK_NOFOLLOW, flags & NO_FOLLOW != 0);
    how.set(AtFlags::EACCESS, flags & EFFECTIVE_ACCESS != 0);
    attributes::access(&target_or_itself(guest, fd, path, flags)?, access, how)
}

pub fn chmod(guest: Guest, path: u32, mode: u32) -> Result<(), Errno> {
    fchmodat2(guest, HERE, path, mode, 0)
}

/// As up to Emscripten 4: the flags are variadic.
pub fn fchmodat(guest: Guest, fd: u32, path: u32, mode: u32, variadic: u32) -> Result<(), Errno> {
    let flags = if variadic == 0 { 0 } else { argument(guest, variadic)? };
    fchmodat2(guest, fd, path, mode, flags)
}

pub fn fchmodat2(guest: Guest, fd: u32, path: u32, mode: u32, flags: u32) -> Result<(), Errno> {
    check(flags, NO_FOLLOW | EMPTY_PATH)?;
    let target = target_or_itself(guest, fd, path, flags)?;
    attributes::chmod(&target, mode_of(mode), flags & NO_FOLLOW == 0)
}

pub fn chown(guest: Guest, path: u32, user: u32, group: u32) -> Result<(), Errno> {
    fchownat(guest, HERE, path, user, group, 0)
}

pub fn lchown(guest: Guest, path: u32, user: u32, group: u32) -> Result<(), Errno> {
    fchownat(guest, HERE, path, user, group, NO_FOLLOW)
}

pub fn fchownat(guest: Guest, fd: u32, path: u32, user: u32, group: u32, flags: u32) -> Result<(), Errno> {
    check(flags, NO_FOLLOW | EMPTY_PATH)?;
    let target = target_or_itself(guest, fd, path, flags)?;
    attributes::chown(&target, owner(user), owner(group), flags & NO_FOLLOW == 0)
}

pub fn truncate(guest: Guest, path: u32, size: u64) -> Result<(), Errno> {
    let size = i64::try_from(size).map_err(|_| Errno::INVAL)?;
    attributes::truncate(&target(guest, HERE, path)?, size as u64)
}

pub fn truncate_halves(guest: Guest, path: u32, low: u32, high: u32) -> Result<(), Errno> {
    truncate(guest, path, joined(low, high))
}

pub fn utimensat(guest: Guest, fd: u32, path: u32, times: u32, flags: u32) -> Result<(), Errno> {
    check(flags, NO_FOLLOW | EMPTY_PATH)?;
    let times = timestamps(guest, times)?;
    // Without a path, the call is about the descriptor.
    let target = if path == 0 { at_or_itself(directory(fd), b"")? } else { target_or_itself(guest, fd, path, flags)? };
    attributes::utimens(&target, &times, flags & NO_FOLLOW == 0)
}

pub fn mkdir(guest: Guest, path: u32, mode: u32) -> Result<(), Errno> {
    mkdirat(guest, HERE, path, mode)
}

pub fn mkdirat(guest: Guest, fd: u32, path: u32, mode: u32) -> Result<(), Errno> {
    files::mkdir(&target(guest, fd, path)?, mode_of(mode))
}

pub fn mknod(guest: Guest, path: u32, mode: u32, device: u32) -> Result<(), Errno> {
    mknodat(guest, HERE, path, mode, device)
}

pub fn mknodat(guest: Guest, fd: u32, path: u32, mode: u32, _device: u32) -> Result<(), Errno> {
    // Without a type it is a file.
    let file_type = match mode & 0o170_000 {
        0 => FileType::RegularFile,
        _ => FileType::from_raw_mode(mode),
    };
    files::mknod(&target(guest, fd, path)?, file_type, mode_of(mode))
}

pub fn unlink(guest: Guest, path: u32) -> Result<(), Errno> {
    files::unlink(&target(guest, HERE, path)?)
}

pub fn rmdir(guest: Guest, path: u32) -> Result<(), Errno> {
    files::rmdir(&target(guest, HERE, path)?)
}

pub fn unlinkat(guest: Guest, fd: u32, path: u32, flags: u32) -> Result<(), Errno> {
    check(flags, REMOVE_DIRECTORY)?;
    let target = target(guest, fd, path)?;
    if flags & REMOVE_DIRECTORY == 0 { files::unlink(&target) } else { files::rmdir(&target) }
}

pub fn rename(guest: Guest, from: u32, to: u32) -> Result<(), Errno> {
    renameat(guest, HERE, from, HERE, to)
}

pub fn renameat(guest: Guest, from_fd: u32, from: u32, to_fd: u32, to: u32) -> Result<(), Errno> {
    files::rename(&target(guest, from_fd, from)?, &target(guest, to_fd, to)?)
}

pub fn link(guest: Guest, from: u32, to: u32) -> Result<(), Errno> {
    linkat(guest, HERE, from, HERE, to, 0)
}

pub fn linkat(guest: Guest, from_fd: u32, from: u32, to_fd: u32, to: u32, flags: u32) -> Result<(), Errno> {
    check(flags, FOLLOW | EMPTY_PATH)?;
    let from = target_or_itself(guest, from_fd, from, flags)?;
    files::link(&from, &target(guest, to_fd, to)?, flags & FOLLOW != 0)
}

pub fn symlink(guest: Guest, link: u32, path: u32) -> Result<(), Errno> {
    symlinkat(guest, link, HERE, path)
}

pub fn symlinkat(guest: Guest, link: u32, fd: u32, path: u32) -> Result<(), Errno> {
    files::symlink(&path_text(guest, link)?, &target(guest, fd, path)?)
}

pub fn readlink(guest: Guest, path: u32, buffer: u32, bytes: u32) -> Result<u32, Errno> {
    readlinkat(guest, HERE, path, buffer, bytes)
}

/// The length of what was written; as `readlink` has it, without a NUL, and cut to what fits.
pub fn readlinkat(guest: Guest, fd: u32, path: u32, buffer: u32, bytes: u32) -> Result<u32, Errno> {
    if bytes == 0 {
        return Err(Errno::INVAL);
    }
    let buffer = guest.range(buffer, bytes.into())?;
    let link = files::readlink(&target(guest, fd, path)?)?;
    Ok(buffer.write(&link) as u32)
}

pub fn chdir(guest: Guest, path: u32) -> Result<(), Errno> {
    working_directory::chdir(&path_text(guest, path)?)
}

pub fn fchdir(_guest: Guest, fd: u32) -> Result<(), Errno> {
    working_directory::fchdir(fd)
}

/// The number of bytes that were written, with the NUL.
pub fn getcwd(guest: Guest, buffer: u32, bytes: u32) -> Result<u32, Stop> {
    let mut name = working_directory::getcwd()?;
    name.push(0);
    if bytes == 0 {
        return Err(Errno::INVAL.into());
    }
    if (bytes as usize) < name.len() {
        return Err(Errno::RANGE.into());
    }
    guest.range(buffer, bytes.into())?.write(&name);
    Ok(name.len() as u32)
}

pub fn umask(_guest: Guest, mask: u32) -> u32 {
    files::umask(Mode::from_raw_mode(mask & 0o777)).as_raw_mode()
}
