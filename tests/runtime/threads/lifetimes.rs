//! Threads come and go: their numbers, what they leave behind, and what happens when there is no room for another.

use adder_tests::target::is_beyond_emulator;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use adder_compiler::MemoryPlan;
use adder_compiler::abi::plan::{STACK_GUARD_BYTES, low_stack_base};
use adder_tests::target::architecture;

use super::{module, program};
use crate::program::{Program, Settings};
use adder_tests::outcome::Outcome;

/// Starts a thread after another, each when the one before has ended, and returns how many could be started.
const ONE_AFTER_ANOTHER: &str = r#"
    (func $thread (param i32))
    (func (export "f") (param $count i32) (result i32)
        (local $started i32)
        (loop $again
            (if (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0)) (then
                (local.set $started (i32.add (local.get $started) (i32.const 1)))
                (call $wait_for (local.get $started))
                (br_if $again (i32.lt_u (local.get $started) (local.get $count))))))
        (local.get $started))"#;

/// An address space in which a few threads have room, and no more, with a stack of 1 MiB for each.
const SMALL: &str = "ulimit -v 40000";

fn checked(declarations: &str) -> Program {
    let settings = Settings { memory: MemoryPlan::Checked, ..Settings::default() };
    Program::with(&module(declarations), "f", &settings)
}

fn run(mut command: Command) -> Outcome {
    Outcome::of(command.output().expect("there is a shell"))
}

#[test]
fn threads_leave_nothing_behind() {
    if is_beyond_emulator("limits of memory are those of qemu, too") {
        return;
    }
    let outcome = run(checked(ONE_AFTER_ANOTHER).after(SMALL, &["10000"]));
    assert_eq!(outcome, Outcome::success("10000\n"));
    let outcome = program(ONE_AFTER_ANOTHER, MemoryPlan::Low).run(&["10000"]);
    assert_eq!(outcome, Outcome::success("10000\n"));
}

#[test]
fn what_a_thread_has_of_its_own_is_given_back() {
    if is_beyond_emulator("limits of memory are those of qemu, too") {
        return;
    }
    // A table that is changed, and a memory that is not shared: both are reserved for each thread.
    let declarations = r#"
        (memory $own 1 2)
        (table $table 1000 funcref)
        (func $thread (param i32)
            (drop (memory.grow $own (i32.const 1)))
            (drop (table.grow $table (ref.func $thread) (i32.const 1000))))
        (elem declare func $thread)"#;
    let outcome =
        run(checked(&(declarations.to_owned() + &ONE_AFTER_ANOTHER.replace("(func $thread (param i32))", "")))
            .after(SMALL, &["2000"]));
    assert_eq!(outcome, Outcome::success("2000\n"));
}

#[test]
fn where_there_is_no_room_for_a_thread_the_program_is_told() {
    if is_beyond_emulator("limits of memory are those of qemu, too") {
        return;
    }
    // Starts threads until that fails, has them all end, and starts one more: results are how many there were (the first
    // number of a failure), the error, and whether it works again.
    let declarations = r#"
        (func $thread (param i32)
            (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1))))
        (func (export "f") (result i32 i32 i32)
            (local $started i32) (local $result i32)
            (loop $again
                (local.set $result (call $spawn (i32.const 0)))
                (if (i32.gt_s (local.get $result) (i32.const 0)) (then
                    (local.set $started (i32.add (local.get $started) (i32.const 1)))
                    (br $again))))
            (i32.atomic.store (i32.const 64) (i32.const 1))
            (drop (memory.atomic.notify (i32.const 64) (i32.const -1)))
            (call $wait_for (local.get $started))
            ;; The last ones may not be quite gone yet.
            (loop $again
                (br_if $again (i32.lt_s (call $spawn (i32.const 0)) (i32.const 0))))
            (call $wait_for (i32.add (local.get $started) (i32.const 1)))
            (local.get $started) (local.get $result) (i32.const 1))"#;
    let outcome = run(checked(declarations).after(SMALL, &[]));
    let mut lines = outcome.stdout.lines();
    let started: u32 = lines.next().and_then(|line| line.parse().ok()).unwrap_or_else(|| panic!("{outcome:?}"));
    assert!((3..40).contains(&started), "{outcome:?}");
    // -6 is EAGAIN, as preview 1 numbers errors.
    assert_eq!(lines.collect::<Vec<_>>(), ["-6", "1"], "{outcome:?}");
    assert_eq!(outcome.status, Some(0));
}

#[test]
fn living_threads_have_different_numbers() {
    // Each thread keeps its number at 1024 + 4 * argument; `f` returns whether they are what `thread-spawn` said.
    let text = module(
        r#"(func $thread (param i32))
        (func (export "f") (param $index i32) (result i32)
            (local $argument i32) (local $number i32)
            (loop $again
                (local.set $number (call $start (local.get $argument)))
                (i32.store offset=4096 (i32.shl (local.get $argument) (i32.const 2)) (local.get $number))
                (local.set $argument (i32.add (local.get $argument) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $argument) (i32.const 20))))
            (call $wait_for (i32.const 20))
            (local.set $argument (i32.shl (local.get $index) (i32.const 2)))
            (if (i32.ne (i32.load offset=1024 (local.get $argument)) (i32.load offset=4096 (local.get $argument)))
                (then (unreachable)))
            (i32.load offset=4096 (local.get $argument)))"#,
    )
    .replace(
        "(call $thread (local.get $argument))\n",
        "(i32.store offset=1024 (i32.shl (local.get $argument) (i32.const 2)) (local.get $number))\n",
    );
    let program = Program::new(&text, "f");
    let numbers: BTreeSet<u32> = (0..20)
        .map(|index| {
            let outcome = program.run(&[&index.to_string()]);
            outcome.stdout.trim().parse().unwrap_or_else(|_| panic!("{outcome:?}"))
        })
        .collect();
    assert_eq!(numbers, (1..=20).collect());
}

#[test]
fn a_module_that_exports_nothing_for_threads_can_start_none() {
    for export in [
        "",
        r#"(func (export "wasi_thread_start") (param i32))"#,
        r#"(func (export "wasi_thread_start") (param i32 i32) (result i32) (i32.const 0))"#,
        r#"(global (export "wasi_thread_start") i32 (i32.const 0))"#,
    ] {
        let text = format!(
            r#"(module
                (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
                (import "env" "memory" (memory 1 1 shared))
                {export}
                (func (export "f") (result i32) (call $spawn (i32.const 0))))"#
        );
        // ENOSYS.
        assert_eq!(Program::new(&text, "f").run(&[]), Outcome::success("-52\n"), "{export}");
    }
}

#[test]
fn threads_can_start_threads() {
    // A tree of depth 6 with two branches everywhere: 2^7 - 1 threads.
    let declarations = r#"
        (func $thread (param $depth i32)
            (if (local.get $depth) (then
                (drop (call $start (i32.sub (local.get $depth) (i32.const 1))))
                (drop (call $start (i32.sub (local.get $depth) (i32.const 1)))))))
        (func (export "f") (result i32)
            (drop (call $start (i32.const 6)))
            (call $wait_for (i32.const 127))
            (i32.atomic.load (i32.const 0)))"#;
    super::prints(declarations, &[], "127\n");
}

#[test]
fn the_stacks_of_threads_are_guarded() {
    let declarations = r#"
        (func $thread (param i32) (loop $again (br $again)))
        (func (export "f") (call $start_all (i32.const 2)) (loop $again (br $again)))"#;
    let program = program(declarations, MemoryPlan::Low);
    let mut child = program.command(&[]).spawn().expect("the executable can be run");
    let stacks = loop {
        let maps = fs::read_to_string(format!("/proc/{}/maps", child.id())).expect("it is running");
        // Two of the size of the guest's stack without its guard, right behind the guard, and not that of the first thread.
        let stacks: Vec<(u64, u64)> = maps
            .lines()
            .zip(maps.lines().skip(1))
            .filter_map(|(guard, stack)| {
                let (guard, stack) = (mapping(guard)?, mapping(stack)?);
                let fits = guard.2 == "---p" && stack.2 == "rw-p" && guard.1 == stack.0;
                let region = stack.1 - (1 << 20);
                (fits && region >= guard.0 && region.is_multiple_of(1 << 20) && stack.0 == region + (64 << 10))
                    .then_some((stack.0, stack.1))
            })
            .filter(|(start, _)| *start != low_stack_base(architecture(), 1 << 20) + STACK_GUARD_BYTES)
            .collect();
        if stacks.len() == 2 {
            break stacks;
        }
        assert!(stacks.len() < 2, "more stacks than threads:\n{maps}");
        assert!(child.try_wait().expect("it is a child").is_none(), "it has ended; its mappings were\n{maps}");
    };
    let _ = child.kill();
    let _ = child.wait();
    assert!(stacks[0] != stacks[1]);
}

/// Start, end and protection of a mapping.
fn mapping(line: &str) -> Option<(u64, u64, &str)> {
    let mut fields = line.split_ascii_whitespace();
    let (start, end) = fields.next()?.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    Some((number(start)?, number(end)?, fields.next()?))
}
