//! Waiting at an address and being woken: mutexes made of it, counts, times.

use adder_compiler::MemoryPlan;

use super::{PLANS, prints, program};
use adder_tests::outcome::Outcome;

/// A mutex at 64, as C libraries make them: 0 free, 1 taken, 2 taken and awaited.
const MUTEX: &str = r#"
    (func $lock
        (local $state i32)
        (if (local.tee $state (i32.atomic.rmw.cmpxchg (i32.const 64) (i32.const 0) (i32.const 1))) (then
            (loop $again
                (if (i32.or
                        (i32.eq (local.get $state) (i32.const 2))
                        (i32.ne (i32.const 0)
                            (i32.atomic.rmw.cmpxchg (i32.const 64) (i32.const 1) (i32.const 2))))
                    (then (drop (memory.atomic.wait32 (i32.const 64) (i32.const 2) (i64.const -1)))))
                (br_if $again
                    (local.tee $state
                        (i32.atomic.rmw.cmpxchg (i32.const 64) (i32.const 0) (i32.const 2))))))))
    (func $unlock
        (if (i32.ne (i32.const 1) (i32.atomic.rmw.sub (i32.const 64) (i32.const 1))) (then
            (i32.atomic.store (i32.const 64) (i32.const 0))
            (drop (memory.atomic.notify (i32.const 64) (i32.const 1))))))"#;

#[test]
fn a_mutex_lets_in_one_thread_at_a_time() {
    let declarations = format!(
        r#"{MUTEX}
        (func $thread (param i32)
            (local $rounds i32)
            (loop $again
                (call $lock)
                ;; Not atomic: without the mutex, additions would get lost.
                (i32.store (i32.const 128) (i32.add (i32.load (i32.const 128)) (i32.const 1)))
                (i64.store (i32.const 136) (i64.add (i64.load (i32.const 136)) (i64.const 3)))
                (call $unlock)
                (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $rounds) (i32.const 20000)))))
        (func (export "f") (param i32) (result i32 i64 i32)
            (call $start_all (local.get 0))
            (call $wait_for (local.get 0))
            (i32.load (i32.const 128)) (i64.load (i32.const 136)) (i32.load (i32.const 64)))"#
    );
    prints(&declarations, &["8"], "160000\n480000\n0\n");
}

#[test]
fn as_many_are_woken_as_asked_for() {
    // Threads say that they are about to wait at 64, wait at 72 for a value of 64 bits, and add their result at 80.
    let declarations = r#"
        (func $thread (param i32)
            (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
            (drop (i32.atomic.rmw.add (i32.const 80)
                (i32.add (i32.const 1)
                    (memory.atomic.wait64 offset=8 (i32.const 64) (i64.const 0) (i64.const -1))))))
        (func $wake (param $count i32) (result i32)
            (memory.atomic.notify (i32.const 72) (local.get $count)))
        (func (export "f") (result i32 i32 i32 i32 i32)
            (local $first i32)
            (call $start_all (i32.const 5))
            ;; Until the first two that wait have been woken; by then the others may be on their way.
            (loop $again
                (local.set $first (i32.add (local.get $first) (call $wake (i32.sub (i32.const 2) (local.get $first)))))
                (br_if $again (i32.lt_u (local.get $first) (i32.const 2))))
            (call $wait_for (i32.const 2))
            (local.get $first)
            (i32.atomic.load (i32.const 80))
            (i32.atomic.load (i32.const 0))
            (call $wake (i32.const 0))
            ;; Wakes the rest, those that are not there yet too.
            (i64.atomic.store (i32.const 72) (i64.const 1))
            (drop (call $wake (i32.const -1)))
            (call $wait_for (i32.const 5))
            (call $wake (i32.const -1)))"#;
    for memory in PLANS {
        assert_eq!(program(declarations, memory).run(&[]), Outcome::success("2\n2\n2\n0\n0\n"));
    }
}

#[test]
fn every_wake_is_of_one_address() {
    // Two threads wait next to each other; one is woken.
    let declarations = r#"
        (func $thread (param $argument i32)
            (drop (memory.atomic.wait32 (i32.add (i32.const 64) (i32.shl (local.get $argument) (i32.const 2)))
                (i32.const 0) (i64.const -1)))
            (drop (i32.atomic.rmw.add (i32.const 80) (i32.add (local.get $argument) (i32.const 1)))))
        (func (export "f") (result i32 i32)
            (call $start_all (i32.const 2))
            (loop $again
                (br_if $again (i32.eqz (memory.atomic.notify (i32.const 68) (i32.const -1)))))
            (call $wait_for (i32.const 1))
            (i32.atomic.load (i32.const 80))
            (loop $again
                (br_if $again (i32.eqz (memory.atomic.notify (i32.const 64) (i32.const -1)))))
            (call $wait_for (i32.const 2))
            (i32.atomic.load (i32.const 80)))"#;
    prints(declarations, &[], "2\n3\n");
}

#[test]
fn times_are_kept() {
    // Result and milliseconds of a wait with a time in nanoseconds.
    let declarations = r#"
        (func $now (result i64)
            (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 64)))
            (i64.load (i32.const 64)))
        (func $thread (param i32))
        (func (export "f") (param $time i64) (param $expected i32) (result i32 i64)
            (local $before i64)
            (local.set $before (call $now))
            (memory.atomic.wait32 (i32.const 128) (local.get $expected) (local.get $time))
            (i64.div_u (i64.sub (call $now) (local.get $before)) (i64.const 1000000)))"#;
    let program = program(declarations, MemoryPlan::Low);
    for (time, expected, result, least, most) in [
        ("200000000", "0", "2", 200, 10_000),
        ("0", "0", "2", 0, 5_000),
        ("5000000000", "1", "1", 0, 4_000),
        ("-1", "1", "1", 0, 4_000),
    ] {
        let outcome = program.run(&[time, expected]);
        let mut lines = outcome.stdout.lines();
        assert_eq!(lines.next(), Some(result), "{outcome:?}");
        let milliseconds: u64 = lines.next().and_then(|line| line.parse().ok()).expect("a number");
        assert!((least..most).contains(&milliseconds), "{time}: {milliseconds} ms");
    }
}
