//! Names of a module in messages. A name is whatever its author likes: empty, with spaces and commas, with control sequences
//! of terminals. In quotes it is one name, and cannot be taken for anything else that the message says.

use crate::module::{ExportItem, Import, Module};

/// Characters of a name that are shown.
const CHARACTERS_MAX: usize = 300;

/// Exports that are listed; of more there is only the number.
const EXPORTS_SHOWN: usize = 12;

/// Puts a name into quotes, in one line: what cannot be seen is escaped as in Rust, and a very long name is cut.
pub fn quoted(name: &str) -> String {
    match name.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{:?}...", &name[..end]),
        None => format!("{name:?}"),
    }
}

/// Names an import by the module that it comes from and its name there: `"env"."abort"`.
pub fn quoted_import(module: &str, name: &str) -> String {
    format!("{}.{}", quoted(module), quoted(name))
}

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

impl Import<'_> {
    /// Names it in a message.
    pub fn quoted(&self) -> String {
        quoted_import(self.module, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_name_whatever_is_in_it() {
        for (name, expected) in [
            ("run", r#""run""#),
            ("", r#""""#),
            ("a, b", r#""a, b""#),
            ("say \"hi\" \\", r#""say \"hi\" \\""#),
            ("\n\x1b[2J\u{202e}\u{200b}", r#""\n\u{1b}[2J\u{202e}\u{200b}""#),
            ("größe 名前", r#""größe 名前""#),
        ] {
            assert_eq!(quoted(name), expected);
        }
        assert_eq!(quoted_import("./x_bg.js", ""), "\"./x_bg.js\".\"\"");
        let long = "é".repeat(CHARACTERS_MAX + 1);
        assert_eq!(quoted(&long), format!("\"{}\"...", "é".repeat(CHARACTERS_MAX)));
    }
}
