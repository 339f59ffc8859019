//! Unwinding deep stacks and full ones.

use adder_compiler::{Input, MemoryPlan, Optimization, Options};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

/// `f` catches what is thrown this many calls below it; `g` too, but every function on the way cleans up.
const DEEP: &str = r#"(module
    (tag $t (param i32))
    (func $deep (param $n i32) (result i32)
        (if (i32.eqz (local.get $n)) (then (throw $t (i32.const 1))))
        (i32.add (call $deep (i32.sub (local.get $n) (i32.const 1))) (i32.const 1)))
    (func (export "f") (param i32) (result i32)
        (block $h (result i32) (try_table (catch $t $h) (return (call $deep (local.get 0)))) (unreachable)))
    (global $count (mut i32) (i32.const 0))
    (func $cleans (param $n i32)
        (if (i32.eqz (local.get $n)) (then (throw $t (i32.const 1))))
        (block $e (result exnref)
            (try_table (catch_all_ref $e) (call $cleans (i32.sub (local.get $n) (i32.const 1)))) (return))
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (throw_ref))
    (func (export "g") (param i32) (result i32)
        (block $h (result i32) (try_table (catch $t $h) (call $cleans (local.get 0))) (unreachable))
        (drop)
        (global.get $count)))"#;

fn ask(options: &Options, commands: &str) -> Vec<String> {
    let module = assemble(DEEP);
    answers(&[Input { name: "module", bytes: &module }], options, commands)
}

#[test]
fn a_hundred_thousand_frames_are_left_at_once() {
    for (memory, optimization) in [
        (MemoryPlan::Low, Optimization::Fast),
        (MemoryPlan::High, Optimization::Fast),
        (MemoryPlan::Low, Optimization::None),
    ] {
        let options = Options { memory, optimization, ..Options::default() };
        let commands =
            invoke("f", &[100_000]) + &invoke("f", &[100_000]) + &invoke("f", &[0]) + &invoke("g", &[100_000]);
        let expected = ["ok 0000000000000001"; 3].into_iter().chain(["ok 00000000000186a0"]);
        assert!(ask(&options, &commands).iter().eq(expected), "{memory:?} {optimization:?}");
    }
}

#[test]
fn throwing_on_a_full_stack_is_caught_or_a_trap() {
    // Every depth around the one where the stack is used up: there is room for the throw, or the stack is exhausted, be it
    // in the function or in the throw.
    let options = Options { stack_bytes: 1 << 18, ..Options::default() };
    let coarse: String = (0..200).map(|step| invoke("f", &[step * 100])).collect();
    let answers = ask(&options, &coarse);
    let caught = answers.iter().take_while(|answer| *answer == "ok 0000000000000001").count() as u64;
    assert!((10..199).contains(&caught), "{caught}");
    assert!(answers[caught as usize..].iter().all(|answer| answer == "trap call stack exhausted"), "{answers:?}");
    let fine: String = (0..200).map(|step| invoke("f", &[(caught - 1) * 100 + step])).collect();
    let answers = ask(&options, &fine);
    let caught = answers.iter().take_while(|answer| *answer == "ok 0000000000000001").count();
    assert!((1..200).contains(&caught), "{caught}");
    assert!(answers[caught..].iter().all(|answer| answer == "trap call stack exhausted"), "{answers:?}");
}

#[test]
fn handlers_work_after_a_trap_below_them() {
    let module = assemble(
        r#"(module (tag $t)
            (func $f (param i32) (if (local.get 0) (then unreachable)) (throw $t))
            (func (export "f") (param i32) (result i32)
                (block (try_table (catch_all 0) (call $f (local.get 0)))) (i32.const 3)))"#,
    );
    let commands = invoke("f", &[0]) + &invoke("f", &[1]) + &invoke("f", &[0]);
    let found = answers(&[Input { name: "module", bytes: &module }], &Options::default(), &commands);
    assert_eq!(found, ["ok 0000000000000003", "trap unreachable", "ok 0000000000000003"]);
}
