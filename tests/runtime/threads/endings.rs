//! How a process with several threads ends: by a trap or `proc_exit` in any of them, or with its first thread.

use adder_compiler::MemoryPlan;
use adder_tests::target::is_beyond_emulator;

use super::{PLANS, program};
use crate::program::Program;
use adder_tests::outcome::Outcome;

/// A thread that does `body`, started by one that waits for it for ever.
fn waited_for(body: &str) -> String {
    format!(
        r#"(table $table 2 funcref)
        (func $thread (param $argument i32) {body})
        (func (export "f") (param $argument i32)
            (drop (call $start (local.get $argument)))
            (call $wait_for (i32.const 2)))"#
    )
}

#[test]
fn a_trap_in_a_thread_ends_the_process_with_that_threads_backtrace() {
    for (body, message) in [
        ("unreachable", "unreachable"),
        ("(drop (i32.load (i32.const 131072)))", "out of bounds memory access"),
        ("(i64.atomic.store offset=4294967288 (i32.const -8) (i64.const 0))", "out of bounds memory access"),
        ("(drop (i32.atomic.rmw16.xor_u (i32.const 131072) (i32.const 1)))", "out of bounds memory access"),
        ("(drop (i32.atomic.load (i32.const 2)))", "unaligned atomic"),
        ("(drop (memory.atomic.wait64 (i32.const 4) (i64.const 0) (i64.const 0)))", "unaligned atomic"),
        ("(drop (memory.atomic.notify (i32.const 131072) (i32.const 0)))", "out of bounds memory access"),
        ("(drop (i32.div_u (i32.const 1) (i32.load (i32.const 256))))", "integer divide by zero"),
        ("(call_indirect $table (i32.const 2))", "undefined element"),
        ("(call $absent)", "call of a missing import: env.absent"),
    ] {
        for memory in PLANS {
            let outcome = program(&waited_for(body), memory).run(&["0"]);
            assert_eq!(
                outcome,
                Outcome::trap(message, &["thread", "wasi_thread_start"]),
                "{body} with memory {memory:?}"
            );
        }
    }
}

#[test]
fn a_trap_in_the_first_thread_ends_the_others() {
    let declarations = r#"
        (func $thread (param i32) (loop $again (br $again)))
        (func $fails unreachable)
        (func $f (export "f") (call $start_all (i32.const 3)) (call $fails))"#;
    let outcome = program(declarations, MemoryPlan::Low).run(&[]);
    assert_eq!(outcome, Outcome::trap("unreachable", &["fails", "f"]));
}

#[test]
fn a_thread_can_use_up_its_stack() {
    let declarations = r#"
        (func $recurse (param i32) (result i32)
            (i32.add (i32.const 1) (call $recurse (local.get 0))))
        (func $thread (param i32) (drop (call $recurse (local.get 0))))
        (func (export "f") (param i32)
            (call $start_all (local.get 0))
            (call $wait_for (i32.const -1)))"#;
    for memory in PLANS {
        let program = program(declarations, memory);
        // Several at once end the process once.
        for count in ["1", "8"] {
            let outcome = program.run(&[count]);
            assert_eq!((outcome.status, &outcome.stdout[..]), (Some(134), ""), "{outcome:?}");
            let start = "adder: trap: call stack exhausted\n   0: recurse\n   1: recurse\n";
            assert!(outcome.stderr.starts_with(start), "{outcome:?}");
            let mut last = outcome.stderr.lines().rev();
            assert!(last.next().is_some_and(|line| line.ends_with(": wasi_thread_start")), "{outcome:?}");
            assert!(last.next().is_some_and(|line| line.ends_with(": thread")), "{outcome:?}");
            assert_eq!(outcome.stderr.matches("trap").count(), 1, "{outcome:?}");
        }
    }
}

#[test]
fn every_thread_has_all_of_its_stack() {
    if is_beyond_emulator("frames have other sizes") {
        return;
    }
    // 20,000 calls of a frame of 32 bytes, of a stack of 1 MiB, in eight threads at the same time.
    let declarations = r#"
        (func $recurse (param i32) (result i32)
            (if (result i32) (local.get 0)
                (then (i32.add (i32.const 1) (call $recurse (i32.sub (local.get 0) (i32.const 1)))))
                (else
                    (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
                    (loop $until_all (br_if $until_all (i32.ne (i32.const 8) (i32.atomic.load (i32.const 64)))))
                    (i32.const 0))))
        (func $thread (param i32)
            (drop (i32.atomic.rmw.add (i32.const 68) (call $recurse (i32.const 20000)))))
        (func (export "f") (result i32)
            (call $start_all (i32.const 8))
            (call $wait_for (i32.const 8))
            (i32.load (i32.const 68)))"#;
    super::prints(declarations, &[], "160000\n");
}

#[test]
fn any_thread_can_end_the_process() {
    let program = program(&waited_for("(call $exit (local.get $argument))"), MemoryPlan::Low);
    for status in [0, 7, 255] {
        let expected = Outcome { status: Some(status), stdout: String::new(), stderr: String::new() };
        assert_eq!(program.run(&[&status.to_string()]), expected);
    }
}

#[test]
fn the_process_ends_with_its_first_thread() {
    // The others run, wait, or are just being started.
    let declarations = r#"
        (func $thread (param $argument i32)
            (if (local.get $argument)
                (then (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1))))
                (else (loop $again (br $again)))))
        (func (export "f") (param i32) (call $start_all (local.get 0)))"#;
    let program = program(declarations, MemoryPlan::Low);
    for count in ["1", "2", "5"] {
        for _ in 0..20 {
            assert_eq!(program.run(&[count]), Outcome::success(""));
        }
    }
}

#[test]
fn many_threads_that_end_the_process_end_it_once() {
    let declarations = r#"
        (func $thread (param $argument i32)
            (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
            (loop $until_all (br_if $until_all (i32.lt_u (i32.atomic.load (i32.const 64)) (i32.const 6))))
            (if (i32.and (local.get $argument) (i32.const 1)) (then (call $exit (i32.const 9))))
            (call $absent))
        (func (export "f") (call $start_all (i32.const 6)) (call $wait_for (i32.const 7)))"#;
    let program = program(declarations, MemoryPlan::Low);
    let exit = Outcome { status: Some(9), stdout: String::new(), stderr: String::new() };
    let trap = Outcome::trap("call of a missing import: env.absent", &["thread", "wasi_thread_start"]);
    for _ in 0..30 {
        let outcome = program.run(&[]);
        assert!(outcome == exit || outcome == trap, "{outcome:?}");
    }
}

#[test]
fn a_trap_in_the_start_function_of_a_thread_is_one_of_the_process() {
    // The start function runs for every thread, as for every instance of a module; the second time it fails.
    let text = super::module(
        r#"(func $thread (param i32))
        (func $begin
            (if (i32.atomic.rmw.add (i32.const 64) (i32.const 1)) (then unreachable)))
        (start $begin)
        (func (export "f") (drop (call $start (i32.const 0))) (call $wait_for (i32.const 1)))"#,
    );
    assert_eq!(Program::new(&text, "f").run(&[]), Outcome::trap("unreachable", &["begin"]));
}
