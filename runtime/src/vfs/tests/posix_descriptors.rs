//! Numbers of guests that know POSIX: copies, pipes, locks, and what is shared with others.

use super::*;
use crate::vfs::descriptors::with_table;
use crate::vfs::posix::attributes::{fchmod, fchown, fstat, fstatfs, ftruncate, futimens};
use crate::vfs::posix::descriptors::{
    add, close, directory, dup, dup2, file, is_close_on_exec, pipe, set_close_on_exec,
};
use crate::vfs::posix::directories;
use crate::vfs::posix::locks::{LockKind, RecordLock, Whence, flock, get_lock, set_lock};
use crate::vfs::rights;
use rustix::fs::FlockOperation;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

fn open(path: &std::path::Path, flags: OFlags) -> u32 {
    let opened = openat(CWD, path.as_os_str().as_encoded_bytes(), flags | OFlags::CLOEXEC, Mode::empty());
    let file = HostFile::new(opened.expect("opens"), Access::default(), None);
    add(Arc::new(file.into()), Some(b"/name".as_slice().into()), false).expect("room")
}

fn is_open(number: u32) -> bool {
    file(number, 0).is_ok()
}

#[test]
fn copies_share_the_open_file_and_not_its_flag() {
    let folder = Folder::new();
    folder.file("file", "text").file("other", "");
    let number = open(&folder.0.join("file"), OFlags::RDWR);
    let copy = dup(number, 3000, true).expect("room");
    assert!(copy >= 3000);
    assert_eq!((is_close_on_exec(number), is_close_on_exec(copy)), (Ok(false), Ok(true)));
    assert_eq!(set_close_on_exec(number, true), Ok(()));
    assert_eq!(set_close_on_exec(copy, false), Ok(()));
    assert_eq!((is_close_on_exec(number), is_close_on_exec(copy)), (Ok(true), Ok(false)));
    let position = |number| file(number, 0)?.seek(rustix::fs::SeekFrom::Current(0));
    assert_eq!(file(number, 0).expect("open").seek(rustix::fs::SeekFrom::Start(3)), Ok(3));
    assert_eq!(position(copy), Ok(3));
    assert_eq!(directory(copy).expect("open").name.as_deref(), Some(b"/name".as_slice()));
    // To a number that is free, and to one that is not.
    assert_eq!(dup2(number, 4000, false), Ok(()));
    assert_eq!(is_close_on_exec(4000), Ok(false));
    let other = open(&folder.0.join("other"), OFlags::RDONLY);
    assert_eq!(dup2(other, 4000, true), Ok(()));
    assert_eq!((position(4000), is_close_on_exec(4000)), (Ok(0), Ok(true)));
    assert_eq!(dup2(other, other, true), Ok(()));
    assert_eq!(is_close_on_exec(other), Ok(false), "nothing happens");
    assert_eq!(close(number), Ok(()));
    assert_eq!(position(copy), Ok(3));
    for number in [copy, other, 4000] {
        assert_eq!(close(number), Ok(()));
    }
    assert_eq!(close(4000), Err(Errno::BADF));
    assert_eq!(dup(4000, 0, false), Err(Errno::BADF));
    assert_eq!(dup2(4000, 4000, false), Err(Errno::BADF));
    assert_eq!(dup(0, u32::MAX, false), Err(Errno::INVAL));
    assert_eq!(dup2(0, u32::MAX, false), Err(Errno::BADF));
    assert_eq!(is_close_on_exec(4000), Err(Errno::BADF));
    // What is known of a number is known of what had it.
    let again = dup(0, 4000, true).expect("room");
    drop(with_table(|table| table.remove(again)).expect("open"));
    let file = HostFile::new(folder.open(), Access::default(), None);
    let file = Arc::new(OpenFile::from(file));
    with_table(|table| {
        table.insert_at(
            again,
            crate::vfs::descriptor::Descriptor { file: file.clone(), rights: rights::Rights::ALL, preopen: None },
        )
    })
    .expect("room");
    assert_eq!(is_close_on_exec(again), Ok(false));
    assert_eq!(close(again), Ok(()));
}

#[test]
fn copies_read_a_directory_together() {
    let folder = Folder::new();
    folder.file("a", "").file("b", "").file("c", "");
    let number = open(&folder.0, OFlags::RDONLY | OFlags::DIRECTORY);
    let copy = dup(number, 0, false).expect("room");
    let some = |number, count: usize| {
        let mut names = Vec::new();
        let mut take = |entry: &Entry<'_>| {
            if names.len() < count {
                names.push(String::from_utf8_lossy(entry.name).into_owned());
                return true;
            }
            false
        };
        directories::read(number, 4096, &mut take).map(|()| names)
    };
    let mut all = some(number, 2).expect("a directory");
    let position = directories::tell(copy).expect("a directory");
    let rest = some(copy, 9).expect("a directory");
    all.extend(rest.iter().cloned());
    all.sort();
    assert_eq!(all, [".", "..", "a", "b", "c"]);
    assert_eq!(some(number, 9).as_deref(), Ok([].as_slice()));
    assert_eq!(directories::seek(number, position), Ok(position));
    assert_eq!(some(copy, 9), Ok(rest));
    assert_eq!(directories::seek(copy, 0), Ok(0));
    assert_eq!(some(number, 9).map(|names| names.len()), Ok(5));
    assert_eq!((close(number), close(copy)), (Ok(()), Ok(())));
    let file = open(&folder.0.join("a"), OFlags::RDONLY);
    assert_eq!(some(file, 9), Err(Errno::NOTDIR));
    assert_eq!(directories::seek(file, 0), Err(Errno::NOTDIR));
    assert_eq!(close(file), Ok(()));
}

#[test]
fn pipes_have_two_ends() {
    let [from, to] = pipe(OFlags::NONBLOCK | OFlags::CLOEXEC).expect("a pipe");
    assert_eq!((is_close_on_exec(from), is_close_on_exec(to)), (Ok(true), Ok(true)));
    let flags = |number| file(number, 0).expect("open").flags().expect("it is open");
    assert!(flags(from).contains(OFlags::NONBLOCK));
    assert_eq!(fstat(from).map(|status| status.file_type), Ok(FileType::Pipe));
    let end = |number| file(number, 0).expect("open");
    assert_eq!(rustix::io::write(end(to).descriptor().expect("the host's"), b"abc"), Ok(3));
    assert_eq!(close(to), Ok(()));
    let mut bytes = [0; 8];
    let mut read = || rustix::io::read(end(from).descriptor().expect("the host's"), &mut bytes);
    assert_eq!(read(), Ok(3));
    // A child of another test may still have a copy of the other end.
    let at_end = core::iter::repeat_with(&mut read).find(|read| *read != Err(Errno::AGAIN));
    assert_eq!(at_end, Some(Ok(0)));
    assert_eq!(ftruncate(from, 0), Err(Errno::INVAL));
    assert_eq!(close(from), Ok(()));
    assert_eq!(pipe(OFlags::APPEND).err(), Some(Errno::INVAL));
    let [from, to] = pipe(OFlags::empty()).expect("a pipe");
    assert_eq!(is_close_on_exec(from), Ok(false));
    assert!(is_open(to) && !flags(from).contains(OFlags::NONBLOCK));
    assert_eq!((close(from), close(to)), (Ok(()), Ok(())));
}

#[test]
fn open_files_change_as_their_grant_allows() {
    let folder = Folder::new();
    folder.file("file", "text");
    let path = folder.0.join("file");
    let number = open(&path, OFlags::RDWR);
    assert_eq!(fchmod(number, Mode::from_raw_mode(0o4701)), Ok(()));
    assert_eq!(path.metadata().expect("exists").permissions().mode() & 0o7777, 0o4701);
    let status = fstat(number).expect("open");
    assert_eq!(fchown(number, Some(status.uid), None), Ok(()));
    assert_eq!((ftruncate(number, 2), futimens(number, &times())), (Ok(()), Ok(())));
    assert_eq!(fstat(number).map(|status| (status.size, status.modified)), Ok((2, 2)));
    assert!(fstatfs(number).is_ok());
    assert_eq!(close(number), Ok(()));
    let opened = openat(CWD, path.as_os_str().as_encoded_bytes(), OFlags::RDONLY, Mode::empty()).expect("opens");
    let read_only = HostFile::new(opened, Access { whole_host: false, read_only: true }, None);
    let number = add(Arc::new(read_only.into()), None, false).expect("room");
    assert_eq!(fchmod(number, Mode::empty()), Err(Errno::ROFS));
    assert_eq!(fchown(number, Some(0), None), Err(Errno::ROFS));
    assert_eq!(futimens(number, &times()), Err(Errno::ROFS));
    assert_eq!(ftruncate(number, 0), Err(Errno::INVAL));
    assert_eq!(close(number), Ok(()));
    // Standard streams are others' too.
    let opened = openat(CWD, path.as_os_str().as_encoded_bytes(), OFlags::RDWR, Mode::empty()).expect("opens");
    let number = add(Arc::new(Stream::new(opened.as_raw_fd()).into()), None, false).expect("room");
    assert_eq!(fchmod(number, Mode::empty()), Err(Errno::PERM));
    assert_eq!(fchown(number, Some(0), None), Err(Errno::PERM));
    assert_eq!(futimens(number, &times()), Err(Errno::PERM));
    assert_eq!(ftruncate(number, 0), Err(Errno::PERM));
    assert_eq!(flock(number, FlockOperation::LockExclusive), Err(Errno::PERM));
    assert_eq!(file(0, rights::FD_WRITE).err(), Some(Errno::BADF));
    // Dropping it puts the null device in place of what is behind it, which nobody else uses here.
    assert_eq!(close(number), Ok(()));
    assert_eq!(std::fs::read_to_string(&path).expect("reads"), "te");
}

fn lock(kind: LockKind, start: i64, length: i64) -> RecordLock {
    RecordLock { kind, whence: Whence::Start, start, length, pid: 0 }
}

/// What another process finds when it asks for a lock for writing: whose lock hinders it.
fn hindered(path: &std::path::Path) -> Option<i32> {
    let name = std::ffi::CString::new(path.as_os_str().as_encoded_bytes()).expect("no NUL");
    // SAFETY: the child makes system calls alone, and ends.
    unsafe {
        let mut ends = [0; 2];
        assert_eq!(libc::pipe(ends.as_mut_ptr()), 0);
        let child = libc::fork();
        if child == 0 {
            let file = libc::open(name.as_ptr(), libc::O_RDWR);
            let mut lock: libc::flock = core::mem::zeroed();
            lock.l_type = libc::F_WRLCK as _;
            libc::fcntl(file, libc::F_GETLK, &raw mut lock);
            let holder = if lock.l_type == libc::F_UNLCK as _ { 0 } else { lock.l_pid };
            libc::write(ends[1], (&raw const holder).cast(), 4);
            libc::_exit(0);
        }
        let mut holder = 0_i32;
        assert_eq!(libc::read(ends[0], (&raw mut holder).cast(), 4), 4);
        libc::waitpid(child, core::ptr::null_mut(), 0);
        for end in ends {
            libc::close(end);
        }
        (holder != 0).then_some(holder)
    }
}

#[test]
fn locks_of_the_process_end_with_any_descriptor() {
    let folder = Folder::new();
    folder.file("file", "text");
    let path = folder.0.join("file");
    let number = open(&path, OFlags::RDWR);
    let own = Some(std::process::id() as i32);
    assert_eq!(set_lock(number, lock(LockKind::Write, 0, 0), false), Ok(()));
    assert_eq!(hindered(&path), own);
    // One's own locks hinder nobody.
    assert_eq!(get_lock(number, lock(LockKind::Write, 0, 2)).map(|found| found.kind), Ok(LockKind::Unlocked));
    assert_eq!(set_lock(number, lock(LockKind::Unlocked, 0, 0), false), Ok(()));
    assert_eq!(hindered(&path), None);
    assert_eq!(set_lock(number, lock(LockKind::Read, 1, 2), true), Ok(()));
    assert_eq!(hindered(&path), own);
    let copy = dup(number, 0, false).expect("room");
    assert_eq!(close(copy), Ok(()));
    assert_eq!(hindered(&path), None, "closing a copy has ended it");
    assert_eq!(get_lock(number, lock(LockKind::Unlocked, 0, 0)).err(), Some(Errno::INVAL));
    assert_eq!(close(number), Ok(()));
}

#[test]
fn locks_of_open_files_hinder_each_other() {
    let folder = Folder::new();
    folder.file("file", "text");
    let path = folder.0.join("file");
    let [one, other] = [(); 2].map(|()| open(&path, OFlags::RDONLY));
    assert_eq!(flock(one, FlockOperation::LockExclusive), Ok(()));
    assert_eq!(flock(other, FlockOperation::NonBlockingLockShared), Err(Errno::WOULDBLOCK));
    let copy = dup(one, 0, false).expect("room");
    assert_eq!(close(one), Ok(()));
    assert_eq!(flock(other, FlockOperation::NonBlockingLockShared), Err(Errno::WOULDBLOCK), "the copy has it");
    assert_eq!(flock(copy, FlockOperation::Unlock), Ok(()));
    assert_eq!(flock(other, FlockOperation::NonBlockingLockExclusive), Ok(()));
    // What is embedded nobody changes.
    let embedded = add(Arc::new(OpenFile::of_node(python_tree(), ROOT, OFlags::empty())), None, false).expect("room");
    assert_eq!(flock(embedded, FlockOperation::LockExclusive), Ok(()));
    assert_eq!(set_lock(embedded, lock(LockKind::Read, 0, 0), true), Ok(()));
    assert_eq!(set_lock(embedded, lock(LockKind::Write, 0, 0), true), Err(Errno::BADF));
    for number in [copy, other, embedded] {
        assert_eq!(close(number), Ok(()));
    }
}
