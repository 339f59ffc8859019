//! Whether a module says itself what is to be called, and what to do about one that does not.

use super::emscripten::{is_emscripten, main_names};
use crate::module::{ExportItem, Module, exported_functions};
use crate::options::{Entry, Options};

/// The entry of a command.
pub const START: &str = "_start";

/// Whether a module says itself what is to be called.
pub fn is_command(module: &Module<'_>) -> bool {
    let exports = |name: &str| matches!(module.export(name), Some(ExportItem::Function(_)));
    module.start.is_some() || exports(START) || is_emscripten(module) && main_names(module).any(exports)
}

/// What to do about a module that does not say itself what is to be called.
pub fn name_a_function(module: &Module<'_>) -> String {
    match exported_functions(module) {
        Some(names) => format!(
            "name the function to call with --invoke, or with --reactor if it returns an exit status; it exports: {names}"
        ),
        None => "a program has a function `_start`, a start function, or functions to call; this module exports none, so it may \
                 be a library for another one, which has to be given first"
            .to_owned(),
    }
}

/// What has to be said besides to have the main module called, for one that is no command; `None` if nothing is left to say.
pub fn how_to_enter(main: &Module<'_>, options: &Options) -> Option<String> {
    (options.entry == Entry::Command && !is_command(main)).then(|| name_a_function(main))
}
