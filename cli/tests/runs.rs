//! `adder run`: builds a program once, and becomes it.

mod common;

use common::programs::{ADD, SIGNALS, assert_runs, hello, with_signals};
use common::{ADDER, Workshop};
use std::fs;
use std::io::Read;
use std::process::Stdio;

#[test]
fn run_builds_once_and_becomes_the_program() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("ran", 5));
    assert_runs(&workshop.adder(&["run", "hello.wasm"]), 5, "ran");
    assert_eq!(workshop.names(), ["hello.wasm"], "the executable is in the cache");
    let outcome = workshop.adder(&["run", "-v", "hello.wasm"]);
    assert_runs(&outcome, 5, "ran");
    assert!(outcome.stderr.starts_with("cached: "), "{}", outcome.stderr);
    // Another input, another option: another executable.
    assert!(!workshop.adder(&["run", "-v", "-O", "0", "hello.wasm"]).stderr.contains("cached: "));
    workshop.module("hello.wasm", &hello("new", 6));
    assert_runs(&workshop.adder(&["run", "hello.wasm"]), 6, "new");

    workshop.module("add.wasm", ADD);
    assert_runs(&workshop.adder(&["run", "add.wasm", "--invoke", "add", "--", "40", "2"]), 0, "42\n");
}

#[test]
fn run_links_modules_as_build_does() {
    let workshop = Workshop::new();
    workshop.module(
        "main.wasm",
        r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (import "library" "status" (func $status (result i32)))
            (memory (export "memory") 1) (func (export "_start") (call $exit (call $status))))"#,
    );
    workshop.module("library.wasm", r#"(module (func (export "status") (result i32) (i32.const 9)))"#);
    let outcome = workshop.adder(&["run", "main.wasm"]);
    assert_eq!(outcome.status, 1, "{outcome:?}");
    assert!(outcome.stderr.contains("give the module that exports it as a further input"), "{}", outcome.stderr);
    assert_runs(&workshop.adder(&["run", "main.wasm", "library.wasm"]), 9, "");
    // What was meant for the program.
    for argument in ["input.txt", "main.txt"] {
        workshop.file("main.txt", "text");
        let outcome = workshop.adder(&["run", "main.wasm", argument]);
        let expected = format!(
            "error: {argument} is no module to link with main.wasm\nhint: arguments of the program stand behind --, as in adder run \
             main.wasm -- {argument}\n"
        );
        assert_eq!((outcome.status, outcome.stderr), (2, expected));
    }
}

#[test]
fn a_program_that_run_becomes_finds_signals_as_adder_did() {
    let workshop = Workshop::new();
    // Sleeps for ever: poll_oneoff with one clock subscription of 2^62 ns.
    workshop.module(
        "sleep.wasm",
        r#"(module
            (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 512) "\10\02\00\00\01\00\00\00") (data (i32.const 528) "r")
            (func (export "_start")
                (drop (call $write (i32.const 1) (i32.const 512) (i32.const 1) (i32.const 256)))
                (i32.store (i32.const 16) (i32.const 1))
                (i64.store (i32.const 24) (i64.const 0x4000000000000000))
                (drop (call $poll (i32.const 0) (i32.const 128) (i32.const 1) (i32.const 256)))))"#,
    );
    for ignored in [false, true] {
        let mut adder = workshop.command(ADDER);
        with_signals(adder.args(["run", "sleep.wasm"]), ignored);
        let mut child = adder.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut said = [0];
        child.stdout.take().expect("a pipe").read_exact(&mut said).expect("it runs");
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it is there");
        child.kill().expect("it can be ended");
        child.wait().expect("it ended");
        let mask = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a mask");
            u64::from_str_radix(line.trim(), 16).expect("hexadecimal")
        };
        for signal in SIGNALS {
            let bit = 1_u64 << (signal - 1);
            // The runtime itself ignores SIGXFSZ.
            let ignored = ignored || signal == libc::SIGXFSZ;
            assert_eq!(mask("SigIgn:") & bit != 0, ignored, "{signal}: {status}");
            assert_eq!(mask("SigBlk:") & bit, 0, "{signal}: {status}");
        }
    }
}
