//! What `adder build`, `run` and `inspect` make: executables that run, say what they are, and are the same every time.

mod common;

use adder::note::Note;
use common::{ADDER, Outcome, Workshop, names, wrote};
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};

/// Writes `text` to standard output and ends with `status`.
fn hello(text: &str, status: u32) -> String {
    let length = text.len();
    format!(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "\10\00\00\00") (data (i32.const 4) "\{length:02x}\00\00\00") (data (i32.const 16) "{text}")
            (func (export "_start")
                (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
                (call $exit (i32.const {status}))))"#
    )
}

/// The signals that adder handles.
const SIGNALS: [i32; 4] = [libc::SIGHUP, libc::SIGINT, libc::SIGTERM, libc::SIGXFSZ];

/// Lets `command` start with [`SIGNALS`] ignored or not, however the tests were started: many a test runner ignores some.
fn with_signals(command: &mut Command, ignored: bool) {
    let action = if ignored { libc::SIG_IGN } else { libc::SIG_DFL };
    let set = move || {
        for signal in SIGNALS {
            // SAFETY: neither action is a function, so no handler can run.
            unsafe { libc::signal(signal, action) };
        }
        Ok(())
    };
    // SAFETY: between fork and exec, `set` only calls signal, which is async-signal-safe.
    unsafe { command.pre_exec(set) };
}

/// Nothing but a function to invoke.
const ADD: &str = r#"(module (func (export "add") (param i32 i64) (result i64)
    (i64.add (i64.extend_i32_s (local.get 0)) (local.get 1))))"#;

/// Builds, and wants success without a word but about the output.
fn build(workshop: &Workshop, arguments: &[&str]) {
    let outcome = workshop.adder(&[&["build"], arguments].concat());
    let output = arguments.iter().skip_while(|argument| **argument != "-o").nth(1).expect("there is an output");
    let file = workshop.work().join(output);
    let said = if file.is_file() { wrote(&file) } else { String::new() };
    let seen = (outcome.status, outcome.stdout.as_str(), outcome.stderr.as_str());
    assert_eq!(seen, (0, "", said.as_str()), "{arguments:?}");
}

fn assert_runs(outcome: &Outcome, status: i32, stdout: &str) {
    assert_eq!((outcome.status, outcome.stdout.as_str()), (status, stdout), "{}", outcome.stderr);
}

#[test]
fn an_executable_runs_and_is_alone() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("hello", 7));
    build(&workshop, &["hello.wasm", "-o", "hello"]);
    assert_eq!(workshop.names(), ["hello", "hello.wasm"]);
    assert_runs(&workshop.run("./hello", &[]), 7, "hello");
}

#[test]
fn what_was_written_is_said_last_with_how_to_run_it() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("ran", 3));
    workshop.folder("work/a b");
    for (output, shown) in [("out", "./out"), ("./out", "./out"), ("a b/it's", "'a b/it'\\''s'"), ("-x", "./-x")] {
        let outcome = workshop.adder(&["build", "hello.wasm", "--dir", "/data", &format!("-o{output}")]);
        assert_eq!(outcome.status, 0, "{outcome:?}");
        let last = outcome.stderr.lines().last().expect("it says something");
        let (size, command) = last
            .strip_prefix(&format!("wrote {shown} ("))
            .and_then(|rest| rest.split_once("); run it: "))
            .unwrap_or_else(|| panic!("{last}"));
        let bytes = fs::metadata(workshop.work().join(output)).expect("it is there").len();
        assert_eq!(size, format!("{:.1} kB", bytes as f64 / 1e3));
        assert_runs(&workshop.run("sh", &["-c", command]), 3, "ran");
    }
    // What does not run is not said to.
    let outcome = workshop.adder(&["build", "hello.wasm", "-o", "out.o", "--emit", "obj"]);
    assert!(outcome.stderr.starts_with("wrote ./out.o (") && !outcome.stderr.contains("run it"), "{}", outcome.stderr);
}

#[test]
fn every_memory_level_and_linker_behaves_the_same() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("same", 3));
    for memory in ["low", "high", "checked"] {
        for level in ["0", "1", "2"] {
            for linker in ["wild", "cc"] {
                let options = ["hello.wasm", "-o", "out", "--memory", memory, "-O", level, "--linker", linker];
                build(&workshop, &options);
                assert_runs(&workshop.run("./out", &[]), 3, "same");
            }
        }
    }
}

#[test]
fn the_output_does_not_depend_on_threads_or_names() {
    let workshop = Workshop::new();
    let functions: String = (0..200)
        .map(|index| {
            format!("(func (export \"f{index}\") (param i32) (result i32) (i32.mul (local.get 0) (i32.const {index})))")
        })
        .collect();
    workshop.module("many.wasm", &format!("(module {functions} (func (export \"_start\")))"));
    let mut outputs = Vec::new();
    for (jobs, name) in [("1", "one"), ("2", "two"), ("8", "eight"), ("2", "again")] {
        build(&workshop, &["many.wasm", "-o", name, "-j", jobs]);
        outputs.push((name, fs::read(workshop.work().join(name)).expect("it is there")));
    }
    for (name, bytes) in &outputs[1..] {
        assert!(*bytes == outputs[0].1, "{name} differs");
    }
}

#[test]
fn a_function_is_invoked_with_arguments() {
    let workshop = Workshop::new();
    workshop.module("add.wasm", ADD);
    build(&workshop, &["add.wasm", "-o", "add", "--invoke", "add"]);
    assert_runs(&workshop.run("./add", &["-2", "44"]), 0, "42\n");
    assert_eq!(workshop.run("./add", &["1"]).status, 2);

    let outcome = workshop.adder(&["build", "add.wasm", "-o", "out", "--invoke", "subtract"]);
    assert_eq!(outcome.status, 1, "{outcome:?}");
    assert!(outcome.stderr.starts_with("error: add.wasm: "), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("subtract"), "{}", outcome.stderr);

    let outcome = workshop.adder(&["build", "add.wasm", "-o", "out"]);
    assert_eq!(outcome.status, 1, "{outcome:?}");
    assert!(outcome.stderr.contains("_start"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("hint: "), "{}", outcome.stderr);
}

#[test]
fn modules_import_from_each_other() {
    let workshop = Workshop::new();
    let exit = r#"(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))"#;
    let main = |library: &str| {
        format!(
            r#"(module {exit} (import "{library}" "status" (func $status (result i32)))
                (memory (export "memory") 1) (func (export "_start") (call $exit (call $status))))"#
        )
    };
    workshop.module("main.wasm", &main("library"));
    workshop.module("other.wasm", &main("renamed"));
    workshop.module("library.wasm", r#"(module (func (export "status") (result i32) (i32.const 9)))"#);
    build(&workshop, &["main.wasm", "library.wasm", "-o", "out"]);
    assert_runs(&workshop.run("./out", &[]), 9, "");
    build(&workshop, &["other.wasm", "renamed=library.wasm", "-o", "out"]);
    assert_runs(&workshop.run("./out", &[]), 9, "");
}

#[test]
fn missing_imports_are_refused_all_at_once_or_trap() {
    let workshop = Workshop::new();
    workshop.module(
        "in.wasm",
        r#"(module (import "env" "first" (func)) (import "host" "second" (func $second (param i32)))
            (func (export "_start") (call $second (i32.const 0))))"#,
    );
    let outcome = workshop.adder(&["build", "in.wasm", "-o", "out"]);
    assert_eq!(outcome.status, 1, "{outcome:?}");
    for text in ["in.wasm", r#""env"."first""#, r#""host"."second""#, "hint: ", "--allow-missing"] {
        assert!(outcome.stderr.contains(text), "no {text}: {}", outcome.stderr);
    }
    assert_eq!(workshop.names(), ["in.wasm"]);

    let outcome = workshop.adder(&["build", "in.wasm", "-o", "out", "--allow-missing"]);
    assert_eq!(outcome.status, 0, "{outcome:?}");
    assert!(
        outcome.stderr.contains(r#"warning: nobody supplies "env"."first", "host"."second";"#),
        "{}",
        outcome.stderr
    );
    let outcome = workshop.run("./out", &[]);
    assert_eq!(outcome.status, 134, "{outcome:?}");
    assert!(outcome.stderr.contains("host.second"), "{}", outcome.stderr);
    assert!(workshop.adder(&["inspect", "out"]).stdout.contains("missing imports: env: first; host: second"));
}

#[test]
fn what_comes_before_the_executable_can_be_seen() {
    let workshop = Workshop::new();
    workshop.module("add.wasm", ADD);
    let options = ["build", "add.wasm", "--invoke", "add", "-o"];
    for (emit, expected) in [("clif", "iadd"), ("asm", "ret")] {
        let outcome = workshop.adder(&[&options[..], &["-", "--emit", emit]].concat());
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "standard output is not to be run");
        assert!(outcome.stdout.contains(expected), "{}", outcome.stdout);
        let file = format!("out.{emit}");
        assert_eq!(workshop.adder(&[&options[..], &[&file, "--emit", emit]].concat()).status, 0);
        assert_eq!(fs::read_to_string(workshop.work().join(file)).expect("text"), outcome.stdout);
    }
    assert_eq!(workshop.adder(&[&options[..], &["out.o", "--emit", "obj"]].concat()).status, 0);
    assert!(fs::read(workshop.work().join("out.o")).expect("an object").starts_with(b"\x7fELF"));
}

#[test]
fn inspect_says_what_build_was_told() {
    let workshop = Workshop::new();
    workshop.file("tree/file", "contents");
    let module = workshop.module("hello.wasm", &hello("x", 0));
    let arguments = [
        "build",
        "hello.wasm",
        "-o",
        "out",
        "--dir",
        "/data:ro",
        "--dir",
        "work::/w",
        "--env",
        "A=1",
        "--env",
        "B=x y",
        "--inherit-env",
        "--embed",
        "tree::/usr/lib",
        "-O",
        "1",
        "--memory",
        "high",
        "--cpu",
        "x86-64-v2",
        "--stack-size",
        "1M",
        "--max-memory",
        "3MiB",
    ];
    let outcome = workshop.adder(&arguments);
    assert_eq!(outcome.status, 0, "{outcome:?}");
    let grants = "/data (read only), work as /w (read and write), the environment, the working directory";
    assert!(outcome.stderr.starts_with(&format!("granted: {grants}\n")), "{}", outcome.stderr);

    let json = workshop.adder(&["inspect", "--json", "out"]);
    let note: Note = serde_json::from_str(&json.stdout).expect("JSON");
    let contents = fs::read(module).expect("the module");
    assert_eq!(note.inputs.len(), 1);
    assert_eq!((note.inputs[0].file.as_str(), note.inputs[0].bytes), ("hello.wasm", contents.len() as u64));
    assert_eq!(note.inputs[0].sha256, adder::note::sha256(&contents));
    assert_eq!(note.target, "x86_64-unknown-linux-musl");
    assert_eq!((note.entry.as_str(), note.optimization, note.memory.as_str()), ("_start", 1, "high"));
    assert_eq!(note.cpu, "x86-64-v2");
    assert_eq!((note.stack_bytes, note.memory_limit_bytes), (1 << 20, Some(3 << 20)));
    assert_eq!(note.imports, ["wasi_snapshot_preview1.fd_write", "wasi_snapshot_preview1.proc_exit"]);
    assert_eq!(note.environment, ["A=1", "B=x y"]);
    assert!(note.inherits_environment && note.functions > 0 && note.code_bytes > 0 && note.image_bytes >= 65536);
    assert_eq!((note.embedded[0].guest.as_str(), note.embedded[0].files, note.embedded[0].bytes), ("/usr/lib", 1, 8));

    let text = workshop.adder(&["inspect", "out"]).stdout;
    for line in [
        format!("granted: {grants}"),
        "options: -O 1, --memory high, --cpu x86-64-v2".to_owned(),
        format!("input: hello.wasm, {} bytes, sha256 {}", contents.len(), note.inputs[0].sha256),
        "imports: wasi_snapshot_preview1: fd_write proc_exit".to_owned(),
        "embedded: /usr/lib, 1 files, 8 bytes".to_owned(),
    ] {
        assert!(text.lines().any(|candidate| candidate == line), "no {line:?} in {text}");
    }
    let licenses = workshop.adder(&["inspect", "--licenses", "out"]).stdout;
    for name in ["musl", "Rich Felker", "rustix", "The MIT License", "hello.wasm"] {
        assert!(licenses.contains(name), "{name}: {licenses}");
    }
}

/// Copies the file of this path, from the guest's root, to standard output; ends with the error number.
fn cat(path: &str) -> String {
    let length = path.len();
    format!(
        r#"(module
            (import "wasi_snapshot_preview1" "path_open"
                (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 2)
            (data (i32.const 64) "{path}")
            (func $check (param i32) (if (local.get 0) (then (call $exit (local.get 0)))))
            (func (export "_start")
                ;; Descriptor 3 is the root. 2 is the right to read.
                (call $check (call $open (i32.const 3) (i32.const 1) (i32.const 64) (i32.const {length}) (i32.const 0)
                    (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0)))
                (i32.store (i32.const 8) (i32.const 1024))
                (i32.store (i32.const 12) (i32.const 65536))
                (call $check (call $read (i32.load (i32.const 0)) (i32.const 8) (i32.const 1) (i32.const 12)))
                (call $check (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))"#
    )
}

#[test]
fn embedded_files_are_read_without_a_grant() {
    let workshop = Workshop::new();
    workshop.file("tree/deep/file", "embedded contents");
    workshop.module("there.wasm", &cat("usr/lib/deep/file"));
    workshop.module("gone.wasm", &cat("usr/lib/deep/other"));
    for (linker, memory) in [("wild", "low"), ("cc", "checked")] {
        for name in ["there", "gone"] {
            let module = format!("{name}.wasm");
            build(
                &workshop,
                &[&module, "-o", name, "--embed", "tree::/usr/lib", "--linker", linker, "--memory", memory],
            );
        }
        // What was embedded does not depend on what it was embedded from.
        fs::rename(workshop.work().join("tree"), workshop.work().join("moved")).expect("moved");
        assert_runs(&workshop.run("./there", &[]), 0, "embedded contents");
        // 44 is ENOENT.
        assert_runs(&workshop.run("./gone", &[]), 44, "");
        fs::rename(workshop.work().join("moved"), workshop.work().join("tree")).expect("moved back");
    }
}

#[test]
fn time_names_the_phases_in_order() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("x", 0));
    let outcome = workshop.adder(&["build", "hello.wasm", "-o", "out", "--time"]);
    assert_eq!(outcome.status, 0, "{outcome:?}");
    let phases: Vec<&str> = outcome.stderr.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(phases, ["parse", "analyze", "compile", "emit", "link", "total", "wrote"]);
}

#[test]
fn run_builds_once_and_becomes_the_program() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("ran", 5));
    assert_runs(&workshop.adder(&["run", "hello.wasm"]), 5, "ran");
    assert_eq!(workshop.names(), ["hello.wasm"], "the executable is in the cache");
    let outcome = workshop.adder(&["run", "-v", "hello.wasm"]);
    assert_runs(&outcome, 5, "ran");
    assert!(outcome.stderr.starts_with("cached: "), "{}", outcome.stderr);
    // Another input, another option: another executable.
    assert!(!workshop.adder(&["run", "-v", "-O", "0", "hello.wasm"]).stderr.contains("cached: "));
    workshop.module("hello.wasm", &hello("new", 6));
    assert_runs(&workshop.adder(&["run", "hello.wasm"]), 6, "new");

    workshop.module("add.wasm", ADD);
    assert_runs(&workshop.adder(&["run", "add.wasm", "--invoke", "add", "--", "40", "2"]), 0, "42\n");
}

#[test]
fn run_links_modules_as_build_does() {
    let workshop = Workshop::new();
    workshop.module(
        "main.wasm",
        r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (import "library" "status" (func $status (result i32)))
            (memory (export "memory") 1) (func (export "_start") (call $exit (call $status))))"#,
    );
    workshop.module("library.wasm", r#"(module (func (export "status") (result i32) (i32.const 9)))"#);
    let outcome = workshop.adder(&["run", "main.wasm"]);
    assert_eq!(outcome.status, 1, "{outcome:?}");
    assert!(outcome.stderr.contains("give the module that exports it as a further input"), "{}", outcome.stderr);
    assert_runs(&workshop.adder(&["run", "main.wasm", "library.wasm"]), 9, "");
    // What was meant for the program.
    for argument in ["input.txt", "main.txt"] {
        workshop.file("main.txt", "text");
        let outcome = workshop.adder(&["run", "main.wasm", argument]);
        let expected = format!(
            "error: {argument} is no module to link with main.wasm\nhint: arguments of the program stand behind --, as in adder run \
             main.wasm -- {argument}\n"
        );
        assert_eq!((outcome.status, outcome.stderr), (2, expected));
    }
}

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

#[test]
fn a_program_that_run_becomes_finds_signals_as_adder_did() {
    let workshop = Workshop::new();
    // Sleeps for ever: poll_oneoff with one clock subscription of 2^62 ns.
    workshop.module(
        "sleep.wasm",
        r#"(module
            (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 512) "\10\02\00\00\01\00\00\00") (data (i32.const 528) "r")
            (func (export "_start")
                (drop (call $write (i32.const 1) (i32.const 512) (i32.const 1) (i32.const 256)))
                (i32.store (i32.const 16) (i32.const 1))
                (i64.store (i32.const 24) (i64.const 0x4000000000000000))
                (drop (call $poll (i32.const 0) (i32.const 128) (i32.const 1) (i32.const 256)))))"#,
    );
    for ignored in [false, true] {
        let mut adder = workshop.command(ADDER);
        with_signals(adder.args(["run", "sleep.wasm"]), ignored);
        let mut child = adder.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut said = [0];
        child.stdout.take().expect("a pipe").read_exact(&mut said).expect("it runs");
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it is there");
        child.kill().expect("it can be ended");
        child.wait().expect("it ended");
        let mask = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a mask");
            u64::from_str_radix(line.trim(), 16).expect("hexadecimal")
        };
        for signal in SIGNALS {
            let bit = 1_u64 << (signal - 1);
            // The runtime itself ignores SIGXFSZ.
            let ignored = ignored || signal == libc::SIGXFSZ;
            assert_eq!(mask("SigIgn:") & bit != 0, ignored, "{signal}: {status}");
            assert_eq!(mask("SigBlk:") & bit, 0, "{signal}: {status}");
        }
    }
}

#[test]
fn the_linker_has_as_many_threads_as_asked_for() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("x", 0));
    for jobs in [1, 3] {
        // Looked at again and again while it runs; a link that was over too soon is tried again.
        let most = || {
            let mut adder = workshop.command(ADDER);
            let jobs = jobs.to_string();
            let mut child = adder.args(["build", "hello.wasm", "-o", "out", "-j", &jobs]).spawn().expect("it starts");
            let tasks = format!("/proc/{}/task", child.id());
            let mut most = 0;
            while child.try_wait().expect("it is ours").is_none() {
                let Ok(tasks) = fs::read_dir(&tasks) else { continue };
                let names = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok());
                most = most.max(names.filter(|name| name.starts_with("link-")).count());
            }
            most
        };
        let seen = (0..20).map(|_| most()).find(|most| *most >= jobs);
        assert_eq!(seen, Some(jobs));
    }
}
