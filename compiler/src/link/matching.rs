//! Whether what is exported fits what is imported (section "Import Matching" of the specification's chapter on
//! validation). All types have the program's numbers of types.

use crate::types::{GlobalType, Limits, MemoryType, TableType};

/// How something fits, or why it does not.
pub type Fit = Result<Match, String>;

/// How something fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// In any case.
    Always,
    /// If the exporter has grown enough when the importer is activated.
    IfGrown,
}

/// Says that types do not fit.
pub fn incompatible(what: &str) -> String {
    format!("{what} (incompatible import type)")
}

/// Compares two types that have to be the same.
pub fn match_same<T: PartialEq>(found: T, wanted: T, what: &str) -> Fit {
    if found == wanted { Ok(Match::Always) } else { Err(incompatible(&format!("{what} type is another one"))) }
}

/// Compares the types of tables.
pub fn match_table(found: TableType, wanted: TableType) -> Fit {
    if found.element != wanted.element {
        return Err(incompatible("the table holds something else"));
    }
    match_index(found.index64, wanted.index64)?;
    match_limits(found.limits, wanted.limits)
}

/// Compares the types of memories.
pub fn match_memory(found: MemoryType, wanted: MemoryType) -> Fit {
    match_index(found.index64, wanted.index64)?;
    if found.shared != wanted.shared {
        return Err(incompatible("only one of the two is shared"));
    }
    match_limits(found.limits, wanted.limits)
}

/// Compares the types of globals.
pub fn match_global(found: GlobalType, wanted: GlobalType) -> Fit {
    let fits = if wanted.mutable { found.value == wanted.value } else { found.value.matches(wanted.value) };
    match_same((fits, found.mutable), (true, wanted.mutable), "the global's")
}

fn match_index(found: bool, wanted: bool) -> Fit {
    if found == wanted { Ok(Match::Always) } else { Err(incompatible("its indices have another width")) }
}

fn match_limits(found: Limits, wanted: Limits) -> Fit {
    if let Some(maximum) = wanted.maximum
        && found.maximum.is_none_or(|found| found > maximum)
    {
        return Err(incompatible("it may grow beyond what is allowed here"));
    }
    if found.initial >= wanted.initial {
        Ok(Match::Always)
    } else if found.maximum.is_none_or(|found| found >= wanted.initial) {
        Ok(Match::IfGrown)
    } else {
        Err(incompatible("it is smaller than what is needed here"))
    }
}
