//! When a checkpoint is taken, and when it is not gone on from.

use adder_compiler::host;
use adder_tests::target::{architecture, is_beyond_kernel, is_beyond_script};
use std::fs::{Permissions, set_permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use adder_tests::outcome::{Outcome, finish};
use adder_tests::text::assemble;
use adder_tests::{guest, workspace};

use crate::built::{Built, Library, build, build_asking, build_with_library};

/// Has functions that prepare it, and prints how far it has come.
const PREPARED: &str = r#"
    (global $steps (mut i64) (i64.const 1))
    (func $step (param $step i64)
        (global.set $steps (i64.add (i64.shl (global.get $steps) (i64.const 4)) (local.get $step))))
    (func (export "wizer.initialize") (call $say (i32.const 140) (i32.const 6)) (call $step (i64.const 2)))
    (func (export "prepare") (call $step (i64.const 3)))
    (func (export "fails") unreachable)
    (func (export "takes") (param i32))
    (func (export "add") (param i64) (result i64) (i64.add (global.get $steps) (local.get 0)))
    (func (export "_start") (call $step (i64.const 4)) (call $number (global.get $steps)))"#;

#[test]
fn the_convention_of_wizer() {
    let built = build(PREPARED, &["--checkpoint"]);
    assert_eq!(built.run(&[]), Outcome::success("124\n"));
    // Again and again: the file does not change.
    assert_eq!(built.run(&[]), Outcome::success("124\n"));
    // A cold start prepares as well.
    assert_eq!(built.run_cold(&[]), Outcome::success("begin\n124\n"));
}

#[test]
fn an_export_by_name() {
    let built = build(PREPARED, &["--checkpoint-init", "prepare"]);
    assert_eq!(built.run(&[]), Outcome::success("134\n"));
    assert_eq!(built.run_cold(&[]), Outcome::success("134\n"));
}

#[test]
fn a_function_with_values_behind_a_preparation() {
    let built = build(PREPARED, &["--checkpoint-init", "prepare", "--invoke", "add"]);
    assert_eq!(built.run(&["5"]), Outcome::success("24\n"));
    assert_eq!(built.run(&[]).status, Some(2), "it takes a number");
}

/// Says that it is initialised, and counts how often.
const COUNTING: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 8) "library\n")
    (global $count (mut i64) (i64.const 0x10))
    (func (export "_initialize")
        (global.set $count (i64.add (global.get $count) (i64.const 1)))
        (i32.store (i32.const 0) (i32.const 8))
        (i32.store (i32.const 4) (i32.const 8))
        (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)) (then unreachable)))
    (func (export "count") (result i64) (global.get $count)))"#;

/// Prints what the library has counted: when it is prepared, and in `_start`.
const USES_COUNTING: &str = r#"
    (func (export "prepare") (call $number (call $count)))
    (func (export "wizer.initialize") (call $number (call $count)))
    (func (export "_start") (call $number (i64.add (call $count) (i64.const 0x100))))"#;

#[test]
fn libraries_are_initialised_before_the_checkpoint_and_never_again() {
    for options in [&["--checkpoint"][..], &["--checkpoint-init", "prepare"]] {
        let imports = r#"(import "library" "count" (func $count (result i64)))"#;
        let library = Library { imports, module: &assemble(COUNTING) };
        let built = build_with_library(USES_COUNTING, library, options);
        assert_eq!(built.run(&[]), Outcome::success("111\n"), "{options:?}");
        assert_eq!(built.run_cold(&[]), Outcome::success("library\n11\n111\n"), "{options:?}");
    }
}

#[test]
fn constructors_of_a_library_in_c_are_in_the_checkpoint() {
    let imports = r#"(import "library" "entry" (func $entry (param i32) (result i32)))"#;
    let library = Library { imports, module: &guest::c_library("runtime/c/library.c") };
    let guest = r#"(func (export "prepare"))
        (func (export "_start") (call $exit (call $entry (i32.const 99))))"#;
    let built = build_with_library(guest, library, &["--checkpoint-init", "prepare"]);
    assert_eq!(built.run(&[]).status, Some(101));
    assert_eq!(built.run_cold(&[]).status, Some(101));
}

#[test]
fn a_library_is_initialised_where_the_guest_asks_for_the_checkpoint_itself() {
    let imports = r#"(import "library" "count" (func $count (result i64)))"#;
    let library = Library { imports, module: &assemble(COUNTING) };
    let guest = r#"(func (export "_start") (drop (call $ask)) (call $number (call $count)))"#;
    let built = build_with_library(guest, library, &["--checkpoint"]);
    assert_eq!(built.run(&[]), Outcome::success("11\n"));
    assert_eq!(built.run_cold(&[]), Outcome::success("library\n11\n"));
}

/// Asks, and then for a cold start if there are arguments: the answer is longer then.
const CHANGES_ITS_MIND: &str = r#"(func (export "_start")
        (local $bytes i32)
        (call $say (i32.const 140) (i32.const 6))
        (local.set $bytes (call $ask))
        (if (i32.gt_u (local.get $bytes) (i32.const 1000))
            (then (call $number (i64.extend_i32_u (call $open (i32.const 120) (i32.const 17))))))
        (call $say (i32.const 4096) (local.get $bytes)))"#;

#[test]
fn a_guest_may_ask_for_a_cold_start() {
    if is_beyond_kernel() {
        return;
    }
    let built = build_asking(CHANGES_ITS_MIND);
    let short = built.run(&["x"]);
    assert!(short.printed().starts_with("{\"arguments\": ["), "{short:#?}");
    let argument = "y".repeat(1000);
    let long = built.run(&[&argument]);
    let answer = long.printed().strip_prefix("begin\n").expect("it has started cold");
    // In a cold start there is nothing to change.
    let (error, answer) = answer.split_once('\n').expect("the error's number");
    assert_eq!(error, "1c", "EINVAL");
    assert!(answer.contains(&argument) && !answer.contains("ADDER_COLD_START"), "{answer}");
}

/// The kernel refuses a file that nobody may execute any more, and, where an emulator runs it, one for another machine.
#[test]
fn a_cold_start_that_cannot_be_says_so() {
    let guest = r#"(func (export "_start")
        (drop (call $ask))
        (i32.store (i32.const 16) (i32.const 0))
        (drop (call $read))
        (call $number (i64.extend_i32_u (call $open (i32.const 120) (i32.const 17)))))"#;
    let built = build_asking(guest);
    let mut command = built.command(&[]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().expect("it starts");
    // It waits for input by now, or will: the file is open.
    sleep(Duration::from_millis(300));
    set_permissions(built.path(), Permissions::from_mode(0o644)).expect("it is ours");
    running.stdin.take().expect("a pipe").write_all(b"x").expect("it reads");
    let outcome = Outcome::of(running.wait_with_output().expect("it ends"));
    let said = "adder: the program needs a start without its checkpoint, and cannot start itself anew: ";
    let hint = "\nhint: set ADDER_COLD_START=1 in the environment: then it starts so at once\n";
    assert_eq!((outcome.status, outcome.stdout.as_str()), (Some(71), ""), "{outcome:#?}");
    let reason = outcome.stderr.strip_prefix(said).and_then(|rest| rest.strip_suffix(hint));
    assert!(matches!(reason, Some("it is not permitted" | "the kernel knows no such executables")), "{outcome:#?}");
}

#[test]
fn a_cold_start_gets_back_what_was_read() {
    if is_beyond_kernel() {
        return;
    }
    let guest = r#"(func (export "_start")
        (drop (call $ask))
        ;; For writing. Refused in a cold start, which prints what it is given.
        (if (call $path_open (i32.const 3) (i32.const 0) (i32.const 120) (i32.const 17)
                (i32.const 0) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 16))
            (then
                (i32.store (i32.const 16) (i32.const 0))
                (call $say (i32.const 4096) (call $read))
                (return)))
        ;; Nobody gets more memory by it than is written.
        (if (i32.eqz (call $allocate (i32.load (i32.const 16)) (i64.const 0) (i64.const 4294967296))) (then unreachable))
        (i32.store (i32.const 0) (i32.const 140))
        (i32.store (i32.const 4) (i32.const 6))
        (if (call $fd_write (i32.load (i32.const 16)) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
        (call $close)
        (drop (call $open (i32.const 120) (i32.const 17)))
        unreachable)"#;
    let built = build_asking(guest);
    assert_eq!(built.run(&[]), Outcome::success("begin\n"));
    let closed = Command::new("sh").arg("-c").arg("exec \"$0\" <&-").arg(built.path()).output();
    assert_eq!(Outcome::of(closed.expect("there is a shell")), Outcome::success("begin\n"));
}

#[test]
fn a_guest_may_give_the_cold_start_up() {
    let guest = r#"(func (export "_start")
        (drop (call $ask))
        (if (call $unlink (i32.const 3) (i32.const 120) (i32.const 17)) (then unreachable))
        (call $number (i64.extend_i32_u (call $open (i32.const 120) (i32.const 17)))))"#;
    let built = build_asking(guest);
    assert_eq!(built.run(&[]), Outcome::success("1c\n"));
}

/// How a command ends, and what it says, with a variable in its environment.
fn explained(built: &Built, arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let outcome = finish(built.command(arguments).envs(variables.iter().copied()), b"");
    (outcome.status, outcome.stderr)
}

#[test]
fn it_says_how_it_started() {
    let asked = [("ADDER_EXPLAIN", "start")];
    let built = build_asking(CHANGES_ITS_MIND);
    let went_on = "adder: went on from the checkpoint\n".to_owned();
    assert_eq!(explained(&built, &["x"], &asked), (Some(0), went_on.clone()));
    assert_eq!(explained(&built, &["x"], &[]), (Some(0), String::new()));
    assert_eq!(explained(&built, &["x"], &[("ADDER_EXPLAIN", "else")]), (Some(0), String::new()));
    let cold = [asked[0], ("ADDER_COLD_START", "")];
    let why = "adder: started from the beginning: ADDER_COLD_START is set\n".to_owned();
    assert_eq!(explained(&built, &["x"], &cold), (Some(0), why));
    let sockets = [asked[0], ("LISTEN_FDS", "0")];
    let why = "adder: started from the beginning: sockets are handed over (LISTEN_FDS)\n".to_owned();
    assert_eq!(explained(&built, &["x"], &sockets), (Some(0), why));

    let prepared = build(PREPARED, &["--checkpoint-init", "prepare"]);
    assert_eq!(explained(&prepared, &[], &asked), (Some(0), went_on));
    let without = build(PREPARED, &["--invoke", "prepare"]);
    let why = "adder: started from the beginning: the executable has no checkpoint\n".to_owned();
    assert_eq!(explained(&without, &[], &asked).1, why);
    // The answer is of the same size: the guest does not see the variable.
    let answers = [&[][..], &asked].map(|variables| {
        let outcome = finish(built.command(&["x"]).envs(variables.iter().copied()), b"");
        outcome.stdout
    });
    assert_eq!(answers[0], answers[1]);
}

/// The line of `adder inspect` that starts with this.
fn inspected(built: &Built, start: &str) -> String {
    let outcome = finish(Command::new(workspace::adder()).arg("inspect").arg(built.path()), b"");
    let found = outcome.printed().lines().find(|line| line.starts_with(start));
    found.unwrap_or_else(|| panic!("no line {start:?}: {outcome:#?}")).to_owned()
}

#[test]
fn inspect_tells_of_it() {
    if is_beyond_script() {
        return;
    }
    let built = build(PREPARED, &["--checkpoint-init", "prepare"]);
    let line = inspected(&built, "checkpoint: ");
    assert!(
        line.starts_with("checkpoint: after prepare, ") && line.contains(" bytes for 131072 bytes of memory, "),
        "{line}"
    );
    let json = finish(Command::new(workspace::adder()).args(["inspect", "--json"]).arg(built.path()), b"");
    assert!(json.printed().contains("\"memory_bytes\": 131072"), "{json:#?}");

    // Binutils know the files of their own machine.
    let strip = if architecture() == host() { "strip" } else { "llvm-strip" };
    let stripped = Command::new(strip).arg(built.path()).status().expect("binutils and LLVM are installed");
    assert!(stripped.success());
    assert_eq!(inspected(&built, "checkpoint: "), line);
    assert_eq!(built.run(&[]), Outcome::success("134\n"));
}

#[test]
fn the_same_input_gives_the_same_file() {
    if is_beyond_script() {
        return;
    }
    let first = build_asking(CHANGES_ITS_MIND);
    // Another environment, folder and time.
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let mut command = crate::built::build_command(folder.path(), CHANGES_ITS_MIND, &["--checkpoint", "--jobs", "2"]);
    let outcome = finish(command.env("ANOTHER", "1").current_dir("/"), b"something to read");
    assert_eq!(outcome.status, Some(0), "{outcome:#?}");
    let second = std::fs::read(folder.path().join("program")).expect("it was built");
    assert!(first.bytes() == second, "two builds differ");
}

#[test]
fn the_run_is_shown_where_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let mut command = crate::built::build_command(folder.path(), PREPARED, &["--checkpoint", "--time", "-v"]);
    let outcome = finish(&mut command, b"");
    assert_eq!((outcome.status, &*outcome.stdout), (Some(0), ""), "{outcome:#?}");
    assert!(outcome.stderr.contains("\nits standard output:\n  begin\n"), "{outcome:#?}");
    assert!(outcome.stderr.lines().any(|line| line.starts_with("checkpoint ")), "a phase of its own: {outcome:#?}");
}
