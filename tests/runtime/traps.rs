//! Traps: message, backtrace, exit status.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use adder_compiler::{MemoryPlan, Optimization};

use crate::program::{Program, Settings};
use adder_tests::outcome::Outcome;

/// A module whose function `$main` does `body` and whose export `f` calls it.
fn two_functions(body: &str) -> String {
    format!(
        r#"(module
            (import "env" "absent" (func $absent))
            (memory 1 2)
            (table $table 3 funcref)
            (elem (table $table) (i32.const 0) func $main)
            (elem $passive func $main $main)
            (data $bytes "abc")
            (type $other (func (param i64)))
            (func $main {body})
            (func $outer (export "f") (call $main) (nop)))"#
    )
}

#[test]
fn every_trap_has_its_message_and_its_functions() {
    let cases = [
        ("unreachable", "unreachable"),
        ("(drop (i32.load (i32.const 65533)))", "out of bounds memory access"),
        ("(drop (i64.load offset=4294967295 (i32.const -1)))", "out of bounds memory access"),
        ("(i32.store8 (i32.const -1) (i32.const 0))", "out of bounds memory access"),
        ("(memory.fill (i32.const 65535) (i32.const 0) (i32.const 2))", "out of bounds memory access"),
        ("(memory.copy (i32.const 0) (i32.const 65530) (i32.const 7))", "out of bounds memory access"),
        ("(memory.init $bytes (i32.const 0) (i32.const 1) (i32.const 3))", "out of bounds memory access"),
        ("(drop (table.get $table (i32.const 3)))", "out of bounds table access"),
        ("(table.init $table $passive (i32.const 2) (i32.const 0) (i32.const 2))", "out of bounds table access"),
        ("(table.fill $table (i32.const 2) (ref.null func) (i32.const 2))", "out of bounds table access"),
        ("(table.copy $table $table (i32.const 1) (i32.const 0) (i32.const 3))", "out of bounds table access"),
        ("(call_indirect $table (i32.const 3))", "undefined element"),
        ("(call_indirect $table (i32.const 1))", "uninitialized element"),
        ("(call_indirect $table (type $other) (i64.const 0) (i32.const 0))", "indirect call type mismatch"),
        ("(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", "integer overflow"),
        ("(drop (i64.rem_u (i64.const 1) (i64.load (i32.const 0))))", "integer divide by zero"),
        ("(drop (i32.trunc_f64_s (f64.load (i32.const 65536))))", "out of bounds memory access"),
        ("(drop (i32.trunc_f32_u (f32.div (f32.load (i32.const 0)) (f32.const 0))))", "invalid conversion to integer"),
        ("(call $absent)", "call of a missing import: env.absent"),
    ];
    for memory in [MemoryPlan::Low, MemoryPlan::High, MemoryPlan::Checked] {
        for (body, message) in cases {
            let program = Program::with(&two_functions(body), "f", &Settings { memory, ..Settings::default() });
            assert_eq!(program.run(&[]), Outcome::trap(message, &["main", "outer"]), "{body} with memory {memory:?}");
        }
    }
}

#[test]
fn calls_through_a_table_that_nothing_writes_trap_where_they_are() {
    let calls = [
        ("(call_indirect (type $unary) (i32.const 7) (i32.const -1))", "undefined element"),
        ("(call_indirect (type $unary) (i32.const 7) (i32.const 4))", "undefined element"),
        ("(call_indirect (type $unary) (i32.const 7) (i32.const 3))", "uninitialized element"),
        ("(call_indirect (type $unary) (i32.const 7) (i32.const 1))", "indirect call type mismatch"),
        ("(call_indirect (type $unary) (i32.const 7) (i32.const 2))", "unreachable"),
        ("(return_call_indirect (type $unary) (i32.const 7) (i32.const 3))", "uninitialized element"),
        ("(return_call_indirect (type $unary) (i32.const 7) (i32.const 1))", "indirect call type mismatch"),
    ];
    for optimization in [Optimization::None, Optimization::Fast] {
        for (call, message) in calls {
            let text = format!(
                r#"(module
                    (type $unary (func (param i32) (result i32)))
                    (table 4 funcref)
                    (elem (i32.const 0) $double $nothing $trap)
                    (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
                    (func $nothing)
                    (func $trap (type $unary) unreachable)
                    (func $main (param i32) (result i32) {call})
                    (func $outer (export "f")
                        (if (i32.ne (call_indirect (type $unary) (i32.const 7) (i32.const 0)) (i32.const 14))
                            (then unreachable))
                        (drop (call $main (i32.const 5)))))"#
            );
            let program = Program::with(&text, "f", &Settings { optimization, ..Settings::default() });
            let functions: &[&str] =
                if message == "unreachable" { &["trap", "main", "outer"] } else { &["main", "outer"] };
            assert_eq!(program.run(&[]), Outcome::trap(message, functions), "{call} with {optimization:?}");
        }
    }
}

#[test]
fn a_trap_in_the_start_function_ends_the_process_too() {
    let program = Program::new(r#"(module (func $begin unreachable) (start $begin) (func (export "f")))"#, "f");
    assert_eq!(program.run(&[]), Outcome::trap("unreachable", &["begin"]));
}

/// Has a process start with the signals of faults blocked.
fn with_faults_blocked(command: &mut Command) {
    let block = || {
        // SAFETY: zeros are a valid set, and all of these calls are async-signal-safe.
        let result = unsafe {
            let mut faults = std::mem::zeroed();
            libc::sigemptyset(&mut faults);
            for signal in [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE] {
                libc::sigaddset(&mut faults, signal);
            }
            libc::sigprocmask(libc::SIG_BLOCK, &faults, std::ptr::null_mut())
        };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    };
    // SAFETY: between fork and exec the closure only sets the signal mask.
    unsafe { command.pre_exec(block) };
}

#[test]
fn traps_are_found_although_the_parent_has_blocked_their_signals() {
    for (body, message) in [
        ("unreachable", "unreachable"),
        ("(drop (i32.load (i32.const 65536)))", "out of bounds memory access"),
        ("(drop (i64.rem_u (i64.const 1) (i64.load (i32.const 0))))", "integer divide by zero"),
        ("(call $main)", "call stack exhausted"),
    ] {
        let program = Program::new(&two_functions(body), "f");
        let mut command = program.command(&[]);
        with_faults_blocked(&mut command);
        let outcome = Outcome::of(command.output().expect("the executable can be run"));
        assert_eq!(outcome.status, Some(134), "{body}: {outcome:?}");
        assert!(outcome.stderr.starts_with(&format!("adder: trap: {message}\n")), "{body}: {outcome:?}");
    }
}

#[test]
fn an_exhausted_stack_shows_both_ends_of_the_backtrace() {
    let text = r#"(module
        (func $deep (param i32) (result i32) (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1)))))
        (func $outer (export "f") (result i32) (i32.mul (i32.const 3) (call $deep (i32.const 0)))))"#;
    for stack_bytes in [1 << 18, 1 << 20, 64 << 20] {
        let outcome = Program::with(text, "f", &Settings { stack_bytes, ..Settings::default() }).run(&[]);
        assert_eq!(outcome.status, Some(134));
        let lines: Vec<&str> = outcome.stderr.lines().collect();
        assert_eq!(lines.len(), 1 + 50 + 1 + 10, "{lines:?}");
        assert_eq!(lines[0], "adder: trap: call stack exhausted");
        assert_eq!((lines[1], lines[50]), ("   0: deep", "  49: deep"));
        let left_out: u64 = lines[51]
            .trim()
            .strip_prefix("... ")
            .and_then(|line| line.strip_suffix(" more ..."))
            .unwrap()
            .parse()
            .unwrap();
        assert!(left_out > stack_bytes / 200, "{left_out} of at most 200 bytes each");
        assert!(lines[60].ends_with(": deep") && lines[61] == format!("{}: outer", left_out + 59), "{lines:?}");
    }
}

#[test]
fn a_stack_that_ends_in_a_host_call_is_exhausted_too() {
    // The frames are small, and every one of them crosses the border.
    let text = r#"(module
        (memory 0 0)
        (func $deep (drop (memory.grow (i32.const 1))) (call $deep) (drop (memory.grow (i32.const 1))))
        (func (export "f") (call $deep)))"#;
    let outcome = Program::new(text, "f").run(&[]);
    assert!(outcome.stderr.starts_with("adder: trap: call stack exhausted\n   0: deep\n"), "{outcome:?}");
}

#[test]
fn names_of_the_guest_cannot_steer_a_terminal() {
    let text = r#"(module
        (import "\1b[2J" "\r\n\u{202e}" (func $absent))
        (func $f (export "f") (call $absent) (nop)))"#;
    let outcome = Program::new(text, "f").run(&[]);
    assert_eq!(outcome, Outcome::trap(r"call of a missing import: \u{1b}[2J.\u{d}\u{a}\u{202e}", &["f"]));
    let long = "x".repeat(100_000);
    let text = format!(r#"(module (func (export "{long}") unreachable))"#);
    let outcome = Program::new(&text, &long).run(&[]);
    assert_eq!(outcome, Outcome::trap("unreachable", &[&format!("{}...", "x".repeat(300))]));
}
