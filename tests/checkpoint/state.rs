//! What a program is made of comes back as it was, and what belongs to the process is the new process's.

use adder_tests::outcome::{Outcome, finish};
use adder_tests::target::is_beyond_script;
use adder_tests::text::assemble;

use crate::built::{build, build_asking, build_c, build_module};

/// What it prints behind the checkpoint depends on everything that it did before.
const EVERYTHING: &str = r#"
    (memory $second 1 10)
    (data (memory $second) (i32.const 5) "\07")
    (memory $third 0 5)
    (type $nothing (func))
    (table $fixed 2 funcref)
    (table $growing 1 20 funcref)
    (elem (table $fixed) (i32.const 0) func $one $two)
    (elem $passive func $two $one)
    (elem declare func $two)
    (data $used "passive")
    (data $dropped "dropped")
    (global $narrow (mut i32) (i32.const 1))
    (global $wide (mut i64) (i64.const 2))
    (global $float (mut f64) (f64.const 3))
    (global $vector (mut v128) (v128.const i64x2 4 5))
    (func $one (global.set $narrow (i32.add (global.get $narrow) (i32.const 1))))
    (func $two (global.set $narrow (i32.mul (global.get $narrow) (i32.const 2))))
    ;; On the way to the checkpoint through many frames with something in each of them.
    (func $deep (param $depth i32) (param $wide i64) (param $float f64) (result i64)
        (local $here i64)
        (local.set $here (i64.mul (local.get $wide) (i64.extend_i32_u (local.get $depth))))
        (if (local.get $depth)
            (then (local.set $here (i64.add (local.get $here)
                (call $deep (i32.sub (local.get $depth) (i32.const 1)) (local.get $wide) (f64.add (local.get $float) (f64.const 1))))))
            (else (call $say (i32.const 4096) (call $ask))))
        (i64.add (local.get $here) (i64.trunc_f64_s (local.get $float))))
    (func (export "_start")
        (call $say (i32.const 140) (i32.const 6))
        (drop (memory.grow (i32.const 3)))
        (i64.store (i32.const 0x4fff0) (i64.const 0x1122334455667788))
        (i32.store $second (i32.const 100) (i32.const 0x99))
        (drop (memory.grow $third (i32.const 2)))
        (i32.store $third (i32.const 0x1fffc) (i32.const 0xabc))
        (global.set $narrow (i32.const 21))
        (global.set $wide (i64.const 22))
        (global.set $float (f64.const 23))
        (global.set $vector (v128.const i64x2 24 25))
        (drop (table.grow $growing (ref.null func) (i32.const 9)))
        (table.set $growing (i32.const 9) (ref.func $two))
        (table.set $fixed (i32.const 0) (ref.func $two))
        (data.drop $dropped)
        (call $number (call $deep (i32.const 1000) (i64.const 3) (f64.const 0.5)))
        (call $number (i64.extend_i32_u (memory.size)))
        (call $number (i64.load (i32.const 0x4fff0)))
        (call $number (i64.extend_i32_u (i32.load $second (i32.const 100))))
        (call $number (i64.extend_i32_u (i32.load8_u $second (i32.const 5))))
        (call $number (i64.extend_i32_u (memory.size $third)))
        (call $number (i64.extend_i32_u (i32.load $third (i32.const 0x1fffc))))
        (call $number (i64.extend_i32_u (table.size $growing)))
        (call_indirect $growing (type $nothing) (i32.const 9))
        (call_indirect $fixed (type $nothing) (i32.const 0))
        (call_indirect $fixed (type $nothing) (i32.const 1))
        (call $number (i64.extend_i32_u (global.get $narrow)))
        (call $number (global.get $wide))
        (call $number (i64.trunc_f64_s (global.get $float)))
        (call $number (i64x2.extract_lane 1 (global.get $vector)))
        (table.init $growing $passive (i32.const 0) (i32.const 1) (i32.const 1))
        (call_indirect $growing (type $nothing) (i32.const 0))
        (call $number (i64.extend_i32_u (global.get $narrow)))
        (memory.init $used (i32.const 200) (i32.const 0) (i32.const 7))
        (call $say (i32.const 200) (i32.const 7))
        (drop (memory.grow (i32.const 1)))
        (i32.store (i32.const 0x5fffc) (i32.const 1))
        (memory.init $dropped (i32.const 200) (i32.const 0) (i32.const 1)))
"#;

#[test]
fn everything_is_as_it_was() {
    for memory in ["low", "high", "checked"] {
        let built = build(EVERYTHING, &["--checkpoint", "--memory", memory]);
        let restored = built.run(&["x"]);
        let numbers = "1e8c50\n5\n1122334455667788\n99\n7\n2\nabc\na\na8\n16\n17\n19\na9\npassive";
        let name = built.path().display().to_string();
        let answer = format!("{{\"arguments\": [\"{name}\", \"x\"], \"environment\": {{}}}}\n");
        assert_eq!(restored.stdout, format!("{answer}{numbers}"), "--memory {memory}: {restored:#?}");
        assert_eq!(restored.status, Some(134));
        assert!(restored.stderr.starts_with("adder: trap: out of bounds memory access\n"), "{restored:#?}");

        let cold = built.run_cold(&["x"]);
        assert_eq!((cold.status, &cold.stderr), (restored.status, &restored.stderr));
        assert_eq!(cold.stdout, format!("begin\n{}", restored.stdout));
    }
}

/// Prints the answer.
const ANSWER: &str = r#"(func (export "_start") (call $say (i32.const 4096) (call $ask)))"#;

#[test]
fn the_answer_is_about_the_new_process() {
    if is_beyond_script() {
        return;
    }
    let built = build(ANSWER, &["--checkpoint", "--inherit-env", "--env", "BAKED=1", "--argument", "first"]);
    let mut command = built.command(&["a b", "\"\\", "\u{e9}"]);
    let outcome = finish(command.env("NAME", "va\nlue").env("BAKED", "2"), b"");
    let name = built.path().display().to_string();
    let arguments = format!(r#"["{name}", "first", "a b", "\"\\", "{}"]"#, "\u{e9}");
    let environment = r#"{"BAKED": "1", "NAME": "va\u000alue"}"#;
    let expected = format!("{{\"arguments\": {arguments}, \"environment\": {environment}}}\n");
    assert_eq!(outcome, Outcome::success(&expected));
}

/// Tries to open a file before the checkpoint and behind it.
const FILES: &str = r#"(global $before (mut i32) (i32.const 0))
    (func (export "_start")
        (global.set $before (call $open (i32.const 150) (i32.const 4)))
        (drop (call $ask))
        (call $number (i64.extend_i32_u (global.get $before)))
        (call $number (i64.extend_i32_u (call $open (i32.const 150) (i32.const 4))))
        (call $say (i32.const 4096) (call $read)))"#;

#[test]
fn granted_folders_are_those_of_the_new_process() {
    let granted = tempfile::tempdir().expect("the temporary folder is writable");
    std::fs::write(granted.path().join("file"), "now\n").expect("the folder is ours");
    let grant = format!("{}::/", granted.path().display());
    let built = build(FILES, &["--checkpoint", "--dir", &grant]);
    // 44 is ENOENT: at build there are no files of the host, although the file was there.
    assert_eq!(built.run(&[]), Outcome::success("2c\n0\nnow\n"));
    assert_eq!(built.run_cold(&[]), Outcome::success("0\n0\nnow\n"));
    // Opened anew by every process.
    std::fs::write(granted.path().join("file"), "later\n").expect("the folder is ours");
    assert_eq!(built.run(&[]), Outcome::success("2c\n0\nlater\n"));
}

/// Prints how many variables it saw before the checkpoint, and how many it sees behind it.
const ENVIRONMENT: &str = r#"(global $before (mut i32) (i32.const 0))
    (func (export "_start")
        (drop (call $environ_sizes_get (i32.const 200) (i32.const 204)))
        (drop (call $environ_get (i32.const 70000) (i32.const 80000)))
        (global.set $before (i32.load (i32.const 200)))
        (drop (call $ask))
        (drop (call $environ_sizes_get (i32.const 200) (i32.const 204)))
        (call $number (i64.extend_i32_u (global.get $before)))
        (call $number (i64.extend_i32_u (i32.load (i32.const 200)))))"#;

#[test]
fn nothing_of_the_build_is_in_the_file() {
    if is_beyond_script() {
        return;
    }
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let mut command = crate::built::build_command(
        folder.path(),
        ENVIRONMENT,
        &["--checkpoint", "--inherit-env", "--env", "PUBLIC=known"],
    );
    let secret = "correct-horse-battery-staple";
    let outcome = finish(command.env("SECRET", secret).current_dir(folder.path()), secret.as_bytes());
    assert_eq!(outcome.status, Some(0), "{outcome:#?}");
    let program = folder.path().join("program");
    let bytes = std::fs::read(&program).expect("it was built");
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("PUBLIC=known"), "what --env says is");
    assert!(!holds(secret) && !holds("SECRET="));
    assert!(!holds(&folder.path().to_string_lossy()), "nor where it was built");
    let mut command = std::process::Command::new(&program);
    assert_eq!(finish(command.env_clear().env("A", "1").env("B", "2"), b""), Outcome::success("1\n3\n"));
}

/// Prints whether the monotonic clock went on, and whether the wall clock shows a time after 2020.
const CLOCKS: &str = r#"(global $before (mut i64) (i64.const 0))
    (func $time (param $clock i32) (result i64)
        (if (call $clock (local.get $clock) (i64.const 1) (i32.const 200)) (then unreachable))
        (i64.load (i32.const 200)))
    (func (export "_start")
        (global.set $before (call $time (i32.const 1)))
        (drop (call $ask))
        (call $number (i64.extend_i32_u (i64.ge_u (call $time (i32.const 1)) (global.get $before))))
        (call $number (i64.extend_i32_u (i64.gt_u (call $time (i32.const 0)) (i64.const 1577836800000000000)))))"#;

#[test]
fn clocks_go_on() {
    let built = build_asking(CLOCKS);
    assert_eq!(built.run(&[]), Outcome::success("1\n1\n"));
    assert_eq!(built.run_cold(&[]), Outcome::success("1\n1\n"));
}

/// Keeps a time of the monotonic clock, as C libraries do, after it has slept for an hour at build (which takes no time), and another
/// that it writes over. Prints how much later it is by the first, whether the other is as it was, and what the clocks of processor
/// time say, all in seconds.
const KEPT: &str = r#"
    (func $time (param $clock i32) (param $to i32) (result i64)
        (if (call $clock (local.get $clock) (i64.const 1) (local.get $to)) (then unreachable))
        (i64.load (local.get $to)))
    (func $seconds (param $nanoseconds i64)
        (call $number (i64.div_u (local.get $nanoseconds) (i64.const 1000000000))))
    (func (export "_start")
        (drop (call $time (i32.const 1) (i32.const 203)))
        (drop (call $time (i32.const 1) (i32.const 220)))
        (i64.store (i32.const 220) (i64.const 5))
        ;; A subscription to the monotonic clock, an hour from now.
        (i32.store (i32.const 316) (i32.const 1))
        (i64.store (i32.const 324) (i64.const 3600000000000))
        (if (call $poll (i32.const 300) (i32.const 400) (i32.const 1) (i32.const 500)) (then unreachable))
        (drop (call $ask))
        (call $seconds (i64.sub (call $time (i32.const 1) (i32.const 240)) (i64.load (i32.const 203))))
        (call $number (i64.load (i32.const 220)))
        (call $seconds (call $time (i32.const 2) (i32.const 240)))
        (call $seconds (call $time (i32.const 3) (i32.const 240))))"#;

#[test]
fn times_that_were_kept_are_put_forward() {
    let built = build_asking(KEPT);
    // e10 is an hour: as if the new process had followed at once, however long the system has been running.
    assert_eq!(built.run(&[]), Outcome::success("e10\n5\n0\n0\n"));
}

#[test]
fn the_clocks_of_wasi_libc_count_from_the_new_process() {
    let built = build_c("checkpoint/clocks.c", &["--checkpoint"]);
    // It compares them with each other, and says what it finds wrong.
    assert_eq!(built.run(&[]), Outcome::success("fine\n"));
    assert_eq!(built.run_cold(&[]), Outcome::success("fine\n"));
}

/// A thread keeps a time in a memory of its own, which goes with it, before the checkpoint is taken.
const KEPT_BY_A_THREAD: &str = r#"(module
    (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (memory (export "memory") 1)
    (memory $shared 1 1 shared)
    (func (export "wasi_thread_start") (param i32 i32)
        (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 64)))
        (i32.atomic.store $shared (i32.const 0) (i32.const 1)))
    (func (export "wizer.initialize")
        (local $left i32)
        (drop (call $spawn (i32.const 0)))
        (loop $wait
            (drop (call $yield))
            (br_if $wait (i32.eqz (i32.atomic.load $shared (i32.const 0)))))
        ;; Time for it to end.
        (local.set $left (i32.const 300000))
        (loop $more
            (drop (call $yield))
            (br_if $more (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))
    (func (export "_start")
        (call $exit (i32.add (i32.load (i32.const 64)) (i32.load $shared (i32.const 0))))))"#;

#[test]
fn times_that_a_thread_has_kept_go_with_it() {
    let built = build_module(&assemble(KEPT_BY_A_THREAD), &["--checkpoint"]);
    assert_eq!(built.run(&[]).status, Some(1));
}
