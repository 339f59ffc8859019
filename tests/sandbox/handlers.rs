//! Exception handling of extreme shape: it compiles and does what it should, or is refused before it takes too much.

use std::fmt::Write as _;

use adder_compiler::{Entry, Input, Options, Unobserved};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

fn results(text: &str, arguments: &[u64]) -> Vec<String> {
    let module = assemble(text);
    let options = Options { ..Options::default() };
    let commands: String = arguments.iter().map(|argument| invoke("f", &[*argument])).collect();
    answers(&[Input { name: "handlers", bytes: &module }], &options, &commands)
}

fn ok(value: u64) -> String {
    format!("ok {value:016x}")
}

/// A `try_table` in the next, each with a tag of its own that it catches, around so many calls of a function that throws
/// the exception with the tag of its argument.
fn nested(depth: usize, calls: usize) -> String {
    let mut text = String::from("(module\n");
    (0..depth).for_each(|tag| writeln!(text, "(tag $t{tag})").expect("a string grows"));
    text += "(func $throw (param i32)\n";
    text += &"(block ".repeat(depth);
    text += "(br_table";
    (0..depth).for_each(|label| write!(text, " {label}").expect("a string grows"));
    text += " (local.get 0))";
    (0..depth).for_each(|tag| writeln!(text, ") (throw $t{tag})").expect("a string grows"));
    text += ")\n(func (export \"f\") (param i32) (result i32)\n";
    (0..depth)
        .for_each(|tag| writeln!(text, "(block $b{tag} (try_table (catch $t{tag} $b{tag})").expect("a string grows"));
    text += &"(call $throw (local.get 0))\n".repeat(calls);
    text += "(return (i32.const -1))))\n";
    // Behind each block, from the inside out, the number of its tag.
    for tag in (0..depth).rev() {
        write!(text, "(return (i32.const {tag}))").expect("a string grows");
        text += if tag > 0 { "))\n" } else { "" };
    }
    text + "))"
}

#[test]
fn tries_nested_a_thousand_deep() {
    let calls = [0, 1, 500, 998, 999];
    let expected: Vec<String> = calls.iter().map(|tag| ok(*tag)).collect();
    assert_eq!(results(&nested(1000, 3), &calls), expected);
}

#[test]
fn more_handlers_than_anybody_needs_are_refused() {
    let module = assemble(&nested(1000, 1001));
    let options = Options { entry: Entry::Library, ..Options::default() };
    let input = Input { name: "handlers", bytes: &module };
    let error = adder_compiler::compile(&[input], &options, &Unobserved).expect_err("it has a million handlers");
    assert!(error.to_string().contains("more than 1000000 exception handlers"), "{error}");
}

#[test]
fn legacy_tries_nested_a_thousand_deep() {
    // Every second one catches another tag, every third delegates to the outermost.
    let depth = 1000;
    let mut text = String::from(
        "(module (tag $a) (tag $b) (func $throw (throw $a)) (func (export \"f\") (param i32) (result i32)\n",
    );
    text += "try $outermost (result i32)\n";
    text += &"try\n".repeat(depth);
    text += "local.get 0 if call $throw end\n";
    for level in (0..depth).rev() {
        text += match level % 3 {
            0 => "catch $b end\n",
            1 => "catch $a rethrow 0 end\n",
            _ => "delegate $outermost\n",
        };
    }
    text += "i32.const 1 catch $a i32.const 2 end))";
    assert_eq!(results(&text, &[0, 1]), [ok(1), ok(2)]);
}

#[test]
fn a_function_with_ten_thousand_guarded_calls() {
    let mut text = String::from(
        "(module (tag $t (param i32)) (func $check (param i32 i32) (if (i32.eq (local.get 0) (local.get 1)) (then (throw $t (local.get 1)))))
         (func (export \"f\") (param i32) (result i32) (local $last i32) (block $h (result i32) (try_table (catch $t $h)\n",
    );
    for call in 1..=10_000 {
        writeln!(text, "(call $check (local.get 0) (i32.const {call})) (local.set $last (i32.const {call}))")
            .expect("a string grows");
    }
    text += ") (i32.const 0)) (i32.mul (i32.const 100000)) (i32.add (local.get $last))))";
    assert_eq!(results(&text, &[1, 5000, 20_000]), [ok(100_000), ok(500_004_999), ok(10_000)]);
}

#[test]
fn calls_that_change_locals_under_many_handlers() {
    // Each call has a handler for each tag, and each handler would get each local: millions of values out of some
    // thousand bytes.
    let (tags, calls, locals) = (200, 300, 100);
    let mut text = String::from("(module\n");
    (0..tags).for_each(|tag| writeln!(text, "(tag $t{tag})").expect("a string grows"));
    text += "(func $throw (param i32)\n";
    text += &"(block ".repeat(tags);
    text += "(br_table";
    (0..tags).for_each(|label| write!(text, " {label}").expect("a string grows"));
    write!(text, " (i32.rem_u (local.get 0) (i32.const {tags})))").expect("a string grows");
    (0..tags).for_each(|tag| writeln!(text, ") (throw $t{tag})").expect("a string grows"));
    text += ")\n(func (export \"f\") (param i32) (result i32) (local $tag i32)";
    (0..locals).for_each(|local| write!(text, "(local $x{local} i32)").expect("a string grows"));
    text += "\n(block $end\n";
    (0..tags).rev().for_each(|tag| write!(text, "(block $b{tag} ").expect("a string grows"));
    text += "(try_table";
    (0..tags).for_each(|tag| write!(text, "(catch $t{tag} $b{tag})").expect("a string grows"));
    for call in 0..calls {
        let local = call % locals;
        writeln!(
            text,
            "(local.set $x{local} (i32.add (local.get $x{local}) (i32.const 1)))
             (if (i32.eq (local.get 0) (i32.const {call})) (then (call $throw (local.get 0))))"
        )
        .expect("a string grows");
    }
    text += ") (unreachable)";
    for tag in 0..tags {
        writeln!(text, ") (local.set $tag (i32.const {tag})) (br $end)").expect("a string grows");
    }
    text += ")\n(i32.mul (local.get $tag) (i32.const 1000))";
    (0..locals).for_each(|local| write!(text, "(i32.add (local.get $x{local}))").expect("a string grows"));
    text += "))";
    assert_eq!(results(&text, &[0, 7, 299]), [ok(1), ok(7 * 1000 + 8), ok(99 * 1000 + 300)]);
}
