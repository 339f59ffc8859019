//! The names by which object files refer to each other. These, and those of system interfaces ([`crate::host`]), are the only
//! global symbols of generated code and of the runtime that the other side uses; guest functions are local symbols under
//! names of their own.

/// The [`crate::program::Program`], defined by generated code.
pub const PROGRAM: &str = "adder_program";

/// The configuration ([`crate::configuration`]), defined by the object that the command line adds.
pub const CONFIGURATION: &str = "adder_configuration";

/// `extern "C" fn(function: HostFunction, context: *mut c_void, values: *mut u64)`: the border. Switches from the guest
/// stack to the host stack, calls the function, switches back; a trap code that the function returns unwinds the guest.
pub const HOST_CALL: &str = "adder_host_call";

/// `fn(tag: u32, words: u32, payload: *const u64) -> !`, by the convention of guest functions, on the guest stack: makes
/// an exception with these words of 8 bytes as its payload, and goes on where it is caught.
pub const THROW: &str = "adder_throw";
/// `fn(exception: u64) -> !`, likewise: throws an exception that was caught before; it is not null.
pub const THROW_REF: &str = "adder_throw_ref";

/// Host function, context a `Memory`: `values[0]` pages to add -> the former size in pages, or -1.
pub const MEMORY_GROW: &str = "adder_memory_grow";
/// Host function, context a `Table`: `values[0]` initial entry, `values[1]` entries to add -> former size or -1.
pub const TABLE_GROW: &str = "adder_table_grow";
/// Host function, context a `Table`: `values` = index, entry, count. Traps out of bounds.
pub const TABLE_FILL: &str = "adder_table_fill";
/// Host function, context the destination `Table`: `values` = destination index, source index, count, address of the
/// source `Table`. Traps out of bounds.
pub const TABLE_COPY: &str = "adder_table_copy";
/// Host function, context the `Table`: `values` = destination index, source index, count, address of the `Segment` of
/// entries. Traps out of bounds.
pub const TABLE_INIT: &str = "adder_table_init";
/// Host function, context a `Memory`: `values` = destination index, source index, count, address of the `Segment` of
/// bytes. Traps out of bounds.
pub const MEMORY_INIT: &str = "adder_memory_init";
/// Host function, context a `Memory`: `values` = index, offset to add to it, expected value, timeout in nanoseconds
/// (negative: none) -> 0 woken, 1 another value, 2 timed out. Traps: not aligned, out of bounds, not shared.
pub const MEMORY_WAIT32: &str = "adder_memory_wait32";
/// See [`MEMORY_WAIT32`]; for a value of 64 bits.
pub const MEMORY_WAIT64: &str = "adder_memory_wait64";
/// Host function, context a `Memory`: `values` = index, offset to add to it, threads to wake at most -> how many were.
/// Traps: not aligned, out of bounds.
pub const MEMORY_NOTIFY: &str = "adder_memory_notify";
/// Host function, context a `Text` "module.name": reports a call of an import that nobody supplies, and traps.
pub const MISSING_IMPORT: &str = "adder_missing_import";

/// Host function, context a [`crate::program::ExtendedTable`]: calls the closure that an entry of it is. `values` = index,
/// parameters -> results.
pub const CALL_CLOSURE: &str = "adder_call_closure";

/// `extern "C" fn(destination: *mut u8, source: *const u8, bytes: u64)`, a leaf that may run on the guest stack; the
/// ranges were checked and may overlap.
pub const LEAF_MEMORY_MOVE: &str = "adder_leaf_memory_move";
/// `extern "C" fn(destination: *mut u8, value: u32, bytes: u64)`, a leaf; the low byte of `value` is stored.
pub const LEAF_MEMORY_FILL: &str = "adder_leaf_memory_fill";

/// Leaves for float rounding on a CPU whose baseline has no instruction for it, `extern "C" fn(x) -> x`. As the
/// specification wants, a NaN comes back quiet.
pub const LEAF_CEIL_F32: &str = "adder_leaf_ceil_f32";
/// See [`LEAF_CEIL_F32`].
pub const LEAF_CEIL_F64: &str = "adder_leaf_ceil_f64";
/// See [`LEAF_CEIL_F32`].
pub const LEAF_FLOOR_F32: &str = "adder_leaf_floor_f32";
/// See [`LEAF_CEIL_F32`].
pub const LEAF_FLOOR_F64: &str = "adder_leaf_floor_f64";
/// See [`LEAF_CEIL_F32`].
pub const LEAF_TRUNC_F32: &str = "adder_leaf_trunc_f32";
/// See [`LEAF_CEIL_F32`].
pub const LEAF_TRUNC_F64: &str = "adder_leaf_trunc_f64";
/// See [`LEAF_CEIL_F32`]. Ties go to even.
pub const LEAF_NEAREST_F32: &str = "adder_leaf_nearest_f32";
/// See [`LEAF_CEIL_F32`]. Ties go to even.
pub const LEAF_NEAREST_F64: &str = "adder_leaf_nearest_f64";

/// Leaf for shuffles of vectors on a CPU whose baseline has no instruction for them, `extern "C" fn(x, chosen) -> bytes`
/// on vectors of 16 bytes: each byte is that of `x` whose number the low 4 bits of `chosen`'s byte say, or 0 if its
/// highest bit is set.
pub const LEAF_SHUFFLE_BYTES: &str = "adder_leaf_shuffle_bytes";
/// The same for two vectors, `extern "C" fn(x, y, chosen_of_x, chosen_of_y) -> bytes`: what is chosen of either, bit by bit
/// or-ed.
pub const LEAF_SHUFFLE_TWO: &str = "adder_leaf_shuffle_two";

/// Leaves for atomic operators on a CPU whose baseline has no instructions for them, `extern "C" fn(address: *mut u8, value: u64,
/// bytes: u32) -> former`. The address is accessible, and a multiple of `bytes`, which is 1, 2, 4 or 8.
pub const LEAF_ATOMIC_ADD: &str = "adder_leaf_atomic_add";
/// See [`LEAF_ATOMIC_ADD`].
pub const LEAF_ATOMIC_AND: &str = "adder_leaf_atomic_and";
/// See [`LEAF_ATOMIC_ADD`].
pub const LEAF_ATOMIC_OR: &str = "adder_leaf_atomic_or";
/// See [`LEAF_ATOMIC_ADD`].
pub const LEAF_ATOMIC_XOR: &str = "adder_leaf_atomic_xor";
/// See [`LEAF_ATOMIC_ADD`].
pub const LEAF_ATOMIC_EXCHANGE: &str = "adder_leaf_atomic_exchange";
/// The same with an expected value before `value`, which is only stored if the former one is equal to that as far as `bytes` go.
pub const LEAF_ATOMIC_COMPARE: &str = "adder_leaf_atomic_compare";

/// `extern "C" fn(site: *mut u64, id: u32)`, a leaf: counts a call of the function with this code offset among the
/// [`crate::profile::SITE_WORDS`] words of a call.
pub const LEAF_COUNT_TARGET: &str = "adder_leaf_count_target";
/// `extern "C" fn(instrumentation: *const Instrumentation)`: writes the profile of an instrumented program.
pub const WRITE_PROFILE: &str = "adder_write_profile";

/// `extern "C" fn(entry: EntryFunction, values: *mut u64, slots: u64) -> u32`, for functions of a library: calls into the guest. Returns
/// 0, or why it did not return: see [`crate::library`].
pub const LIBRARY_CALL: &str = "adder_library_call";
/// `extern "C" fn(memory: *mut Memory, bytes: *mut u64) -> *mut u8`, likewise: the first byte of a memory, and, unless `bytes` is null,
/// its size. Null if the library cannot be used.
pub const LIBRARY_MEMORY: &str = "adder_library_memory";
/// `extern "C" fn(destination: *mut u8, source: *const u8, bytes: u64) -> u32`, likewise: copies a global or to a global, while nobody
/// else uses the library.
pub const LIBRARY_COPY: &str = "adder_library_copy";
/// `extern "C" fn() -> *const c_char`, likewise: what the latest failure of a call by this thread was.
pub const LIBRARY_FAILURE: &str = "adder_library_failure";
/// `extern "C" fn() -> i32`, likewise: the status that the guest has exited with in the latest call by this thread that it did so in.
pub const LIBRARY_EXIT_STATUS: &str = "adder_library_exit_status";

/// `AtomicU64`: the signals that the guest is still to be told of, the lowest bit for signal 1. Of the timers that
/// `setitimer(2)` numbers, each has the bit that many behind [`TIMER_SIGNALS`] when it has run out.
pub const PENDING_SIGNALS: &str = "adder_pending_signals";
/// The first of the signals whose bits mean timers: the C library of the runtime keeps these for itself.
pub const TIMER_SIGNALS: u32 = 32;

/// Section of the memory images: writable, aligned and padded to pages.
pub const IMAGE_SECTION: &str = ".adder.image";
/// Section of the note that `adder inspect` reads.
pub const NOTE_SECTION: &str = ".note.adder";
