//! What each thread has of its own in a program that can start threads ([`adder_abi::program::ThreadState`]): it lies
//! below the thread cell, and generated code finds it from the stack pointer.

use crate::guest::cell::ThreadCell;
use crate::guest::program::program;
use crate::guest::{memory, table};
use crate::process::reservation::ReservationError;
use adder_abi::checkpoint::SavedMemory;
use adder_abi::program::{Memory, Table};
use core::ptr::copy_nonoverlapping;

/// The first byte of the thread state that belongs to a cell.
pub fn start(cell: *mut ThreadCell) -> *mut u8 {
    cell.cast::<u8>().wrapping_sub(program().thread_state.bytes as usize)
}

/// The memories that a thread has of its own.
pub fn memories(cell: *mut ThreadCell) -> impl Iterator<Item = *mut Memory> {
    let first = start(cell).cast::<Memory>();
    (0..program().thread_state.memory_count as usize).map(move |index| first.wrapping_add(index))
}

/// The tables that a thread has of its own.
pub fn tables(cell: *mut ThreadCell) -> impl Iterator<Item = *mut Table> {
    let state = &program().thread_state;
    let first = start(cell).cast::<Memory>().wrapping_add(state.memory_count as usize).cast::<Table>();
    (0..state.table_count as usize).map(move |index| first.wrapping_add(index))
}

/// Gives a new guest stack its thread state. If that fails, nothing stays reserved.
///
/// # Safety
/// The cell belongs to a guest stack that nobody else uses yet.
pub(crate) unsafe fn begin(cell: *mut ThreadCell) -> Result<(), ReservationError> {
    let state = &program().thread_state;
    if state.bytes == 0 {
        return Ok(());
    }
    // SAFETY: the state has so many bytes, in the program and below the cell.
    unsafe { copy_nonoverlapping(state.initial, start(cell), state.bytes as usize) };
    let reserved = reserve(cell);
    if reserved.is_err() {
        // SAFETY: promised by the caller.
        unsafe { end(cell) };
    }
    reserved
}

fn reserve(cell: *mut ThreadCell) -> Result<(), ReservationError> {
    for memory in memories(cell) {
        // SAFETY: nobody else uses the thread's state before its guest is entered.
        memory::reserve_own(unsafe { &mut *memory })?;
    }
    for table in tables(cell) {
        // SAFETY: as above.
        table::reserve_own(unsafe { &mut *table })?;
    }
    Ok(())
}

/// Reserves what a thread state that was restored says.
pub(crate) fn restore(cell: *mut ThreadCell, saved: &[SavedMemory]) -> Result<(), ReservationError> {
    for (memory, saved) in memories(cell).zip(saved) {
        // SAFETY: nobody else uses the thread's state before its guest is entered.
        memory::restore(unsafe { &mut *memory }, saved)?;
    }
    for table in tables(cell) {
        // SAFETY: as above.
        table::restore(unsafe { &mut *table })?;
    }
    Ok(())
}

/// Gives back what a thread state has reserved.
///
/// # Safety
/// [`begin`] was called with the cell, and nobody uses its guest stack any more.
pub(crate) unsafe fn end(cell: *mut ThreadCell) {
    for memory in memories(cell) {
        // SAFETY: nobody uses it any more.
        unsafe { memory::release_own(&mut *memory) };
    }
    for table in tables(cell) {
        // SAFETY: as above.
        unsafe { table::release_own(&mut *table) };
    }
}
