//! Checkpoints of executables for another machine, where the build has nothing that can run them.

use std::path::Path;
use std::process::Command;

use adder::target::{TARGETS, Target};
use adder_tests::outcome::{Outcome, finish};
use adder_tests::target::is_beyond_emulator;
use adder_tests::text::assemble;
use adder_tests::workspace::adder;

use crate::built::build_command;

/// What is prepared is of every kind that a checkpoint has: memories, globals, tables, segments, function references.
const PREPARED: &str = r#"
    (memory $second 1 10)
    (type $value (func (result i64)))
    (table $fixed 3 funcref)
    (table $growing 1 20 funcref)
    (elem $passive func $seven $eight)
    (elem declare func $seven $eight)
    (data $dropped "dropped")
    (data (i32.const 70000) "x")
    (global $wide (mut i64) (i64.const 2))
    (global $vector (mut v128) (v128.const i64x2 4 5))
    (global $function (mut funcref) (ref.null func))
    (func $seven (result i64) (i64.const 7))
    (func $eight (result i64) (i64.const 8))
    (func $prepare (export "wizer.initialize")
        (drop (memory.grow (i32.const 3)))
        (i64.store (i32.const 0x4fff0) (i64.const 0x1122334455667788))
        (i32.store $second (i32.const 100) (i32.const 0x99))
        (global.set $wide (i64.const 22))
        (global.set $vector (v128.const i64x2 24 25))
        (global.set $function (ref.func $seven))
        (table.set $fixed (i32.const 2) (ref.func $eight))
        (drop (table.grow $growing (ref.func $seven) (i32.const 9)))
        (table.init $growing $passive (i32.const 3) (i32.const 1) (i32.const 1))
        (elem.drop $passive)
        (data.drop $dropped)
        (call $say (i32.const 140) (i32.const 6)))
    (func (export "_start")
        (call $number (i64.extend_i32_u (memory.size)))
        (call $number (i64.load (i32.const 0x4fff0)))
        (call $number (i64.load8_u (i32.const 70000)))
        (call $number (i64.load32_u $second (i32.const 100)))
        (call $number (global.get $wide))
        (call $number (i64x2.extract_lane 1 (global.get $vector)))
        (call $number (call_indirect $fixed (type $value) (i32.const 2)))
        (call $number (i64.extend_i32_u (table.size $growing)))
        (call $number (call_indirect $growing (type $value) (i32.const 3)))
        (call $number (call_indirect $growing (type $value) (i32.const 9)))
        (table.set $fixed (i32.const 0) (global.get $function))
        (call $number (call_indirect $fixed (type $value) (i32.const 0)))
        (table.init $growing $passive (i32.const 0) (i32.const 0) (i32.const 0))
        (memory.init $dropped (i32.const 0) (i32.const 0) (i32.const 1)))"#;

/// A machine that this one is not.
fn other() -> &'static Target {
    TARGETS.iter().find(|target| !target.is_host()).expect("there are two")
}

/// How the build of a guest for another machine ends, with or without an emulator in `PATH`.
fn build(folder: &Path, guest: &str, options: &[&str], has_emulator: bool) -> Outcome {
    let mut command = build_command(folder, guest, &["--target", other().name]);
    command.args(options);
    if !has_emulator {
        command.env("PATH", folder);
    }
    finish(&mut command, b"")
}

fn is_here(target: &Target) -> bool {
    Command::new(target.emulator).arg("--version").output().is_ok()
}

#[test]
fn what_is_prepared_is_taken_from_a_run_on_this_machine() {
    if is_beyond_emulator("it is about what this machine builds for another") {
        return;
    }
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let program = folder.path().join("program");
    for options in [&["--checkpoint"][..], &["--checkpoint", "-O", "0"], &["--checkpoint", "--memory", "checked"]] {
        let built = build(folder.path(), PREPARED, options, false);
        assert_eq!(built.status, Some(0), "{built:#?}");
        assert!(!built.stderr.contains("warning"), "{built:#?}");
        let without = std::fs::read(&program).expect("it was built");
        if !is_here(other()) {
            eprintln!("not compared and not run: {} is not installed", other().emulator);
            continue;
        }
        // Prepared once, at build; what was dropped stays so.
        let found = finish(Command::new(other().emulator).arg(&program), b"");
        assert_eq!(found.stdout, "5\n1122334455667788\n78\n99\n16\n19\n8\na\n8\n7\n7\n", "{found:#?}");
        assert!(found.stderr.starts_with("adder: trap: out of bounds memory access\n"), "{found:#?}");
        // Nothing depends on whether there is an emulator.
        let built = build(folder.path(), PREPARED, options, true);
        assert_eq!(built.status, Some(0), "{built:#?}");
        assert!(std::fs::read(&program).expect("it was built") == without, "{options:?}");
    }
}

/// What the machine that makes it decides, such as the sign of a NaN, is in the checkpoint; an emulator, which may be there or not, would
/// decide otherwise, and may not have the addresses.
#[test]
fn an_emulator_makes_no_difference() {
    if is_beyond_emulator("it is about what this machine builds for another") {
        return;
    }
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let (module, program) = (folder.path().join("guest.wasm"), folder.path().join("program"));
    let nan = r#"(memory (export "memory") 1)
        (global $zero (mut f64) (f64.const 0))
        (func (export "wizer.initialize") (f64.store (i32.const 8) (f64.div (global.get $zero) (global.get $zero))))"#;
    let large = r#"(memory (export "memory") i64 1)
        (func (export "wizer.initialize") (i64.store (i64.const 8) (i64.const 7)))"#;
    for guest in [nan, large] {
        std::fs::write(&module, assemble(&format!("(module {guest} (func (export \"_start\")))"))).expect("ours");
        let [without, with] = [false, true].map(|has_emulator| {
            let mut command = Command::new(adder());
            command.args(["build", "--checkpoint", "--target", other().name]).arg(&module).arg("-o").arg(&program);
            if !has_emulator {
                command.env("PATH", folder.path());
            }
            let built = finish(&mut command, b"");
            assert_eq!(built.status, Some(0), "{built:#?}");
            std::fs::read(&program).expect("it was built")
        });
        assert!(without == with, "{guest}");
    }
}

/// A guest that asks by itself leaves a stack, which only a run of the executable itself can.
#[test]
fn what_is_under_way_needs_an_emulator() {
    if is_beyond_emulator("it is about what this machine builds for another") {
        return;
    }
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let guest = r#"(func (export "_start") (drop (call $ask)))"#;
    let Outcome { status, stderr, .. } = build(folder.path(), guest, &["--checkpoint"], false);
    let Target { name, emulator, .. } = other();
    let expected = format!(
        "error: cannot run a program for {name} here: {emulator} is not installed\n\
         hint: install {emulator} (Debian: qemu-user), or have a function prepare the program: --checkpoint-init NAME, or an export \
         wizer.initialize\n"
    );
    assert_eq!((status, stderr), (Some(3), expected));
}

/// Can start threads, and starts none while it is prepared. Each of them has a global of its own, or nothing.
fn with_threads(has_global: bool) -> String {
    let (global, change) = match has_global {
        true => ("(global $own (mut i32) (i32.const 0))", "(global.set $own (i32.const 1))"),
        false => ("", ""),
    };
    format!(
        r#"(module
            (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
            (memory (export "memory") 1 1 shared)
            {global}
            (func (export "wasi_thread_start") (param i32 i32) {change})
            (func (export "wizer.initialize") {change} (i32.store (i32.const 8) (i32.const 7)))
            (func (export "_start")
                (if (i32.ne (i32.load (i32.const 8)) (i32.const 7)) (then unreachable))
                (drop (call $spawn (i32.const 0)))))"#
    )
}

/// Takes an entry of the table for a function that libffi is to make, at once or only when it runs.
fn with_closure(is_prepared: bool) -> String {
    let make = "(if (i32.eqz (call $allocate (i32.const 16) (i32.const 8))) (then unreachable))";
    let (before, later) = if is_prepared { (make, "") } else { ("", make) };
    format!(
        r#"(module
            (import "env" "ffi_closure_alloc_js" (func $allocate (param i32 i32) (result i32)))
            (memory (export "memory") 1)
            (table 2 2 funcref)
            (elem (i32.const 0) $none)
            (func $none)
            (func (export "malloc") (param i32) (result i32) (i32.const 1024))
            (func (export "free") (param i32))
            ;; By which programs made by Emscripten are known.
            (func (export "_emscripten_stack_alloc") (param i32) (result i32) (i32.const 0))
            (func (export "wizer.initialize") {before})
            (func (export "_start")
                {later}
                ;; Behind the entries of its own.
                (if (i32.lt_u (i32.load (i32.const 8)) (i32.const 2)) (then unreachable))))"#
    )
}

/// What cannot be translated: only a run of the executable itself leads there.
#[test]
fn state_of_one_machine_is_refused_for_another() {
    if is_beyond_emulator("it is about what this machine builds for another") {
        return;
    }
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let (module, program) = (folder.path().join("guest.wasm"), folder.path().join("program"));
    let closure = Some("the program has made functions by libffi");
    for (guest, refused) in [
        (&with_threads(true), Some("each of the program's threads has state of its own")),
        (&with_threads(false), None),
        (&with_closure(true), closure),
        (&with_closure(false), None),
    ] {
        std::fs::write(&module, assemble(guest)).expect("the folder is ours");
        let build = |has_emulator: bool| {
            let mut command = Command::new(adder());
            command.args(["build", "--checkpoint", "--target", other().name]).arg(&module).arg("-o").arg(&program);
            if !has_emulator {
                command.env("PATH", folder.path());
            }
            finish(&mut command, b"")
        };
        let Outcome { status, stderr, .. } = build(false);
        match refused {
            Some(why) => {
                let expected = format!(
                    "error: the checkpoint that was made on this machine cannot be one for another: {why}\n\
                     hint: install {} (Debian: qemu-user)\n",
                    other().emulator
                );
                assert_eq!((status, stderr), (Some(1), expected));
                assert!(!program.exists(), "nothing is left of the executable");
            }
            None => assert_eq!(status, Some(0), "{stderr}"),
        }
        if !is_here(other()) {
            eprintln!("not compared and not run: {} is not installed", other().emulator);
            continue;
        }
        let built = build(true);
        assert_eq!(built.status, Some(0), "{built:#?}");
        let ended = finish(Command::new(other().emulator).arg(&program), b"");
        assert_eq!(ended, Outcome::success(""), "{guest}");
        std::fs::remove_file(&program).expect("it was built");
    }
}
