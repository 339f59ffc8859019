//! The records and flags of preview 1, laid out as its witx file says (`typenames.witx`). Names are the file's, with its
//! abbreviations written out. Padding has fields of its own, so that records can be copied as bytes.

use crate::guest::pointer::Record;
use core::mem::offset_of;

/// A piece of memory to read into or write from (`iovec`, `ciovec`).
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Iovec {
    /// Address of the first byte.
    pub buffer: u32,
    /// Bytes.
    pub bytes: u32,
}

/// Which directory a descriptor was at the start (`prestat`).
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Prestat {
    /// [`prestat_tag`].
    pub tag: u8,
    pub padding: [u8; 3],
    /// Bytes of its name.
    pub name_bytes: u32,
}

/// Tags of [`Prestat`].
pub mod prestat_tag {
    /// A directory: the only one that preview 1 knows.
    pub const DIRECTORY: u8 = 0;
    /// Not a directory: an inherited socket. The start code of wasi-libc and of Go ends its search for directories at the
    /// first error, but skips a tag that it does not know.
    pub const OTHER: u8 = 1;
}

/// Attributes of a descriptor (`fdstat`).
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Fdstat {
    /// [`filetype`].
    pub filetype: u8,
    pub padding: u8,
    /// [`fdflags`].
    pub flags: u16,
    pub more_padding: [u8; 4],
    /// [`crate::vfs::rights`] of the descriptor.
    pub rights_base: u64,
    /// [`crate::vfs::rights`] of what is opened through it.
    pub rights_inheriting: u64,
}

/// Attributes of a file (`filestat`). Times are nanoseconds since 1970.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Filestat {
    pub device: u64,
    pub inode: u64,
    /// [`filetype`].
    pub filetype: u8,
    pub padding: [u8; 7],
    pub links: u64,
    pub size: u64,
    pub accessed: u64,
    pub modified: u64,
    pub changed: u64,
}

/// The head of an entry of a directory; its name follows (`dirent`).
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Dirent {
    /// Cookie of the entry after this one.
    pub next: u64,
    pub inode: u64,
    pub name_bytes: u32,
    /// [`filetype`].
    pub filetype: u8,
    pub padding: [u8; 3],
}

/// What to wait for (`subscription`). Which of the fields mean something depends on the tag.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Subscription {
    pub userdata: u64,
    /// [`eventtype`].
    pub tag: u8,
    pub padding: [u8; 7],
    /// Clock: [`clockid`]. Read and write: the descriptor.
    pub clock_or_descriptor: u32,
    pub more_padding: [u8; 4],
    /// Clock: nanoseconds, from now or absolute.
    pub timeout: u64,
    /// Clock: how late the event may come, nanoseconds.
    pub precision: u64,
    /// Clock: [`subclockflags`].
    pub flags: u16,
    pub last_padding: [u8; 6],
}

/// What has happened (`event`).
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Event {
    pub userdata: u64,
    /// 0 or an [`super::errno::Errno`].
    pub error: u16,
    /// [`eventtype`].
    pub tag: u8,
    pub padding: [u8; 5],
    /// Read and write: bytes that can be had without waiting.
    pub bytes: u64,
    /// Read and write: [`eventrwflags`].
    pub flags: u16,
    pub last_padding: [u8; 6],
}

// SAFETY: made of integers, without padding; the assertions below say so.
unsafe impl Record for Iovec {}
// SAFETY: as above.
unsafe impl Record for Prestat {}
// SAFETY: as above.
unsafe impl Record for Fdstat {}
// SAFETY: as above.
unsafe impl Record for Filestat {}
// SAFETY: as above.
unsafe impl Record for Dirent {}
// SAFETY: as above.
unsafe impl Record for Subscription {}
// SAFETY: as above.
unsafe impl Record for Event {}

const _: () = assert!(size_of::<Iovec>() == 8 && offset_of!(Iovec, bytes) == 4);
const _: () = assert!(size_of::<Prestat>() == 8 && offset_of!(Prestat, name_bytes) == 4);
const _: () = assert!(size_of::<Fdstat>() == 24 && offset_of!(Fdstat, flags) == 2);
const _: () = assert!(offset_of!(Fdstat, rights_base) == 8 && offset_of!(Fdstat, rights_inheriting) == 16);
const _: () = assert!(size_of::<Filestat>() == 64 && offset_of!(Filestat, filetype) == 16);
const _: () = assert!(offset_of!(Filestat, links) == 24 && offset_of!(Filestat, changed) == 56);
const _: () = assert!(size_of::<Dirent>() == 24 && offset_of!(Dirent, name_bytes) == 16);
const _: () = assert!(offset_of!(Dirent, filetype) == 20);
const _: () = assert!(size_of::<Subscription>() == 48 && offset_of!(Subscription, tag) == 8);
const _: () = assert!(offset_of!(Subscription, clock_or_descriptor) == 16 && offset_of!(Subscription, timeout) == 24);
const _: () = assert!(offset_of!(Subscription, precision) == 32 && offset_of!(Subscription, flags) == 40);
const _: () = assert!(size_of::<Event>() == 32 && offset_of!(Event, error) == 8 && offset_of!(Event, tag) == 10);
const _: () = assert!(offset_of!(Event, bytes) == 16 && offset_of!(Event, flags) == 24);

/// Types of files (`filetype`).
pub mod filetype {
    pub const UNKNOWN: u8 = 0;
    pub const BLOCK_DEVICE: u8 = 1;
    pub const CHARACTER_DEVICE: u8 = 2;
    pub const DIRECTORY: u8 = 3;
    pub const REGULAR_FILE: u8 = 4;
    pub const SOCKET_DGRAM: u8 = 5;
    pub const SOCKET_STREAM: u8 = 6;
    pub const SYMBOLIC_LINK: u8 = 7;
}

/// Flags of descriptors (`fdflags`).
pub mod fdflags {
    pub const APPEND: u32 = 1;
    pub const DSYNC: u32 = 2;
    pub const NONBLOCK: u32 = 4;
    pub const RSYNC: u32 = 8;
    pub const SYNC: u32 = 16;
    pub const ALL: u32 = 31;
}

/// Flags of `path_open` (`oflags`).
pub mod oflags {
    pub const CREAT: u32 = 1;
    pub const DIRECTORY: u32 = 2;
    pub const EXCL: u32 = 4;
    pub const TRUNC: u32 = 8;
    pub const ALL: u32 = 15;
}

/// Flags of path lookup (`lookupflags`).
pub mod lookupflags {
    pub const SYMLINK_FOLLOW: u32 = 1;
}

/// Which times to set, and to what (`fstflags`).
pub mod fstflags {
    pub const ATIM: u32 = 1;
    pub const ATIM_NOW: u32 = 2;
    pub const MTIM: u32 = 4;
    pub const MTIM_NOW: u32 = 8;
    pub const ALL: u32 = 15;
}

/// Clocks (`clockid`).
pub mod clockid {
    pub const REALTIME: u32 = 0;
    pub const MONOTONIC: u32 = 1;
    pub const PROCESS_CPUTIME_ID: u32 = 2;
    pub const THREAD_CPUTIME_ID: u32 = 3;
}

/// What to wait for (`eventtype`).
pub mod eventtype {
    pub const CLOCK: u8 = 0;
    pub const FD_READ: u8 = 1;
    pub const FD_WRITE: u8 = 2;
}

/// Flags of clock subscriptions (`subclockflags`).
pub mod subclockflags {
    pub const ABSTIME: u16 = 1;
}

/// Flags of events of descriptors (`eventrwflags`).
pub mod eventrwflags {
    pub const HANGUP: u16 = 1;
}

/// Where `fd_seek` counts from (`whence`).
pub mod whence {
    pub const SET: u32 = 0;
    pub const CUR: u32 = 1;
    pub const END: u32 = 2;
}

/// Flags of `sock_recv` (`riflags`) and what it says of a message (`roflags`).
pub mod riflags {
    pub const PEEK: u32 = 1;
    pub const WAITALL: u32 = 2;
    /// `roflags`: the message was longer than the buffers.
    pub const DATA_TRUNCATED: u16 = 1;
}

/// What `sock_shutdown` shuts (`sdflags`).
pub mod sdflags {
    pub const RD: u32 = 1;
    pub const WR: u32 = 2;
}
