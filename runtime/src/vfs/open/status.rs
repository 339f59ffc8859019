//! What `stat` says, of the host's files and of embedded ones.

use crate::vfs::tree::{DEVICE, NodeIndex, Tree};
use adder_abi::configuration::NodeKind;
use core::sync::atomic::{AtomicU8, Ordering};
use rustix::fd::BorrowedFd;
use rustix::fs::{FileType, Stat, fstat};
use rustix::io::Errno;
use rustix::net::{SocketType, sockopt::socket_type};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
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

impl Kind {
    /// From the mode of a file; a socket counts as a stream.
    pub fn from_file_type(file_type: FileType) -> Kind {
        match file_type {
            FileType::BlockDevice => Kind::BlockDevice,
            FileType::CharacterDevice => Kind::CharacterDevice,
            FileType::Directory => Kind::Directory,
            FileType::RegularFile => Kind::RegularFile,
            FileType::Socket => Kind::StreamSocket,
            FileType::Symlink => Kind::SymbolicLink,
            FileType::Fifo => Kind::Pipe,
            _ => Kind::Unknown,
        }
    }
}

/// What the kernel says that a descriptor is. It never changes, and asking costs a system call, so it is asked once.
pub struct KnownKind(AtomicU8);

impl KnownKind {
    /// Nobody has asked yet.
    pub const fn new() -> KnownKind {
        KnownKind(AtomicU8::new(0))
    }

    /// Returns what this descriptor is, which is always the same one.
    pub fn of(&self, descriptor: BorrowedFd<'_>) -> Result<Kind, Errno> {
        const KINDS: [Kind; 9] = [
            Kind::Unknown,
            Kind::BlockDevice,
            Kind::CharacterDevice,
            Kind::Directory,
            Kind::RegularFile,
            Kind::DatagramSocket,
            Kind::StreamSocket,
            Kind::SymbolicLink,
            Kind::Pipe,
        ];
        let known = self.0.load(Ordering::Relaxed);
        if let Some(index) = usize::from(known).checked_sub(1) {
            return Ok(KINDS[index]);
        }
        let mut kind = Kind::from_file_type(FileType::from_raw_mode(fstat(descriptor)?.st_mode));
        if kind == Kind::StreamSocket && socket_type(descriptor)? == SocketType::DGRAM {
            kind = Kind::DatagramSocket;
        }
        self.0.store(kind as u8, Ordering::Relaxed);
        Ok(kind)
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
    pub kind: Kind,
    /// Number of names.
    pub links: u64,
    /// Bytes.
    pub size: u64,
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
            kind: Kind::from_file_type(FileType::from_raw_mode(stat.st_mode)),
            #[allow(clippy::useless_conversion, reason = "32 bits on some architectures")]
            links: stat.st_nlink.into(),
            size: stat.st_size.try_into().unwrap_or(0),
            accessed: nanoseconds(stat.st_atime, stat.st_atime_nsec),
            modified: nanoseconds(stat.st_mtime, stat.st_mtime_nsec),
            changed: nanoseconds(stat.st_ctime, stat.st_ctime_nsec),
        }
    }

    /// Of an embedded file or directory.
    pub fn of_node(tree: Tree, node: NodeIndex) -> Status {
        let modified = tree.modified_nanoseconds(node);
        Status {
            device: DEVICE,
            inode: tree.inode(node),
            kind: kind_of_node(tree, node),
            links: 1,
            size: tree.contents(node).len() as u64,
            accessed: modified,
            modified,
            changed: modified,
        }
    }
}

/// What an embedded file or directory is.
pub fn kind_of_node(tree: Tree, node: NodeIndex) -> Kind {
    match tree.kind(node) {
        NodeKind::Passage | NodeKind::Directory => Kind::Directory,
        _ => Kind::RegularFile,
    }
}

fn nanoseconds(seconds: i64, nanoseconds: u64) -> u64 {
    u64::try_from(seconds).map_or(0, |seconds| seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds))
}
