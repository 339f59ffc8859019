//! Exceptions as far as they concern a process: how an uncaught one ends it, calls through the host, the stack, memory.

use adder::configuration::{Configuration, Grant};

use crate::program::{Program, Settings};
use adder_tests::outcome::Outcome;

#[test]
fn what_nothing_catches_ends_the_process_and_says_where_it_was_thrown() {
    let text = r#"(module
        (tag $t (param i32 i64)) (tag $other)
        (func $thrower (param i32) (throw $t (local.get 0) (i64.const 2)))
        (func $middle (param i32) (try_table (catch $other 0) (call $thrower (local.get 0))))
        (func $outer (export "f") (call $middle (i32.const 1)) (nop)))"#;
    assert_eq!(Program::new(text, "f").run(&[]), Outcome::uncaught(&["thrower", "middle", "outer"]));
}

#[test]
fn what_is_thrown_again_was_thrown_there() {
    let text = r#"(module
        (tag $t)
        (func $thrower (throw $t))
        (func $again (param exnref) (throw_ref (local.get 0)))
        (func $catcher (call $again (block $e (result exnref) (try_table (catch_all_ref $e) (call $thrower)) (return))))
        (func $outer (export "f") (call $catcher) (nop)))"#;
    assert_eq!(Program::new(text, "f").run(&[]), Outcome::uncaught(&["again", "catcher", "outer"]));
    let legacy = r#"(module
        (tag $t)
        (func $thrower (throw $t))
        (func $catcher try call $thrower catch $t rethrow 0 end)
        (func $outer (export "f") (call $catcher) (nop)))"#;
    assert_eq!(Program::new(legacy, "f").run(&[]), Outcome::uncaught(&["catcher", "outer"]));
}

#[test]
fn the_start_function_may_throw() {
    let text = r#"(module (tag $t) (func $begin (throw $t)) (start $begin) (func (export "f")))"#;
    assert_eq!(Program::new(text, "f").run(&[]), Outcome::uncaught(&["begin"]));
    let caught = r#"(module
        (tag $t (param i32)) (global $g (mut i32) (i32.const 0))
        (func $throws (throw $t (i32.const 5)))
        (func $begin (global.set $g (block $h (result i32) (try_table (catch $t $h) (call $throws)) (i32.const 1))))
        (start $begin)
        (func (export "f") (result i32) (global.get $g)))"#;
    assert_eq!(Program::new(caught, "f").run(&[]), Outcome::success("5\n"));
}

#[test]
fn a_null_reference_cannot_be_thrown() {
    let text = r#"(module (tag $t)
        (func $f (export "f") (try_table (catch_all 0) (throw_ref (ref.null exn)))))"#;
    assert_eq!(Program::new(text, "f").run(&[]), Outcome::trap("null exception reference", &["f"]));
}

#[test]
fn traps_are_not_caught() {
    let text = r#"(module (memory 1)
        (func $g (param i32) (result i32) (i32.load (local.get 0)))
        (func $f (export "f") (param i32) (result i32)
            (block (try_table (catch_all 0) (return (call $g (local.get 0))))) (i32.const 7)))"#;
    let program = Program::new(text, "f");
    assert_eq!(program.run(&["65532"]), Outcome::success("0\n"));
    assert_eq!(program.run(&["65533"]), Outcome::trap("out of bounds memory access", &["g", "f"]));
    let standard = "(try_table (catch_all 0) (return (call $g (local.get 0))))";
    let legacy = text.replace(standard, "try local.get 0 call $g return catch_all end");
    assert_eq!(Program::new(&legacy, "f").run(&["65533"]), Outcome::trap("out of bounds memory access", &["g", "f"]));
}

/// Runs a module whose `chdir`, which the runtime calls while it answers `args_sizes_get`, does `nested`, and in which
/// `outer` is done around the call of `args_sizes_get`. Prints what `outer` leaves, and how often it was there.
fn run_nested(nested: &str, outer: &str) -> Outcome {
    let text = format!(
        r#"(module
            (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
            (memory (export "memory") 1)
            (tag $t (param i32)) (tag $other)
            (global $__stack_pointer (mut i32) (i32.const 60000))
            (global $kept (mut exnref) (ref.null exn))
            (func $thrower (param i32) (throw $t (local.get 0)))
            (func $chdir (param $path i32) (result i32) {nested} (i32.const 0))
            (func $asks (result i32)
                (global.set $__stack_pointer (i32.const 50000))
                (call $sizes (i32.const 0) (i32.const 4)))
            (func (export "f") (result i32) {outer}))"#
    );
    let grants = vec![Grant { host: "/".to_owned(), guest: "/".to_owned(), read_only: false }];
    let configuration = Configuration { grants, inherit_working_directory: true, ..Configuration::default() };
    let program = Program::with(&text, "f", &Settings { configuration, ..Settings::default() });
    Outcome::of(program.command(&[]).current_dir("/tmp").output().expect("the executable can be run"))
}

#[test]
fn an_exception_goes_through_a_host_function() {
    let outer = "(block $h (result i32) (try_table (catch $t $h) (drop (call $asks))) (i32.const 1))";
    assert_eq!(run_nested("(call $thrower (i32.const 42))", outer), Outcome::success("42\n"));
    assert_eq!(run_nested("(nop)", outer), Outcome::success("1\n"));
    // The import itself inside of the `try`, and a second exception after the first.
    let outer = r#"(local $n i32)
        (drop (block $h (result i32) (try_table (catch $t $h) (drop (call $sizes (i32.const 0) (i32.const 4)))) (i32.const 1)))
        (local.set $n (i32.const 5))
        (block $h (result i32) (try_table (catch $t $h) (call $thrower (i32.const 3))) (i32.const 1))
        (i32.add (local.get $n))"#;
    assert_eq!(run_nested("(call $thrower (i32.const 42))", outer), Outcome::success("8\n"));
}

#[test]
fn what_the_nested_call_catches_stays_there() {
    let nested =
        "(block $h (result i32) (try_table (catch $t $h) (call $thrower (i32.const 42))) (i32.const 1)) (drop)";
    let outer = "(block $h (result i32) (try_table (catch $t $h) (drop (call $asks))) (i32.const 1))";
    assert_eq!(run_nested(nested, outer), Outcome::success("1\n"));
}

#[test]
fn an_exception_that_comes_through_a_host_function_can_be_thrown_again() {
    let outer = r#"
        (global.set $kept (block $e (result exnref) (try_table (catch_all_ref $e) (drop (call $asks))) (unreachable)))
        (block $h (result i32) (try_table (catch $t $h) (throw_ref (global.get $kept))) (i32.const 1))"#;
    assert_eq!(run_nested("(call $thrower (i32.const 42))", outer), Outcome::success("42\n"));
}

#[test]
fn a_reference_is_kept_while_a_nested_call_throws() {
    // The reference is in a register that the host's functions have saved, and nowhere else.
    let nested = r#"(local $n i32)
        (loop $again
            (drop (block $e (result exnref) (try_table (catch_all_ref $e) (call $thrower (i32.const 1))) (unreachable)))
            (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100000))))"#;
    let outer = r#"
        (global.set $__stack_pointer (i32.const 50000))
        (block $h (result i32) (try_table (catch $t $h) (call $raise (call $make (i32.const 42)))) (i32.const 1)))
        (func $make (param i32) (result exnref)
            (block $e (result exnref) (try_table (catch_all_ref $e) (call $thrower (local.get 0))) (unreachable)))
        (func $raise (param exnref)
            (drop (call $sizes (i32.const 0) (i32.const 4)))
            (throw_ref (local.get 0))"#;
    assert_eq!(run_nested(nested, outer), Outcome::success("42\n"));
}

#[test]
fn what_neither_call_catches_shows_the_place_of_the_throw() {
    let outer = "(block (try_table (catch $other 0) (drop (call $asks)))) (i32.const 0)";
    assert_eq!(
        run_nested("(call $thrower (i32.const 1))", outer),
        Outcome::uncaught(&["thrower", "chdir", "asks", "f"])
    );
    // A trap after an exception that was caught outside shows its own place.
    let outer =
        "(block $h (result i32) (try_table (catch $t $h) (drop (call $asks))) (i32.const 1)) (drop) (unreachable)";
    assert_eq!(run_nested("(call $thrower (i32.const 1))", outer), Outcome::trap("unreachable", &["f"]));
}
