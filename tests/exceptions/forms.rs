//! Single forms: what the operators do, and what calls they work through.

use adder_compiler::{Input, Optimization, Options, Overrides};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

/// Calls `f` of a module at every level of optimisation, with each of the arguments, and compares the answers.
fn check(text: &str, cases: &[(u64, &str)]) {
    let module = assemble(text);
    let commands: String = cases.iter().map(|(argument, _)| invoke("f", &[*argument])).collect();
    for optimization in [Optimization::None, Optimization::Fast] {
        let options = Options { optimization, overrides: Overrides::verified(), ..Options::default() };
        let found = answers(&[Input { name: "module", bytes: &module }], &options, &commands);
        let expected: Vec<&str> = cases.iter().map(|(_, answer)| *answer).collect();
        assert_eq!(found, expected, "{optimization:?}: {text}");
    }
}

#[test]
fn delegating_to_the_function_leaves_it() {
    let text = r#"(module (tag $t)
        (func $throw (throw $t))
        (func $inner (param i32) (result i32)
            try (result i32)
                local.get 0
                if
                    try call $throw delegate 2
                else
                    try call $throw delegate 1
                end
                i32.const 1
            catch_all
                i32.const 2
            end)
        (func (export "f") (param i32) (result i32)
            try (result i32) local.get 0 call $inner catch $t i32.const 3 end))"#;
    check(text, &[(0, "ok 0000000000000002"), (1, "ok 0000000000000003")]);
}

#[test]
fn delegating_into_a_handler_goes_beyond_its_try() {
    let text = r#"(module (tag $t) (tag $u)
        (func $throw (throw $u))
        (func (export "f") (param i32) (result i32)
            try $outer (result i32)
                try $middle (result i32)
                    throw $t
                catch $t
                    try (result i32) call $throw i32.const 0 delegate $middle
                catch_all
                    i32.const 4
                end
            catch $u
                i32.const 5
            end))"#;
    check(text, &[(0, "ok 0000000000000005")]);
}

#[test]
fn an_outer_exception_is_thrown_again_from_an_inner_handler() {
    let text = r#"(module (tag $a (param i32)) (tag $b (param i32))
        (func $throw (param i32 i32)
            (if (local.get 0) (then (throw $a (local.get 1))))
            (throw $b (local.get 1)))
        (func $g (param i32)
            try $outer
                (call $throw (i32.const 1) (i32.const 10))
            catch $a
                drop
                try $inner
                    (call $throw (i32.const 0) (i32.const 20))
                catch $b
                    drop
                    local.get 0
                    if rethrow $outer else rethrow $inner end
                end
            end)
        (func (export "f") (param i32) (result i32)
            try (result i32)
                (call $g (local.get 0)) i32.const 0
            catch $a
            catch $b
                i32.const 1000 i32.add
            end))"#;
    check(text, &[(1, "ok 000000000000000a"), (0, "ok 00000000000003fc")]);
}

#[test]
fn an_exception_keeps_its_contents_after_its_catch_has_used_them() {
    let text = r#"(module (tag $t (param i32 i64 f32 f64 i32 i32 i64 i64 i64 i32))
        (func $throw
            (throw $t (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (i32.const 5) (i32.const 6) (i64.const 7)
                (i64.const 8) (i64.const 9) (i32.const 10)))
        (func (export "f") (param i32) (result i32)
            (local $x i64) (local $e exnref) (local $sum i32)
            (loop $again
                (block $h (result i32 i64 f32 f64 i32 i32 i64 i64 i64 i32 exnref)
                    (try_table (catch_ref $t $h)
                        (if (ref.is_null (local.get $e)) (then (call $throw)))
                        (throw_ref (local.get $e)))
                    (unreachable))
                (local.set $e)
                (local.set $sum (i32.add (local.get $sum)))
                (i64.add) (i64.add) i32.wrap_i64 (local.set $sum (i32.add (local.get $sum)))
                (i32.add) (local.set $sum (i32.add (local.get $sum)))
                i32.trunc_f64_s (local.set $sum (i32.add (local.get $sum)))
                i32.trunc_f32_s (local.set $sum (i32.add (local.get $sum)))
                i32.wrap_i64 (local.set $sum (i32.add (local.get $sum)))
                (local.set $sum (i32.add (local.get $sum)))
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
            (local.get $sum)))"#;
    check(text, &[(1, "ok 0000000000000037"), (100, "ok 000000000000157c")]);
}

#[test]
fn functions_with_results_in_memory_throw_and_return_in_a_try() {
    let results = "i32 ".repeat(20);
    let values: String = (0..20).map(|index| format!("(i32.add (local.get 0) (i32.const {index}))")).collect();
    let text = format!(
        r#"(module (tag $t (param i32))
            (type $many (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32) (result {results})))
            (table funcref (elem $many))
            (func $many (type $many)
                (if (i32.eq (local.get 0) (i32.const 7)) (then (throw $t (local.get 8)))) {values})
            (func (export "f") (param i32) (result i32)
                (block $h (result i32)
                    (try_table (result {results}) (catch $t $h)
                        (call $many (local.get 0) {nines} (i32.const 33)))
                    {adds}
                    (drop)
                    (try_table (result {results}) (catch $t $h)
                        (call_indirect (type $many) (i32.sub (local.get 0) (i32.const 1)) {nines} (i32.const 34) (i32.const 0)))
                    {adds})))"#,
        nines = "(i32.const 9) ".repeat(7),
        adds = "(i32.add) ".repeat(19)
    );
    // 20 times the argument less one, and 0 to 19.
    check(&text, &[(7, "ok 0000000000000021"), (8, "ok 0000000000000022"), (9, "ok 000000000000015e")]);
}

#[test]
fn locals_have_the_values_of_the_time_of_the_throw() {
    let text = r#"(module (tag $t)
        (func $throw_if (param i32) (if (local.get 0) (then (throw $t))))
        (func (export "f") (param i32) (result i32) (local $x i32) (local $y f64) (local $z i64)
            (block $h
                (try_table (catch_all $h)
                    (local.set $x (i32.const 1)) (local.set $y (f64.const 10)) (local.set $z (i64.const 100))
                    (call $throw_if (i32.eq (local.get 0) (i32.const 1)))
                    (local.set $x (i32.const 2)) (local.set $y (f64.const 20))
                    (call $throw_if (i32.eq (local.get 0) (i32.const 2)))
                    (local.set $x (i32.const 3)) (local.set $z (i64.const 300))
                    (call $throw_if (i32.eq (local.get 0) (i32.const 3)))
                    (local.set $x (i32.const 4)) (local.set $y (f64.const 40))))
            (i32.add (local.get $x) (i32.add (i32.trunc_f64_s (local.get $y)) (i32.wrap_i64 (local.get $z))))))"#;
    check(
        text,
        &[
            (1, "ok 000000000000006f"),
            (2, "ok 000000000000007a"),
            (3, "ok 0000000000000143"),
            (0, "ok 0000000000000158"),
        ],
    );
}

#[test]
fn a_handler_may_be_the_head_of_a_loop() {
    let text = r#"(module (tag $t (param i32))
        (func $throw (param i32) (throw $t (local.get 0)))
        (func (export "f") (param i32) (result i32) (local $n i32)
            (local.get 0)
            (loop $again (param i32) (result i32)
                (local.set 0)
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (try_table (result i32) (catch $t $again)
                    (if (i32.ge_s (local.get 0) (i32.const 3)) (then (call $throw (i32.sub (local.get 0) (i32.const 3)))))
                    (i32.add (local.get 0) (i32.mul (local.get $n) (i32.const 100)))))))"#;
    check(text, &[(2, "ok 0000000000000066"), (10, "ok 0000000000000191")]);
}

#[test]
fn the_first_clause_that_fits_counts_and_inner_ones_come_first() {
    let text = r#"(module (tag $a) (tag $b) (tag $c)
        (func $throw (param i32)
            (block (block (block (br_table 0 1 2 (local.get 0))) (throw $a)) (throw $b)) (throw $c))
        (func (export "f") (param i32) (result i32)
            (block $1 (block $2 (block $3 (block $4
                (try_table (catch $a $1) (catch_all $4)
                    (try_table (catch $b $2) (catch $b $3)
                        (try_table
                            (call $throw (local.get 0))))))
                (return (i32.const 4)))
                (return (i32.const 3)))
                (return (i32.const 2)))
            (i32.const 1)))"#;
    check(text, &[(0, "ok 0000000000000001"), (1, "ok 0000000000000002"), (2, "ok 0000000000000004")]);
}

#[test]
fn vectors_are_carried() {
    // In the record itself, in a piece of memory of its own, and thrown again; beside values of one slot.
    let text = r#"(module
        (tag $one (param v128)) (tag $many (param i32 v128 i64 v128 v128 f32))
        (func $throw (param i32 v128)
            (if (local.get 0) (then (throw $one (local.get 1))))
            (throw $many (i32.const 1) (local.get 1) (i64.const 2) (i32x4.splat (i32.const 1000)) (local.get 1) (f32.const 3)))
        (func $sum (param v128) (result i32)
            (i32.add
                (i32.add (i32x4.extract_lane 0 (local.get 0)) (i32x4.extract_lane 1 (local.get 0)))
                (i32.add (i32x4.extract_lane 2 (local.get 0)) (i32x4.extract_lane 3 (local.get 0)))))
        (func $again (param exnref) (throw_ref (local.get 0)))
        (func (export "f") (param i32) (result i32) (local $v v128) (local $e exnref) (local $f f32)
            (local.set $v (v128.const i32x4 1 20 300 4000))
            (block $one (result v128)
                (block $many (result i32 v128 i64 v128 v128 f32 exnref)
                    (try_table (catch $one $one) (catch_ref $many $many) (call $throw (local.get 0) (local.get $v)))
                    (unreachable))
                (drop) (drop) (drop) (drop) (drop) (drop) (drop)
                (block $ref (result exnref)
                    (try_table (catch_all_ref $ref) (call $throw (i32.const 0) (local.get $v))) (unreachable))
                (local.set $e)
                (block $again (result i32 v128 i64 v128 v128 f32)
                    (try_table (catch $many $again) (call $again (local.get $e))) (unreachable))
                (local.set $f)
                (call $sum (i32x4.add)) (local.set 0)
                (call $sum (i32x4.splat (i32.wrap_i64))) (drop) (unreachable))
            (call $sum)))"#
        .replace(
            "(call $sum (i32x4.add)) (local.set 0)\n                (call $sum (i32x4.splat (i32.wrap_i64))) (drop) (unreachable))",
            "i32x4.add call $sum local.set 0 i32.wrap_i64 local.get 0 i32.add local.set 0 call $sum i32.add \
             local.get 0 i32.add local.get $f i32.trunc_f32_s i32.add return)",
        );
    // 4321; and 2 * 4321 + 4000 + 1 + 2 + 3.
    check(&text, &[(1, "ok 00000000000010e1"), (0, "ok 0000000000003168")]);
}

#[test]
fn a_function_with_fewer_arguments_on_the_stack_that_was_called_in_place_of_another_throws() {
    // Its frame lies where the arguments of the one that it replaced were, above the stack pointer of the handler.
    let text = r#"(module (tag $t (param i64))
            (type $none (func))
            (table funcref (elem $last))
            (global $x (mut i64) (i64.const 0))
            (func $last (throw $t (global.get $x)))
            (func $eight (param i64 i64 i64 i64 i64 i64 i64 i64)
                (global.set $x (i64.add (local.get 0) (local.get 7)))
                (return_call $last))
            (func $twelve (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
                (global.set $x (i64.add (local.get 0) (local.get 11)))
                (return_call_indirect (type $none) (i32.const 0)))
            (func (export "f") (param i32) (result i32) (local $kept i32)
                (local.set $kept (i32.mul (local.get 0) (i32.const 1000)))
                (i32.wrap_i64 (block $h (result i64)
                    (try_table (catch $t $h)
                        (if (local.get 0)
                            (then (call $eight (i64.const 1) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)
                                (i64.const 0) (i64.const 0) (i64.const 8)))
                            (else (call $twelve (i64.const 2) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)
                                (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)
                                (i64.const 12)))))
                    (unreachable)))
                (i32.add (local.get $kept))))"#;
    check(text, &[(0, "ok 000000000000000e"), (1, "ok 00000000000003f1")]);
}

#[test]
fn a_function_that_was_called_in_place_of_another_throws() {
    // The frames of the two have different sizes, and the one that calls in place of its return catches nothing.
    let many = "i32 ".repeat(20);
    let arguments: String = (0..20).map(|index| format!("(i32.const {index})")).collect();
    let text = format!(
        r#"(module (tag $t (param i32))
            (type $many (func (param {many})))
            (table funcref (elem $last))
            (func $last (param {many}) (throw $t (i32.add (local.get 0) (local.get 19))))
            (func $middle (param i32)
                (block $h (result i32)
                    (try_table (catch $t $h)
                        (if (local.get 0) (then (return_call $last {arguments})))
                        (return_call_indirect (type $many) {arguments} (i32.const 0)))
                    (unreachable))
                (drop))
            (func (export "f") (param i32) (result i32) (local $x i32)
                (local.set $x (i32.mul (local.get 0) (i32.const 1000)))
                (block $h (result i32) (try_table (catch $t $h) (call $middle (local.get 0))) (i32.const -1))
                (i32.add (local.get $x))))"#
    );
    check(&text, &[(0, "ok 0000000000000013"), (1, "ok 00000000000003fb")]);
}
