//! Names in modules that others made: they reach the terminal only as something harmless.

mod common;

use adder::note::Note;
use common::Workshop;

/// What a hostile module may call things: it clears the screen, forges a line and reorders what follows.
const HOSTILE: &str = "x\u{1b}[2J\r\ngranted: nothing\u{9b}2J\u{202e}";
const HOSTILE_SHOWN: &str = "x\\u{1b}[2J\\r\\ngranted: nothing\\u{9b}2J\\u{202e}";

/// `HOSTILE` in the text format.
fn hostile() -> String {
    HOSTILE.bytes().map(|byte| format!("\\{byte:02x}")).collect()
}

fn assert_harmless(text: &str) {
    let obeyed = |character: char| character != '\n' && (character.is_control() || character == '\u{202e}');
    assert!(!text.contains(obeyed), "{text:?}");
    assert!(!text.lines().any(|line| line.starts_with("granted: nothing\\")), "{text:?}");
}

#[test]
fn names_in_a_module_do_not_reach_the_terminal_raw() {
    let workshop = Workshop::new();
    let name = hostile();
    let long = "y".repeat(100_000);
    workshop.module(
        "in.wasm",
        &format!(
            r#"(module (import "{name}" "first" (func)) (import "m" "{name}" (func)) (import "m" "{long}" (func))
                (func (export "{name}")))"#
        ),
    );
    let missing = ["build", "in.wasm", "-o", "out", "--invoke", HOSTILE, "-v", "--time", "--allow-missing"];
    let outcome = workshop.adder(&missing);
    assert_eq!(outcome.status, 0, "{outcome:?}");
    assert_harmless(&outcome.stderr);
    assert!(outcome.stderr.contains("warning: nobody supplies \"m\".\"x\\u{1b}"), "{}", outcome.stderr);

    let text = workshop.adder(&["inspect", "out"]).stdout;
    assert_harmless(&text);
    assert!(text.lines().any(|line| line == format!("entry: \"{HOSTILE_SHOWN}\"")), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("granted: ")).count(), 1, "{text}");
    assert!(text.len() < 10_000, "{} bytes", text.len());

    let json = workshop.adder(&["inspect", "--json", "out"]).stdout;
    assert_harmless(&json);
    let note: Note = serde_json::from_str(&json).expect("JSON");
    assert_eq!(note.entry, HOSTILE);
    assert!(note.missing_imports.contains(&format!("m.{long}")));
}

#[test]
fn an_error_in_a_function_with_a_hostile_name_is_harmless() {
    let workshop = Workshop::new();
    let name = hostile();
    // Invalid: the function leaves nothing on the stack.
    let function = format!(r#"(func $f (@name "{name}") (result i32))"#);
    workshop.module("in.wasm", &format!(r#"(module {function} (func (export "_start")))"#));
    let outcome = workshop.adder(&["build", "in.wasm", "-o", "out"]);
    assert_eq!(outcome.status, 1, "{outcome:?}");
    assert_harmless(&outcome.stderr);
    assert!(
        outcome.stderr.starts_with(&format!("error: in.wasm: function 0 \"{HOSTILE_SHOWN}\": ")),
        "{}",
        outcome.stderr
    );

    workshop.module("in.wasm", &format!(r#"(module (import "m" "{name}" (func)) (func (export "_start")))"#));
    let outcome = workshop.adder(&["build", "in.wasm", "-o", "out"]);
    assert_eq!(outcome.status, 1, "{outcome:?}");
    assert_harmless(&outcome.stderr);
    assert!(!outcome.stderr.lines().any(|line| line.starts_with("granted")), "{}", outcome.stderr);
}
