//! Names of a module in messages. A name is whatever its author likes: empty, with spaces and commas, with control sequences
//! of terminals. In quotes it is one name, and cannot be taken for anything else that the message says.

/// Characters of a name that are shown.
const CHARACTERS_MAX: usize = 300;

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
