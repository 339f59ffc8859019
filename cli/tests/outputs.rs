//! The file that a build writes: where it may lie, and that nothing of it is left when something fails.

mod common;

use common::programs::{assert_runs, build, hello, with_signals};
use common::{ADDER, Outcome, Workshop, names};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;

#[test]
fn a_write_that_fails_half_way_leaves_nothing() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("x", 0));
    let temporary = workshop.folder("temporary");
    for command in ["build hello.wasm -o out", "build hello.wasm -o out --linker cc", "run hello.wasm"] {
        for ignored in [true, false] {
            // Files may have 8 blocks of 512 bytes; cc's own files are limited too, so that its failure is seen as well.
            let script = format!("ulimit -f 8; exec {ADDER} {command}");
            let mut limited = workshop.command("sh");
            with_signals(limited.args(["-c", &script]).env("TMPDIR", &temporary), ignored);
            let outcome = Outcome::from(limited.output().expect("it starts"));
            assert_eq!(outcome.status, 3, "{command}: {outcome:?}");
            assert!(outcome.stderr.contains("error: cannot write "), "{command}: {}", outcome.stderr);
            assert!(outcome.stderr.contains("hint: raise the limit"), "{command}: {}", outcome.stderr);
            assert_eq!(workshop.names(), ["hello.wasm"], "{command}");
            assert_eq!(names(&temporary), Vec::<String>::new(), "{command}");
        }
    }
    let runs = workshop.work().join("../cache/run");
    for key in names(&runs) {
        assert_eq!(names(&runs.join(key)), Vec::<String>::new());
    }
}

#[test]
fn devices_are_written_to_and_links_followed() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("linked", 0));
    build(&workshop, &["hello.wasm", "-o", "/dev/null"]);
    assert!(!fs::metadata("/dev/null").expect("it is still there").is_file());
    let full = |arguments: &[&str], file: &str, elsewhere: &str| {
        let outcome = workshop.adder(arguments);
        assert_eq!(outcome.status, 3, "{outcome:?}");
        let expected =
            format!("error: cannot write {file}: no space left on device\nhint: make room there, or {elsewhere}\n");
        assert_eq!(outcome.stderr, expected);
    };
    full(&["build", "hello.wasm", "-o", "/dev/full"], "/dev/full", "choose another place with -o");

    // Where the cache is full: in place of the executable that it keeps.
    assert_runs(&workshop.adder(&["run", "hello.wasm"]), 0, "linked");
    let runs = workshop.work().join("../cache/run");
    let kept = runs.join(&names(&runs)[0]).join("hello");
    fs::remove_file(&kept).expect("it is there");
    std::os::unix::fs::symlink("/dev/full", &kept).expect("a link");
    full(&["run", "hello.wasm"], "/dev/full", "set ADDER_CACHE to a folder where there is room");

    workshop.file("target", "old");
    std::os::unix::fs::symlink("target", workshop.work().join("link")).expect("a link");
    build(&workshop, &["hello.wasm", "-o", "link"]);
    assert_runs(&workshop.run("./target", &[]), 0, "linked");
}

#[test]
fn permissions_are_what_the_umask_leaves() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("x", 0));
    // The mode that the file had before does not count: it is replaced.
    let old = workshop.file("out", "old");
    fs::set_permissions(old, fs::Permissions::from_mode(0o600)).expect("changed");
    for (umask, emit, expected) in [
        ("022", "exe", 0o755),
        ("077", "exe", 0o700),
        ("002", "exe", 0o775),
        ("027", "asm", 0o640),
        ("0", "obj", 0o666),
    ] {
        let script = format!("umask {umask}; exec {ADDER} build hello.wasm -o out --emit {emit}");
        let outcome = workshop.run("sh", &["-c", &script]);
        assert_eq!(outcome.status, 0, "{outcome:?}");
        let mode = fs::metadata(workshop.work().join("out")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o7777, expected, "umask {umask}, {emit}: {mode:o}");
    }
}

/// A `cc` that sends `signal` to the adder that started it, and stays until it is gone.
fn interrupting_cc(workshop: &Workshop, signal: &str) -> String {
    let script = format!("#!/bin/sh\nkill -{signal} $PPID\nwhile kill -0 $PPID 2>/dev/null; do :; done\n");
    let cc = workshop.file("bin/cc", script);
    fs::set_permissions(&cc, fs::Permissions::from_mode(0o755)).expect("changed");
    let path = std::env::var("PATH").expect("a PATH");
    format!("{}:{path}", cc.parent().expect("bin").display())
}

#[test]
fn a_signal_that_ends_a_build_leaves_nothing() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("x", 0));
    let temporary = workshop.folder("temporary");
    for (name, number) in [("TERM", 15), ("INT", 2), ("HUP", 1)] {
        let path = interrupting_cc(&workshop, name);
        let mut adder = workshop.command(ADDER);
        adder.args(["build", "hello.wasm", "-o", "out", "--linker", "cc"]);
        with_signals(adder.env("TMPDIR", &temporary).env("PATH", path), false);
        let output = adder.output().expect("it starts");
        assert_eq!(output.status.signal(), Some(number), "{name}: {output:?}");
        assert_eq!(names(&temporary), Vec::<String>::new(), "{name}");
        assert_eq!(workshop.names(), ["bin", "hello.wasm"], "{name}");
    }
}
