//! Small modules that ask for much: what they cost stays in proportion, or they are refused.

use adder_compiler::{Entry, Error, Input, Options, Output, Unobserved};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

fn compile(text: &str, entry: Entry) -> Result<Output, Error> {
    let module = assemble(text);
    let options = Options { entry, ..Options::default() };
    adder_compiler::compile(&[Input { name: "budget", bytes: &module }], &options, &Unobserved)
}

fn result(text: &str) -> Vec<String> {
    let module = assemble(text);
    let options = Options { ..Options::default() };
    answers(&[Input { name: "budget", bytes: &module }], &options, &invoke("f", &[]))
}

#[test]
fn a_huge_table_with_one_entry_takes_no_room_in_the_object() {
    let tables: String = (0..20)
        .map(|number| format!("(table $t{number} 9000000 funcref) (elem (table $t{number}) (i32.const 3) func $f)"))
        .collect();
    let module = format!("(module {tables} (func $f (export \"f\")))");
    let output = compile(&module, Entry::Library).expect("it is valid");
    assert!(output.bytes.len() < 1 << 20, "{} bytes", output.bytes.len());
}

#[test]
fn entries_beyond_those_written_out_are_null_and_those_before_are_there() {
    let module = "(module (table $t 9000000 funcref)
        (elem (table $t) (i32.const 3) func $f)
        (elem (table $t) (i32.const 8000000) func $f)
        (func $f (export \"f\") (result i32)
            (i32.add (i32.mul (i32.const 100) (ref.is_null (table.get $t (i32.const 3))))
                (i32.add (i32.mul (i32.const 10) (ref.is_null (table.get $t (i32.const 4))))
                    (ref.is_null (table.get $t (i32.const 8000000)))))))";
    assert_eq!(result(module), ["ok 000000000000000a"]);
}

#[test]
fn seventy_thousand_globals_in_one_function() {
    const GLOBALS: usize = 70_000;
    let globals: String = (0..GLOBALS).map(|_| "(global (mut i32) (i32.const 1))").collect();
    let body: String = (0..GLOBALS).map(|number| format!("(global.set {number} (i32.const {number}))")).collect();
    let module = format!("(module {globals} (func (export \"f\") (result i32) {body} (global.get 69999)))");
    assert_eq!(result(&module), [format!("ok {:016x}", GLOBALS - 1)]);
}

#[test]
fn calls_with_a_thousand_results_are_refused_before_they_use_up_memory() {
    let results = "i32 ".repeat(1000);
    let values = "(i32.const 1) ".repeat(1000);
    let calls = |count: usize| {
        let calls = "(block (call $many) (br 0))".repeat(count);
        format!(
            "(module (func $many (result {results}) {values}) (func (export \"f\") (result i32) {calls} (i32.const 7)))"
        )
    };
    assert_eq!(result(&calls(100)), ["ok 0000000000000007"]);
    let error = compile(&calls(10_000), Entry::Library).expect_err("ten million values are too many");
    assert!(error.message.contains("instructions"), "{error}");
}

#[test]
fn host_calls_share_their_room_in_the_frame() {
    let grows = "(drop (memory.grow (i32.const 0)))".repeat(2000);
    let module = format!(
        "(module (memory 1) (func $f (param i32) (result i32)
            (if (i32.eqz (local.get 0)) (then (return (i32.const 5))))
            {grows}
            (call $f (i32.sub (local.get 0) (i32.const 1))))
          (func (export \"f\") (result i32) (call $f (i32.const 20000))))"
    );
    assert_eq!(result(&module), ["ok 0000000000000005"]);
}

#[test]
fn locals_that_are_kept_in_the_frame_are_still_locals() {
    const LOCALS: usize = 10_000;
    let open = "(loop ".repeat(20);
    let close = ")".repeat(20);
    let module = format!(
        "(module (func $f (param i32 f64) (result i32) (local {})
            (local.set 9000 (i32.const 3))
            {open}
            (local.set 5 (i32.add (local.get 5) (local.get 9000)))
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))
            {close}
            (i32.add (local.get 5) (i32.add (local.get 8000) (i32.trunc_f64_s (local.get 1)))))
          (func (export \"f\") (result i32) (call $f (i32.const 4) (f64.const 100))))",
        "i32 ".repeat(LOCALS)
    );
    assert_eq!(result(&module), ["ok 0000000000000070"]);
}

#[test]
fn vectors_that_are_kept_in_the_frame_are_aligned_and_apart() {
    const LOCALS: usize = 10_000;
    let open = "(loop ".repeat(20);
    let close = ")".repeat(20);
    // Between the vectors are locals of half their size, so that every second one is next to a gap.
    let module = format!(
        "(module (func $f (param i32 v128 i32 v128) (result v128 i32) (local {})
            {open}
            (local.set 1001 (i32x4.add (local.get 1001) (local.get 1)))
            (local.set 1003 (i32x4.add (local.get 1003) (local.get 3)))
            (local.set 1002 (i32.add (local.get 1002) (local.get 2)))
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))
            {close}
            (i32x4.add (i32x4.sub (local.get 1003) (local.get 1001)) (local.get 1005))
            (i32.add (local.get 1002) (local.get 1004)))
          (func (export \"f\") (result v128 i32)
            (call $f (i32.const 4) (v128.const i32x4 1 2 3 4) (i32.const 7) (v128.const i32x4 11 22 33 44))))",
        "i32 v128 ".repeat(LOCALS / 2)
    );
    // The innermost loop runs 4 times, the others once.
    let [a, b, c, d, sum]: [u32; 5] = [10, 20, 30, 40, 7].map(|value| value * 4);
    assert_eq!(result(&module), [format!("ok {b:08x}{a:08x} {d:08x}{c:08x} {sum:016x}")]);
}

#[test]
fn twenty_thousand_exports() {
    let functions: String =
        (0..20_000).map(|number| format!("(func (export \"e{number}\") (result i32) (i32.const {number}))")).collect();
    let module = format!("(module {functions} (func (export \"f\") (result i32) (call 19999)))");
    assert_eq!(result(&module), ["ok 0000000000004e1f"]);
}

#[test]
fn an_initialize_with_values_is_refused() {
    for signature in ["(param i32)", "(result i32) (i32.const 1)"] {
        let module = format!("(module (func (export \"_initialize\") {signature}) (func (export \"f\")))");
        let error = compile(&module, Entry::Invoke("f".to_owned())).expect_err("it cannot be called");
        assert!(error.message.contains("_initialize"), "{error}");
    }
}

#[test]
fn names_in_errors_are_one_line() {
    let module = "(module (import \"a\" \"b\\ngranted: nothing\\1b]0;\" (func)) (func (export \"_start\")))";
    let error = compile(module, Entry::Command).expect_err("nobody supplies the import");
    assert!(!error.to_string().contains(['\n', '\u{1b}']), "{error}");
}

#[test]
fn unknown_imports_of_all_modules_are_listed_at_once() {
    let first = assemble("(module (import \"x\" \"one\" (func)) (import \"x\" \"two\" (func)))");
    let second = assemble("(module (import \"y\" \"three\" (func)))");
    let inputs = [Input { name: "first", bytes: &first }, Input { name: "second", bytes: &second }];
    let options = Options { entry: Entry::Library, ..Options::default() };
    let error = adder_compiler::compile(&inputs, &options, &Unobserved).expect_err("nobody supplies them");
    for import in [r#""x"."one""#, r#""x"."two""#, r#""y"."three""#] {
        assert!(error.message.contains(import), "{error}");
    }
}
