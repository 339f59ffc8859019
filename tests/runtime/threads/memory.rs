//! Shared memories: supplied by the program, growing while others use them.

use adder_compiler::MemoryPlan;

use super::{PLANS, prints, program};
use crate::program::{Program, Settings};
use adder_tests::outcome::Outcome;

#[test]
fn a_memory_grows_while_others_use_it() {
    // Half of the threads grow the memory by a page at a time; the others write to the last bytes of the memory that
    // `memory.size` promises, and count where they find something else. Then the sizes are added up.
    let declarations = r#"
        (func $thread (param $argument i32)
            (local $rounds i32) (local $place i32)
            (loop $again
                (if (i32.and (local.get $argument) (i32.const 1))
                    (then
                        ;; Each former size comes back once: their sum tells.
                        (drop (i32.atomic.rmw.add (i32.const 64) (memory.grow (i32.const 1)))))
                    (else
                        (local.set $place
                            (i32.sub (i32.mul (memory.size) (i32.const 65536))
                                (i32.add (i32.const 4) (i32.shl (local.get $argument) (i32.const 2)))))
                        (i32.store (local.get $place) (local.get $rounds))
                        (if (i32.ne (i32.atomic.load (local.get $place)) (local.get $rounds)) (then (unreachable)))
                        (i32.store (local.get $place) (i32.const 0))
                        (if (i32.lt_u (memory.size) (i32.const 62)) (then
                            (local.set $rounds (i32.const 0))))))
                (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $rounds) (i32.const 15)))))
        (func (export "f") (result i32 i32 i32 i32)
            (call $start_all (i32.const 8))
            (call $wait_for (i32.const 8))
            (memory.size) (i32.load (i32.const 64)) (memory.grow (i32.const 3)) (memory.grow (i32.const 2)))"#;
    let sum: u32 = (2..62).sum();
    prints(declarations, &[], &format!("62\n{sum}\n-1\n62\n"));
}

#[test]
fn what_was_not_grown_yet_is_out_of_bounds_in_every_thread() {
    // The thread writes behind the end until it has seen the memory grow; what it sees comes from `memory.size`.
    let declarations = r#"
        (func $thread (param $argument i32)
            (loop $again
                (br_if $again (i32.eq (memory.size) (i32.const 2))))
            (i32.store (i32.const 131072) (i32.const 5))
            (i32.store (local.get $argument) (i32.const 6)))
        (func (export "f") (param $argument i32) (result i32)
            (drop (call $start (local.get $argument)))
            (drop (memory.grow (i32.const 1)))
            (call $wait_for (i32.const 1))
            (i32.load (i32.const 131072)))"#;
    for memory in PLANS {
        let program = program(declarations, memory);
        assert_eq!(program.run(&["196604"]), Outcome::success("5\n"));
        for outside in ["196605", "196608", "-1"] {
            let wanted = Outcome::trap("out of bounds memory access", &["thread", "wasi_thread_start"]);
            assert_eq!(program.run(&[outside]), wanted, "{outside} with memory {memory:?}");
        }
    }
}

#[test]
fn a_trap_is_one_although_the_memory_grows_meanwhile() {
    // One thread accesses what is behind the end, others grow the memory over it: the access works or traps, and nothing else
    // happens.
    let declarations = r#"
        (func $thread (param $argument i32)
            (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
            (loop $until_both (br_if $until_both (i32.lt_u (i32.atomic.load (i32.const 64)) (i32.const 2))))
            (if (local.get $argument)
                (then (drop (memory.grow (i32.const 1))))
                (else (i32.store (i32.const 131072) (i32.const 5)))))
        (func (export "f")
            (call $start_all (i32.const 2))
            (call $wait_for (i32.const 2)))"#;
    let trap = Outcome::trap("out of bounds memory access", &["thread", "wasi_thread_start"]);
    for memory in PLANS {
        let program = program(declarations, memory);
        for _ in 0..100 {
            let outcome = program.run(&[]);
            assert!(outcome == trap || outcome == Outcome::success(""), "{outcome:?}");
        }
    }
}

#[test]
fn a_limit_of_the_build_holds_for_shared_memories() {
    let text = r#"(module
        (import "env" "memory" (memory 1 65536 shared))
        (func (export "f") (param i32) (result i32) (memory.grow (local.get 0))))"#;
    for memory in PLANS {
        let program = Program::with(text, "f", &Settings { memory, ..Settings::default() });
        assert_eq!(program.run(&["65535"]), Outcome::success("1\n"));
        assert_eq!(program.run(&["65536"]), Outcome::success("-1\n"));
    }
}

#[test]
fn a_shared_memory_that_is_imported_has_the_contents_of_active_segments() {
    let text = r#"(module
        (import "any" "name" (memory 1 1 shared))
        (data (i32.const 65532) "\2a\00\00\00")
        (func (export "f") (result i32) (i32.load (i32.const 65532))))"#;
    assert_eq!(Program::new(text, "f").run(&[]), Outcome::success("42\n"));
    let outside = text.replace("65532) \"", "65533) \"");
    assert_eq!(Program::new(&outside, "f").run(&[]), Outcome::trap("out of bounds memory access", &[]));
}

#[test]
fn memories_that_are_not_shared_are_supplied_by_nobody() {
    let module = adder_tests::text::assemble(r#"(module (import "env" "memory" (memory 1 1)) (func (export "f")))"#);
    let options = adder_compiler::Options { memory: MemoryPlan::Low, ..adder_compiler::Options::default() };
    let input = adder_compiler::Input { name: "m", bytes: &module };
    let error = adder_compiler::check_links(&[input], &options).expect_err("nobody exports it");
    assert!(error.message.contains("\"env\".\"memory\": nobody supplies it"), "{error}");
}
