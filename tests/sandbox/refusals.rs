//! Proposals that are not supported: one error with the proposal's name and the place.

use adder_compiler::{Entry, Error, Input, Options, Unobserved};
use adder_tests::text::assemble;

fn refusal(bytes: &[u8]) -> Error {
    let options = Options { entry: Entry::Library, ..Options::default() };
    let input = Input { name: "main.wasm", bytes };
    let compiled = adder_compiler::compile(&[input], &options, &Unobserved);
    compiled.map(|output| output.report).expect_err("the module needs an unsupported proposal")
}

/// Bodies of a function `$odd` with index 1, and what the error has to name.
const IN_FUNCTIONS: &[(&str, &str)] = &[
    ("shared-everything threads", "(drop (global.atomic.get seqcst $shared))"),
    ("garbage collection", "(drop (ref.i31 (i32.const 1)))"),
    ("wide arithmetic", "(i64.mul_wide_s (i64.const 1) (i64.const 2)) drop drop"),
];

#[test]
fn an_unsupported_operator_is_named_with_its_place() {
    for (proposal, body) in IN_FUNCTIONS.iter().copied() {
        let bytes = assemble(&format!(
            "(module (type $type (func)) (memory 1) (global $shared i32 (i32.const 0)) (elem declare func $even)
               (func $even (type $type)) (func $odd {body}))"
        ));
        let error = refusal(&bytes);
        let text = error.to_string();
        assert!(error.message.to_lowercase().contains(&proposal.to_lowercase()), "{proposal}: {text}");
        assert!(text.starts_with("main.wasm: "), "{text}");
        assert!(!text.contains('\n'), "one line: {text}");
        assert_eq!(error.function, Some((1, Some("odd".to_owned()))), "{text}");
        let offset = error.offset.unwrap_or_else(|| panic!("no offset: {text}"));
        assert!(offset >= 8 && offset < bytes.len() as u64, "{text}");
    }
}

#[test]
fn an_unsupported_declaration_is_named_with_its_place() {
    let cases = [
        ("shared-everything threads", "(module (global (shared mut i32) (i32.const 0)))"),
        ("garbage collection", "(module (type (struct (field i32))))"),
        ("garbage collection", "(module (rec (type $a (func (param (ref $b)))) (type $b (func (param (ref $a))))))"),
        ("garbage collection", "(module (func (param anyref)))"),
        ("custom page sizes", "(module (memory 1 (pagesize 1)))"),
    ];
    for (proposal, text) in cases {
        let bytes = assemble(text);
        let error = refusal(&bytes);
        assert!(error.message.to_lowercase().contains(&proposal.to_lowercase()), "{text}: {error}");
        assert!(error.offset.is_some_and(|offset| offset >= 8 && offset <= bytes.len() as u64), "{text}: {error}");
    }
}

#[test]
fn a_component_is_called_a_component() {
    let error = refusal(b"\0asm\x0d\0\x01\0");
    assert!(error.message.contains("component"), "{error}");
    assert!(error.hint.is_some(), "{error}");
}

#[test]
fn an_invalid_function_is_named() {
    let mut bytes = assemble("(module (func $first) (func $second (result i32) (i32.const 7)))");
    // The constant becomes a `nop` and its operand an `unreachable`'s neighbour: the result is missing.
    let position = bytes.windows(3).rposition(|window| window == [0x41, 7, 0x0b]).expect("the constant is there");
    bytes[position] = 0x01;
    bytes[position + 1] = 0x01;
    let error = refusal(&bytes);
    assert_eq!(error.function, Some((1, Some("second".to_owned()))), "{error}");
    assert!(error.offset.is_some(), "{error}");
}

#[test]
fn all_unknown_imports_are_listed_at_once() {
    let bytes = assemble(
        "(module (import \"env\" \"one\" (func)) (import \"env\" \"two\" (func (param i32)))
           (import \"other\" \"three\" (global i32)))",
    );
    let error = refusal(&bytes);
    let text = format!("{error} {}", error.hint.clone().unwrap_or_default());
    for name in ["one", "two", "three"] {
        assert!(text.contains(name), "{text}");
    }
    assert!(error.hint.is_some(), "{error}");
}
