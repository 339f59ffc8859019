//! The functions of WASI preview 1 as they are imported: Rust's standard library uses only some of them, and hides
//! error numbers and positions that the tests are about.

#![allow(dead_code)]

/// An error number; see the constants.
pub type Errno = i32;

pub const SUCCESS: Errno = 0;
pub const ACCES: Errno = 2;
pub const AGAIN: Errno = 6;
pub const BADF: Errno = 8;
pub const EXIST: Errno = 20;
pub const INVAL: Errno = 28;
pub const ISDIR: Errno = 31;
pub const LOOP: Errno = 32;
pub const NAMETOOLONG: Errno = 37;
pub const NOENT: Errno = 44;
pub const NOTDIR: Errno = 54;
pub const NOTEMPTY: Errno = 55;
pub const NOTSOCK: Errno = 57;
pub const PERM: Errno = 63;
pub const PIPE: Errno = 64;
pub const ROFS: Errno = 69;
pub const SPIPE: Errno = 70;
pub const TIMEDOUT: Errno = 73;
pub const NOTCAPABLE: Errno = 76;

pub const CREATE: u32 = 1;
pub const DIRECTORY: u32 = 2;
pub const EXCLUSIVE: u32 = 4;
pub const TRUNCATE: u32 = 8;

pub const APPEND: u32 = 1;
pub const NONBLOCK: u32 = 4;

pub const NO_FOLLOW: u32 = 0;
pub const FOLLOW: u32 = 1;

pub const RIGHTS_READ: u64 = 1 << 1 | 1 << 2 | 1 << 5 | 1 << 14 | 1 << 21;
pub const RIGHTS_WRITE: u64 = 1 << 2 | 1 << 3 | 1 << 5 | 1 << 6 | 1 << 8 | 1 << 22 | 1 << 23;

pub const FILETYPE_DIRECTORY: u8 = 3;
pub const FILETYPE_REGULAR: u8 = 4;
pub const FILETYPE_SYMLINK: u8 = 7;

/// `iovec` and `ciovec`.
#[repr(C)]
pub struct Buffer {
    pub start: *const u8,
    pub bytes: usize,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Filestat {
    pub device: u64,
    pub inode: u64,
    pub filetype: u8,
    pub links: u64,
    pub size: u64,
    pub accessed: u64,
    pub modified: u64,
    pub changed: u64,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Fdstat {
    pub filetype: u8,
    pub flags: u16,
    pub rights: u64,
    pub rights_inheriting: u64,
}

/// A subscription; `first` to `flags` are those of a clock, or `first` is a descriptor.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Subscription {
    pub userdata: u64,
    /// 0 clock, 1 read, 2 write: one byte, and seven that mean nothing before the union.
    pub tag: u64,
    pub first: u32,
    pub timeout: u64,
    pub precision: u64,
    pub flags: u16,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Event {
    pub userdata: u64,
    pub error: u16,
    pub kind: u8,
    pub bytes: u64,
    pub flags: u16,
}

const _: () = assert!(size_of::<Filestat>() == 64);
const _: () = assert!(size_of::<Fdstat>() == 24);
const _: () = assert!(size_of::<Subscription>() == 48);
const _: () = assert!(size_of::<Event>() == 32);

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    pub safe fn clock_res_get(clock: u32, out: &mut u64) -> Errno;
    pub safe fn clock_time_get(clock: u32, precision: u64, out: &mut u64) -> Errno;
    pub safe fn fd_advise(fd: u32, offset: u64, bytes: u64, advice: u32) -> Errno;
    pub safe fn fd_allocate(fd: u32, offset: u64, bytes: u64) -> Errno;
    pub safe fn fd_close(fd: u32) -> Errno;
    pub safe fn fd_datasync(fd: u32) -> Errno;
    pub safe fn fd_fdstat_get(fd: u32, out: &mut Fdstat) -> Errno;
    pub safe fn fd_fdstat_set_flags(fd: u32, flags: u32) -> Errno;
    pub safe fn fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64) -> Errno;
    pub safe fn fd_filestat_get(fd: u32, out: &mut Filestat) -> Errno;
    pub safe fn fd_filestat_set_size(fd: u32, size: u64) -> Errno;
    pub safe fn fd_filestat_set_times(fd: u32, accessed: u64, modified: u64, flags: u32) -> Errno;
    pub fn fd_pread(fd: u32, buffers: *const Buffer, count: usize, offset: u64, out: &mut usize) -> Errno;
    pub fn fd_prestat_dir_name(fd: u32, path: *mut u8, bytes: usize) -> Errno;
    pub safe fn fd_prestat_get(fd: u32, out: &mut [u32; 2]) -> Errno;
    pub fn fd_pwrite(fd: u32, buffers: *const Buffer, count: usize, offset: u64, out: &mut usize) -> Errno;
    pub fn fd_read(fd: u32, buffers: *const Buffer, count: usize, out: &mut usize) -> Errno;
    pub fn fd_readdir(fd: u32, buffer: *mut u8, bytes: usize, cookie: u64, out: &mut usize) -> Errno;
    pub safe fn fd_renumber(from: u32, to: u32) -> Errno;
    pub safe fn fd_seek(fd: u32, offset: i64, whence: u32, out: &mut u64) -> Errno;
    pub safe fn fd_sync(fd: u32) -> Errno;
    pub safe fn fd_tell(fd: u32, out: &mut u64) -> Errno;
    pub fn fd_write(fd: u32, buffers: *const Buffer, count: usize, out: &mut usize) -> Errno;
    fn path_create_directory(fd: u32, path: *const u8, bytes: usize) -> Errno;
    fn path_filestat_get(fd: u32, flags: u32, path: *const u8, bytes: usize, out: &mut Filestat) -> Errno;
    fn path_filestat_set_times(
        fd: u32, flags: u32, path: *const u8, bytes: usize, accessed: u64, modified: u64, which: u32,
    ) -> Errno;
    fn path_link(
        old: u32, flags: u32, old_path: *const u8, old_bytes: usize, new: u32, new_path: *const u8, new_bytes: usize,
    ) -> Errno;
    fn path_open(
        fd: u32, lookup: u32, path: *const u8, bytes: usize, flags: u32, rights: u64, inheriting: u64, fdflags: u32,
        out: &mut u32,
    ) -> Errno;
    fn path_readlink(
        fd: u32, path: *const u8, bytes: usize, buffer: *mut u8, buffer_bytes: usize, out: &mut usize,
    ) -> Errno;
    fn path_remove_directory(fd: u32, path: *const u8, bytes: usize) -> Errno;
    fn path_rename(
        old: u32, old_path: *const u8, old_bytes: usize, new: u32, new_path: *const u8, new_bytes: usize,
    ) -> Errno;
    fn path_symlink(target: *const u8, target_bytes: usize, fd: u32, path: *const u8, bytes: usize) -> Errno;
    fn path_unlink_file(fd: u32, path: *const u8, bytes: usize) -> Errno;
    fn poll_oneoff(subscriptions: *const Subscription, events: *mut Event, count: usize, out: &mut usize) -> Errno;
    pub safe fn proc_exit(status: u32) -> !;
    fn random_get(buffer: *mut u8, bytes: usize) -> Errno;
    pub safe fn sched_yield() -> Errno;
    pub safe fn sock_accept(fd: u32, flags: u32, out: &mut u32) -> Errno;
    fn sock_recv(
        fd: u32, buffers: *const Buffer, count: usize, flags: u32, bytes: &mut usize, out_flags: &mut u32,
    ) -> Errno;
    fn sock_send(fd: u32, buffers: *const Buffer, count: usize, flags: u32, bytes: &mut usize) -> Errno;
    pub safe fn sock_shutdown(fd: u32, how: u32) -> Errno;
}

// SAFETY (for every block below): pointers and lengths come from slices that outlive the call.

fn of(bytes: &[u8]) -> Buffer {
    Buffer { start: bytes.as_ptr(), bytes: bytes.len() }
}

pub fn read(fd: u32, buffer: &mut [u8]) -> Result<usize, Errno> {
    let mut count = 0;
    // SAFETY: see above.
    let errno = unsafe { fd_read(fd, &of(buffer), 1, &mut count) };
    result(errno, count)
}

pub fn write(fd: u32, bytes: &[u8]) -> Result<usize, Errno> {
    let mut count = 0;
    // SAFETY: see above.
    let errno = unsafe { fd_write(fd, &of(bytes), 1, &mut count) };
    result(errno, count)
}

pub fn pread(fd: u32, buffer: &mut [u8], offset: u64) -> Result<usize, Errno> {
    let mut count = 0;
    // SAFETY: see above.
    let errno = unsafe { fd_pread(fd, &of(buffer), 1, offset, &mut count) };
    result(errno, count)
}

pub fn pwrite(fd: u32, bytes: &[u8], offset: u64) -> Result<usize, Errno> {
    let mut count = 0;
    // SAFETY: see above.
    let errno = unsafe { fd_pwrite(fd, &of(bytes), 1, offset, &mut count) };
    result(errno, count)
}

pub fn readdir(fd: u32, buffer: &mut [u8], cookie: u64) -> Result<usize, Errno> {
    let mut count = 0;
    // SAFETY: see above.
    let errno = unsafe { fd_readdir(fd, buffer.as_mut_ptr(), buffer.len(), cookie, &mut count) };
    result(errno, count)
}

pub fn open(fd: u32, lookup: u32, path: &str, flags: u32, rights: u64, fdflags: u32) -> Result<u32, Errno> {
    let mut opened = 0;
    // SAFETY: see above.
    let errno = unsafe {
        path_open(fd, lookup, path.as_ptr(), path.len(), flags, rights, rights, fdflags, &mut opened)
    };
    result(errno, opened)
}

pub fn create_directory(fd: u32, path: &str) -> Errno {
    // SAFETY: see above.
    unsafe { path_create_directory(fd, path.as_ptr(), path.len()) }
}

pub fn stat(fd: u32, lookup: u32, path: &str) -> Result<Filestat, Errno> {
    let mut stat = Filestat::default();
    // SAFETY: see above.
    let errno = unsafe { path_filestat_get(fd, lookup, path.as_ptr(), path.len(), &mut stat) };
    result(errno, stat)
}

pub fn set_times(fd: u32, lookup: u32, path: &str, accessed: u64, modified: u64, which: u32) -> Errno {
    // SAFETY: see above.
    unsafe { path_filestat_set_times(fd, lookup, path.as_ptr(), path.len(), accessed, modified, which) }
}

pub fn link(fd: u32, lookup: u32, old: &str, new: &str) -> Errno {
    // SAFETY: see above.
    unsafe { path_link(fd, lookup, old.as_ptr(), old.len(), fd, new.as_ptr(), new.len()) }
}

pub fn readlink(fd: u32, path: &str, buffer: &mut [u8]) -> Result<usize, Errno> {
    let mut count = 0;
    // SAFETY: see above.
    let errno = unsafe {
        path_readlink(fd, path.as_ptr(), path.len(), buffer.as_mut_ptr(), buffer.len(), &mut count)
    };
    result(errno, count)
}

pub fn remove_directory(fd: u32, path: &str) -> Errno {
    // SAFETY: see above.
    unsafe { path_remove_directory(fd, path.as_ptr(), path.len()) }
}

pub fn rename(old_fd: u32, old: &str, new_fd: u32, new: &str) -> Errno {
    // SAFETY: see above.
    unsafe { path_rename(old_fd, old.as_ptr(), old.len(), new_fd, new.as_ptr(), new.len()) }
}

pub fn symlink(target: &str, fd: u32, path: &str) -> Errno {
    // SAFETY: see above.
    unsafe { path_symlink(target.as_ptr(), target.len(), fd, path.as_ptr(), path.len()) }
}

pub fn unlink(fd: u32, path: &str) -> Errno {
    // SAFETY: see above.
    unsafe { path_unlink_file(fd, path.as_ptr(), path.len()) }
}

pub fn poll(subscriptions: &[Subscription]) -> Result<Vec<Event>, Errno> {
    let mut events = vec![Event::default(); subscriptions.len()];
    let mut count = 0;
    // SAFETY: see above; there is an event for each subscription.
    let errno = unsafe { poll_oneoff(subscriptions.as_ptr(), events.as_mut_ptr(), subscriptions.len(), &mut count) };
    events.truncate(count);
    result(errno, events)
}

pub fn random(buffer: &mut [u8]) -> Errno {
    // SAFETY: see above.
    unsafe { random_get(buffer.as_mut_ptr(), buffer.len()) }
}

pub fn receive(fd: u32, buffer: &mut [u8], flags: u32) -> Result<usize, Errno> {
    let (mut count, mut out_flags) = (0, 0);
    // SAFETY: see above.
    let errno = unsafe { sock_recv(fd, &of(buffer), 1, flags, &mut count, &mut out_flags) };
    result(errno, count)
}

pub fn send(fd: u32, bytes: &[u8]) -> Result<usize, Errno> {
    let mut count = 0;
    // SAFETY: see above.
    let errno = unsafe { sock_send(fd, &of(bytes), 1, 0, &mut count) };
    result(errno, count)
}

fn result<T>(errno: Errno, value: T) -> Result<T, Errno> {
    if errno == SUCCESS { Ok(value) } else { Err(errno) }
}

/// The descriptor of the grant with this name.
pub fn grant(name: &str) -> u32 {
    for fd in 3.. {
        let mut prestat = [0; 2];
        assert_eq!(fd_prestat_get(fd, &mut prestat), SUCCESS, "there is no grant {name}");
        // A socket that was handed over.
        if prestat[0] & 0xff != 0 {
            continue;
        }
        let mut path = vec![0; prestat[1] as usize];
        // SAFETY: see above.
        assert_eq!(unsafe { fd_prestat_dir_name(fd, path.as_mut_ptr(), path.len()) }, SUCCESS);
        if path == name.as_bytes() {
            return fd;
        }
    }
    unreachable!("descriptors end somewhere")
}

/// A new or emptied file with these contents, in a grant.
pub fn create(fd: u32, path: &str, contents: &[u8]) -> u32 {
    let file = open(fd, NO_FOLLOW, path, CREATE | TRUNCATE, RIGHTS_READ | RIGHTS_WRITE, 0).expect(path);
    assert_eq!(write(file, contents), Ok(contents.len()));
    file
}
