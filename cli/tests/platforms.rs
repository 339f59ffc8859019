//! Modules that were made for something else, and files that are no modules: the refusal says what they are and what helps,
//! and that does not lead to the next refusal.

mod common;

use common::{Outcome, REFUSED, Workshop, wrote};
use std::fs;

/// Builds a module of these fields, which has to be refused, and returns the hint.
fn hint(fields: &str, options: &[&str]) -> String {
    let workshop = Workshop::new();
    workshop.module("in.wasm", &format!("(module {fields})"));
    refusal(&workshop.adder(&[&["build", "in.wasm", "-o", "out"], options].concat()))
}

/// The only hint of a build that was refused.
fn refusal(outcome: &Outcome) -> String {
    assert_eq!((outcome.status, &*outcome.stdout), (REFUSED, ""), "{outcome:?}");
    let hints: Vec<&str> = outcome.stderr.lines().filter_map(|line| line.strip_prefix("hint: ")).collect();
    assert_eq!(hints.len(), 1, "{outcome:?}");
    hints[0].to_owned()
}

const START: &str = r#"(func (export "_start"))"#;

#[test]
fn a_platform_is_named_with_what_to_do() {
    for (fields, what, advice) in [
        (
            r#"(import "env" "emscripten_resize_heap" (func (param i32) (result i32)))
            (import "env" "invoke_vi" (func (param i32 i32)))"#,
            "was made by Emscripten for exceptions or longjmp in JavaScript: ",
            "emcc -fwasm-exceptions",
        ),
        (
            r#"(import "env" "invoke_vi" (func (param i32 i32))) (import "env" "invoke_v" (func (param i32)))
            (import "env" "memory" (memory 1))"#,
            "was made by Emscripten for exceptions or longjmp in JavaScript: ",
            "-sSUPPORT_LONGJMP=wasm",
        ),
        // With its names minified.
        (
            r#"(import "a" "a" (func (param i32))) (import "a" "b" (func (result i32)))
            (memory (export "c") 1) (func (export "d")) (func (export "e") (result i32) (i32.const 0))"#,
            "was made by Emscripten with short names, which say nothing about what it imports: ",
            "emcc -sDECLARE_ASM_MODULE_EXPORTS=0",
        ),
        // A function of the program's own, in JavaScript.
        (
            r#"(import "env" "emscripten_resize_heap" (func (param i32) (result i32)))
            (import "env" "draw" (func (param i32)))"#,
            "was made by Emscripten with functions in JavaScript (EM_JS, EM_ASM, embind or a library): ",
            "there is no JavaScript here",
        ),
        (
            r#"(import "env" "__pthread_create_js" (func (param i32 i32 i32 i32) (result i32)))"#,
            "was made by Emscripten with threads, which are not supported yet: ",
            "without threads",
        ),
        (
            r#"(import "wbg" "__wbg_log_0123456789abcdef" (func (param i32 i32)))"#,
            "was made for JavaScript by wasm-bindgen, which is not supported yet: ",
            "wasm32-wasip1",
        ),
        (
            r#"(import "./game_bg.js" "__wbindgen_throw" (func (param i32 i32)))"#,
            "was made for JavaScript by wasm-bindgen, which is not supported yet: ",
            "wasm32-wasip1",
        ),
        (
            r#"(import "__wbindgen_placeholder__" "__wbindgen_describe" (func (param i32)))"#,
            "was made for JavaScript by wasm-bindgen, which is not supported yet: ",
            "without wasm-bindgen",
        ),
        (
            r#"(import "wasi:cli/environment@0.2.3" "get-environment" (func (param i32)))"#,
            "is a part of a component for WASI preview 2 or later, which is not supported yet: ",
            "WASI preview 1 (wasm32-wasip1)",
        ),
        (
            r#"(import "wasix_32v1" "thread_parallelism" (func (param i32) (result i32)))"#,
            "was made for WASIX, which is not supported yet: ",
            "WASI preview 1",
        ),
        (r#"(import "gojs" "runtime.wasmExit" (func (param i32)))"#, "was made for JavaScript by Go", "GOOS=wasip1"),
        (
            r#"(import "env" "abort" (func (param i32 i32 i32 i32)))
            (import "env" "console.log" (func (param i32)))"#,
            "was made for JavaScript by AssemblyScript",
            "@assemblyscript/wasi-shim",
        ),
        (
            r#"(import "env" "__linear_memory" (memory 1)) (import "env" "printf" (func))"#,
            "is an object file that was not linked yet",
            "clang --target=wasm32-wasi ",
        ),
        (
            r#"(import "env" "__memory_base" (global i32)) (import "env" "__table_base" (global i32))"#,
            "is a dynamic library, which is not supported yet: ",
            "statically",
        ),
    ] {
        for options in [&[][..], &["--allow-missing"]] {
            // With functions only, that is enough for the imports. The next refusal says the same.
            let hint = hint(fields, options);
            assert!(hint.starts_with(&format!("the module {what}")), "{fields}: {hint}");
            assert!(hint.contains(advice), "{fields}: {hint}");
            assert!(!hint.contains("--allow-missing"), "{fields}: {hint}");
            // Older clangs do not know the newer name.
            assert!(!hint.contains("--target=wasm32-wasip1"), "{fields}: {hint}");
        }
    }
}

#[test]
fn one_name_that_anybody_could_choose_is_not_enough() {
    for fields in [
        r#"(import "env" "invoke_it" (func))"#,
        r#"(import "env" "abort" (func))"#,
        r#"(import "env" "abort" (func (param i32 i32 i32)))"#,
        r#"(import "wbg" "draw" (func))"#,
        r#"(import "a" "a" (func)) (memory (export "memory") 1) (func (export "run"))"#,
        r#"(import "go" "north" (func))"#,
        r#"(import "x" "sock_open" (func))"#,
    ] {
        let hint = hint(&format!("{fields} {START}"), &[]);
        assert!(hint.starts_with("give the module that exports it as a further input, or make"), "{fields}: {hint}");
    }
}

#[test]
fn what_a_program_can_do_without_may_be_missing() {
    let workshop = Workshop::new();
    for (import, what) in [
        (r#"(import "env" "abort" (func (param i32 i32 i32 i32)))"#, "was made for JavaScript by AssemblyScript"),
        (
            r#"(import "wasi_snapshot_preview1" "sock_open" (func (param i32 i32 i32) (result i32)))"#,
            "uses sockets that only WASIX and WasmEdge have",
        ),
    ] {
        workshop.module("in.wasm", &format!("(module {import} {START})"));
        let hint = refusal(&workshop.adder(&["build", "in.wasm", "-o", "out"]));
        assert!(hint.starts_with(&format!("the module {what}: with --allow-missing it is compiled")), "{hint}");
        let outcome = workshop.adder(&["build", "in.wasm", "-o", "out", "--allow-missing"]);
        assert_eq!(outcome.status, 0, "{outcome:?}");
        assert_eq!(workshop.run("./out", &[]).status, 0);
    }
}

#[test]
fn one_hint_is_enough() {
    let workshop = Workshop::new();
    // It has no `_start` either, and says so at once.
    for import in [r#"(import "host" "log" (func))"#, r#"(import "env" "abort" (func (param i32 i32 i32 i32)))"#] {
        workshop.module("in.wasm", &format!(r#"(module {import} (func (export "run")) (func (export "a, b")))"#));
        let hint = refusal(&workshop.adder(&["build", "in.wasm", "-o", "out"]));
        for part in ["--allow-missing", "name the function to call with --invoke", r#"it exports: "run", "a, b""#] {
            assert!(hint.contains(part), "no {part}: {hint}");
        }
        let outcome = workshop.adder(&["build", "in.wasm", "-o", "out", "--allow-missing", "--invoke", "run"]);
        assert_eq!(outcome.status, 0, "{outcome:?}");
        assert_eq!(workshop.run("./out", &[]).status, 0);
    }
}

#[test]
fn the_name_of_a_file_links_nothing_to_itself() {
    let workshop = Workshop::new();
    let module = |from: &str| {
        format!(
            r#"(module (import "{from}" "log" (func $log)) (memory (export "memory") 1)
                (func (export "log")) (func (export "_start")))"#
        )
    };
    for name in ["host", "env", "spectest", "wasi_snapshot_preview1"] {
        let file = format!("{name}.wasm");
        workshop.module(&file, &module(name));
        let outcome = workshop.adder(&["build", &file, "-o", "out"]);
        let message = format!("error: {file}: import \"{name}\".\"log\": nobody supplies it (unknown import)\n");
        assert!(outcome.stderr.starts_with(&message), "{outcome:?}");
        let outcome = workshop.adder(&["build", &file, "-o", "out", "--allow-missing"]);
        assert_eq!(outcome.status, 0, "{outcome:?}");
        assert_eq!(workshop.run("./out", &[]).status, 0);
    }
    // Another input has that name, and so supplies it to everybody else.
    workshop.module("user.wasm", &module("host"));
    let outcome = workshop.adder(&["build", "user.wasm", "host.wasm", "-o", "out"]);
    let message = "error: import \"host\".\"log\" (imported by \"host\"): nobody supplies it (unknown import)\n";
    assert!(outcome.stderr.starts_with(message), "{outcome:?}");
    workshop.module("host.wasm", r#"(module (func (export "log")))"#);
    let outcome = workshop.adder(&["build", "user.wasm", "host.wasm", "-o", "out"]);
    assert_eq!(outcome.status, 0, "{outcome:?}");
}

#[test]
fn what_is_missing_is_named_with_the_functions_that_use_it() {
    let workshop = Workshop::new();
    let module = r#"(module (import "env" "a" (func $a)) (import "env" "g" (global i32)) (import "env" "b" (func $b (param i32)))
        (memory (export "memory") 1)
        (func $one (call $a) (call $a)) (func $two (call $a) (call $b (global.get 0))) (func (call $a)) (func $four (call $a))
        (func $five (return_call $a)) (func (export "_start") (drop (ref.func $b))) (elem declare func $b))"#;
    workshop.module("user.wasm", module);
    let outcome = workshop.adder(&["build", "user.wasm", "-o", "out"]);
    let expected = "error: user.wasm: 3 imports cannot be linked:\n  \
                    \"env\".\"a\": nobody supplies it (unknown import), used by \"one\", \"two\", wasm-function[4] and 2 more\n  \
                    \"env\".\"g\": nobody supplies it (unknown import), used by \"two\"\n  \
                    \"env\".\"b\": nobody supplies it (unknown import), used by \"two\" and \"_start\"\n";
    assert!(outcome.stderr.starts_with(expected), "{outcome:?}");
}

#[test]
fn circles_of_several_modules_are_refused() {
    let workshop = Workshop::new();
    for (name, from) in [("one", "two"), ("two", "three"), ("three", "one")] {
        let text = format!(r#"(module (import "{from}" "f" (func $f)) (export "f" (func $f)))"#);
        workshop.module(&format!("{name}.wasm"), &text);
    }
    let outcome = workshop.adder(&["build", "one.wasm", "two.wasm", "three.wasm", "-o", "out", "--allow-missing"]);
    assert_eq!(outcome.status, REFUSED, "{outcome:?}");
    let message = "error: three.wasm: imports from \"one\", which (directly or not) imports from it\n";
    assert_eq!(outcome.stderr, message);
}

#[test]
fn a_start_function_may_be_the_program() {
    let workshop = Workshop::new();
    let module = |exports: &str| {
        format!(
            r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
                (start $s) (func $s (call $exit (i32.const 5))) {exports})"#
        )
    };
    workshop.module("in.wasm", &module(""));
    let outcome = workshop.adder(&["build", "in.wasm", "-o", "out"]);
    let last = wrote(&workshop.work().join("out"));
    assert_eq!((outcome.status, outcome.stderr), (0, last));
    assert_eq!(workshop.run("./out", &[]).status, 5);
    assert!(workshop.adder(&["inspect", "out"]).stdout.contains("\nentry: (start)\n"));

    workshop.module("in.wasm", &module(r#"(func (export "add")) (func (export ""))"#));
    let outcome = workshop.adder(&["build", "in.wasm", "-o", "out"]);
    let note = "note: there is no `_start`, so nobody calls these exports: \"add\", \"\"; --invoke calls one of them\n";
    let last = wrote(&workshop.work().join("out"));
    assert_eq!((outcome.status, outcome.stderr), (0, format!("{note}{last}")));
    assert_eq!(workshop.run("./out", &[]).status, 5);
    // That one is called.
    workshop.module("in.wasm", &module(r#"(func (export "_initialize"))"#));
    let outcome = workshop.adder(&["build", "in.wasm", "-o", "out"]);
    assert!(!outcome.stderr.contains("note:"), "{outcome:?}");
    workshop.module("in.wasm", &module(r#"(func (export "add"))"#));
    for options in [&["--checkpoint"][..], &["--checkpoint-init", "add"]] {
        let outcome = workshop.adder(&[&["build", "in.wasm", "-o", "checkpoint"], options].concat());
        assert_eq!(outcome.status, REFUSED, "{outcome:?}");
        let message = "error: in.wasm: has no function to call behind a checkpoint\nhint: ";
        assert!(outcome.stderr.starts_with(message), "{outcome:?}");
    }
}

#[test]
fn files_of_other_kinds() {
    let workshop = Workshop::new();
    workshop.module("in.wasm", &format!("(module {START})"));
    assert_eq!(workshop.adder(&["build", "in.wasm", "-o", "program"]).status, 0);
    assert_eq!(workshop.adder(&["build", "in.wasm", "-o", "object.o", "--emit", "obj"]).status, 0);
    let program = fs::read(workshop.work().join("program")).expect("it was built");
    // As wasmtime writes them: the system 200, flag 1 for modules and 2 for components.
    let precompiled = |flags: u8| {
        let mut bytes = program.clone();
        bytes[7] = 200;
        bytes[16] = 1;
        bytes[48] = flags;
        bytes
    };
    let library = library(&program);
    for (contents, what, advice) in [
        (program.clone(), "is a native executable", "it runs without adder"),
        (fs::read("/proc/self/exe").expect("the test itself"), "is a native executable", "it runs without adder"),
        (
            fs::read(workshop.work().join("object.o")).expect("it was built"),
            "is a native object file",
            "--target=wasm32-wasi",
        ),
        (library, "is a native shared library", "--target=wasm32-wasi"),
        (precompiled(1), "is a module that wasmtime has compiled already", "the file that it was compiled from"),
        (precompiled(2), "is a component that wasmtime has compiled already", "WASI preview 1"),
        (b"\x7fELF\x02\x01\x01".to_vec(), "is a native program or a part of one", "compile the source"),
        (b"wasmer-universal\0\0".to_vec(), "is a module that Wasmer has compiled already", "with the ending .wasm"),
        (b"\0aot\x01\0\0\0".to_vec(), "is a module that WAMR has compiled already", "with the ending .wasm"),
        (b"BC\xc0\xde5\x14".to_vec(), "is LLVM bitcode", "clang --target=wasm32-wasi "),
        (b"!<arch>\n".to_vec(), "is a library of object files", "link it into a program"),
        (b"\0asm\x0d\0\x01\0".to_vec(), "is a WebAssembly component", "WASI preview 1 (wasm32-wasip1)"),
    ] {
        workshop.file("other.wasm", &contents);
        let outcome = workshop.adder(&["build", "other.wasm", "-o", "out"]);
        assert!(outcome.stderr.starts_with(&format!("error: other.wasm: {what}")), "{what}: {outcome:?}");
        let hint = refusal(&outcome);
        assert!(hint.contains(advice) && !hint.contains("--target=wasm32-wasip1"), "{what}: {hint}");
    }
}

/// The executable without the mark of a program that is loaded at any address.
fn library(program: &[u8]) -> Vec<u8> {
    let mut bytes = program.to_vec();
    let mark = [0x6fff_fffb_u64.to_le_bytes(), 0x0800_0001_u64.to_le_bytes()].concat();
    let places: Vec<usize> = (0..bytes.len() - 16).step_by(8).filter(|at| bytes[*at..*at + 16] == mark).collect();
    assert_eq!(places.len(), 1, "one entry of the dynamic section says so");
    bytes[places[0] + 8..places[0] + 16].copy_from_slice(&1_u64.to_le_bytes());
    bytes
}
