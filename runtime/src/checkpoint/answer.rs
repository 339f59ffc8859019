//! What a guest reads from the reserved file: the arguments and the environment of the process, as JSON (RFC 8259). Bytes
//! that are not UTF-8 are written as lone surrogates from U+DC80 to U+DCFF, as Python has them (PEP 383). A guest that wants
//! a path for a bare name finds it behind them.

use crate::process::lock::Lock;
use crate::process::phase;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

static ANSWER: Lock<Option<&'static [u8]>> = Lock::new(None);

/// The answer of this process, which `make` makes once. Nothing while a checkpoint is made: there is no process yet that it
/// could be about.
pub fn answer(make: impl FnOnce() -> Vec<u8>) -> &'static [u8] {
    if phase::is_making() {
        return &[];
    }
    ANSWER.with(|answer| *answer.get_or_insert_with(|| make().leak()))
}

/// The object, from the arguments and the environment of the guest, and a path for a bare name.
pub fn json<'a>(
    arguments: impl Iterator<Item = &'a [u8]>,
    environment: impl Iterator<Item = &'a [u8]>,
    path: Option<Vec<u8>>,
) -> Vec<u8> {
    let mut text = b"{\"arguments\": [".to_vec();
    for (index, argument) in arguments.enumerate() {
        separate(&mut text, index);
        string(&mut text, argument);
    }
    text.extend_from_slice(b"], \"environment\": {");
    let mut names = BTreeSet::new();
    for (name, value) in environment.filter_map(split) {
        // Of several with one name, the first is what `getenv` finds.
        if !names.insert(name) {
            continue;
        }
        separate(&mut text, names.len() - 1);
        string(&mut text, name);
        text.extend_from_slice(b": ");
        string(&mut text, value);
    }
    text.push(b'}');
    if let Some(path) = path {
        text.extend_from_slice(b", \"executable\": ");
        string(&mut text, &path);
    }
    text.extend_from_slice(b"}\n");
    text
}

fn separate(text: &mut Vec<u8>, index: usize) {
    if index > 0 {
        text.extend_from_slice(b", ");
    }
}

/// Name and value of a variable. A text without `=` is none.
fn split(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let middle = text.iter().position(|&byte| byte == b'=')?;
    Some((&text[..middle], &text[middle + 1..]))
}

/// Appends a string in quotes.
fn string(text: &mut Vec<u8>, bytes: &[u8]) {
    text.push(b'"');
    for chunk in bytes.utf8_chunks() {
        for byte in chunk.valid().bytes() {
            match byte {
                b'"' | b'\\' => text.extend_from_slice(&[b'\\', byte]),
                0..0x20 | 0x7f => escape(text, u16::from(byte)),
                _ => text.push(byte),
            }
        }
        for &byte in chunk.invalid() {
            escape(text, 0xdc00 + u16::from(byte));
        }
    }
    text.push(b'"');
}

fn escape(text: &mut Vec<u8>, unit: u16) {
    text.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        text.push(b"0123456789abcdef"[usize::from(unit >> shift & 15)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_and_variables_are_written() {
        let arguments: [&[u8]; 4] = [b"a\"\\\n", "\u{e9}\u{1f40d}".as_bytes(), b"\xff\xc3", b""];
        let environment: [&[u8]; 5] = [b"A=1", b"nothing", b"B=x=y", b"A=2", b"=z"];
        let text = json(arguments.into_iter(), environment.into_iter(), None);
        let expected = concat!(
            r#"{"arguments": ["a\"\\\u000a", ""#,
            "\u{e9}\u{1f40d}",
            r#"", "\udcff\udcc3", ""], "environment": {"A": "1", "B": "x=y", "": "z"}}"#,
            "\n"
        );
        assert_eq!(core::str::from_utf8(&text), Ok(expected));
        let nothing = json([].into_iter(), [].into_iter(), Some(b"/b\"in".to_vec()));
        assert_eq!(nothing, b"{\"arguments\": [], \"environment\": {}, \"executable\": \"/b\\\"in\"}\n");
    }
}
