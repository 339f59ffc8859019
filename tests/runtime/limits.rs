//! Address space that is limited, and memories and tables that grow into it.

use adder_compiler::MemoryPlan;
use adder_tests::target::is_beyond_emulator;

use crate::program::{Program, Settings};
use adder_tests::outcome::Outcome;

const GROWING: &str = r#"(module
    (memory 1)
    (table $table 1 externref)
    (func (export "grow") (param i32) (result i32 i32 i32)
        (memory.grow (local.get 0))
        (memory.size)
        (i32.load (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4))))
    (func (export "grow_table") (param i32) (result i32 i32)
        (table.grow $table (ref.null extern) (local.get 0))
        (table.size $table)))"#;

#[test]
fn memories_grow_up_to_their_limit_under_every_plan() {
    for memory in [MemoryPlan::Low, MemoryPlan::High, MemoryPlan::Checked] {
        let program = Program::with(GROWING, "grow", &Settings { memory, ..Settings::default() });
        assert_eq!(program.run(&["0"]), Outcome::success("1\n1\n0\n"));
        assert_eq!(program.run(&["1000"]), Outcome::success("1\n1001\n0\n"));
        assert_eq!(program.run(&["65536"]), Outcome::success("-1\n1\n0\n"));
        assert_eq!(program.run(&["-1"]), Outcome::success("-1\n1\n0\n"));
    }
    // 2 GiB and 4 GiB, where an address has its highest bit set or does not fit 32 bits.
    let program = Program::new(GROWING, "grow");
    assert_eq!(program.run(&["32768"]), Outcome::success("1\n32769\n0\n"));
}

#[test]
fn a_table_without_a_limit_costs_only_address_space() {
    let program = Program::new(GROWING, "grow_table");
    assert_eq!(program.run(&["100000"]), Outcome::success("1\n100001\n"));
    assert_eq!(program.run(&["-1"]), Outcome::success("-1\n1\n"));
}

#[test]
fn a_limit_of_address_space_is_explained() {
    for memory in [MemoryPlan::Low, MemoryPlan::High] {
        let program = Program::with(GROWING, "grow", &Settings { memory, ..Settings::default() });
        let outcome = Outcome::of(program.after("ulimit -v 1000000", &["0"]).output().expect("there is a shell"));
        assert_eq!((outcome.status, &outcome.stdout[..]), (Some(71), ""), "{outcome:?}");
        assert!(outcome.stderr.starts_with("adder: cannot reserve 8590000128 bytes of address space for a memory"));
        assert!(outcome.stderr.contains("\nhint: ") && outcome.stderr.contains("--memory checked"), "{outcome:?}");
    }
}

#[test]
fn a_limit_of_data_is_not_blamed_on_address_space() {
    if is_beyond_emulator("limits of memory are those of qemu, too") {
        return;
    }
    let large = GROWING.replace("(memory 1)", "(memory 1600)");
    let stack = Settings { stack_bytes: 64 << 20, ..Settings::default() };
    for (program, what) in [
        (Program::new(&large, "grow"), "104857600 bytes of memory for the initial size of a memory"),
        // The kernel lets the stack pass, in place of what was reserved for it, and nothing after it.
        (Program::with(GROWING, "grow", &stack), "65536 bytes of memory for the initial size of a memory"),
    ] {
        let outcome = Outcome::of(program.after("ulimit -d 50000", &["0"]).output().expect("there is a shell"));
        assert_eq!((outcome.status, &outcome.stdout[..]), (Some(71), ""), "{outcome:?}");
        assert!(outcome.stderr.starts_with(&format!("adder: cannot get {what}")), "{outcome:?}");
        assert!(
            outcome
                .stderr
                .contains(": memory is limited\nhint: raise the limit of data (`ulimit -d`, which is 50000 now)")
        );
        assert!(!outcome.stderr.contains("ulimit -v"), "{outcome:?}");
        // Both are set, and one of them is enough.
        let outcome = Outcome::of(
            program.after("ulimit -v 100000000; ulimit -d 50000", &["0"]).output().expect("there is a shell"),
        );
        assert!(outcome.stderr.contains("ulimit -d") && !outcome.stderr.contains("ulimit -v"), "{outcome:?}");
    }
}

#[test]
fn checked_memories_make_do_with_little_address_space() {
    if is_beyond_emulator("limits of memory are those of qemu, too") {
        return;
    }
    let settings = Settings { memory: MemoryPlan::Checked, ..Settings::default() };
    let program = Program::with(GROWING, "grow", &settings);
    let run = |arguments: &[&str]| {
        Outcome::of(program.after("ulimit -v 100000", arguments).output().expect("there is a shell"))
    };
    assert_eq!(run(&["100"]), Outcome::success("1\n101\n0\n"));
    assert_eq!(run(&["10000"]), Outcome::success("-1\n1\n0\n"));
    let program = Program::with(GROWING, "grow_table", &settings);
    let outcome = Outcome::of(program.after("ulimit -v 100000", &["1000"]).output().expect("there is a shell"));
    assert_eq!(outcome, Outcome::success("1\n1001\n"));
}
