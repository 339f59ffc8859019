//! Executables of reactors: what is called, with what status they end, and who answers `host.call`.

mod common;

use common::{Outcome, Workshop, wrote};

/// Keeps in memory that it was initialised and returns 40 more than that, plus its number of arguments.
const REACTOR: &str = r#"(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_initialize") (i32.store (i32.const 0) (i32.const 40)))
    (func (export "run") (result i32)
        (drop (call $sizes (i32.const 8) (i32.const 12)))
        (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 8))))
    (func (export "quiet"))
    (func (export "loud") (result i32) unreachable)
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))"#;

fn build(workshop: &Workshop, arguments: &[&str]) -> Outcome {
    let mut outcome = workshop.adder(&[&["build", "reactor.wasm", "-o", "out"], arguments].concat());
    if outcome.status == 0 {
        let said = outcome.stderr.strip_suffix(&wrote(&workshop.work().join("out")));
        outcome.stderr = said.expect("what was written is said last").to_owned();
    }
    outcome
}

fn assert_silent(outcome: &Outcome, status: i32) {
    assert_eq!((outcome.status, outcome.stdout.as_str(), outcome.stderr.as_str()), (status, "", ""));
}

#[test]
fn what_it_returns_is_the_status() {
    let workshop = Workshop::new();
    workshop.module("reactor.wasm", REACTOR);
    assert_silent(&build(&workshop, &["--reactor", "run"]), 0);
    assert_silent(&workshop.run("./out", &[]), 41);
    assert_silent(&workshop.run("./out", &["not a number", "--option"]), 43);
    // As for every process, of a status only the low 8 bits remain.
    assert_silent(&workshop.run("./out", &["x"; 215 + 256]), 0);
    let note = workshop.adder(&["inspect", "out"]).stdout;
    assert!(note.contains("\nentry: run\n"), "{note}");

    assert_silent(&build(&workshop, &["--reactor", "quiet"]), 0);
    assert_silent(&workshop.run("./out", &["x"]), 0);

    assert_silent(&build(&workshop, &["--reactor", "loud"]), 0);
    let outcome = workshop.run("./out", &[]);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (134, ""));
    assert!(outcome.stderr.starts_with("adder: trap: unreachable\n"), "{}", outcome.stderr);
}

#[test]
fn what_cannot_be_one_is_refused() {
    let workshop = Workshop::new();
    workshop.module("reactor.wasm", REACTOR);
    for (arguments, status, message) in [
        (&["--reactor", "add"][..], 1, "has parameters, or results other than one i32"),
        (&["--reactor", "memory"], 1, "exports no function \"memory\""),
        (&["--reactor", "run", "--invoke", "run"], 2, "cannot be used with"),
        (&["--invoke", "add", "--argument", "1"], 2, "cannot be used with"),
        (&[], 1, "with --reactor if it returns an exit status"),
    ] {
        let outcome = build(&workshop, arguments);
        assert_eq!(outcome.status, status, "{arguments:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(message), "{arguments:?}: {}", outcome.stderr);
    }
}

#[test]
fn arguments_of_the_build_come_first() {
    let workshop = Workshop::new();
    // Prints its arguments, each with its NUL.
    workshop.module(
        "reactor.wasm",
        r#"(module
        (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "args_get" (func $get (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "run") (result i32)
            (drop (call $sizes (i32.const 0) (i32.const 12)))
            (drop (call $get (i32.const 1024) (i32.const 4096)))
            (i32.store (i32.const 8) (i32.const 4096))
            (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))
            (i32.load (i32.const 0))))"#,
    );
    assert_silent(&build(&workshop, &["--reactor", "run", "--argument", "-c", "--argument", "a ü"]), 0);
    let outcome = workshop.run("./out", &["-d", ""]);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (5, "./out\0-c\0a ü\0-d\0\0"));
    let note = workshop.adder(&["inspect", "out"]).stdout;
    assert!(note.contains("\narguments: -c a ü\n"), "{note}");
}

#[test]
fn nobody_answers_host_call() {
    let workshop = Workshop::new();
    workshop.module(
        "reactor.wasm",
        r#"(module (import "host" "call" (func $call (param i32 i32 i32 i32) (result i32)))
        (memory 1)
        (func (export "run") (result i32)
            ;; The answer, if it wrote none to memory, even where the addresses are bad.
            (i32.add (i32.add (call $call (i32.const 0) (i32.const 4) (i32.const 8) (i32.const 12)) (i32.load (i32.const 8)))
                     (call $call (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1)))))"#,
    );
    assert_silent(&build(&workshop, &["--reactor", "run"]), 0);
    assert_silent(&workshop.run("./out", &[]), 254);
    let note = workshop.adder(&["inspect", "out"]).stdout;
    assert!(note.contains("\nimports: host: call\n"), "{note}");

    // Under the same name somebody else may have meant something else.
    workshop.module(
        "reactor.wasm",
        r#"(module (import "host" "call" (func $call (param i64))) (func (export "run") (call $call (i64.const 1))))"#,
    );
    let outcome = build(&workshop, &["--reactor", "run"]);
    assert_eq!(outcome.status, 1);
    assert!(outcome.stderr.contains(r#""host"."call": nobody supplies it (unknown import)"#), "{}", outcome.stderr);
    assert_eq!(build(&workshop, &["--reactor", "run", "--allow-missing"]).status, 0);
    let outcome = workshop.run("./out", &[]);
    assert!(outcome.stderr.starts_with("adder: trap: call of a missing import: host.call"), "{}", outcome.stderr);
    assert_eq!(outcome.status, 134);

    // A module of that name has precedence.
    workshop.module(
        "host.wasm",
        r#"(module (func (export "call") (param i64)) (func (export "other") (result i32) (i32.const 9)))"#,
    );
    assert_silent(&build(&workshop, &["host.wasm", "--reactor", "run"]), 0);
    assert_silent(&workshop.run("./out", &[]), 0);
}
