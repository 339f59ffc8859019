//! Builds that cannot have a checkpoint fail with what the program did instead, and with its output.

use std::process::Command;
use std::time::{Duration, Instant};

use adder_tests::outcome::finish;
use adder_tests::workspace;

use crate::built::refused;

/// Asserts that the build of a guest fails with this message, which may go on, and this hint.
fn check(body: &str, options: &[&str], message: &str, hint: &str) {
    check_module(&format!("(func (export \"_start\") {body})"), options, message, hint);
}

fn check_module(guest: &str, options: &[&str], message: &str, hint: &str) {
    let outcome = refused(guest, &[&["--checkpoint"], options].concat());
    assert_eq!(outcome.status, Some(1), "{outcome:#?}");
    assert!(outcome.stderr.starts_with(&format!("error: {message}")), "{message}: {outcome:#?}");
    assert!(outcome.stderr.contains(&format!("\nhint: {hint}")) || hint.is_empty(), "{hint}: {outcome:#?}");
}

#[test]
fn a_program_that_never_asks() {
    let hint = "a program asks by reading the file /.adder/checkpoint";
    check("", &[], "there is no checkpoint: the program ended (status 0) without asking for one\n", hint);
    let body = "(call $say (i32.const 140) (i32.const 6)) (call $exit (i32.const 7))";
    let message = "there is no checkpoint: the program ended (status 7) without asking for one\n  its standard output:\n  begin\n";
    check(body, &[], message, hint);
    // To open the file is not enough.
    let body = "(drop (call $open (i32.const 100) (i32.const 17)))";
    check(body, &[], "there is no checkpoint: the program ended (status 0) without asking for one\n", hint);
}

#[test]
fn a_program_that_traps() {
    let message = "there is no checkpoint: the program was aborted before it asked for one\n  its standard error:\n  \
                   adder: trap: unreachable\n";
    check("unreachable", &[], message, "");
    let preparation = r#"(func (export "wizer.initialize") unreachable) (func (export "_start"))"#;
    check_module(preparation, &[], message, "");
}

#[test]
fn a_program_that_does_not_end() {
    let begin = Instant::now();
    let message = "there is no checkpoint: the program was still running after 1 s";
    check("(loop (br 0))", &["--checkpoint-timeout", "1"], message, "--checkpoint-timeout SECONDS gives it more time");
    assert!(begin.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_program_that_prints_without_end() {
    let body = "(loop (call $say (i32.const 140) (i32.const 6)) (br 0))";
    let outcome =
        refused(&format!("(func (export \"_start\") {body})"), &["--checkpoint", "--checkpoint-timeout", "1"]);
    assert!(outcome.stderr.contains("its standard output (its last 20 lines):\n"), "{outcome:#?}");
    assert!(outcome.stderr.len() < 2000, "{} bytes", outcome.stderr.len());
}

#[test]
fn a_program_that_reads_its_input() {
    let body = "(i32.store (i32.const 16) (i32.const 0)) (drop (call $read))";
    check(body, &[], "there is no checkpoint: the program reads its standard input\n", "what it reads belongs behind");
}

#[test]
fn a_program_that_keeps_a_file_open() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    std::fs::write(folder.path().join("file"), "").expect("the folder is ours");
    let embed = format!("{}::/data", folder.path().display());
    let guest = r#"(data (i32.const 300) "data/file") (func (export "_start")
        (if (call $open (i32.const 300) (i32.const 9)) (then unreachable))
        (drop (call $ask)))"#;
    let outcome = refused(guest, &["--checkpoint", "--embed", &embed]);
    assert!(outcome.stderr.starts_with("error: there is no checkpoint: descriptor "), "{outcome:#?}");
    assert!(outcome.stderr.contains(" is open: "), "{outcome:#?}");
    assert!(outcome.stderr.contains("file\n"), "it is named: {outcome:#?}");
    assert!(outcome.stderr.contains("\nhint: close it before the checkpoint, and open it behind"), "{outcome:#?}");
}

#[test]
fn a_program_that_has_given_a_descriptor_up() {
    // A new process would have it again.
    for descriptor in [1, 3] {
        let body = format!(
            "(if (call $open (i32.const 100) (i32.const 17)) (then unreachable))
            (if (call $fd_close (i32.const {descriptor})) (then unreachable))
            (drop (call $read))"
        );
        let message = "there is no checkpoint: the program has closed, replaced, restricted or set flags of a descriptor \
                       that it was started with\n";
        check(&body, &[], message, "");
    }
}

#[test]
fn a_function_with_values() {
    let guest = r#"(func (export "f") (param i32) (drop (call $ask)))"#;
    let outcome = refused(guest, &["--checkpoint", "--invoke", "f"]);
    assert_eq!(outcome.status, Some(1), "{outcome:#?}");
}

#[test]
fn preparations_that_cannot_be_called() {
    let guest = r#"(func (export "takes") (param i32)) (func (export "_start"))"#;
    for (name, message) in [("takes", "has parameters or results"), ("nobody", "nobody")] {
        let outcome = refused(guest, &["--checkpoint-init", name]);
        assert_eq!(outcome.status, Some(1), "{outcome:#?}");
        assert!(outcome.stderr.contains(message), "{outcome:#?}");
    }
}

#[test]
fn options_that_exclude_it() {
    let guest = r#"(func (export "_start") (drop (call $ask)))"#;
    for (options, message) in [
        (
            &["--checkpoint", "--linker", "cc"][..],
            "error: --checkpoint: the executable must be linked by the linker inside adder\n",
        ),
        (&["--checkpoint", "--emit", "obj"], "error: --checkpoint: only an executable can have a checkpoint\n"),
        (
            &["--checkpoint-init", "x", "--emit", "asm"],
            "error: --checkpoint: only an executable can have a checkpoint\n",
        ),
        (
            &["--checkpoint", "--checkpoint-timeout", "0"],
            "error: invalid value '0' for '--checkpoint-timeout <SECONDS>'",
        ),
    ] {
        let outcome = refused(guest, options);
        assert_eq!(outcome.status, Some(2), "{outcome:#?}");
        assert!(outcome.stderr.starts_with(message), "{outcome:#?}");
    }
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    std::fs::write(folder.path().join("file"), "").expect("the folder is ours");
    let outcome = refused(guest, &["--checkpoint", "--embed", &format!("{}::/.adder", folder.path().display())]);
    assert_eq!(outcome.status, Some(2), "{outcome:#?}");
}

#[test]
fn options_of_python_that_exclude_it() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    for (options, message) in [
        (&["--preload", "a b"][..], "error: --preload a b: that is no name of a module\n"),
        (&["--preload", "json,"], "error: --preload : that is no name of a module\n"),
        (
            &["--checkpoint", "--linker", "cc"],
            "error: --checkpoint: the executable must be linked by the linker inside adder\n",
        ),
        (
            &["--checkpoint", "--reactor", "run"],
            "error: --checkpoint: only a python that starts as CPython's own program can",
        ),
        (
            &["--checkpoint", "--no-checkpoint"],
            "error: the argument '--checkpoint[=<PRELUDE.py>]' cannot be used with '--no-checkpoint'",
        ),
        (
            &["--preload", "re", "--no-checkpoint"],
            "error: the argument '--preload <MODULE,...>' cannot be used with '--no-checkpoint'",
        ),
    ] {
        let mut command = Command::new(workspace::adder());
        let outcome =
            finish(command.args(["python", "./python.wasm", "-o", "python"]).args(options).current_dir(&folder), b"");
        assert_eq!((outcome.status, &*outcome.stdout), (Some(2), ""), "{outcome:#?}");
        assert!(outcome.stderr.starts_with(message), "{message}: {outcome:#?}");
    }
    let mut command = Command::new(workspace::adder());
    let missing = ["python", "./python.wasm", "-o", "python", "--checkpoint=missing.py"];
    let outcome = finish(command.args(missing).current_dir(&folder), b"");
    assert_eq!(outcome.status, Some(3), "{outcome:#?}");
    assert!(outcome.stderr.starts_with("error: cannot read missing.py: no such file or directory"), "{outcome:#?}");
}
