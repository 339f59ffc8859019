//! Calls back into the guest while it waits for a host function: the runtime calls the guest's own `chdir` when the guest
//! first asks for its arguments.

use adder::configuration::{Configuration, Grant};

use crate::program::{Program, Settings};
use adder_tests::outcome::Outcome;

/// Runs a module whose `chdir` does `body`, started in `/tmp` with access to everything.
fn run(body: &str) -> Outcome {
    let text = format!(
        r#"(module
            (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (global $__stack_pointer (mut i32) (i32.const 60000))
            (global $seen (mut i32) (i32.const 0))
            (func $chdir (param $path i32) (result i32) {body} (i32.const 0))
            (func $asks (param i32) (result i32)
                ;; As every function of a C compiler that has a frame.
                (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16)))
                (drop (call $sizes (i32.const 0) (i32.const 4)))
                (global.set $__stack_pointer (i32.add (global.get $__stack_pointer) (i32.const 16)))
                (i32.mul (local.get 0) (global.get $seen)))
            (func (export "f") (param i32) (result i32 i32 i32)
                (call $asks (local.get 0)) (global.get $__stack_pointer) (call $asks (i32.const -1))))"#
    );
    let grants = vec![Grant { host: "/".to_owned(), guest: "/".to_owned(), read_only: false }];
    let configuration = Configuration { grants, inherit_working_directory: true, ..Configuration::default() };
    let program = Program::with(&text, "f", &Settings { configuration, ..Settings::default() });
    let mut command = program.command(&["3"]);
    Outcome::of(command.current_dir("/tmp").output().expect("the executable can be run"))
}

#[test]
fn the_guest_goes_on_where_it_was() {
    // The path's first four bytes, once.
    let outcome = run("(global.set $seen (i32.add (global.get $seen) (i32.load (local.get $path))))");
    let bytes = i32::from_le_bytes(*b"/tmp");
    assert_eq!(outcome, Outcome::success(&format!("{}\n60000\n{}\n", bytes.wrapping_mul(3), -bytes)));
}

#[test]
fn a_trap_in_the_nested_call_shows_the_outer_one_too() {
    assert_eq!(run("(unreachable)"), Outcome::trap("unreachable", &["chdir", "asks", "f"]));
    let outcome = run("(drop (i32.load (i32.const 65536)))");
    assert_eq!(outcome, Outcome::trap("out of bounds memory access", &["chdir", "asks", "f"]));
}

#[test]
fn a_nested_call_can_use_up_the_stack() {
    let outcome = run("(drop (i32.add (i32.const 1) (call $chdir (local.get $path))))");
    assert_eq!(outcome.status, Some(134), "{outcome:?}");
    assert!(outcome.stderr.starts_with("adder: trap: call stack exhausted\n   0: chdir\n   1: chdir\n"), "{outcome:?}");
    let lines: Vec<&str> = outcome.stderr.lines().rev().take(3).collect();
    assert!(lines[0].ends_with(": f") && lines[1].ends_with(": asks") && lines[2].ends_with(": chdir"), "{lines:?}");
}

#[test]
fn a_nested_call_can_end_the_process() {
    let expected = Outcome { status: Some(7), stdout: String::new(), stderr: String::new() };
    assert_eq!(run("(call $exit (i32.const 7))"), expected);
}
