//! Tables: reserved regions of 8-byte entries, and the instructions on them that are not worth inlining.
//!
//! Every access by generated code is checked against the current size, so a reservation is only room to grow: where
//! address space is short, a table gets less of it and growing fails.

use crate::guest::memory::fits;
use crate::guest::program::tables;
use crate::process::reservation::{ReservationError, Resource, make_accessible, release, reserve_up_to};
use adder_abi::plan::FIXED_REGIONS;
use adder_abi::program::{Segment, Table};
use adder_abi::trap::TrapCode;
use core::ffi::c_void;
use core::ptr::{copy, copy_nonoverlapping, null_mut};
use core::slice;
use rustix::io::Errno;

const ENTRY_BYTES: u64 = size_of::<u64>() as u64;

/// Reserves the tables that the compiler has not placed, and fills in their initial entries. Those that each thread has
/// of its own are not among them.
pub(crate) fn reserve_all() -> Result<(), ReservationError> {
    for table in tables() {
        // SAFETY: nobody else uses the tables before the guest is entered.
        reserve_own(unsafe { &mut *table })?;
    }
    Ok(())
}

/// Reserves a table unless the compiler has placed it.
pub(crate) fn reserve_own(table: &mut Table) -> Result<(), ReservationError> {
    if table.base.is_null() && table.limit_entries != 0 { reserve_table(table) } else { Ok(()) }
}

/// Reserves the tables that the runtime had reserved, as their restored descriptors say. Their entries are restored later.
pub(crate) fn restore_all() -> Result<(), ReservationError> {
    for table in tables() {
        // SAFETY: nobody else uses the tables before the guest is entered.
        restore(unsafe { &mut *table })?;
    }
    Ok(())
}

/// Reserves a table at the base that it had, unless that is part of the executable.
pub(crate) fn restore(table: &mut Table) -> Result<(), ReservationError> {
    let base = table.base as u64;
    if base < FIXED_REGIONS {
        return Ok(());
    }
    let bytes = table.size_entries * ENTRY_BYTES;
    let bytes_max = table.limit_entries.saturating_mul(ENTRY_BYTES);
    let (_, reserved) = reserve_up_to(bytes_max, bytes.max(ENTRY_BYTES), Some(base), "a table")?;
    table.limit_entries = table.limit_entries.min(reserved / ENTRY_BYTES);
    // SAFETY: the reservation was made just now and is at least so large.
    unsafe { make_accessible(table.base.cast(), bytes) }.map_err(|reason| initial_size_error(bytes, reason))
}

fn initial_size_error(bytes: u64, reason: Errno) -> ReservationError {
    ReservationError {
        resource: Resource::Memory,
        purpose: "the initial size of a table",
        bytes,
        address: None,
        reason,
    }
}

/// Gives back a table that a thread had of its own.
///
/// # Safety
/// Nobody uses its entries any more.
pub(crate) unsafe fn release_own(table: &mut Table) {
    if !table.base.is_null() {
        // SAFETY: that is how it was reserved; the rest is promised by the caller.
        unsafe { release(table.base.cast(), table.limit_entries * ENTRY_BYTES) };
        table.base = null_mut();
    }
}

fn reserve_table(table: &mut Table) -> Result<(), ReservationError> {
    let bytes_max = table.limit_entries.saturating_mul(ENTRY_BYTES);
    let bytes_min = table.size_entries.max(1) * ENTRY_BYTES;
    let (base, bytes) = reserve_up_to(bytes_max, bytes_min, None, "a table")?;
    table.limit_entries = table.limit_entries.min(bytes / ENTRY_BYTES);
    let bytes = table.size_entries * ENTRY_BYTES;
    assert!(table.initial_count <= table.size_entries && table.size_entries <= table.limit_entries);
    table.base = base.cast();
    // SAFETY: the reservation was made just now and is at least so large.
    unsafe { make_accessible(base, bytes) }.map_err(|reason| initial_size_error(bytes, reason))?;
    if !table.initial_entries.is_null() {
        // SAFETY: there are `initial_count` initial entries, and at least as many are accessible at the new base.
        unsafe { copy_nonoverlapping(table.initial_entries, table.base, table.initial_count as usize) };
    }
    // The pages are new, so the other entries are null already.
    if table.fill != 0 {
        let (fill, first) = (table.fill, table.initial_count as usize);
        // SAFETY: nobody uses the table yet.
        unsafe { entries(table)[first..].fill(fill) };
    }
    Ok(())
}

/// The entries of a table.
///
/// # Safety
/// Nobody else uses them as long as the result lives.
unsafe fn entries(table: &mut Table) -> &mut [u64] {
    if table.size_entries == 0 {
        return &mut [];
    }
    // SAFETY: `size_entries` entries are accessible at the base.
    unsafe { slice::from_raw_parts_mut(table.base, table.size_entries as usize) }
}

/// `table.grow`. See [`adder_abi::symbol::TABLE_GROW`].
///
/// # Safety
/// `context` is a [`Table`] of the program; `values` are the initial entry and the number of entries to add.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_table_grow(context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: generated code passes a table and two slots, and does not run meanwhile.
    let (table, values) = unsafe { (&mut *context.cast::<Table>(), &mut *values.cast::<[u64; 2]>()) };
    let [entry, added] = *values;
    let old = table.size_entries;
    values[0] = match grow(table, entry, added) {
        Some(()) => old,
        None => u64::MAX,
    };
    0
}

/// Adds entries, all the same; nothing if there is no room.
pub(crate) fn grow(table: &mut Table, entry: u64, added: u64) -> Option<()> {
    let old = table.size_entries;
    let size = old.checked_add(added).filter(|&size| size <= table.limit_entries)?;
    if added == 0 {
        return Some(());
    }
    // SAFETY: the table was reserved for `limit_entries`. The first page is accessible already; once more does no harm.
    unsafe { make_accessible(table.base.cast(), size * ENTRY_BYTES) }.ok()?;
    table.size_entries = size;
    // New pages are zero, which is null.
    if entry != 0 {
        // SAFETY: generated code does not run meanwhile.
        unsafe { entries(table)[old as usize..].fill(entry) };
    }
    Some(())
}

/// `table.fill`. See [`adder_abi::symbol::TABLE_FILL`].
///
/// # Safety
/// `context` is a [`Table`] of the program; `values` are index, entry and count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_table_fill(context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: generated code passes a table and three slots, and does not run meanwhile.
    let (table, values) = unsafe { (&mut *context.cast::<Table>(), &*values.cast::<[u64; 3]>()) };
    let [index, entry, count] = *values;
    if !fits(index, count, table.size_entries) {
        return TrapCode::TableOutOfBounds as u32;
    }
    // SAFETY: generated code does not run meanwhile.
    unsafe { entries(table)[index as usize..][..count as usize].fill(entry) };
    0
}

/// `table.copy`. See [`adder_abi::symbol::TABLE_COPY`].
///
/// # Safety
/// `context` is the destination [`Table`]; `values` are destination index, source index, count and the address of the
/// source [`Table`], which may be the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_table_copy(context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: generated code passes a table and four slots, the last one the address of a table.
    let (table, [destination, source, count, from]) =
        unsafe { (&*context.cast::<Table>(), *values.cast::<[u64; 4]>()) };
    // SAFETY: as above; both references are shared, so they may be to the same table.
    let from = unsafe { &*(from as *const Table) };
    if !fits(destination, count, table.size_entries) || !fits(source, count, from.size_entries) {
        return TrapCode::TableOutOfBounds as u32;
    }
    if count != 0 {
        // SAFETY: both ranges were checked; they may overlap.
        unsafe { copy(from.base.add(source as usize), table.base.add(destination as usize), count as usize) };
    }
    0
}

/// `table.init`. See [`adder_abi::symbol::TABLE_INIT`].
///
/// # Safety
/// `context` is a [`Table`] of the program; `values` are destination index, source index, count and the address of a
/// [`Segment`] of entries.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_table_init(context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: generated code passes a table and four slots, the last one the address of a segment.
    let (table, [destination, source, count, segment]) =
        unsafe { (&*context.cast::<Table>(), *values.cast::<[u64; 4]>()) };
    // SAFETY: as above.
    let segment = unsafe { &*(segment as *const Segment) };
    if !fits(destination, count, table.size_entries) || !fits(source, count, segment.count) {
        return TrapCode::TableOutOfBounds as u32;
    }
    if count != 0 {
        // SAFETY: both ranges were checked; a segment never lies in a table.
        unsafe {
            let source = segment.start.cast::<u64>().add(source as usize);
            copy_nonoverlapping(source, table.base.add(destination as usize), count as usize);
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::ptr::{null, null_mut};

    fn reserved(initial: &[u64], size_entries: u64) -> Table {
        let initial_entries = if initial.is_empty() { null() } else { initial.as_ptr() };
        let initial_count = initial.len() as u64;
        let mut table =
            Table { base: null_mut(), size_entries, limit_entries: 1 << 20, initial_entries, initial_count, fill: 0 };
        reserve_table(&mut table).expect("there is room");
        table
    }

    #[test]
    fn entries_without_initial_ones_are_null() {
        // The one behind is not the table's.
        let source = [11, 12, 13, 14];
        for count in 0..=3 {
            let mut table = reserved(&source[..count], 2000);
            // SAFETY: nobody else uses the table.
            let entries = unsafe { entries(&mut table) };
            assert_eq!(entries.len(), 2000);
            assert_eq!(entries[..count], source[..count]);
            assert!(entries[count..].iter().all(|&entry| entry == 0), "{count}");
        }
        let mut full = reserved(&source, 4);
        // SAFETY: nobody else uses the table.
        assert_eq!(unsafe { entries(&mut full) }, source);
    }
}
