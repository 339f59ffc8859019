//! A checkpoint: the state of a program that ran at build, kept in its executable and taken up when that starts.
//!
//! It crosses the border twice. The runtime of the run at build ([`crate::configuration::flag::AT_BUILD`])
//! writes what it found to [`DUMP_DESCRIPTOR`], a sequence of records, each a [`RecordHead`] and its content. The command
//! line makes a segment of that, which starts with a [`Checkpoint`], and appends it to the executable;
//! [`crate::configuration::Header::checkpoint`] says where it is. The executable lies at a fixed address, so every
//! pointer is absolute and needs no relocation.

use crate::program::ImageRun;

/// Where the run at build writes its records to.
pub const DUMP_DESCRIPTOR: i32 = 3;

/// The guest's folder for these files.
pub const CHECKPOINT_FOLDER: &str = "/.adder";

/// The file that a guest reads to ask for the checkpoint.
pub const CHECKPOINT_FILE: &str = "/.adder/checkpoint";

/// The file that a guest opens to be started without the checkpoint.
pub const COLD_START_FILE: &str = "/.adder/cold-start";

/// The file by which a guest reads and writes its own memory until it has said that it goes on from the checkpoint.
pub const MEMORY_FILE: &str = "/.adder/memory";

/// The file to which a guest writes why it starts without the checkpoint.
pub const REASON_FILE: &str = "/.adder/reason";

/// What the explanation of a start without the checkpoint begins with, behind `adder: `. The reason follows, to the end of the line.
pub const STARTED_COLD: &str = "started from the beginning: ";

/// The first bytes of a [`Checkpoint`].
pub const MAGIC: [u8; 8] = *b"adderCP3";

/// The start of a record of the dump.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordHead {
    /// A [`RecordKind`].
    pub kind: u32,
    /// 0.
    pub padding: u32,
    /// See [`RecordKind`].
    pub address: u64,
    /// See [`RecordKind`].
    pub bytes: u64,
}

/// What a record is.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// A memory: `address` is its base, `bytes` its current size. No content. Its index is the order of occurrence.
    Memory = 1,
    /// A run of the initial contents of the memory before: `address` is the offset in the memory, `bytes` the size.
    /// The content is one `u64`: the address in the executable where the run lies.
    Original = 2,
    /// Pages of the memory before: `address` is the offset in the memory, a multiple of [`crate::plan::SMALLEST_PAGE_BYTES`], as `bytes` is.
    /// The content is theirs. Pages that do not occur are zero.
    Pages = 3,
    /// What is to be copied to the absolute `address` at the start: state of the program, entries of tables, the
    /// native stack. The content has `bytes` bytes.
    Copy = 4,
    /// The content is a [`Resume`], `bytes` its size.
    Resume = 5,
    /// The end of the dump: whatever ends without it was cut off. `address` and `bytes` are 0.
    End = 6,
    /// In what a trial writes ([`crate::configuration::flag::TRIAL`]), which consists of these and an end: pages that the
    /// guest has changed, by absolute address. No content.
    Changed = 7,
}

/// How the program goes on.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resume {
    /// The guest's stack pointer, on the native stack; 0 if nothing was under way: then the entry is called.
    pub stack_pointer: u64,
    /// The host function that was under way.
    pub function: u64,
    /// Its context.
    pub context: u64,
    /// Its values.
    pub values: u64,
    /// What the guest's monotonic clock had come to, in nanoseconds: it does not show less.
    pub monotonic_nanoseconds: u64,
    /// The same for its clocks of processor time.
    pub processor_nanoseconds: u64,
    /// The guest's descriptor of the file whose read asked for the checkpoint.
    pub descriptor: u64,
    /// Addresses of the `u64`s, not always aligned, where the guest was given the time of its monotonic clock and where that still
    /// is; 0 for none. Libraries measure from such a time, in clocks of their own, and it is not one of the new process's.
    pub monotonic_times: [u64; MONOTONIC_TIMES_MAX],
    /// The guest's addresses of what it was told of its time zone, which is not that of the new process: the seconds west of
    /// Greenwich, whether there is a summer time, and two names; 0 where it was not told.
    pub zone_places: [u64; 4],
}

/// How many of a guest's readings of its monotonic clock are remembered: the first ones, because libraries read it when they are
/// initialised.
pub const MONOTONIC_TIMES_MAX: usize = 16;

/// The start of the segment.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Checkpoint {
    /// [`MAGIC`].
    pub magic: [u8; 8],
    /// How the program goes on.
    pub resume: Resume,
    /// What becomes of the memories, in the order in which the dump names them.
    pub memories: *const SavedMemory,
    /// Number of memories.
    pub memory_count: u64,
    /// What to copy.
    pub patches: *const Patch,
    /// Number of patches.
    pub patch_count: u64,
    /// Pages of the memories that a start is going to change: an optimisation.
    pub changed: *const PageRun,
    /// Number of runs of such pages, at most [`CHANGED_RUNS_MAX`].
    pub changed_count: u64,
}

/// As many runs of pages the kernel takes at once (`IOV_MAX`, sysconf(3)).
pub const CHANGED_RUNS_MAX: usize = 1024;

/// Consecutive pages, in the layout of `struct iovec` (readv(2)).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct PageRun {
    /// Address of the first byte.
    pub start: *mut u8,
    /// Size in bytes.
    pub bytes: u64,
}

/// A memory as it was.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SavedMemory {
    /// Its size in bytes.
    pub size_bytes: u64,
    /// The parts of its contents that are not zero, ascending and not overlapping. Offsets, sizes and addresses are
    /// multiples of [`crate::plan::SMALLEST_PAGE_BYTES`]; the bytes lie in the segment or, where they are what the module started with, in
    /// the section of the images. They may be moved: nobody else uses them.
    pub runs: *const ImageRun,
    /// Number of runs.
    pub run_count: u64,
}

/// Bytes to be copied.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Patch {
    /// Where to.
    pub address: u64,
    /// Where from.
    pub contents: *const u8,
    /// How many.
    pub bytes: u64,
}

const _: () = assert!(size_of::<RecordHead>() == 24);
const _: () = assert!(size_of::<Resume>() == 56 + 8 * MONOTONIC_TIMES_MAX + 32);
const _: () = assert!(size_of::<Checkpoint>() == 56 + size_of::<Resume>());
const _: () = assert!(size_of::<PageRun>() == 16);
const _: () = assert!(size_of::<SavedMemory>() == 24);
const _: () = assert!(size_of::<Patch>() == 24);
