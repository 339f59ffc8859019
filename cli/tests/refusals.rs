//! Bad arguments, bad input, bad places for output: one clear error, the documented status, and nothing left behind.

mod common;

use common::{ADDER, ENVIRONMENT, NOTHING, REFUSED, USAGE, Workshop};
use std::os::unix::fs::symlink;

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
        (&["build", "a.wasm", "-o", "out", "-O", "3"], "[possible values: 0, 1]"),
        (&["build", "a.wasm", "-o", "out", "-O", "s"], "[possible values: 0, 1]"),
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
        (&["python", "2.7"], "error: there is no python 2.7\nhint: there are 3.14, 3.12, 3.11, "),
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
fn inspecting_what_adder_did_not_write() {
    let workshop = Workshop::new();
    workshop.file("text", "hello");
    for (file, complaint) in [
        ("text", "error: text: not a 64-bit ELF file"),
        (
            ADDER,
            "has no .note.adder section: adder did not write it, or it is an object of --emit obj, or linked with one",
        ),
        ("gone", "error: cannot read gone: no such file or directory"),
    ] {
        let outcome = workshop.adder(&["inspect", file]);
        assert!([REFUSED, ENVIRONMENT].contains(&outcome.status), "{outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{}", outcome.stderr);
    }
}
