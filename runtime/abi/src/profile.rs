//! Profiles: what an instrumented executable counts, and the file that it writes when it ends.
//!
//! A file is a [`Header`], then a [`FunctionRecord`] for each function, then the counters of all of them, one function
//! behind the other in the order of the records; all numbers are little-endian. An instrumented executable holds
//! header and records ready to be written, and its counters are [`ENCODING_PLAIN`]: words of 8 bytes. What `adder profile
//! merge` writes is [`ENCODING_PACKED`]: each word as unsigned LEB128, shifted left by one, with a one in the lowest bit if
//! it is a target; and behind each zero how many more zeros follow it, likewise but not shifted.
//!
//! **Counters of a function.** The first counts how often it was entered. Then come those of its operators, in the
//! order of its body, whether they can be reached or not:
//!
//! | operator | words |
//! |---|---|
//! | `loop` | how often its header was reached |
//! | `if`, `br_if`, `br_on_null`, `br_on_non_null` | how often it was executed; how often of that with a true condition (`br_on_null`: with a reference) |
//! | `br_table` | for each target, and for the default, how often it was taken |
//! | calls through tables and references | [`SITE_WORDS`]: [`SITE_TARGETS`] pairs of a target and its number of calls, then the number of all other calls |
//!
//! A target is the `id` of the function's record with [`TARGET`] added, or 0 where there is none; the first pair is the
//! first to be used.

use crate::program::Text;

/// What a file starts with.
pub const MAGIC: [u8; 8] = *b"adderprf";

/// Changes whenever the format or what is counted changes.
pub const VERSION: u32 = 1;

/// Counters are words of 8 bytes.
pub const ENCODING_PLAIN: u32 = 0;
/// Counters are packed.
pub const ENCODING_PACKED: u32 = 1;

/// The head of a file.
#[repr(C)]
pub struct Header {
    /// [`MAGIC`].
    pub magic: [u8; 8],
    /// [`VERSION`].
    pub version: u32,
    /// [`ENCODING_PLAIN`] or [`ENCODING_PACKED`].
    pub encoding: u32,
    /// Number of records.
    pub functions: u64,
    /// Number of counters of all functions together.
    pub words: u64,
}

/// A function in a file. All digests are 64-bit FNV-1a.
#[repr(C)]
pub struct FunctionRecord {
    /// Digest of the bytes of its body.
    pub body: u64,
    /// Digest of its operators without their immediates, but for the lengths of tables of branches: the same for code that
    /// is only linked otherwise.
    pub shape: u64,
    /// Digest of its name; 0 if it has none.
    pub name: u64,
    /// By which targets refer to it. In a file that an executable has written it is the code offset.
    pub id: u32,
    /// How many counters it has.
    pub words: u32,
}

/// Targets that are told apart at a call through a table or reference.
pub const SITE_TARGETS: usize = 4;

/// Words that such a call has.
pub const SITE_WORDS: usize = 2 * SITE_TARGETS + 1;

/// Marks a word as a target. No counter gets there.
pub const TARGET: u64 = 1 << 63;

/// What an instrumented program has beside its code.
#[repr(C)]
pub struct Instrumentation {
    /// Header and records, as they are written.
    pub head: Text,
    /// The counters. Generated code counts there.
    pub counters: *mut u64,
    /// Number of counters.
    pub counter_count: u64,
    /// Where the file goes unless the environment says something else.
    pub path: Text,
    /// [`crate::symbol::WRITE_PROFILE`]. Only here does anything refer to it, so no other executable has it.
    pub write: unsafe extern "C" fn(instrumentation: *const Instrumentation),
}

const _: () = assert!(size_of::<Header>() == 32);
const _: () = assert!(size_of::<FunctionRecord>() == 32);
const _: () = assert!(size_of::<Instrumentation>() == 56);
