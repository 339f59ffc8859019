//! Locks that processes take on files to agree with each other: those of fcntl(2), which belong to the process, and those of flock(2),
//! which belong to the open file.
//!
//! What is embedded nobody changes, so whoever reads it has it locked already. Standard streams are refused with `EPERM`: a lock of
//! theirs would be one of all who share them.

use super::descriptors;
use crate::arch::waiting_system_call;
use crate::process::pending::restarted;
use crate::vfs::open::OpenFile;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicBool, Ordering};
use rustix::fd::{AsRawFd, BorrowedFd};
use rustix::fs::FlockOperation;
use rustix::io::Errno;

/// A lock on bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordLock {
    /// What it is for.
    pub kind: LockKind,
    /// What `start` counts from.
    pub whence: Whence,
    /// Its first byte.
    pub start: i64,
    /// How many bytes it covers; 0 means to the end, however far that goes. If negative, it ends before `start`.
    pub length: i64,
    /// The process that has it.
    pub pid: i32,
}

/// What a lock is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockKind {
    /// Several may read.
    Read,
    /// One may write.
    Write,
    /// There is none, or it is given back.
    Unlocked,
}

/// What an offset counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whence {
    /// From the start of the file.
    Start,
    /// From where the descriptor is.
    Current,
    /// From the end of the file.
    End,
}

/// Whether a lock of fcntl was ever taken. Relaxed: whoever closes a file without knowing of another thread's lock may
/// as well have closed it before.
static LOCKED: AtomicBool = AtomicBool::new(false);

/// Returns the lock of another process that keeps this one from taking a lock, or one that is [`LockKind::Unlocked`] (`F_GETLK`).
pub fn get_lock(number: u32, lock: RecordLock) -> Result<RecordLock, Errno> {
    let file = descriptors::file(number, 0)?;
    if lock.kind == LockKind::Unlocked {
        return Err(Errno::INVAL);
    }
    let Some(descriptor) = lockable(&file)? else { return Ok(RecordLock { kind: LockKind::Unlocked, ..lock }) };
    let mut found = host_lock(lock);
    control(descriptor, libc::F_GETLK, &mut found)?;
    let kind = match found.l_type as i32 {
        libc::F_RDLCK => LockKind::Read,
        libc::F_WRLCK => LockKind::Write,
        _ => return Ok(RecordLock { kind: LockKind::Unlocked, ..lock }),
    };
    // The kernel counts from the start in its answer.
    Ok(RecordLock { kind, whence: Whence::Start, start: found.l_start, length: found.l_len, pid: found.l_pid })
}

/// Takes a lock or gives it back; with `wait`, when others have given back theirs (`F_SETLKW`, else `F_SETLK`).
pub fn set_lock(number: u32, lock: RecordLock, wait: bool) -> Result<(), Errno> {
    let file = descriptors::file(number, 0)?;
    let Some(descriptor) = lockable(&file)? else {
        return if lock.kind == LockKind::Write { Err(Errno::BADF) } else { Ok(()) };
    };
    LOCKED.store(true, Ordering::Relaxed);
    let command = if wait { libc::F_SETLKW } else { libc::F_SETLK };
    control(descriptor, command, &mut host_lock(lock))
}

/// Takes a lock on a whole open file or gives it back (`flock`).
#[cfg_attr(not(test), expect(dead_code, reason = "Emscripten has no system call for it"))]
pub fn flock(number: u32, operation: FlockOperation) -> Result<(), Errno> {
    let file = descriptors::file(number, 0)?;
    match lockable(&file)? {
        Some(descriptor) => {
            let arguments = [descriptor.as_raw_fd() as usize, operation as usize];
            // SAFETY: the call takes no pointers.
            restarted(|| unsafe { waiting_system_call(libc::SYS_flock, arguments) }).map(drop)
        }
        None => Ok(()),
    }
}

/// Gives back the locks of fcntl on a file of which a descriptor is closed, as closing any descriptor of it does. The kernel sees no
/// descriptor closed as long as the guest has a copy of it.
pub(super) fn release(file: &Arc<OpenFile>) {
    if LOCKED.load(Ordering::Relaxed)
        && Arc::strong_count(file) > 1
        && let Ok(Some(descriptor)) = lockable(file)
    {
        let all = RecordLock { kind: LockKind::Unlocked, whence: Whence::Start, start: 0, length: 0, pid: 0 };
        // Where locks are unknown there was none.
        let _ = control(descriptor, libc::F_SETLK, &mut host_lock(all));
    }
}

/// The descriptor that a lock is taken with; `None` for what is embedded.
fn lockable(file: &OpenFile) -> Result<Option<BorrowedFd<'_>>, Errno> {
    if file.standard().is_some() {
        return Err(Errno::PERM);
    }
    Ok(file.descriptor().ok())
}

fn control(descriptor: BorrowedFd<'_>, command: i32, lock: &mut libc::flock) -> Result<(), Errno> {
    let arguments = [descriptor.as_raw_fd() as usize, command as usize, &raw mut *lock as usize];
    // SAFETY: the lock is valid, and the kernel changes nothing else.
    restarted(|| unsafe { waiting_system_call(libc::SYS_fcntl, arguments) }).map(drop)
}

fn host_lock(lock: RecordLock) -> libc::flock {
    let kind = match lock.kind {
        LockKind::Read => libc::F_RDLCK,
        LockKind::Write => libc::F_WRLCK,
        LockKind::Unlocked => libc::F_UNLCK,
    };
    let whence = match lock.whence {
        Whence::Start => libc::SEEK_SET,
        Whence::Current => libc::SEEK_CUR,
        Whence::End => libc::SEEK_END,
    };
    libc::flock { l_type: kind as _, l_whence: whence as _, l_start: lock.start, l_len: lock.length, l_pid: lock.pid }
}
