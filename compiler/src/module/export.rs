//! Lists of what a module exports, for messages.

use super::definition::Module;
use super::item::ExportItem;
use crate::quote::quoted;

/// Exports that are listed; of more there is only the number.
const EXPORTS_SHOWN: usize = 12;

/// Lists the functions that a module exports, the first ones if there are many; `None` if there are none.
pub fn exported_functions(module: &Module<'_>) -> Option<String> {
    exported_functions_where(module, |_| true)
}

/// Lists likewise those whose index `is_meant` says yes to.
pub fn exported_functions_where(module: &Module<'_>, is_meant: impl Fn(u32) -> bool) -> Option<String> {
    let is_meant = |item: &ExportItem| matches!(item, ExportItem::Function(index) if is_meant(*index));
    let functions = module.exports.iter().filter(|(_, item)| is_meant(item));
    let names: Vec<String> = functions.clone().take(EXPORTS_SHOWN).map(|(name, _)| quoted(name)).collect();
    match functions.count() {
        0 => None,
        count if count > EXPORTS_SHOWN => Some(format!("{} and {} more", names.join(", "), count - EXPORTS_SHOWN)),
        _ => Some(names.join(", ")),
    }
}
