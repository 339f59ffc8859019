//! Code that is larger than a call can cross on aarch64.

use std::fmt::Write;
use std::fs;

use adder_compiler::Architecture;
use adder_tests::outcome::Outcome;
use adder_tests::target::architecture;

use crate::program::Program;

/// What a call crosses on aarch64.
const REACH_BYTES: u64 = 128 << 20;

/// Targets of a branch by a table in each of the functions in between. Each is 4 bytes of code.
const TARGETS: usize = 60_000;

/// A function at either end of the code, with more than [`REACH_BYTES`] between them; each way of calling the other end.
fn module() -> String {
    let targets = "0 ".repeat(TARGETS);
    let mut text = String::from(
        r#"(module
        (memory 1)
        (type $type (func (param i32) (result i32)))
        (table 2 funcref)
        (elem (i32.const 0) $first $last)
        (func $first (type $type) (i32.add (call $last (local.get 0)) (i32.const 100)))"#,
    );
    for _ in 0..REACH_BYTES.div_ceil(TARGETS as u64 * 4) {
        write!(text, "(func (param i32) (block (br_table {targets}(local.get 0))))")
            .expect("a String takes everything");
    }
    text.push_str(
        r#"(func $last (type $type)
            (memory.fill (i32.const 0) (local.get 0) (i32.const 64))
            (i32.load8_u (i32.const 63)))
        (func (export "f") (param i32) (result i32 i32 i32)
            (call $first (local.get 0))
            (call_indirect (type $type) (local.get 0) (i32.const 0))
            (call_indirect (type $type) (local.get 0) (i32.const 1))))"#,
    );
    text
}

/// `ADDER_AARCH64_LONG=1` with `ADDER_TEST_TARGET=aarch64-linux`: on x86-64 a call reaches everything.
#[test]
fn calls_reach_the_other_end_of_large_code() {
    if architecture() != Architecture::Aarch64
        || std::env::var_os("ADDER_AARCH64_LONG").is_none_or(|value| value != "1")
    {
        eprintln!("not run: it is about aarch64, and takes a minute with ADDER_AARCH64_LONG=1");
        return;
    }
    let program = Program::new(&module(), "f");
    let path = program.path();
    let elf = path.with_added_extension("elf");
    let file = if elf.exists() { elf } else { path };
    assert!(fs::metadata(file).expect("the executable is there").len() > REACH_BYTES, "the module is too small");
    assert_eq!(program.run(&["7"]), Outcome::success("107\n107\n7\n"));
}
