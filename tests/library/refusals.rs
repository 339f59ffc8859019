//! What cannot be a library, and how that is said.

use crate::Workshop;

#[test]
fn what_cannot_be_a_library_is_refused_with_its_reason() {
    let workshop = Workshop::new();
    let plain = r#"(module (func (export "f")))"#;
    let threads = r#"(module
        (import "wasi" "thread-spawn" (func (param i32) (result i32)))
        (import "env" "memory" (memory 1 1 shared))
        (func (export "wasi_thread_start") (param i32 i32)))"#;
    let emscripten = r#"(module
        (import "env" "emscripten_resize_heap" (func (param i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "f")))"#;
    for (name, module) in [("plain", plain), ("threads", threads), ("emscripten", emscripten), ("adder", plain)] {
        workshop.write(&format!("{name}.wasm"), adder_tests::text::assemble(module));
    }
    for (options, wanted) in [
        (&["adder.wasm", "-o", "lib.so"][..], "would begin with `adder_`, as those of the runtime do"),
        (&["adder_wasi=plain.wasm", "-o", "lib.so"], "would begin with `adder_`, as those of the runtime do"),
        (&["pthread=plain.wasm", "-o", "lib.so"], "would begin with `pthread_`, as those of the C library do"),
        (&["plain.wasm", "-o", "plain.so"], "Python would take plain.so for a module of its own"),
        (
            &["plain.wasm", "-o", "lib.so", "--linker", "cc"],
            "--linker: libraries are linked by the linker inside adder",
        ),
        (&["threads.wasm", "-o", "lib.so"], "starts threads, which a library cannot do"),
        (
            &["emscripten.wasm", "-o", "lib.so"],
            "uses the system interface of Emscripten, which needs a process of its own",
        ),
        (&["plain.wasm", "-o", "-"], "a library cannot go to standard output"),
        (&["plain.wasm", "-o", "plain.h"], "plain.h is both the library and what lies beside it"),
        (&["plain.wasm", "-o", "lib.so", "--invoke", "f"], "--invoke: who calls a library decides what is called"),
        (&["plain.wasm", "-o", "lib.so", "--reactor", "f"], "--reactor: who calls a library decides what is called"),
        (&["plain.wasm", "-o", "lib.so", "--instrument"], "--instrument: only an executable counts"),
        (&["plain.wasm", "-o", "lib.so", "--checkpoint"], "--checkpoint: only an executable can have a checkpoint"),
    ] {
        let outcome = workshop.adder(&[&["build", "--emit", "lib"], options].concat());
        assert!(matches!(outcome.status, Some(1 | 2)), "{options:?}: {outcome:?}");
        assert!(outcome.stderr.contains(wanted), "{options:?}: {}", outcome.stderr);
        for left in ["lib.so", "plain.py", "plain.h"] {
            assert!(!workshop.path().join(left).exists(), "{options:?} left {left}");
        }
    }
}

#[test]
fn files_of_others_stay() {
    let workshop = Workshop::new();
    let module = r#"(module (func (export "f")))"#;
    workshop.text("mine", module, &[]);
    workshop.text("mine", module, &[]);
    workshop.write("mine.h", "int mine;\n");
    let outcome = workshop.adder(&["build", "mine.wasm", "--emit", "lib", "-o", "libother.so"]);
    assert_eq!(outcome.status, Some(2), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("mine.h is there, and adder has not written it"), "{}", outcome.stderr);
    assert!(!workshop.path().join("libother.so").exists());
    std::fs::remove_file(workshop.path().join("mine.h")).expect("it is there");
    std::fs::remove_file(workshop.path().join("mine.py")).expect("it is there");
    std::fs::create_dir(workshop.path().join("mine.py")).expect("a folder");
    let outcome = workshop.adder(&["build", "mine.wasm", "--emit", "lib", "-o", "libother.so"]);
    assert_ne!(outcome.status, Some(0));
    assert!(!workshop.path().join("libother.so").exists() && !workshop.path().join("mine.h").exists());
}

#[test]
fn exports_that_c_cannot_use_are_named() {
    let workshop = Workshop::new();
    let module = r#"(module
        (tag (export "tag"))
        (table (export "table") 1 funcref)
        (func (export "throws") (param exnref))
        (func (export "f")))"#;
    workshop.text("some", module, &[]);
    let header = std::fs::read_to_string(workshop.path().join("some.h")).expect("it was written");
    for left_out in ["`tag` is a tag", "`table` is a table", "`throws` takes or returns exceptions"] {
        assert!(header.contains(&format!("/* Left out: {left_out}. */")), "{header}");
    }
    assert!(header.contains("int some_f(void);"), "{header}");
}
