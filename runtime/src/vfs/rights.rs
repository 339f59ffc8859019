//! What may be done with a descriptor. The bits are numbered as in WASI preview 1 (`rights`), whose guests see the numbers; other
//! interfaces give all rights.

/// Rights to a descriptor. It starts with all that fit what it is and can only lose some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// For the descriptor itself.
    pub base: u64,
    /// For what is opened through it.
    pub inheriting: u64,
}

impl Rights {
    /// Nothing was taken away.
    pub const ALL: Rights = Rights { base: u64::MAX, inheriting: u64::MAX };

    /// Those of a standard descriptor, which nobody has granted more than reading from or writing to. What it is open for besides,
    /// and what else could be done to the file behind it, is the affair of whoever opened it.
    pub const fn of_standard(descriptor: i32) -> Rights {
        const CHANGES: u64 = FD_ALLOCATE | FD_FILESTAT_SET_SIZE | FD_FILESTAT_SET_TIMES | SOCK_SHUTDOWN;
        const OUTPUT: u64 = FD_WRITE | FD_SYNC | FD_DATASYNC;
        const INPUT: u64 = FD_READ | SOCK_ACCEPT;
        let others = CHANGES | if descriptor == 0 { OUTPUT } else { INPUT };
        Rights { base: !others, inheriting: u64::MAX }
    }
}

/// Bring its data to the device.
pub const FD_DATASYNC: u64 = 1;
/// Read.
pub const FD_READ: u64 = 1 << 1;
/// Move its position.
pub const FD_SEEK: u64 = 1 << 2;
/// Set its flags.
pub const FD_FDSTAT_SET_FLAGS: u64 = 1 << 3;
/// Bring data and attributes to the device.
pub const FD_SYNC: u64 = 1 << 4;
/// Ask for its position.
pub const FD_TELL: u64 = 1 << 5;
/// Write.
pub const FD_WRITE: u64 = 1 << 6;
/// Say how it is going to be used.
pub const FD_ADVISE: u64 = 1 << 7;
/// Make room in it.
pub const FD_ALLOCATE: u64 = 1 << 8;
/// Make a directory below it.
pub const PATH_CREATE_DIRECTORY: u64 = 1 << 9;
/// Make a file below it.
pub const PATH_CREATE_FILE: u64 = 1 << 10;
/// Give what is below it another name.
pub const PATH_LINK_SOURCE: u64 = 1 << 11;
/// Give something a name below it.
pub const PATH_LINK_TARGET: u64 = 1 << 12;
/// Open what is below it.
pub const PATH_OPEN: u64 = 1 << 13;
/// List it.
pub const FD_READDIR: u64 = 1 << 14;
/// Read a link below it.
pub const PATH_READLINK: u64 = 1 << 15;
/// Rename what is below it.
pub const PATH_RENAME_SOURCE: u64 = 1 << 16;
/// Rename something to a name below it.
pub const PATH_RENAME_TARGET: u64 = 1 << 17;
/// Ask for attributes of what is below it.
pub const PATH_FILESTAT_GET: u64 = 1 << 18;
/// Cut or extend what is below it.
pub const PATH_FILESTAT_SET_SIZE: u64 = 1 << 19;
/// Set times of what is below it.
pub const PATH_FILESTAT_SET_TIMES: u64 = 1 << 20;
/// Ask for its attributes.
pub const FD_FILESTAT_GET: u64 = 1 << 21;
/// Cut or extend it.
pub const FD_FILESTAT_SET_SIZE: u64 = 1 << 22;
/// Set its times.
pub const FD_FILESTAT_SET_TIMES: u64 = 1 << 23;
/// Make a link below it.
pub const PATH_SYMLINK: u64 = 1 << 24;
/// Remove a directory below it.
pub const PATH_REMOVE_DIRECTORY: u64 = 1 << 25;
/// Remove a file below it.
pub const PATH_UNLINK_FILE: u64 = 1 << 26;
/// Wait until it can be read or written.
pub const POLL_FD_READWRITE: u64 = 1 << 27;
/// Shut it.
pub const SOCK_SHUTDOWN: u64 = 1 << 28;
/// Accept a connection.
pub const SOCK_ACCEPT: u64 = 1 << 29;

/// Every right there is.
pub const ALL: u64 = (1 << 30) - 1;
/// Rights of what has no position: terminals, pipes and sockets.
pub const STREAM: u64 =
    FD_READ | FD_WRITE | FD_FDSTAT_SET_FLAGS | FD_FILESTAT_GET | POLL_FD_READWRITE | FD_SYNC | FD_DATASYNC;
/// Rights of sockets.
pub const SOCKET: u64 = STREAM | SOCK_SHUTDOWN | SOCK_ACCEPT;
/// Rights that no directory has.
pub const NOT_OF_DIRECTORIES: u64 =
    FD_SEEK | FD_TELL | FD_READ | FD_WRITE | FD_ALLOCATE | FD_FILESTAT_SET_SIZE | SOCK_SHUTDOWN | SOCK_ACCEPT;
/// Rights that only directories have.
pub const OF_DIRECTORIES: u64 = PATH_CREATE_DIRECTORY
    | PATH_CREATE_FILE
    | PATH_LINK_SOURCE
    | PATH_LINK_TARGET
    | PATH_OPEN
    | FD_READDIR
    | PATH_READLINK
    | PATH_RENAME_SOURCE
    | PATH_RENAME_TARGET
    | PATH_FILESTAT_GET
    | PATH_FILESTAT_SET_SIZE
    | PATH_FILESTAT_SET_TIMES
    | PATH_SYMLINK
    | PATH_REMOVE_DIRECTORY
    | PATH_UNLINK_FILE;
