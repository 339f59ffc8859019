//! Calls through tables and references to functions of another type than the caller says, or to none at all.

use adder_compiler::Options;
use adder_tests::program::invoke;
use adder_tests::text::assemble;

use crate::plans::{agree, each_plan};

/// Types that differ as little as possible: parameters, results, and how to call a function of the type and drop what it
/// returns.
const TYPES: [(&str, &str, &str, &str); 14] = [
    ("", "", "", ""),
    ("(param i32)", "", "(i32.const 1)", ""),
    ("(param i64)", "", "(i64.const 1)", ""),
    ("(param f32)", "", "(f32.const 1)", ""),
    ("(param f64)", "", "(f64.const 1)", ""),
    ("(param v128)", "", "(v128.const i64x2 1 1)", ""),
    ("(param funcref)", "", "(ref.null func)", ""),
    ("(param externref)", "", "(ref.null extern)", ""),
    ("(param i32 i32)", "", "(i32.const 1) (i32.const 1)", ""),
    ("", "(result i32)", "", "drop"),
    ("", "(result i64)", "", "drop"),
    ("", "(result i32 i32)", "", "drop drop"),
    ("(param i32)", "(result i32)", "(i32.const 1)", "drop"),
    ("(param (ref null $t0))", "", "(ref.null $t0)", ""),
];

/// The constants that a function with these results returns.
fn returned(results: &str) -> String {
    results.replace("(result", "").replace(')', "").split_whitespace().map(|kind| format!("({kind}.const 1)")).collect()
}

fn types() -> String {
    (0..TYPES.len())
        .map(|number| format!("(type $t{number} (func {} {}))\n", TYPES[number].0, TYPES[number].1))
        .collect()
}

/// Functions `$f0` and so on, one of each type.
fn functions() -> String {
    (0..TYPES.len())
        .map(|number| format!("(func $f{number} (type $t{number}) {})\n", returned(TYPES[number].1)))
        .collect()
}

/// Exports that call an entry of `$table` as a function of each type, and drop the results.
fn callers(table: &str, index: &str) -> String {
    (0..TYPES.len())
        .map(|number| {
            let (_, _, arguments, drops) = TYPES[number];
            format!(
                "(func (export \"call {number}\") (param i32)
                   (call_indirect {table} (type $t{number}) {arguments} {index}) {drops})\n"
            )
        })
        .collect()
}

fn check(modules: &[(&str, &[u8])], instance: usize) {
    let (mut commands, mut wanted) = (String::new(), Vec::new());
    for caller in 0..TYPES.len() {
        for entry in 0..TYPES.len() {
            let command = invoke(&format!("call {caller}"), &[entry as u64]);
            commands += &command.replacen("invoke 0", &format!("invoke {instance}"), 1);
            wanted.push(if caller == entry { "ok" } else { "trap indirect call type mismatch" }.to_owned());
        }
    }
    each_plan(&Options::default(), |options| agree(modules, options, &commands, &wanted));
}

#[test]
fn calls_through_a_table_compare_types() {
    let list: String = (0..TYPES.len()).map(|number| format!(" $f{number}")).collect();
    for (limits, index, kind, grower) in [
        ("14 14", "(local.get 0)", "i32", ""),
        ("14 20", "(local.get 0)", "i32", "(func (export \"g\") (drop (table.grow $t (ref.null func) (i32.const 1))))"),
        ("i64 14 14", "(i64.extend_i32_u (local.get 0))", "i64", ""),
    ] {
        let module = assemble(&format!(
            "(module {} (table $t {limits} funcref) (elem (table $t) ({kind}.const 0) func{list}) {} {} {grower})",
            types(),
            functions(),
            callers("$t", index)
        ));
        check(&[("calls", &module)], 0);
    }
}

/// Types are compared by what they are, not by where they are declared.
#[test]
fn calls_into_another_instance_compare_types() {
    let list: String = (0..TYPES.len()).map(|number| format!(" $f{number}")).collect();
    let one = assemble(&format!(
        "(module {} (table (export \"t\") 14 14 funcref) (elem (i32.const 0) func{list}) {})",
        types(),
        functions()
    ));
    // Other types come first, so that the numbers of types differ.
    let other = assemble(&format!(
        "(module (type (func (param f64 f64))) (type (func (result f64))) {}
           (import \"one\" \"t\" (table $t 14 14 funcref)) {})",
        types(),
        callers("$t", "(local.get 0)")
    ));
    check(&[("one", &one), ("other", &other)], 1);
}

#[test]
fn references_that_are_null_cannot_be_called() {
    let module = assemble(
        "(module (type $t (func (param i32) (result i32)))
           (table $table 3 3 (ref null $t)) (elem (table $table) (i32.const 1) (ref null $t) (ref.func $f))
           (global $g (mut (ref null $t)) (ref.null $t))
           (func $f (type $t) (i32.add (local.get 0) (i32.const 1)))
           (elem declare func $f)
           (func (export \"table\") (param i32) (result i32)
             (call_ref $t (i32.const 6) (table.get $table (local.get 0))))
           (func (export \"tail\") (param i32) (result i32)
             (return_call_ref $t (i32.const 6) (table.get $table (local.get 0))))
           (func (export \"indirect\") (param i32) (result i32)
             (call_indirect $table (type $t) (i32.const 6) (local.get 0)))
           (func (export \"local\") (result i32) (local (ref null $t)) (call_ref $t (i32.const 6) (local.get 0)))
           (func (export \"global\") (result i32) (call_ref $t (i32.const 6) (global.get $g)))
           (func (export \"set\") (global.set $g (ref.func $f)))
           (func (export \"as non null\") (param i32) (drop (ref.as_non_null (table.get $table (local.get 0))))))",
    );
    let null = "trap null function reference";
    let steps: [(&str, &[u64], &str); 16] = [
        ("table", &[0], null),
        ("table", &[1], "ok 0000000000000007"),
        ("table", &[2], null),
        ("table", &[3], "trap out of bounds table access"),
        ("tail", &[0], null),
        ("tail", &[1], "ok 0000000000000007"),
        ("tail", &[0xffff_ffff], "trap out of bounds table access"),
        ("indirect", &[0], "trap uninitialized element"),
        ("indirect", &[1], "ok 0000000000000007"),
        ("indirect", &[3], "trap undefined element"),
        ("local", &[], null),
        ("global", &[], null),
        ("set", &[], "ok"),
        ("global", &[], "ok 0000000000000007"),
        ("as non null", &[0], "trap null reference"),
        ("as non null", &[1], "ok"),
    ];
    let commands: String = steps.iter().map(|(name, arguments, _)| invoke(name, arguments)).collect();
    let wanted: Vec<String> = steps.iter().map(|(_, _, answer)| (*answer).to_owned()).collect();
    each_plan(&Options::default(), |options| agree(&[("references", &module)], options, &commands, &wanted));
}
