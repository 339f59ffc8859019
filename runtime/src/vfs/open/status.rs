//! What `stat` says, of the host's files and of embedded ones.

use crate::vfs::tree::{DEVICE, NodeIndex, Tree};
use adder_abi::configuration::NodeKind;
use core::sync::atomic::{AtomicU8, Ordering};
use libc::{AT_EGID, AT_EUID, getauxval};
use rustix::fd::BorrowedFd;
use rustix::fs::{FileType as HostType, Stat, fstat};
use rustix::io::Errno;
use rustix::net::{SocketType, sockopt::socket_type};

/// What a file is: what POSIX calls its type, with two sorts of sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum FileType {
    /// None of the others.
    Unknown = 1,
    /// Block device.
    BlockDevice,
    /// Character device.
    CharacterDevice,
    /// Directory.
    Directory,
    /// Regular file.
    RegularFile,
    /// Socket that keeps messages apart.
    DatagramSocket,
    /// Socket of any other type.
    StreamSocket,
    /// Symbolic link.
    SymbolicLink,
    /// Pipe or named pipe.
    Pipe,
}

impl FileType {
    /// From the mode of a file; a socket counts as a stream.
    pub fn of_host(host: HostType) -> FileType {
        match host {
            HostType::BlockDevice => FileType::BlockDevice,
            HostType::CharacterDevice => FileType::CharacterDevice,
            HostType::Directory => FileType::Directory,
            HostType::RegularFile => FileType::RegularFile,
            HostType::Socket => FileType::StreamSocket,
            HostType::Symlink => FileType::SymbolicLink,
            HostType::Fifo => FileType::Pipe,
            _ => FileType::Unknown,
        }
    }
}

/// What the kernel says that a descriptor is. It never changes, and asking costs a system call, so it is asked once.
pub struct KnownType(AtomicU8);

impl KnownType {
    /// Nobody has asked yet.
    pub const fn new() -> KnownType {
        KnownType(AtomicU8::new(0))
    }

    /// Returns what this descriptor is, which is always the same one.
    pub fn of(&self, descriptor: BorrowedFd<'_>) -> Result<FileType, Errno> {
        const TYPES: [FileType; 9] = [
            FileType::Unknown,
            FileType::BlockDevice,
            FileType::CharacterDevice,
            FileType::Directory,
            FileType::RegularFile,
            FileType::DatagramSocket,
            FileType::StreamSocket,
            FileType::SymbolicLink,
            FileType::Pipe,
        ];
        // Relaxed, as below: the byte says all, and whoever asks at the same time finds out the same.
        let known = self.0.load(Ordering::Relaxed);
        if let Some(index) = usize::from(known).checked_sub(1) {
            return Ok(TYPES[index]);
        }
        let mut file_type = FileType::of_host(HostType::from_raw_mode(fstat(descriptor)?.st_mode));
        if file_type == FileType::StreamSocket && socket_type(descriptor)? == SocketType::DGRAM {
            file_type = FileType::DatagramSocket;
        }
        self.0.store(file_type as u8, Ordering::Relaxed);
        Ok(file_type)
    }
}

/// Attributes of a file. Times are nanoseconds since 1970; earlier ones count as 0.
#[derive(Clone, Copy, Debug)]
pub struct Status {
    /// Device that holds it.
    pub device: u64,
    /// Its number there.
    pub inode: u64,
    /// What it is.
    pub file_type: FileType,
    /// Its type and its permissions, as `st_mode` has them.
    pub mode: u32,
    /// Number of names.
    pub links: u64,
    /// Who owns it.
    pub uid: u32,
    /// The group that owns it.
    pub gid: u32,
    /// The device that it is, if it is one.
    pub rdev: u64,
    /// Bytes.
    pub size: u64,
    /// Units of 512 bytes that it takes.
    pub blocks: u64,
    /// How many bytes are best read and written at once.
    pub block_size: u32,
    /// Last access.
    pub accessed: u64,
    /// Last change of contents.
    pub modified: u64,
    /// Last change of attributes.
    pub changed: u64,
}

impl Status {
    /// From what the host says.
    pub fn of_host(stat: &Stat) -> Status {
        Status {
            device: stat.st_dev,
            inode: stat.st_ino,
            file_type: FileType::of_host(HostType::from_raw_mode(stat.st_mode)),
            #[allow(clippy::useless_conversion, reason = "32 bits on some architectures")]
            links: stat.st_nlink.into(),
            mode: stat.st_mode,
            uid: stat.st_uid,
            gid: stat.st_gid,
            rdev: stat.st_rdev,
            size: stat.st_size.try_into().unwrap_or(0),
            blocks: stat.st_blocks.try_into().unwrap_or(0),
            block_size: stat.st_blksize.try_into().unwrap_or(0),
            accessed: nanoseconds(stat.st_atime, stat.st_atime_nsec),
            modified: nanoseconds(stat.st_mtime, stat.st_mtime_nsec),
            changed: nanoseconds(stat.st_ctime, stat.st_ctime_nsec),
        }
    }

    /// Of an embedded file or directory.
    pub fn of_node(tree: Tree, node: NodeIndex) -> Status {
        let modified = tree.modified_nanoseconds(node);
        let file_type = type_of_node(tree, node);
        let size = tree.contents(node).len() as u64;
        Status::unchangeable(tree.inode(node), file_type, size, modified)
    }

    /// Of what is in the executable, or made up by the runtime: everybody may read it and nobody change it, and it belongs to whom
    /// the process runs for.
    pub fn unchangeable(inode: u64, file_type: FileType, size: u64, modified: u64) -> Status {
        let mode = match file_type {
            FileType::Directory => libc::S_IFDIR | 0o555,
            _ => libc::S_IFREG | 0o444,
        };
        Status {
            device: DEVICE,
            inode,
            file_type,
            mode,
            links: 1,
            // SAFETY: the kernel has put both beside the arguments of the process (getauxval(3)).
            uid: unsafe { getauxval(AT_EUID) } as u32,
            // SAFETY: as above.
            gid: unsafe { getauxval(AT_EGID) } as u32,
            rdev: 0,
            size,
            blocks: size.div_ceil(512),
            block_size: 4096,
            accessed: modified,
            modified,
            changed: modified,
        }
    }
}

/// What an embedded file or directory is.
pub fn type_of_node(tree: Tree, node: NodeIndex) -> FileType {
    match tree.kind(node) {
        NodeKind::Passage | NodeKind::Directory => FileType::Directory,
        _ => FileType::RegularFile,
    }
}

fn nanoseconds(seconds: i64, nanoseconds: u64) -> u64 {
    u64::try_from(seconds).map_or(0, |seconds| seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds))
}
