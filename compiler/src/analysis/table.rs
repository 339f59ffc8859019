//! Decides where tables live.
//!
//! There is one layout of entries (8 bytes: a function reference, or an external reference). A table that code never
//! grows lies in the image at its full size, read-only if nothing changes it; every other table is a region that the
//! runtime reserves. Where there are threads, a table that code changes is such a region too, one for each thread.

use super::fact::ProgramFacts;
use super::{Constant, Program, TableStorage};
use crate::error::{Error, Result};
use crate::id::TableId;

/// Entries that all tables in the image have together, at most. What is beyond, which may be hostile, costs only address
/// space.
pub const IMAGE_ENTRIES_MAX: u64 = 1 << 20;

/// Entries that a table can always grow to, if its own maximum allows.
pub const GROWTH_ENTRIES_MAX: u64 = 10_000_000;

/// Decides where tables live and how large they may become.
pub fn plan_tables(program: &mut Program<'_>, facts: &ProgramFacts) -> Result<()> {
    let mut room = IMAGE_ENTRIES_MAX;
    let main = program.instance(program.main).module.name.to_owned();
    for (index, table) in program.tables.iter_mut().enumerate() {
        let id = TableId(index as u32);
        let grown = facts.tables_grown.contains(&id);
        let private = program.has_threads && facts.changes_table(id);
        if !grown {
            table.limit = table.initial;
        }
        if grown || private || table.initial > room {
            table.storage = TableStorage::Cell;
            table.limit = table.limit.min(GROWTH_ENTRIES_MAX.max(table.initial));
        } else {
            table.storage = TableStorage::LinkSymbol { writable: facts.tables_written.contains(&id) };
            room -= table.initial;
        }
        let filled = table.storage == TableStorage::Cell && table.fill != Constant::Null;
        if filled && table.initial > GROWTH_ENTRIES_MAX {
            let message = format!("a table starts with more than {GROWTH_ENTRIES_MAX} entries that are not null");
            return Err(Error::new(message).in_module(&main));
        }
    }
    Ok(())
}
