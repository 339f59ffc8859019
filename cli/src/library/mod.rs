//! What lies beside a library: a C header of its functions, and a Python module that calls them.

mod archive;
mod header;
mod python;

pub use archive::hidden;
pub use header::{COMMON, header};
pub use python::{is_keyword, python};

use adder_compiler::{CFunction, CFunctionKind, CType, Interface};

/// What the first line of each file written here contains.
pub const MARK: &str = ", compiled by adder ";

/// Makes what the functions of a library begin with from the name of its module: a name in C.
pub fn prefix(module: &str) -> String {
    let plain = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
    let plain: String = module.chars().map(plain).collect();
    if plain.starts_with(|first: char| first.is_ascii_alphabetic()) { plain } else { format!("module_{plain}") }
}

/// A name of the module in a comment or a text: without what would end it, or what a terminal obeys.
fn shown(name: &str) -> String {
    let plain = |character: char| match character {
        '"' | '\\' | '*' | '?' => '_',
        character if character.is_ascii_graphic() || character == ' ' => character,
        _ => '_',
    };
    name.chars().take(100).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_names_in_c() {
        for (module, wanted) in [("line", "line"), ("my-lib.v2", "my_lib_v2"), ("2d", "module_2d"), ("", "module_")] {
            assert_eq!(prefix(module), wanted);
        }
    }

    #[test]
    fn names_of_modules_end_no_comment() {
        assert_eq!(shown("a*/b\"\"\"c\\\n\u{202e}"), "a_/b___c___");
    }
}
