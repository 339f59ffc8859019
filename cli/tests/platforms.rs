//! Files that are no modules: the refusal says what they are and what helps.

mod common;

use common::{Outcome, Workshop};
use std::fs;

const REFUSED: i32 = 1;

/// The only hint of a build that was refused.
fn refusal(outcome: &Outcome) -> String {
    assert_eq!((outcome.status, &*outcome.stdout), (REFUSED, ""), "{outcome:?}");
    let hints: Vec<&str> = outcome.stderr.lines().filter_map(|line| line.strip_prefix("hint: ")).collect();
    assert_eq!(hints.len(), 1, "{outcome:?}");
    hints[0].to_owned()
}

const START: &str = r#"(func (export "_start"))"#;

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
            "--target=wasm32-wasip1",
        ),
        (library, "is a native shared library", "--target=wasm32-wasip1"),
        (precompiled(1), "is a module that wasmtime has compiled already", "the file that it was compiled from"),
        (precompiled(2), "is a component that wasmtime has compiled already", "WASI preview 1"),
        (b"\x7fELF\x02\x01\x01".to_vec(), "is a native program or a part of one", "compile the source"),
        (b"wasmer-universal\0\0".to_vec(), "is a module that Wasmer has compiled already", "with the ending .wasm"),
        (b"\0aot\x01\0\0\0".to_vec(), "is a module that WAMR has compiled already", "with the ending .wasm"),
        (b"BC\xc0\xde5\x14".to_vec(), "is LLVM bitcode", "clang --target=wasm32-wasip1"),
        (b"!<arch>\n".to_vec(), "is a library of object files", "link it into a program"),
        (b"\0asm\x0d\0\x01\0".to_vec(), "is a WebAssembly component", "WASI preview 1 (wasm32-wasip1)"),
    ] {
        workshop.file("other.wasm", &contents);
        let outcome = workshop.adder(&["build", "other.wasm", "-o", "out"]);
        assert!(outcome.stderr.starts_with(&format!("error: other.wasm: {what}")), "{what}: {outcome:?}");
        let hint = refusal(&outcome);
        assert!(hint.contains(advice), "{what}: {hint}");
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
