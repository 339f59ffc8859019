//! Makes a checkpoint: checks that everything that the guest has can be saved, and writes it to the descriptor that the
//! command line reads from, in the records of [`adder_abi::checkpoint`].

use super::world;
use crate::guest::cell::{ThreadCell, this_cell};
use crate::guest::program::{memories, program, tables, types};
use crate::guest::{thread, thread_state};
use crate::heap::exception;
use crate::process;
use crate::process::phase;
use crate::process::signals::ignore_signals_of_writes;
use crate::vfs::descriptors;
use adder_abi::checkpoint::{DUMP_DESCRIPTOR, RecordHead, RecordKind, Resume};
use adder_abi::plan::{FIXED_REGIONS, SMALLEST_PAGE_BYTES};
use adder_abi::program::{HostFunction, ImageRun, Memory, Table};
use adder_abi::refusal::Refusal;
use adder_abi::trap::TrapCode;
use core::ffi::c_void;
use core::slice;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering};

// Relaxed, all of them: a checkpoint is only made of a program with one thread ([`check_state`]), and they are
// variables of that.

/// Whether the program's entry has been called.
static ENTERED: AtomicBool = AtomicBool::new(false);
/// The descriptor by which the guest has asked for the checkpoint.
static DESCRIPTOR: AtomicU32 = AtomicU32::new(0);
/// The host call that has ended with [`TrapCode::Checkpoint`]: its function, context and values.
static FUNCTION: AtomicUsize = AtomicUsize::new(0);
static CONTEXT: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static VALUES: AtomicPtr<u64> = AtomicPtr::new(core::ptr::null_mut());

/// Says that the program's entry is being called: from now on, the guest may ask for a checkpoint.
pub fn entered() {
    ENTERED.store(true, Ordering::Relaxed);
}

/// The guest asks for a checkpoint by reading from this descriptor. Ends the process if there can be none now.
pub fn request(descriptor: u32) -> TrapCode {
    if !ENTERED.load(Ordering::Relaxed) {
        phase::refuse(Refusal::BeforeEntry);
    }
    if types(&program().entry_signature) != ([].as_slice(), [].as_slice()) {
        phase::refuse(Refusal::EntryHasValues);
    }
    // SAFETY: the cell is that of this thread.
    let cell = unsafe { &mut *this_cell() };
    if cell.is_nested() {
        phase::refuse(Refusal::Nested);
    }
    check_state(cell, Some(descriptor));
    DESCRIPTOR.store(descriptor, Ordering::Relaxed);
    TrapCode::Checkpoint
}

/// Ends the process if the guest has something that cannot be saved.
fn check_state(cell: &mut ThreadCell, asking: Option<u32>) {
    if thread::count() != 0 {
        phase::refuse(Refusal::Threads);
    }
    // SAFETY: the guest stands still in a host call, or has returned.
    if unsafe { exception::are_alive(cell) } {
        phase::refuse(Refusal::Exceptions);
    }
    if !descriptors::has_initial_descriptors() {
        phase::refuse(Refusal::Descriptors);
    }
    descriptors::for_each_opened(&mut |number, name| {
        if Some(number) != asking {
            phase::refuse(Refusal::OpenDescriptor { number, path: core::str::from_utf8(name).unwrap_or("?") })
        }
    });
}

/// Notes which host call ends with this code, if it is one that asks for a checkpoint. Returns the code's number.
pub fn note_call(code: TrapCode, function: HostFunction, context: *mut c_void, values: *mut u64) -> u32 {
    if code == TrapCode::Checkpoint {
        FUNCTION.store(function as usize, Ordering::Relaxed);
        CONTEXT.store(context, Ordering::Relaxed);
        VALUES.store(values, Ordering::Relaxed);
    }
    code as u32
}

/// Writes the checkpoint of a guest that was left by [`TrapCode::Checkpoint`], and ends the process.
pub fn write_under_way() -> ! {
    // SAFETY: the cell is that of this thread.
    let stack_pointer = unsafe { (*this_cell()).border.checkpoint_stack_pointer };
    write(Resume {
        stack_pointer,
        function: FUNCTION.load(Ordering::Relaxed) as u64,
        context: CONTEXT.load(Ordering::Relaxed) as u64,
        values: VALUES.load(Ordering::Relaxed) as u64,
        descriptor: DESCRIPTOR.load(Ordering::Relaxed).into(),
        ..times()
    })
}

/// Writes the checkpoint of a guest whose entry is still to be called, and ends the process.
pub fn write_initialized() -> ! {
    // SAFETY: the cell is that of this thread.
    check_state(unsafe { &mut *this_cell() }, None);
    write(times())
}

/// What the guest knows of time, and nothing else.
fn times() -> Resume {
    Resume {
        monotonic_nanoseconds: world::now(libc::CLOCK_MONOTONIC),
        processor_nanoseconds: world::now(libc::CLOCK_PROCESS_CPUTIME_ID),
        // SAFETY: the guest does not run any more, and its memories can be read.
        monotonic_times: unsafe { world::kept_monotonic_times(is_saved) },
        zone_places: world::take_zone_places().map_or([0; 4], |places| places.map(u64::from)),
        ..Resume::default()
    }
}

/// Whether eight bytes from this address on are in a memory that is saved.
fn is_saved(address: u64) -> bool {
    memories().chain(thread_state::memories(this_cell())).any(|memory| {
        // SAFETY: the guest does not run any more.
        let memory = unsafe { &*memory };
        let offset = address.checked_sub(memory.base as u64);
        offset.is_some_and(|offset| offset < memory.size_bytes && memory.size_bytes - offset >= size_of::<u64>() as u64)
    })
}

fn write(resume: Resume) -> ! {
    // A dump that is too large is an error and no signal.
    ignore_signals_of_writes();
    let cell = this_cell();
    for memory in memories().chain(thread_state::memories(cell)) {
        // SAFETY: the guest does not run any more, and the runtime uses no memory now.
        write_memory(unsafe { &*memory });
    }
    // SAFETY: pointer and count belong together.
    for range in unsafe { slice::from_raw_parts(program().state, program().state_count as usize) } {
        copy(range.start as u64, range.bytes);
    }
    for table in tables().chain(thread_state::tables(cell)) {
        // SAFETY: as above.
        write_table(unsafe { &*table });
    }
    // SAFETY: the cell is that of this thread.
    let stack_end = unsafe { (*cell).stack().end };
    let stack_start = if resume.stack_pointer == 0 { stack_end } else { resume.stack_pointer };
    // With what the thread has of its own, which lies between the stack and the cell.
    copy(stack_start, cell as u64 - stack_start);
    record(RecordKind::Resume, 0, size_of::<Resume>() as u64);
    put((&raw const resume).cast(), size_of::<Resume>());
    write_end();
    process::exit(0)
}

/// Says that nothing was cut off.
pub(super) fn write_end() {
    record(RecordKind::End, 0, 0);
}

fn write_memory(memory: &Memory) {
    record(RecordKind::Memory, memory.base as u64, memory.size_bytes);
    if memory.image_count != 0 {
        // SAFETY: pointer and count belong together.
        let image = unsafe { slice::from_raw_parts(memory.image, memory.image_count as usize) };
        for ImageRun { offset, contents, bytes } in image {
            record(RecordKind::Original, *offset, *bytes);
            put((&raw const *contents).cast(), size_of::<u64>());
        }
    }
    let (mut offset, size) = (0, memory.size_bytes);
    while offset < size {
        let start = offset;
        while offset < size && !is_zero(memory, offset) {
            offset += SMALLEST_PAGE_BYTES;
        }
        if offset > start {
            record(RecordKind::Pages, start, offset - start);
            put(memory.base.wrapping_add(start as usize), (offset - start) as usize);
        } else {
            offset += SMALLEST_PAGE_BYTES;
        }
    }
}

/// Whether a page holds nothing but zeros.
fn is_zero(memory: &Memory, offset: u64) -> bool {
    // SAFETY: the page is below the size of the memory, and the guest does not run any more.
    let page: &[u64; SMALLEST_PAGE_BYTES as usize / 8] = unsafe { &*memory.base.wrapping_add(offset as usize).cast() };
    page.iter().all(|word| *word == 0)
}

/// The entries of a table that the runtime has reserved; the others are state of the program, or never change.
fn write_table(table: &Table) {
    if table.base as u64 >= FIXED_REGIONS && table.size_entries != 0 {
        copy(table.base as u64, table.size_entries * size_of::<u64>() as u64);
    }
}

fn copy(address: u64, bytes: u64) {
    record(RecordKind::Copy, address, bytes);
    put(address as *const u8, bytes as usize);
}

/// Writes the head of a record.
pub(super) fn record(kind: RecordKind, address: u64, bytes: u64) {
    let head = RecordHead { kind: kind as u32, padding: 0, address, bytes };
    put((&raw const head).cast(), size_of::<RecordHead>());
}

/// Writes bytes that are state of the guest, or of this file's own.
fn put(mut start: *const u8, mut bytes: usize) {
    while bytes > 0 {
        // SAFETY: the callers pass accessible bytes; the kernel only reads them.
        let written = unsafe { libc::write(DUMP_DESCRIPTOR, start.cast(), bytes) };
        match usize::try_from(written) {
            Ok(written) if written > 0 => (start, bytes) = (start.wrapping_add(written), bytes - written),
            // SAFETY: the location belongs to this thread.
            _ if unsafe { *libc::__errno_location() } == libc::EINTR => {}
            _ => phase::refuse(Refusal::Unwritten),
        }
    }
}
