//! One call on one descriptor, chosen from outside: the exit status is its error number.

use crate::raw::{self, *};

/// Makes the descriptor that `kind` says and does `call` with it. `kind` is a number of a descriptor that is open when the program
/// starts, or what to open below the folder with a name: `NAME:read:PATH`, `NAME:write:PATH`, `NAME:append:PATH`,
/// `NAME:folder:PATH`, or `NAME` alone for the folder that was granted.
pub fn call(call: &str, kind: &str) -> ! {
    let fd = descriptor(kind);
    let errno = do_call(call, fd).err().unwrap_or(SUCCESS);
    proc_exit(errno as u32)
}

fn descriptor(kind: &str) -> u32 {
    if let Ok(number) = kind.parse() {
        return number;
    }
    let mut parts = kind.splitn(3, ':');
    let folder = grant(parts.next().expect("a name"));
    let (Some(how), Some(path)) = (parts.next(), parts.next()) else { return folder };
    let (flags, rights, fdflags) = match how {
        "read" => (0, RIGHTS_READ, 0),
        "write" => (0, RIGHTS_READ | RIGHTS_WRITE, 0),
        "append" => (0, RIGHTS_WRITE, APPEND),
        "folder" => (DIRECTORY, RIGHTS_READ, 0),
        other => panic!("nothing is opened for {other}"),
    };
    open(folder, FOLLOW, path, flags, rights, fdflags).expect(kind)
}

fn status(errno: Errno) -> Result<(), Errno> {
    if errno == SUCCESS { Ok(()) } else { Err(errno) }
}

fn do_call(call: &str, fd: u32) -> Result<(), Errno> {
    let (mut number, mut wide, mut buffer) = (0, 0, [0_u8; 4096]);
    let other = if fd == 2 { 0 } else { 2 };
    match call {
        "fd_advise" => status(fd_advise(fd, 0, 0, 0)),
        "fd_allocate" => status(fd_allocate(fd, 0, 100)),
        "fd_close" => status(fd_close(fd)),
        "fd_datasync" => status(fd_datasync(fd)),
        "fd_fdstat_get" => status(fd_fdstat_get(fd, &mut Fdstat::default())),
        "fd_fdstat_set_flags 0" => status(fd_fdstat_set_flags(fd, 0)),
        "fd_fdstat_set_flags APPEND" => status(fd_fdstat_set_flags(fd, APPEND)),
        "fd_fdstat_set_flags NONBLOCK" => status(fd_fdstat_set_flags(fd, NONBLOCK)),
        "fd_fdstat_set_flags SYNC" => status(fd_fdstat_set_flags(fd, 16)),
        "fd_fdstat_set_rights 0" => status(fd_fdstat_set_rights(fd, 0, 0)),
        "fd_fdstat_set_rights all" => status(fd_fdstat_set_rights(fd, u64::MAX, u64::MAX)),
        "fd_filestat_get" => status(fd_filestat_get(fd, &mut Filestat::default())),
        "fd_filestat_set_size" => status(fd_filestat_set_size(fd, 0)),
        "fd_filestat_set_times" => status(fd_filestat_set_times(fd, 1, 1, 1 | 4)),
        "fd_pread" => pread(fd, &mut buffer, 1).map(drop),
        "fd_prestat_get" => status(fd_prestat_get(fd, &mut [0; 2])),
        "fd_prestat_dir_name" => {
            // SAFETY: the buffer is as long as said.
            status(unsafe { fd_prestat_dir_name(fd, buffer.as_mut_ptr(), buffer.len()) })
        }
        "fd_pwrite" => pwrite(fd, b"x", 1).map(drop),
        "fd_read" => raw::read(fd, &mut buffer).map(drop),
        "fd_readdir" => readdir(fd, &mut buffer, 0).map(drop),
        "fd_renumber to" => status(fd_renumber(other, fd)),
        "fd_renumber from" => status(fd_renumber(fd, other)),
        "fd_seek start" => status(fd_seek(fd, 0, 0, &mut wide)),
        "fd_seek nowhere" => status(fd_seek(fd, 0, 1, &mut wide)),
        "fd_sync" => status(fd_sync(fd)),
        "fd_tell" => status(fd_tell(fd, &mut wide)),
        "fd_write" => raw::write(fd, b"x").map(drop),
        "path_create_directory" => status(create_directory(fd, "new")),
        "path_filestat_get" => stat(fd, NO_FOLLOW, "inside").map(drop),
        "path_filestat_set_times" => status(set_times(fd, NO_FOLLOW, "inside", 1, 1, 1 | 4)),
        "path_link" => status(link(fd, NO_FOLLOW, "inside", "new")),
        "path_open read" => open(fd, NO_FOLLOW, "inside", 0, RIGHTS_READ, 0).map(drop),
        "path_open create" => open(fd, NO_FOLLOW, "new", CREATE, RIGHTS_WRITE, 0).map(drop),
        "path_open truncate" => open(fd, NO_FOLLOW, "inside", TRUNCATE, RIGHTS_WRITE, 0).map(drop),
        "path_readlink" => readlink(fd, "link", &mut buffer).map(drop),
        "path_remove_directory" => status(remove_directory(fd, "folder")),
        "path_rename" => status(rename(fd, "inside", fd, "new")),
        "path_symlink" => status(symlink("inside", fd, "new")),
        "path_unlink_file" => status(unlink(fd, "inside")),
        "poll read" => ready(fd, 1),
        "poll write" => ready(fd, 2),
        "sock_accept" => status(sock_accept(fd, NONBLOCK, &mut number)),
        "sock_recv" => receive(fd, &mut buffer, 0).map(drop),
        "sock_send" => send(fd, b"x").map(drop),
        "sock_shutdown" => status(sock_shutdown(fd, 2)),
        other => panic!("there is no call {other}"),
    }
}

/// Waits until a descriptor is ready, but not for ever: some never are.
fn ready(fd: u32, tag: u64) -> Result<(), Errno> {
    let descriptor = Subscription { userdata: 1, tag, first: fd, ..Subscription::default() };
    let clock = Subscription { userdata: 2, first: 1, timeout: 1_000_000_000, ..Subscription::default() };
    let events = raw::poll(&[descriptor, clock])?;
    if events[0].userdata != 1 {
        return Err(TIMEDOUT);
    }
    status(events[0].error.into())
}

/// What flags mean that the guest sets of its standard streams: nothing to anybody else. Its standard input is an empty pipe, its
/// standard output a pipe that nobody reads from yet, its standard error a file.
pub fn own_flags() {
    let flags = |fd| {
        let mut fdstat = Fdstat::default();
        assert_eq!(fd_fdstat_get(fd, &mut fdstat), SUCCESS);
        u32::from(fdstat.flags)
    };
    assert_eq!([flags(0), flags(1), flags(2)], [0; 3]);
    for fd in [0, 1] {
        assert_eq!(fd_fdstat_set_flags(fd, NONBLOCK), SUCCESS);
        assert_eq!(flags(fd), NONBLOCK);
    }
    assert_eq!(raw::read(0, &mut [0]), Err(AGAIN), "nothing was sent");
    let mut written = 0;
    // More than a pipe is ready for at once, then until it is full.
    let errno = loop {
        match raw::write(1, &[b'y'; 100_000]) {
            Ok(count) => written += count,
            Err(errno) => break errno,
        }
    };
    assert_eq!(errno, AGAIN);
    assert!(written >= 4096, "{written}");
    assert_eq!(fd_fdstat_set_flags(2, APPEND), SUCCESS);
    assert_eq!(raw::write(2, b"end"), Ok(3));
    // Now it waits again.
    assert_eq!(fd_fdstat_set_flags(1, 0), SUCCESS);
    assert_eq!(fd_fdstat_set_flags(0, 0), SUCCESS);
    raw::write(2, written.to_string().as_bytes()).expect("it is a file");
    let mut buffer = [0; 16];
    assert_eq!(raw::read(0, &mut buffer), Ok(4));
    assert_eq!(&buffer[..4], b"line");
    assert!(raw::write(1, &[b'z'; 100_000]).is_ok_and(|count| count > 0));
}

/// The same where whoever started the program has made its standard input non-blocking: by itself the guest is told so, and when
/// it does not want that it waits.
pub fn flags_of_others() {
    assert_eq!(raw::read(0, &mut [0]), Err(AGAIN));
    assert_eq!(fd_fdstat_set_flags(0, 0), SUCCESS);
    raw::write(1, b"waiting\n").expect("there is a pipe");
    assert_eq!(raw::read(0, &mut [0; 16]), Ok(4));
}

/// `/box/closed` and the grant `/closed` cannot be listed, but names in them can be used.
pub fn unreadable() {
    let folder = grant("/box");
    assert_eq!(open(folder, FOLLOW, "closed", DIRECTORY, RIGHTS_READ, 0), Err(ACCES), "as for `opendir`");
    // Whoever does not want to list it gets it.
    let passed = open(folder, FOLLOW, "closed", DIRECTORY, 0, 0).expect("names in it can be used");
    for closed in [passed, grant("/closed")] {
        assert_eq!(readdir(closed, &mut [0; 100], 0), Err(ACCES));
        assert_eq!(fd_sync(closed), ACCES);
        assert!(stat(closed, NO_FOLLOW, "inside").is_ok());
        assert_eq!(stat(closed, NO_FOLLOW, "absent").map(|found| found.size), Err(NOENT));
        assert_eq!(fd_filestat_get(closed, &mut Filestat::default()), SUCCESS);
    }
    assert_eq!(std::fs::read_dir("/box/closed").err().and_then(|error| error.raw_os_error()), Some(ACCES));
    assert_eq!(std::fs::read_dir("/closed").map(Iterator::count).map_err(|error| error.raw_os_error()), Err(Some(ACCES)));
}
