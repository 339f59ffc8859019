//! Decides for every global where it lives.

use crate::id::GlobalId;
use crate::link::{Constant, Linked};
use crate::options::Options;
use crate::overrides::GlobalPlacement;
use crate::plan::fact::Facts;
use crate::types::GlobalType;

/// A global of the program.
#[derive(Clone, Debug)]
pub struct Global {
    /// Its type; types inside of it have the program's numbers.
    pub ty: GlobalType,
    /// What it starts as.
    pub initial: Constant,
    /// Where it lives.
    pub class: GlobalClass,
}

/// Where a global lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalClass {
    /// Nowhere: it never changes, its value is in the code.
    Constant,
    /// In the image, behind a symbol.
    LinkSymbol,
    /// In the thread state: one for each thread.
    ThreadRelative,
    /// Behind a pointer that is filled in at run time: a global of another, dynamically linked program.
    Cell,
}

/// Decides where globals live.
pub fn plan_globals(linked: &Linked<'_>, facts: &Facts, has_threads: bool, options: &Options) -> Vec<Global> {
    let globals = linked.globals.iter().enumerate().map(|(index, global)| {
        let is_set = facts.globals_set.contains(&GlobalId(index as u32));
        let class = match options.overrides.globals {
            _ if !is_set => GlobalClass::Constant,
            None if has_threads => GlobalClass::ThreadRelative,
            None => GlobalClass::LinkSymbol,
            Some(GlobalPlacement::Cell) => GlobalClass::Cell,
            Some(GlobalPlacement::ThreadRelative) => GlobalClass::ThreadRelative,
        };
        Global { ty: global.ty, initial: global.initial, class }
    });
    globals.collect()
}
