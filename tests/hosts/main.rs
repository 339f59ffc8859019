//! An `adder` that was built for another machine, run by an emulator. It makes the same executables as this machine's, byte for byte,
//! and knows where it is.
//!
//! `ADDER_TEST_HOST=aarch64-linux` says for which one; it is built here, which takes minutes the first time. Without that, nothing is
//! run.

mod emulated;

use std::fs;
use std::path::Path;
use std::process::Command;

use adder::target::TARGETS;
use adder_tests::outcome::{Outcome, finish};
use adder_tests::text::assemble;
use adder_tests::{guest, workspace};
use emulated::Host;
use tempfile::TempDir;

/// Atomic operators, vectors, calls by table, exceptions, and a memory with something at its end.
const EVERYTHING: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 3 5)
    (data (i32.const 65528) "\00\00\01\00\03\00\00\00hi\0a")
    (data (i32.const 196600) "the end")
    (type $binary (func (param i32 i32) (result i32)))
    (tag $thrown (param i32))
    (table 4 8 funcref)
    (elem (i32.const 1) func $add $throw)
    (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
    (func $throw (type $binary) (throw $thrown (i32.sub (local.get 0) (local.get 1))))
    (func $caught (result i32)
        (block $handler (result i32)
            (try_table (result i32) (catch $thrown $handler)
                (call_indirect (type $binary) (i32.const 9) (i32.const 4) (i32.const 2)))))
    (func (export "prepare")
        (v128.store (i32.const 70000) (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31
            (v128.const i64x2 1 2) (f32x4.floor (v128.const f32x4 1.5 2.5 -3.5 4.5))))
        (memory.fill (i32.const 80000) (i32.const 7) (i32.const 50000)))
    (func (export "_start")
        (if (i32.ne (call $caught) (i32.const 5)) (then unreachable))
        (if (i32.ne (call_indirect (type $binary) (i32.const 1) (i32.const 2) (i32.const 1)) (i32.const 3)) (then unreachable))
        (drop (i64.atomic.rmw.add (i32.const 1024) (i64.const 3)))
        (drop (i32.atomic.rmw8.cmpxchg_u (i32.const 1024) (i32.const 3) (i32.const 4)))
        (drop (call $write (i32.const 1) (i32.const 65528) (i32.const 1) (i32.const 100)))))"#;

/// Something for a library.
const SUM: &str = r#"(module
    (func (export "sum") (param i32 i64) (result i64) (i64.add (i64.extend_i32_u (local.get 0)) (local.get 1))))"#;

/// A folder with modules.
fn modules() -> TempDir {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    fs::write(folder.path().join("hello.wasm"), guest::c("hosts/hello.c")).expect("the folder is ours");
    for (name, text) in [("everything.wasm", EVERYTHING), ("sum.wasm", SUM)] {
        fs::write(folder.path().join(name), assemble(text)).expect("the folder is ours");
    }
    folder
}

/// Runs an adder in a folder, with a cache of its own there.
fn in_folder(folder: &Path, mut adder: Command, words: &[&str]) -> Outcome {
    finish(adder.args(words).current_dir(folder).env("ADDER_CACHE", folder.join("cache")), b"")
}

#[test]
fn it_says_where_it_is() {
    let Some(host) = Host::asked_for() else { return };
    let folder = modules();
    let own = in_folder(folder.path(), Command::new(workspace::adder()), &["--version"]);
    assert_eq!(in_folder(folder.path(), host.adder(), &["--version"]), own);
    let listed = in_folder(folder.path(), host.adder(), &["targets"]);
    for (line, target) in listed.printed().lines().zip(&TARGETS) {
        assert!(line.starts_with(target.name), "{line}");
        assert_eq!(line.ends_with("this machine"), target.name == host.target.name, "{line}");
    }
    // Without `--target`.
    in_folder(folder.path(), host.adder(), &["build", "hello.wasm", "-o", "hello"]).printed();
    let inspected = in_folder(folder.path(), host.adder(), &["inspect", "hello"]);
    let expected = format!("target: {}\n", host.target.architecture.triple());
    assert!(inspected.printed().contains(&expected), "{inspected:#?}");
}

#[test]
fn native_is_the_cpu_at_hand() {
    let Some(host) = Host::asked_for() else { return };
    let folder = modules();
    let levels = host.target.architecture.levels();
    for (cpu, level) in [(host.least_cpu(), levels[0]), ("max", levels[levels.len() - 1])] {
        let words = ["build", "hello.wasm", "--cpu", "native", "-o", "native"];
        in_folder(folder.path(), host.adder_on(cpu), &words).printed();
        let words = ["build", "hello.wasm", "--cpu", level.name(), "-o", "named"];
        in_folder(folder.path(), host.adder(), &words).printed();
        let read = |name: &str| fs::read(folder.path().join(name)).expect("it was built");
        assert!(read("native") == read("named"), "{cpu}: native is not {}", level.name());
    }
}

#[test]
fn executables_are_the_same() {
    let Some(host) = Host::asked_for() else { return };
    let folder = modules();
    let variants: [&[&str]; 6] = [
        &["hello.wasm"],
        &["everything.wasm"],
        &["everything.wasm", "-O", "0"],
        &["everything.wasm", "-O", "1", "--memory", "checked", "--embed", "hello.wasm::/in/side"],
        &["everything.wasm", "--checkpoint-init", "prepare"],
        &["sum.wasm", "--emit", "lib"],
    ];
    for target in &TARGETS {
        let highest = target.architecture.levels().last().expect("there is one");
        for variant in variants {
            let build = |adder: Command| {
                let end = ["--target", target.name, "--cpu", highest.name(), "-o", "libmade.so"];
                let words: Vec<&str> = [&["build"], variant, &end].concat();
                let outcome = in_folder(folder.path(), adder, &words);
                assert_eq!(outcome.status, Some(0), "{words:?}: {outcome:#?}");
                let made = folder.path().join("libmade.so");
                let bytes = fs::read(&made).expect("it was built");
                fs::remove_file(made).expect("the folder is ours");
                bytes
            };
            // The checkpoint is made by a program for the machine that builds, which has to start.
            let is_run = variant.contains(&"--checkpoint-init");
            let foreign = if is_run {
                let Some(adder) = host.adder_with_programs() else { continue };
                adder
            } else {
                host.adder()
            };
            let (own, other) = (build(Command::new(workspace::adder())), build(foreign));
            let first = own.iter().zip(&other).position(|(one, other)| one != other);
            assert_eq!((own.len(), first), (other.len(), None), "{} {variant:?}", target.name);
        }
    }
}

#[test]
fn programs_are_run() {
    let Some(host) = Host::asked_for() else { return };
    let folder = modules();
    for target in &TARGETS {
        let adder = if target.name == host.target.name { host.adder_with_programs() } else { Some(host.adder()) };
        let Some(adder) = adder else { continue };
        let outcome = in_folder(folder.path(), adder, &["run", "hello.wasm", "--target", target.name, "--", "a", "b"]);
        assert_eq!((outcome.status, outcome.stdout.as_str()), (Some(7), "a b hello 10 3.333\n"), "{outcome:#?}");
    }
}
