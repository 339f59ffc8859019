//! What `adder build` and `inspect` make and say: executables that run, and are the same every time.

mod common;

use adder::note::Note;
use common::programs::{ADD, assert_runs, build, hello};
use common::{ADDER, Workshop};
use std::fs;

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
        let outcome = workshop.adder(&["build", "hello.wasm", "--dir", "/etc", &format!("-o{output}")]);
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
    let said = outcome.stderr.lines().last().unwrap_or_default();
    assert!(said.starts_with("wrote ./out.o (") && !outcome.stderr.contains("run it"), "{}", outcome.stderr);
}

#[test]
fn a_program_that_starts_in_the_root_is_warned_of() {
    let workshop = Workshop::new();
    let program = |import: &str, chdir: &str| {
        format!(
            r#"(module {import} (memory (export "memory") 2) (global $__stack_pointer (mut i32) (i32.const 65536))
            (func ${chdir} (param i32) (result i32) (global.set $__stack_pointer (i32.const 65536)) (i32.const 0))
            (func (export "_start")))"#
        )
    };
    let asks = r#"(import "wasi_snapshot_preview1" "args_sizes_get" (func (param i32 i32) (result i32)))"#;
    for (import, chdir, is_warned) in [(asks, "chdir", false), (asks, "other", true), ("", "chdir", true)] {
        workshop.module("program.wasm", &program(import, chdir));
        let outcome = workshop.adder(&["build", "program.wasm", "-o", "program", "--dir", "/"]);
        assert_eq!(outcome.stderr.contains("it starts in / whatever the working directory"), is_warned, "{outcome:?}");
    }
}

#[test]
fn every_memory_level_and_linker_behaves_the_same() {
    let workshop = Workshop::new();
    workshop.module("hello.wasm", &hello("same", 3));
    for memory in ["low", "high", "checked"] {
        for level in ["0", "1"] {
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
    assert_eq!(workshop.adder(&["build", "add.wasm", "-o", "out.o", "--emit", "obj"]).status, 0);
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
        "/etc:ro",
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
    let grants =
        "/etc (read only), work as /w (read and write), the environment, the working directory if it is inside";
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
    assert!(note.inherits_environment && note.functions > 0 && note.code_bytes > 0 && note.image_bytes == 4096);
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
    assert!(note.python.is_none() && !text.contains("python: "), "{text}");
    let imports = workshop.adder(&["inspect", "--imports", "out"]);
    assert_eq!(imports.stdout, "wasi_snapshot_preview1 fd_write\nwasi_snapshot_preview1 proc_exit\n");
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
