//! Finds the exceptions that a guest can no longer reach.
//!
//! A reference is a word, and the guest's words are in few places: on its stack, in globals and tables of this type, in
//! the payloads of exceptions, and while it is in a host call that has called it again, in registers that functions of the
//! host have saved. The types of words on a stack are not known, so whatever looks like the handle of an exception keeps it
//! alive. That is safe, and it errs little: see [`super::arena`].

use super::arena::Arena;
use crate::guest::cell::ThreadCell;
use crate::guest::program::{exception_globals, exception_tables};
use crate::guest::thread_state;
use core::ops::Range;

/// Frees what cannot be reached. A handler expects nothing in registers, so none of the guest's has to be looked at.
///
/// # Safety
/// `frame` is the address of the innermost frame on the stack of the cell's thread, which stands still.
pub unsafe fn collect(arena: &mut Arena, cell: *mut ThreadCell, frame: u64) {
    let mut read = 0;
    // SAFETY: promised by the caller.
    let host_frames = unsafe { (*cell).host_frames() };
    for range in [frame..cell as u64, host_frames] {
        read += (range.end.saturating_sub(range.start)) / 8;
        // SAFETY: the guest's stack and what is behind it, with the thread's own globals, are accessible; the host's frames
        // are those of functions that have not returned, of the same thread.
        unsafe { reach_all(arena, range) };
    }
    for global in exception_globals() {
        // SAFETY: the compiler lists globals of 8 bytes, and generated code does not run meanwhile.
        arena.reach(unsafe { global.read() });
    }
    let own_tables = thread_state::tables(cell).map(<*mut _>::cast_const);
    for table in exception_tables().iter().copied().chain(own_tables) {
        // SAFETY: the compiler lists tables of the program, the others are the thread's; all their entries are accessible.
        let (base, count) = unsafe { ((*table).base as u64, (*table).size_entries) };
        read += count;
        // SAFETY: as above.
        unsafe { reach_all(arena, base..base + count * 8) };
    }
    let under_way = arena.under_way;
    arena.reach(under_way.0);
    arena.sweep(read);
}

/// # Safety
/// All words of the range, which is aligned to 8, can be read.
unsafe fn reach_all(arena: &mut Arena, range: Range<u64>) {
    let mut address = range.start;
    while address < range.end {
        // SAFETY: promised by the caller. Words of other functions' frames may mean nothing at all, so the compiler is not
        // to reason about them.
        arena.reach(unsafe { (address as *const u64).read_volatile() });
        address += 8;
    }
}
