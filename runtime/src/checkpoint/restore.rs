//! Puts the state of a checkpoint back.

use super::explain::{self, Cause};
use super::{cold_start, trial};
use crate::guest::cell::ThreadCell;
use crate::guest::{memory, table, thread_state};
use crate::process::configuration::Configuration;
use crate::process::reservation::ReservationError;
use crate::process::vectors;
use adder_abi::checkpoint::{Checkpoint, MAGIC, Patch, Resume};
use adder_abi::plan::{FIXED_EXECUTABLE, FIXED_REGIONS};
use core::ptr::copy_nonoverlapping;
use core::slice;

/// The checkpoint that this process is to go on from: the executable's, unless a cold start was asked for, or sockets are
/// handed over, which a guest looks for when it starts.
pub fn saved() -> Option<&'static Checkpoint> {
    let address = Configuration::of_executable().checkpoint();
    let mut forbids = address.is_none().then_some(Cause::NoCheckpoint);
    for text in vectors::environment() {
        if text.to_bytes().starts_with(b"LISTEN_FDS=") {
            forbids = forbids.or(Some(Cause::Sockets));
        } else if cold_start::is_variable(text) {
            forbids = forbids.or(Some(Cause::Variable));
        } else if explain::asks(text) {
            explain::is_wanted();
        }
    }
    if let Some(cause) = forbids {
        explain::started(cause);
        cold_start::is_one();
        return None;
    }
    let address = address?;
    // SAFETY: the command line has put it there, in a segment of the executable, and nobody writes to it.
    let checkpoint = unsafe { &*(address as *const Checkpoint) };
    assert!(checkpoint.magic == MAGIC, "the checkpoint is of another version");
    cold_start::is_possible();
    Some(checkpoint)
}

/// Memories, tables and state as they were. The stack is reserved already.
pub(crate) fn restore(checkpoint: &Checkpoint, cell: *mut ThreadCell) -> Result<(), ReservationError> {
    // SAFETY: pointer and count belong together, and the segment is constant; so below.
    let patches = unsafe { slice::from_raw_parts(checkpoint.patches, checkpoint.patch_count as usize) };
    // SAFETY: as above.
    let saved = unsafe { slice::from_raw_parts(checkpoint.memories, checkpoint.memory_count as usize) };
    // SAFETY: the cell is that of this thread.
    let stack = unsafe { (*cell).stack().start }..cell as u64;
    // The descriptors first: they say where everything is.
    apply(patches, |address| (FIXED_EXECUTABLE..FIXED_REGIONS).contains(&address) && !stack.contains(&address));
    let shared = memory::restore_all(saved)?;
    table::restore_all()?;
    apply(patches, |address| stack.contains(&address));
    thread_state::restore(cell, &saved[shared..])?;
    apply(patches, |address| address >= FIXED_REGIONS && !stack.contains(&address));
    trial::populate(checkpoint);
    Ok(())
}

/// Copies the patches for which `is_due` holds.
fn apply(patches: &[Patch], is_due: impl Fn(u64) -> bool) {
    for patch in patches.iter().filter(|patch| is_due(patch.address)) {
        // SAFETY: each is for a piece of the program's state, of its stack, or of a table, all of which are writable by now and
        // nobody's before the guest is entered.
        unsafe { copy_nonoverlapping(patch.contents, patch.address as *mut u8, patch.bytes as usize) };
    }
}

/// What was under way when the checkpoint was made; `None` if the entry is still to be called.
pub fn under_way(checkpoint: &'static Checkpoint) -> Option<&'static Resume> {
    (checkpoint.resume.stack_pointer != 0).then_some(&checkpoint.resume)
}
