//! Links instances: who supplies each import, in which order instances are activated, which numbers all items have, and
//! whether the types fit. Everything that cannot be linked is refused here.

mod command;
mod constant;
mod emscripten;
mod linked;
mod matching;
mod number;
mod order;
mod platform;
mod refusal;
mod resolve;
mod supply;
mod users;

pub use command::{START, is_command, name_a_function};
pub use constant::Constant;
pub use emscripten::main_names;
pub use linked::{Check, Function, FunctionKind, Global, Instance, Linked, Tag, interface_memory};
pub use platform::Platform;

use crate::error::Result;
use crate::module::Module;
use crate::options::Options;

/// Links modules; the first is the main one.
///
/// # Errors
/// If an import is not supplied, or by something else than is wanted; if modules import from each other; if a table or
/// memory is larger than it can be.
pub fn link<'a>(modules: Vec<Module<'a>>, options: &Options) -> Result<Linked<'a>> {
    // Of a version that is not known, much else would be said.
    let main = &modules[0];
    let family = if emscripten::is_emscripten(main) { Some(emscripten::family(main)?) } else { None };
    let supply = supply::Supply::of(&modules, options.interfaces)?;
    refusal::check_unknown_imports(&modules, &supply, options)?;
    let order = order::activation_order(&modules, &supply)?;
    let numbers = number::Numbers::give(&modules, &supply, &order);
    Ok(Linked { emscripten: family, ..resolve::resolve(modules, &supply, &order, numbers, options.interfaces)? })
}
