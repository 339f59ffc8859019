//! Executables for machines other than this one.

mod common;

use adder::target::{TARGETS, Target};
use adder_compiler::host;
use common::{ADDER, ENVIRONMENT, NOTHING, Outcome, REFUSED, USAGE, Workshop};
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

/// Has a function that prepares it.
const PREPARED: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "prepare") (i32.store (i32.const 8) (i32.const 7)))
    (func (export "_start") (if (i32.ne (i32.load (i32.const 8)) (i32.const 7)) (then unreachable))))"#;

/// Asks for a checkpoint itself.
const ASKS: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 100) ".adder/checkpoint")
    (func (export "_start")
        (drop (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 17)
            (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 16)))
        (i32.store (i32.const 0) (i32.const 4096))
        (i32.store (i32.const 4) (i32.const 4096))
        (drop (call $read (i32.load (i32.const 16)) (i32.const 0) (i32.const 1) (i32.const 8)))))"#;

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

/// Has 128 KiB that begin in the middle of a page of any size but the smallest, and 128 KiB that begin with one; looks afterwards
/// whether they are there, and lets a table and the memory grow.
const PAGES: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 8 20)
    (table 3 1000000 funcref)
    (data (i32.const 65528) "\00\00\01\00\03\00\00\00hi\0a")
    (func $each (param $from i32) (param $bytes i32) (param $checks i32)
        (local $end i32)
        (local.set $end (i32.add (local.get $from) (local.get $bytes)))
        (loop $next
            (if (local.get $checks)
                (then (if (i32.ne (i32.load (local.get $from)) (i32.or (local.get $from) (i32.const 1))) (then unreachable)))
                (else (i32.store (local.get $from) (i32.or (local.get $from) (i32.const 1)))))
            (local.set $from (i32.add (local.get $from) (i32.const 4)))
            (br_if $next (i32.lt_u (local.get $from) (local.get $end)))))
    (func $all (param $checks i32)
        (call $each (i32.const 0x11000) (i32.const 0x20000) (local.get $checks))
        (call $each (i32.const 0x40000) (i32.const 0x20000) (local.get $checks)))
    (func (export "prepare") (call $all (i32.const 0)))
    (func (export "_start")
        (if (i32.eqz (i32.load (i32.const 0x40000))) (then (call $all (i32.const 0))))
        (call $all (i32.const 1))
        (if (i32.ne (table.grow (ref.null func) (i32.const 9000)) (i32.const 3)) (then unreachable))
        (if (i32.ne (memory.grow (i32.const 3)) (i32.const 8)) (then unreachable))
        (i32.store (i32.const 0xafffc) (i32.const 7))
        (drop (call $write (i32.const 1) (i32.const 65528) (i32.const 1) (i32.const 100)))))"#;

/// Sizes of pages that a machine may have.
fn page_sizes(target: &Target) -> impl Iterator<Item = u64> {
    let largest = target.architecture.page_bytes();
    std::iter::successors(Some(4096), |size| Some(size * 4)).take_while(move |size| *size <= largest)
}

/// The addresses in what the emulator says of the calls of a program that change mappings. A kernel wants whole pages there.
fn mapped_addresses(said: &str) -> Vec<(&str, u64)> {
    let number = |text: &str| match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    };
    let mut found = Vec::new();
    for line in said.lines() {
        let Some((call, arguments)) = line.split_once(' ').and_then(|(_, call)| call.split_once('(')) else { continue };
        let arguments: Vec<&str> = arguments.split([',', ')']).collect();
        let places: &[usize] = match call {
            "mmap" | "mprotect" | "munmap" | "madvise" => &[0],
            "mremap" => &[0, 1, 2, 4],
            _ => &[],
        };
        found.extend(places.iter().filter_map(|place| Some((line, number(arguments.get(*place)?)?))));
    }
    found
}

#[test]
fn pages_of_any_size_do() {
    let workshop = Workshop::new();
    workshop.module("pages.wasm", PAGES);
    let target = other();
    for memory in ["low", "high", "checked"] {
        for checkpoint in [&[][..], &["--checkpoint-init", "prepare"]] {
            let words = ["build", "pages.wasm", "--target", target.name, "--memory", memory, "-o", "pages"];
            let outcome = workshop.adder(&[&words, checkpoint].concat());
            assert_eq!(outcome.status, 0, "{}", outcome.stderr);
            for size in page_sizes(target) {
                let outcome = workshop.run(target.emulator, &["-p", &size.to_string(), "-strace", "./pages"]);
                let about = format!("{memory} {checkpoint:?} {size}: {}", outcome.stderr);
                assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "hi\n"), "{about}");
                let addresses = mapped_addresses(&outcome.stderr);
                assert!(addresses.len() > 3, "{about}");
                for (line, address) in addresses {
                    assert!(address.is_multiple_of(size), "{size}: {line}");
                }
                // What was saved in pages of the smallest size is moved where pages are that small, and else copied.
                let is_moved = outcome.stderr.contains(" mremap(");
                assert_eq!(is_moved, size == 4096 && !checkpoint.is_empty(), "{about}");
            }
        }
    }
}

#[test]
fn what_runs_at_build_and_afterwards_is_emulated() {
    let workshop = Workshop::new();
    workshop.module("says.wasm", SAYS);
    workshop.module("prepared.wasm", PREPARED);
    let target = other();
    workshop.module("asks.wasm", ASKS);
    let run = ["run", "says.wasm", "--target", target.name];
    let asking = ["build", "asks.wasm", "--checkpoint", "--target", target.name, "-o", "asks"];
    let prepared =
        ["build", "prepared.wasm", "--checkpoint-init", "prepare", "--target", target.name, "-o", "prepared"];
    let outcome = workshop.adder(&run);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "hi\n"), "{}", outcome.stderr);
    for (build, executable) in [(&asking[..], "asks"), (&prepared, "prepared")] {
        let outcome = workshop.adder(build);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        assert_eq!(workshop.run(target.emulator, &[&format!("./{executable}")]).status, 0);
        std::fs::remove_file(workshop.work().join(executable)).expect("it was built");
    }

    // Without an emulator.
    let without = |words: &[&str]| -> Outcome {
        workshop.command(ADDER).env("PATH", "/nowhere").args(words).output().expect("it starts").into()
    };
    let (name, emulator) = (target.name, target.emulator);
    let instead = ", or have a function prepare the program: --checkpoint-init NAME, or an export wizer.initialize";
    for (words, instead) in [(&run[..], ""), (&asking, instead)] {
        let outcome = without(words);
        let expected = format!(
            "error: cannot run a program for {name} here: {emulator} is not installed\n\
             hint: install {emulator} (Debian: qemu-user){instead}\n"
        );
        assert_eq!((outcome.status, outcome.stderr.as_str()), (ENVIRONMENT, expected.as_str()), "{words:?}");
    }
    assert!(!workshop.work().join("asks").exists(), "nothing is left");
    // It does as the hint says.
    let outcome = without(&prepared);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert_eq!(workshop.run(target.emulator, &["./prepared"]).status, 0);
}

/// Whether an emulator is installed or not.
#[test]
fn what_is_for_another_target_is_not_measured() {
    let workshop = Workshop::new();
    workshop.module("says.wasm", SAYS);
    for target in &TARGETS {
        assert_eq!(workshop.adder(&["build", "says.wasm", "--target", target.name, "-o", target.name]).status, 0);
    }
    let (here, other) = (Target::of(host()).name, other().name);
    let [own, foreign] = [here, other].map(|name| format!("./{name}"));
    let refused = workshop.adder(&["bench", "--python", &own, "--python", &foreign, "--json", "out.json", "x.py"]);
    let expected = format!(
        "error: {foreign} is for {other}, which this machine is not: times under an emulator say nothing of it\n\
         hint: measure it on such a machine, or build one for this: adder python --target {here}\n"
    );
    assert_eq!((refused.status, refused.stderr), (REFUSED, expected));
    assert!(!workshop.work().join("out.json").exists(), "nothing was begun");
    let measured = workshop.adder(&["bench", "--python", &own, "--rounds", "1", "x.py"]);
    assert_eq!(measured.status, 0, "{}", measured.stderr);
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
