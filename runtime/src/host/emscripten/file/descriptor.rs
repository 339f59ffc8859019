//! System calls that take a descriptor.

use super::super::stream::joined;
use super::layout::{FileLock, StatPlace, argument, guest_flags, host_flags, write_statfs};
use crate::guest::pointer::Guest;
use crate::vfs::posix::locks::{self, LockKind, RecordLock, Whence};
use crate::vfs::posix::{attributes, descriptors};
use crate::vfs::rights;
use rustix::fs::{Advice, Mode, OFlags};
use rustix::io::Errno;

pub fn fstat(guest: Guest, fd: u32, result: u32) -> Result<(), Errno> {
    let place = StatPlace::new(guest, result)?;
    place.write(&attributes::fstat(fd)?);
    Ok(())
}

pub fn fstatfs(guest: Guest, fd: u32, bytes: u32, result: u32) -> Result<(), Errno> {
    write_statfs(guest, result, bytes, &attributes::fstatfs(fd)?)
}

pub fn fchmod(_guest: Guest, fd: u32, mode: u32) -> Result<(), Errno> {
    attributes::fchmod(fd, Mode::from_raw_mode(mode & 0o7777))
}

pub fn fchown(_guest: Guest, fd: u32, user: u32, group: u32) -> Result<(), Errno> {
    let owner = |id: u32| (id != u32::MAX).then_some(id);
    attributes::fchown(fd, owner(user), owner(group))
}

pub fn ftruncate(_guest: Guest, fd: u32, size: u64) -> Result<(), Errno> {
    let size = i64::try_from(size).map_err(|_| Errno::INVAL)?;
    attributes::ftruncate(fd, size as u64)
}

pub fn ftruncate_halves(guest: Guest, fd: u32, low: u32, high: u32) -> Result<(), Errno> {
    ftruncate(guest, fd, joined(low, high))
}

pub fn fdatasync(_guest: Guest, fd: u32) -> Result<(), Errno> {
    descriptors::file(fd, rights::FD_DATASYNC)?.sync(true)
}

pub fn fadvise(_guest: Guest, fd: u32, offset: u64, bytes: u64, advice: u32) -> Result<(), Errno> {
    let advice = match advice {
        0 => Advice::Normal,
        1 => Advice::Random,
        2 => Advice::Sequential,
        3 => Advice::WillNeed,
        4 => Advice::DontNeed,
        5 => Advice::NoReuse,
        _ => return Err(Errno::INVAL),
    };
    descriptors::file(fd, rights::FD_ADVISE)?.advise(offset, bytes, advice)
}

pub fn fadvise_halves(
    guest: Guest,
    fd: u32,
    offset_low: u32,
    offset_high: u32,
    bytes_low: u32,
    bytes_high: u32,
    advice: u32,
) -> Result<(), Errno> {
    fadvise(guest, fd, joined(offset_low, offset_high), joined(bytes_low, bytes_high), advice)
}

pub fn fallocate(_guest: Guest, fd: u32, mode: u32, offset: u64, bytes: u64) -> Result<(), Errno> {
    if mode != 0 {
        return Err(Errno::OPNOTSUPP);
    }
    descriptors::file(fd, rights::FD_ALLOCATE)?.allocate(offset, bytes)
}

pub fn fallocate_halves(
    guest: Guest,
    fd: u32,
    mode: u32,
    offset_low: u32,
    offset_high: u32,
    bytes_low: u32,
    bytes_high: u32,
) -> Result<(), Errno> {
    fallocate(guest, fd, mode, joined(offset_low, offset_high), joined(bytes_low, bytes_high))
}

pub fn dup(_guest: Guest, fd: u32) -> Result<u32, Errno> {
    descriptors::dup(fd, 0, false)
}

pub fn dup2(_guest: Guest, fd: u32, to: u32) -> Result<u32, Errno> {
    descriptors::dup2(fd, to, false)?;
    Ok(to)
}

pub fn dup3(_guest: Guest, fd: u32, to: u32, flags: u32) -> Result<u32, Errno> {
    let flags = host_flags(flags);
    if fd == to || !OFlags::CLOEXEC.contains(flags) {
        return Err(Errno::INVAL);
    }
    descriptors::dup2(fd, to, flags.contains(OFlags::CLOEXEC))?;
    Ok(to)
}

pub fn pipe(guest: Guest, ends: u32) -> Result<(), Errno> {
    pipe2(guest, ends, 0)
}

pub fn pipe2(guest: Guest, ends: u32, flags: u32) -> Result<(), Errno> {
    let places = guest.array::<u32>(ends, 2)?;
    for (place, end) in places.places().zip(descriptors::pipe(host_flags(flags))?) {
        place.write(end);
    }
    Ok(())
}

/// `F_*`. Locks have two numbers each, by version.
const DUPLICATE: u32 = 0;
const GET_DESCRIPTOR_FLAGS: u32 = 1;
const SET_DESCRIPTOR_FLAGS: u32 = 2;
const GET_FLAGS: u32 = 3;
const SET_FLAGS: u32 = 4;
const GET_LOCK: [u32; 2] = [5, 12];
const SET_LOCK: [u32; 2] = [6, 13];
const WAIT_FOR_LOCK: [u32; 2] = [7, 14];
const DUPLICATE_CLOSE_ON_EXEC: u32 = 1030;
const SET_PIPE_SIZE: u32 = 1031;
const GET_PIPE_SIZE: u32 = 1032;

/// `FD_CLOEXEC`.
const CLOSE_ON_EXEC: u32 = 1;

pub fn fcntl(guest: Guest, fd: u32, command: u32, variadic: u32) -> Result<u32, Errno> {
    match command {
        DUPLICATE | DUPLICATE_CLOSE_ON_EXEC => {
            descriptors::dup(fd, argument(guest, variadic)?, command == DUPLICATE_CLOSE_ON_EXEC)
        }
        GET_DESCRIPTOR_FLAGS => descriptors::is_close_on_exec(fd).map(u32::from),
        SET_DESCRIPTOR_FLAGS => {
            descriptors::set_close_on_exec(fd, argument(guest, variadic)? & CLOSE_ON_EXEC != 0)?;
            Ok(0)
        }
        GET_FLAGS => Ok(guest_flags(descriptors::file(fd, 0)?.flags()? - OFlags::CLOEXEC)),
        SET_FLAGS => {
            let flags = host_flags(argument(guest, variadic)?);
            descriptors::file(fd, 0)?.set_flags(flags & (OFlags::APPEND | OFlags::NONBLOCK))?;
            Ok(0)
        }
        _ if GET_LOCK.contains(&command) => {
            let address = argument(guest, variadic)?;
            let found = locks::get_lock(fd, host_lock(&FileLock::read(guest, address)?)?)?;
            guest_lock(&found).write(guest, address)?;
            Ok(0)
        }
        _ if SET_LOCK.contains(&command) || WAIT_FOR_LOCK.contains(&command) => {
            let lock = host_lock(&FileLock::read(guest, argument(guest, variadic)?)?)?;
            locks::set_lock(fd, lock, WAIT_FOR_LOCK.contains(&command))?;
            Ok(0)
        }
        SET_PIPE_SIZE => {
            let wanted = i32::try_from(argument(guest, variadic)?).map_err(|_| Errno::INVAL)?;
            Ok(descriptors::file(fd, 0)?.pipe_size(Some(wanted as usize))? as u32)
        }
        GET_PIPE_SIZE => Ok(descriptors::file(fd, 0)?.pipe_size(None)? as u32),
        _ => Err(Errno::INVAL),
    }
}

/// `F_RDLCK`, `F_WRLCK`, `F_UNLCK`.
const KINDS: [LockKind; 3] = [LockKind::Read, LockKind::Write, LockKind::Unlocked];

/// `SEEK_SET`, `SEEK_CUR`, `SEEK_END`.
const WHENCES: [Whence; 3] = [Whence::Start, Whence::Current, Whence::End];

fn host_lock(lock: &FileLock) -> Result<RecordLock, Errno> {
    let kind = usize::try_from(lock.kind).ok().and_then(|number| KINDS.get(number)).ok_or(Errno::INVAL)?;
    let whence = usize::try_from(lock.whence).ok().and_then(|number| WHENCES.get(number)).ok_or(Errno::INVAL)?;
    Ok(RecordLock { kind: *kind, whence: *whence, start: lock.start, length: lock.bytes, pid: lock.process })
}

fn guest_lock(lock: &RecordLock) -> FileLock {
    let kind = KINDS.iter().position(|kind| *kind == lock.kind).unwrap_or(0) as i16;
    let whence = WHENCES.iter().position(|whence| *whence == lock.whence).unwrap_or(0) as i16;
    FileLock { kind, whence, start: lock.start, bytes: lock.length, process: lock.pid }
}
