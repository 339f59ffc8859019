//! Text that others wrote, on its way to the terminal. Names in a module are whatever its author likes, terminal control
//! sequences and line breaks included; printed raw they could forge what adder says.
//!
//! Escaped is what cannot be seen: control characters, and characters that reorder or hide others (bidirectional
//! controls, zero-width characters, line separators). They become `\n` or `\u{1b}`, as in Rust.

use std::borrow::Cow;

/// The most characters of a name that are shown.
const NAME_CHARACTERS_MAX: usize = 300;

/// One line of text, at any length.
pub fn line(text: &str) -> Cow<'_, str> {
    escape(text, |_| false)
}

/// Text of several lines: line breaks and tabs stay.
pub fn lines(text: &str) -> Cow<'_, str> {
    escape(text, |character| matches!(character, '\n' | '\t'))
}

/// A name in one line, cut where it gets too long.
pub fn name(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(NAME_CHARACTERS_MAX) {
        Some((end, _)) => Cow::Owned(format!("{}...", line(&text[..end]))),
        None => line(text),
    }
}

/// A name in a list of names that spaces separate: in quotes where it could be taken for several, or for nothing.
pub fn name_in_list(text: &str) -> Cow<'_, str> {
    if text.is_empty() || text.contains(|character: char| character.is_whitespace() || character == '"') {
        // Before the other characters get their backslashes.
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        return Cow::Owned(format!("\"{}\"", name(&escaped)));
    }
    name(text)
}

/// A word of a command that is shown for a shell: in quotes where it would be several, or something else. Whatever a terminal or a
/// reader of lines would obey is replaced, which makes it another word.
pub fn shell_word(text: &str) -> String {
    let text = line(text);
    let is_plain = |character: char| character.is_alphanumeric() || "/._-+=:,@%".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// JSON text. A serializer leaves characters as they are that a terminal obeys (U+009B begins a control sequence); as
/// `\u009b` they mean the same.
pub fn json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '\n' || is_printable(character) {
            escaped.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}

fn escape(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let stays = |character| stays(character) || is_printable(character);
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if stays(character) {
            escaped.push(character);
        } else {
            escaped.extend(character.escape_debug());
        }
    }
    Cow::Owned(escaped)
}

fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    // A combining mark is escaped only where it has nothing to combine with, so it is asked about after a letter.
    let mut text = [b'a'; 5];
    let length = 1 + character.encode_utf8(&mut text[1..]).len();
    std::str::from_utf8(&text[..length]).is_ok_and(|text| text.escape_debug().eq(text.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        for (text, expected) in [
            ("plain 'text', \"quoted\" \\", "plain 'text', \"quoted\" \\"),
            ("\x1b[2J\x07\x7f\0", "\\u{1b}[2J\\u{7}\\u{7f}\\0"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{202e}gnp.exe\u{2066}\u{200f}\u{61c}", "\\u{202e}gnp.exe\\u{2066}\\u{200f}\\u{61c}"),
            ("\u{2028}\u{200b}\u{feff}\u{e0041}", "\\u{2028}\\u{200b}\\u{feff}\\u{e0041}"),
            ("größe e\u{301} 名前 🐍", "größe e\u{301} 名前 🐍"),
        ] {
            assert_eq!(line(text), expected);
            assert_eq!(name(text), expected);
        }
        assert_eq!(lines("a\n\tb\r\x1b"), "a\n\tb\\r\\u{1b}");
    }

    #[test]
    fn long_names_are_cut_and_other_text_is_not() {
        let long = "é".repeat(NAME_CHARACTERS_MAX + 1);
        assert_eq!(name(&long), format!("{}...", "é".repeat(NAME_CHARACTERS_MAX)));
        assert_eq!(name(&long[2..]), long[2..]);
        assert_eq!(line(&long), long);
    }

    #[test]
    fn a_name_in_a_list_is_one_name() {
        assert_eq!(name_in_list("wasi:io/streams@0.2.0"), "wasi:io/streams@0.2.0");
        assert_eq!(name_in_list("f; env: g"), "\"f; env: g\"");
        assert_eq!(name_in_list("\" \\"), "\"\\\" \\\\\"");
        assert_eq!(name_in_list("a b\n"), "\"a b\\n\"");
        assert_eq!(name_in_list(""), "\"\"");
    }

    #[test]
    fn json_means_the_same() {
        let text = "\u{9b}31m \u{202e} \u{e0041} \x7f 🐍";
        let escaped = json(&serde_json::to_string(text).expect("JSON"));
        assert_eq!(escaped, "\"\\u009b31m \\u202e \\udb40\\udc41 \\u007f 🐍\"");
        assert_eq!(serde_json::from_str::<String>(&escaped).expect("JSON"), text);
    }
}
