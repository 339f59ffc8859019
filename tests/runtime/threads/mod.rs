//! Programs with several threads: shared memory, wasi-threads, waiting and waking.

mod endings;
mod exceptions;
mod lifetimes;
mod memory;
mod operators;
mod ordering;
mod state;
mod waiting;

use adder_compiler::MemoryPlan;

use crate::program::{Program, Settings};
use adder_tests::outcome::Outcome;

/// Where a thread adds 1 when it has done its work, and wakes who waits for that.
const ENDED: u32 = 0;

/// A module of two pages of shared memory, of which tests may use all but the first 64 bytes, with these declarations. Its
/// threads run `$thread (param i32)` with the argument they were started with. For `f`, which the test calls, there are
/// `$start (param $argument i32) (result $number i32)`, which traps if it cannot start a thread, `$start_all (param
/// $count i32)` with the arguments from 0, and `$wait_for (param $count i32)`, until so many threads have ended.
fn module(declarations: &str) -> String {
    format!(
        r#"(module
            (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
            (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
            (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (import "env" "absent" (func $absent))
            (import "env" "memory" (memory 2 64 shared))
            (func $start (param $argument i32) (result i32)
                (local $number i32)
                (local.set $number (call $spawn (local.get $argument)))
                (if (i32.le_s (local.get $number) (i32.const 0)) (then (unreachable)))
                (local.get $number))
            (func $start_all (param $count i32)
                (local $argument i32)
                (loop $again
                    (if (i32.lt_u (local.get $argument) (local.get $count)) (then
                        (drop (call $start (local.get $argument)))
                        (local.set $argument (i32.add (local.get $argument) (i32.const 1)))
                        (br $again)))))
            (func $wait_for (param $count i32)
                (local $now i32)
                (loop $again
                    (local.set $now (i32.atomic.load (i32.const {ENDED})))
                    (if (i32.lt_u (local.get $now) (local.get $count)) (then
                        (drop (memory.atomic.wait32 (i32.const {ENDED}) (local.get $now) (i64.const -1)))
                        (br $again)))))
            (func $wasi_thread_start (export "wasi_thread_start") (param $number i32) (param $argument i32)
                (call $thread (local.get $argument))
                (drop (i32.atomic.rmw.add (i32.const {ENDED}) (i32.const 1)))
                (drop (memory.atomic.notify (i32.const {ENDED}) (i32.const -1))))
            {declarations})"#
    )
}

/// Every memory plan.
const PLANS: [MemoryPlan; 3] = [MemoryPlan::Low, MemoryPlan::High, MemoryPlan::Checked];

/// The module with these declarations as an executable that calls `f`.
fn program(declarations: &str, memory: MemoryPlan) -> Program {
    Program::with(&module(declarations), "f", &Settings { memory, ..Settings::default() })
}

/// Runs the module with these declarations under every memory plan: it has to print these lines.
fn prints(declarations: &str, arguments: &[&str], lines: &str) {
    for memory in PLANS {
        assert_eq!(program(declarations, memory).run(arguments), Outcome::success(lines), "with memory {memory:?}");
    }
}
