//! Decides where tables live.
//!
//! There is one layout of entries (8 bytes: a function reference, or an external reference). A table that code never
//! grows lies in the image at its full size, read-only if nothing changes it; every other table is a region that the
//! runtime reserves. Where there are threads, a table that code changes is such a region too, one for each thread.

use crate::error::{Error, Result};
use crate::id::TableId;
use crate::link::{Constant, Linked};
use crate::plan::fact::Facts;
use crate::types::{Reference, TABLE_ENTRIES_MAX};

/// Entries that all tables in the image have together, at most. What is beyond, which may be hostile, costs only address
/// space.
pub const IMAGE_ENTRIES_MAX: u64 = 1 << 20;

/// Entries that a table can always grow to, if its own maximum allows.
const GROWTH_ENTRIES_MAX: u64 = 10_000_000;

/// A table of the program.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it holds; types have the program's numbers.
    pub element: Reference,
    /// Whether indices have 64 bits.
    pub index64: bool,
    /// Entries at the start.
    pub initial: u64,
    /// Entries beyond which it does not grow.
    pub limit: u64,
    /// What its entries start as, if nothing else is said.
    pub fill: Constant,
    /// Its contents at the start as far as they are known at build: entries from index 0; those that are missing are
    /// `fill`.
    pub entries: Vec<Constant>,
    /// Where it lives.
    pub storage: TableStorage,
}

/// Where a table lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableStorage {
    /// In the image, behind a symbol; its size is known now. If nothing ever changes it, it is read-only.
    LinkSymbol {
        /// Whether it can be written.
        writable: bool,
    },
    /// In a region that the runtime reserves; base and size are read from its descriptor.
    Cell,
}

/// What a table contains at the start, as far as that is known at build: see [`Table`].
#[derive(Clone, Debug)]
pub struct TableContents {
    /// What its entries start as, if nothing else is said.
    pub fill: Constant,
    /// Entries from index 0.
    pub entries: Vec<Constant>,
}

/// Decides where tables live and how large they may become. `contents` are those of each table.
///
/// # Errors
/// If a table is too large for what it is filled with.
pub fn plan_tables(
    linked: &Linked<'_>,
    contents: Vec<TableContents>,
    facts: &Facts,
    has_threads: bool,
) -> Result<Vec<Table>> {
    let mut room = IMAGE_ENTRIES_MAX;
    let mut tables = Vec::with_capacity(contents.len());
    for (index, (ty, TableContents { fill, entries })) in linked.tables.iter().zip(contents).enumerate() {
        let id = TableId(index as u32);
        let initial = ty.limits.initial;
        let grown = facts.tables_grown.contains(&id);
        let private = has_threads && facts.changes_table(id);
        let mut limit = match grown {
            true => ty.limits.maximum.unwrap_or(TABLE_ENTRIES_MAX).min(TABLE_ENTRIES_MAX),
            false => initial,
        };
        let storage = if grown || private || initial > room {
            limit = limit.min(GROWTH_ENTRIES_MAX.max(initial));
            TableStorage::Cell
        } else {
            room -= initial;
            TableStorage::LinkSymbol { writable: facts.tables_written.contains(&id) }
        };
        if storage == TableStorage::Cell && fill != Constant::Null && initial > GROWTH_ENTRIES_MAX {
            let message = format!("a table starts with more than {GROWTH_ENTRIES_MAX} entries that are not null");
            return Err(Error::limit(message).in_module(linked.main().module.name));
        }
        tables.push(Table { element: ty.element, index64: ty.index64, initial, limit, fill, entries, storage });
    }
    Ok(tables)
}
