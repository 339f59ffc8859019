//! Executables for machines other than this one.

mod common;

use adder::target::{TARGETS, Target};
use adder_compiler::host;
use common::{ADDER, ENVIRONMENT, NOTHING, Outcome, USAGE, Workshop};
use object::elf::FileHeader64;
use object::read::elf::{FileHeader, ProgramHeader};
use object::{LittleEndian, elf};

/// Prints a line that lies in its memory, which has begun at the end of the first page.
const SAYS: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 2)
    (data (i32.const 65528) "\00\00\01\00\03\00\00\00hi\0a")
    (func (export "_start")
        (drop (call $write (i32.const 1) (i32.const 65528) (i32.const 1) (i32.const 100)))))"#;

/// Asks for a checkpoint, as an init function does.
const PREPARED: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "prepare") (i32.store (i32.const 8) (i32.const 7)))
    (func (export "_start")))"#;

/// A machine that is not this one.
fn other() -> &'static Target {
    TARGETS.iter().find(|target| !target.is_host()).expect("there are several")
}

#[test]
fn all_are_listed() {
    let outcome = Workshop::new().adder(&["targets"]);
    assert_eq!((outcome.status, outcome.stdout.lines().count()), (0, TARGETS.len()));
    for target in &TARGETS {
        let line = outcome.stdout.lines().find(|line| line.starts_with(target.name)).expect(target.name);
        for level in target.architecture.levels() {
            assert!(line.contains(level.name()), "{line}");
        }
        assert_eq!(line.ends_with("this machine"), target.architecture == host(), "{line}");
    }
}

#[test]
fn an_executable_is_for_its_target() {
    let workshop = Workshop::new();
    workshop.module("says.wasm", SAYS);
    for target in &TARGETS {
        let outcome = workshop.adder(&["build", "says.wasm", "--target", target.name, "-o", target.name]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let how = if target.is_host() {
            "run it: ./".to_owned() + target.name
        } else {
            format!("it runs on {}", target.name)
        };
        assert!(
            outcome.stdout.ends_with(&format!("; {how}\n")) || outcome.stderr.ends_with(&format!("; {how}\n")),
            "{outcome:?}"
        );
        let bytes = std::fs::read(workshop.work().join(target.name)).expect("it was built");
        let header = FileHeader64::<LittleEndian>::parse(&*bytes).expect("ELF");
        assert_eq!(header.e_machine(LittleEndian), target.machine);
        for segment in header.program_headers(LittleEndian, &*bytes).expect("segments") {
            if segment.p_type(LittleEndian) == elf::PT_LOAD {
                assert_eq!(segment.p_align(LittleEndian), target.architecture.page_bytes(), "{}", target.name);
            }
        }
        let inspected = workshop.adder(&["inspect", target.name]).stdout;
        assert!(inspected.contains(&format!("target: {}\n", target.architecture.triple())), "{inspected}");
    }
}

#[test]
fn pages_of_any_size_do() {
    let workshop = Workshop::new();
    workshop.module("says.wasm", SAYS);
    let target = other();
    assert_eq!(workshop.adder(&["build", "says.wasm", "--target", target.name, "-o", "says"]).status, 0);
    let mut sizes = vec![4096];
    while sizes.last().is_some_and(|size| *size < target.architecture.page_bytes()) {
        sizes.push(sizes[sizes.len() - 1] * 4);
    }
    for size in sizes {
        let outcome = workshop.run(target.emulator, &["-p", &size.to_string(), "./says"]);
        assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "hi\n"), "{size}: {}", outcome.stderr);
    }
}

#[test]
fn what_runs_at_build_and_afterwards_is_emulated() {
    let workshop = Workshop::new();
    workshop.module("says.wasm", SAYS);
    workshop.module("prepared.wasm", PREPARED);
    let target = other();
    let run = ["run", "says.wasm", "--target", target.name];
    let checkpoint =
        ["build", "prepared.wasm", "--checkpoint-init", "prepare", "--target", target.name, "-o", "prepared"];
    let outcome = workshop.adder(&run);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "hi\n"), "{}", outcome.stderr);
    let outcome = workshop.adder(&checkpoint);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert_eq!(workshop.run(target.emulator, &["./prepared"]).status, 0);

    // Without an emulator.
    std::fs::remove_file(workshop.work().join("prepared")).expect("it was built");
    for words in [&run[..], &checkpoint] {
        let mut command = workshop.command(ADDER);
        let outcome: Outcome = command.env("PATH", "/nowhere").args(words).output().expect("it starts").into();
        let (name, emulator) = (target.name, target.emulator);
        let expected = format!(
            "error: cannot run a program for {name} here: {emulator} is not installed\n\
             hint: install {emulator} (Debian: qemu-user)\n"
        );
        assert_eq!((outcome.status, outcome.stderr.as_str()), (ENVIRONMENT, expected.as_str()), "{words:?}");
    }
    assert!(!workshop.work().join("prepared").exists(), "nothing is left");
}

#[test]
fn a_cpu_of_another_target_is_refused() {
    let workshop = Workshop::new();
    workshop.module("a.wasm", NOTHING);
    let level = host().baseline().name();
    let outcome = workshop.adder(&["build", "a.wasm", "--target", other().name, "--cpu", level, "-o", "out"]);
    let names: Vec<&str> = other().architecture.levels().iter().map(|level| level.name()).collect();
    let expected =
        format!("error: --cpu {level}: no CPU of {0}\nhint: those of {0} are {1}\n", other().name, names.join(", "));
    assert_eq!((outcome.status, outcome.stderr), (USAGE, expected));
}
