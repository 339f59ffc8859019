//! What the command line bakes into an executable: grants, environment, the embedded tree.
//!
//! One block of bytes without relocations under [`crate::symbol::CONFIGURATION`], aligned to 8. It starts with a
//! [`Header`]; every [`Span`] is relative to the first byte of the block. Numbers are little-endian, as the target is.

/// The first bytes of a configuration.
pub const MAGIC: [u8; 8] = *b"adderCF5";

/// A range of bytes of the block (or, where said, a number of records).
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Bytes from the start of the block.
    pub offset: u64,
    /// Bytes of text or contents; for spans of records, how many records.
    pub count: u64,
}

/// The start of the block.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Header {
    /// [`MAGIC`].
    pub magic: [u8; 8],
    /// [`flag`]s.
    pub flags: u64,
    /// Records of type [`Grant`], in the order in which an interface hands them out.
    pub grants: Span,
    /// Records of type [`Span`]: texts `NAME=VALUE`.
    pub environment: Span,
    /// Records of type [`Span`]: arguments that the guest finds between the name of the program and those of its command
    /// line.
    pub arguments: Span,
    /// Records of type [`Node`]; node 0 is the root of the embedded tree. No records where nothing is embedded.
    pub nodes: Span,
    /// Address of the [`crate::checkpoint::Checkpoint`] in the executable; 0 if it has none.
    pub checkpoint: u64,
    /// A text `NAME=VALUE`, or nothing. A guest that starts without the checkpoint finds `VALUE` before what the variable has
    /// otherwise, with a colon between: so a list of folders gets another first one.
    pub cold_start_variable: Span,
    /// Records of type [`NetworkGrant`].
    pub network: Span,
}

/// Bits of [`Header::flags`].
pub mod flag {
    /// The guest also sees the environment of the process (entries of [`super::Header::environment`] win).
    pub const INHERIT_ENVIRONMENT: u64 = 1;
    /// The guest starts in the working directory of the process, if a grant covers it.
    pub const INHERIT_WORKING_DIRECTORY: u64 = 2;
    /// This process runs at build, in a world that is always the same: it makes the checkpoint, or, with [`TRIAL`], tries it.
    pub const AT_BUILD: u64 = 4;
    /// Built for a checkpoint: memories and tables lie at fixed addresses, and the guest finds the file that asks for one.
    pub const CHECKPOINT: u64 = 8;
    /// This process goes on from the checkpoint that was just made, to show which pages that changes.
    pub const TRIAL: u64 = 16;
    /// Where the process was called by a bare name, the guest's argument 0 is the path that the kernel was given.
    pub const NAME_IS_PATH: u64 = 32;
    /// The guest says itself whether it goes on from the checkpoint: by opening or by removing `/.adder/cold-start`.
    pub const DECIDES: u64 = 64;
}

/// Access to a folder of the host.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Grant {
    /// The host's folder; relative ones are looked up from the working directory of the process at its start.
    pub host: Span,
    /// The guest's name for it, normally absolute.
    pub guest: Span,
    /// [`grant_flag`]s.
    pub flags: u64,
}

/// Bits of [`Grant::flags`].
pub mod grant_flag {
    /// Nothing below this folder can be changed.
    pub const READ_ONLY: u64 = 1;
}

/// Access to the network.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct NetworkGrant {
    /// An address, or the name of a host; empty for all.
    pub host: Span,
    /// A [`NetworkUse`].
    pub used: u32,
    /// A port, or [`ANY_PORT`]. The port 0 is one that the system gives.
    pub port: u32,
}

/// All ports, in [`NetworkGrant::port`].
pub const ANY_PORT: u32 = 1 << 16;

/// What a [`NetworkGrant`] is for.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkUse {
    /// Everything, with all hosts and ports.
    All = 0,
    /// To connect to the host, and to send to it.
    Connect = 1,
    /// To listen at the address, and to receive there.
    Listen = 2,
}

/// A file or directory of the embedded tree. Its paths are the guest's absolute paths.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Node {
    /// Its own name, without slashes; empty for the root.
    pub name: Span,
    /// A file: its bytes. A directory: its children, records of type [`Node`], sorted by the bytes of their names, as
    /// indices from [`Header::nodes`]: `offset` is the index of the first and `count` their number.
    pub contents: Span,
    /// Time of last modification, nanoseconds since 1970.
    pub modified_nanoseconds: u64,
    /// A [`NodeKind`].
    pub kind: u32,
    /// Index of the directory that holds it; the root holds itself.
    pub parent: u32,
}

/// What a [`Node`] is.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A directory that exists only as far as embedded: names it does not hold are looked up in the grants.
    Passage = 0,
    /// A directory that was embedded as a whole: names it does not hold do not exist.
    Directory = 1,
    /// A file.
    File = 2,
    /// The file `/.adder/checkpoint`: whoever reads it asks for the checkpoint, or has come back from it. Without contents.
    Checkpoint = 3,
    /// The file `/.adder/cold-start`: whoever opens it asks for a start without the checkpoint. Without contents.
    ColdStart = 4,
    /// The file `/.adder/memory`: what is at an offset of it is what is at that address of the guest's memory. It is there
    /// until the guest has said that it goes on.
    Memory = 5,
    /// The file `/.adder/reason`: what is written to it is why the guest starts without the checkpoint. Without contents.
    Reason = 6,
}

const _: () = assert!(size_of::<Header>() == 120);
const _: () = assert!(size_of::<Grant>() == 40);
const _: () = assert!(size_of::<NetworkGrant>() == 24);
const _: () = assert!(size_of::<Node>() == 48);
