//! What a system interface can be: types of all kinds, patterns of names, calls of the guest's functions by name and through
//! its table. The interface is that of the script runtime ([`example`]).

use adder_compiler::abi::host::{Interfaces, example, wasi_preview1};
use adder_compiler::{Entry, GlobalPlacement, Input, MemoryPlan, Optimization, Options, Overrides};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

const INTERFACES: Interfaces = Interfaces(&[wasi_preview1::INTERFACE, example::INTERFACE]);

fn options() -> Options {
    Options { interfaces: INTERFACES, entry: Entry::Library, overrides: Overrides::verified(), ..Options::default() }
}

/// What a module answers to these calls, each in ways that must not make a difference.
fn ask(text: &str, calls: &[(&str, &[u64])]) -> Vec<String> {
    let module = assemble(text);
    let input = Input { name: "main", bytes: &module };
    let commands: String = calls.iter().map(|(name, arguments)| invoke(name, arguments)).collect();
    let answer = answers(&[input], &options(), &commands);
    for options in [
        Options { optimization: Optimization::None, ..options() },
        Options { memory: MemoryPlan::Checked, ..options() },
        Options {
            overrides: Overrides { globals: Some(GlobalPlacement::ThreadRelative), ..Overrides::verified() },
            ..options()
        },
    ] {
        assert_eq!(answers(&[input], &options, &commands), answer);
    }
    answer
}

#[test]
fn values_of_all_types_go_both_ways() {
    let text = r#"(module
        (import "example" "sum" (func $sum (param i32 i64 f32 f64) (result f64)))
        (import "example" "split" (func $split (param i64) (result i32 i32)))
        (import "example" "negate" (func $negate (param f32) (result f32)))
        (import "example" "negate" (func $negate64 (param i64) (result i64)))
        (import "example" "fail" (func $fail))
        (func (export "sum") (result f64)
            (call $sum (i32.const -1) (i64.const -2) (f32.const 0.5) (f64.const 4.25)))
        (func (export "split") (param i64) (result i32 i32) (call $split (local.get 0)))
        (func (export "negate") (param f32) (result f32) (call $negate (local.get 0)))
        (func (export "negate64") (param i64) (result i64) (call $negate64 (local.get 0)))
        (func (export "fail") (call $fail)))"#;
    let half: u64 = 0.5_f32.to_bits().into();
    let calls: [(&str, &[u64]); 5] =
        [("sum", &[]), ("split", &[7 << 32 | 9]), ("negate", &[half]), ("negate64", &[5]), ("fail", &[])];
    assert_eq!(
        ask(text, &calls),
        [
            format!("ok {:016x}", 1.75_f64.to_bits()),
            "ok 0000000000000009 0000000000000007".to_owned(),
            format!("ok {:016x}", (-0.5_f32).to_bits()),
            format!("ok {:016x}", (-5_i64) as u64),
            "trap integer overflow".to_owned(),
        ]
    );
}

#[test]
fn a_pattern_knows_the_name_it_was_imported_by() {
    let text = r#"(module
        (import "example" "name_of_one" (func $one (param i32) (result i32)))
        (import "example" "name_" (func $empty (param i32) (result i32)))
        (import "example" "name_x" (func $other (param i64) (result f64)))
        (memory (export "memory") 1)
        (func (export "one") (result i32 i32)
            (call $one (i32.const 8)) (i32.load (i32.const 9)))
        (func (export "outside") (result i32) (call $one (i32.const 65535)))
        (func (export "empty") (result i32) (call $empty (i32.const 8)))
        (func (export "other") (result f64) (call $other (i64.const 8))))"#;
    assert_eq!(
        ask(text, &[("one", &[]), ("outside", &[]), ("empty", &[]), ("other", &[])]),
        [
            // "of_one", from its second letter.
            format!("ok {:016x} {:016x}", 6, u32::from_le_bytes(*b"f_on")),
            "trap out of bounds memory access".to_owned(),
            format!("ok {:016x}", 0),
            "unlinkable".to_owned(),
        ]
    );
}

#[test]
fn a_function_of_the_guest_is_called_by_its_name_and_type() {
    let module = |malloc: &str| {
        format!(
            r#"(module
                (import "example" "allocate" (func $allocate (param i32) (result i32)))
                (func {malloc})
                (func (export "f") (param i32) (result i32) (call $allocate (local.get 0))))"#
        )
    };
    let malloc = |body: &str| module(&format!(r#"(export "malloc") (param i32) (result i32) {body}"#));
    let call: [(&str, &[u64]); 1] = [("f", &[7])];
    assert_eq!(ask(&malloc("(i32.add (local.get 0) (i32.const 1))"), &call), [format!("ok {:016x}", 8)]);
    assert_eq!(ask(&malloc("(unreachable)"), &call), ["trap unreachable"]);
    let none = [format!("ok {:016x}", 0)];
    assert_eq!(ask(&module(r#"(export "free") (param i32) (result i32) (i32.const 1)"#), &call), none);
    assert_eq!(ask(&module(r#"(export "malloc") (param i64) (result i32) (i32.const 1)"#), &call), none);
}

/// A module whose table has functions of several types, and functions that call it through the host. `table` and `change` make
/// the table one of those that live elsewhere.
fn with_table(table: &str, index: &str, change: &str) -> String {
    format!(
        r#"(module
            (import "example" "apply" (func $apply (param i32 i32) (result i32)))
            (import "example" "invoke_x" (func $invoke (param i32 f64 i64) (result i64 f64)))
            (import "example" "invoke_" (func $invoke_nothing (param i32)))
            (tag $t (param i32))
            {table}
            (elem (table $table) ({index}.const 0) funcref
                (ref.func $double) (ref.func $swap) (ref.func $trap) (ref.func $throw) (ref.func $nothing)
                (ref.func $outer))
            (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
            (func $swap (param f64 i64) (result i64 f64) (local.get 1) (local.get 0))
            (func $trap (param i32) (result i32) (i32.div_u (i32.const 1) (i32.sub (local.get 0) (local.get 0))))
            (func $throw (param i32) (result i32) (throw $t (local.get 0)))
            (func $nothing)
            ;; Calls through the host once more.
            (func $outer (param i32) (result i32) (call $apply (i32.const 0) (local.get 0)))
            (func (export "change") {change})
            (func (export "apply") (param i32 i32) (result i32) (call $apply (local.get 0) (local.get 1)))
            (func (export "invoke") (param i32) (result i64 f64)
                (call $invoke (local.get 0) (f64.const 1.5) (i64.const 3)))
            (func (export "nothing") (param i32) (call $invoke_nothing (local.get 0)))
            (func (export "catch") (param i32) (result i32)
                (block $h (result i32)
                    (try_table (catch $t $h) (drop (call $apply (i32.const 3) (local.get 0))))
                    (i32.const -1))))"#
    )
}

#[test]
fn functions_are_called_through_the_table() {
    let far = u64::from(u32::MAX);
    let calls: [(&str, &[u64]); 13] = [
        ("apply", &[0, 21]),
        ("apply", &[5, 4]),
        ("invoke", &[1]),
        ("nothing", &[4]),
        // Another type, a null entry, behind the end.
        ("apply", &[1, 0]),
        ("nothing", &[0]),
        ("apply", &[6, 0]),
        ("apply", &[8, 0]),
        ("apply", &[far, 0]),
        // A trap inside, an exception that goes through, and one that nobody catches.
        ("apply", &[2, 0]),
        ("catch", &[42]),
        ("apply", &[3, 0]),
        ("apply", &[0, 1]),
    ];
    let number = |number: u64| format!("ok {number:016x}");
    let text = |text: &str| text.to_owned();
    let expected = [
        number(42),
        number(8),
        format!("ok {:016x} {:016x}", 3, 1.5_f64.to_bits()),
        text("ok"),
        text("trap indirect call type mismatch"),
        text("trap indirect call type mismatch"),
        text("trap uninitialized element"),
        text("trap undefined element"),
        text("trap undefined element"),
        text("trap integer divide by zero"),
        number(42),
        text("exception"),
        number(2),
    ];
    let set = "(table.set $table (i32.const 7) (ref.null func))";
    let grow = "(drop (table.grow $table (ref.null func) (i32.const 1)))";
    for module in [
        with_table("(table $table 8 8 funcref)", "i32", ""),
        with_table("(table $table 8 8 funcref)", "i32", set),
        with_table("(table $table 8 funcref)", "i32", grow),
        with_table("(table $table i64 8 8 funcref)", "i64", ""),
        // Not the first, but the one that is exported by the name that C programs give it.
        with_table(r#"(table 1 externref) (table $table (export "__indirect_function_table") 8 8 funcref)"#, "i32", ""),
    ] {
        assert_eq!(ask(&module, &calls), expected, "{module}");
    }
    // What the guest does to its table is seen.
    let module = with_table("(table $table 8 funcref)", "i32", "(table.set $table (i32.const 7) (ref.func $double))");
    let calls: [(&str, &[u64]); 3] = [("apply", &[7, 1]), ("change", &[]), ("apply", &[7, 1])];
    assert_eq!(ask(&module, &calls), [text("trap uninitialized element"), text("ok"), number(2)]);
}

#[test]
fn without_a_table_nothing_can_be_called_through_it() {
    for table in ["", "(table 4 externref)"] {
        let text = format!(
            r#"(module
                (import "example" "apply" (func $apply (param i32 i32) (result i32)))
                {table}
                (func (export "f") (result i32) (call $apply (i32.const 0) (i32.const 0))))"#
        );
        assert_eq!(ask(&text, &[("f", &[])]), ["trap undefined element"]);
    }
}

#[test]
fn a_type_that_the_table_does_not_say_is_refused() {
    let refused = |import: &str| {
        let module = assemble(&format!(r#"(module (import "example" {import}))"#));
        let input = Input { name: "main", bytes: &module };
        adder_compiler::check_links(&[input], &options()).expect_err("it cannot be linked").to_string()
    };
    for import in [
        r#""negate" (func (param f64) (result f64))"#,
        r#""split" (func (param i64) (result i32))"#,
        r#""invoke_x" (func (param f32 i32))"#,
        r#""invoke_x" (func)"#,
    ] {
        let message = refused(import);
        assert!(message.contains("the runtime supplies it with another type"), "{message}");
    }
    let message = refused(r#""unknown" (func)"#);
    assert!(message.contains("nobody supplies it"), "{message}");
    // The runtime of executables does not have this interface.
    let module = assemble(r#"(module (import "example" "fail" (func)))"#);
    let input = Input { name: "main", bytes: &module };
    let error = adder_compiler::check_links(&[input], &Options::default()).expect_err("nobody supplies it");
    assert!(error.to_string().contains("nobody supplies it"), "{error}");
}
