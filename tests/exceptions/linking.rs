//! Exceptions between modules that are linked into one program: a tag is the one that its module has defined, whatever
//! others call it.

use adder_compiler::{Input, Options, Overrides};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

const LIBRARY: &str = r#"(module
    (tag $t (export "t") (param i32))
    (tag $same (export "same") (param i32))
    (func (export "throw t") (param i32) (throw $t (local.get 0)))
    (func (export "throw same") (param i32) (throw $same (local.get 0)))
    (func (export "throws own") (param i32) (result i32)
        (block $h (result i32) (try_table (catch $t $h) (throw $t (local.get 0))) (i32.const -1)))
    (table (export "table") 2 funcref)
    (elem (i32.const 0) func 0 1))"#;

/// Calls functions of a module that imports from the library, and gives the answers.
fn ask(text: &str, calls: &[(&str, u64)]) -> Vec<String> {
    let (main, library) = (assemble(text), assemble(LIBRARY));
    // Instances are activated and counted in the order in which they need each other.
    let inputs = [Input { name: "main", bytes: &main }, Input { name: "library", bytes: &library }];
    let commands: String = calls.iter().map(|(name, argument)| invoke(name, &[*argument])).collect();
    let commands = commands.replace("invoke 0 ", "invoke 1 ");
    answers(&inputs, &Options { overrides: Overrides::verified(), ..Options::default() }, &commands)
}

#[test]
fn tags_are_matched_across_modules() {
    let text = r#"(module
        (import "library" "t" (tag $t (param i32)))
        (import "library" "t" (tag $again (param i32)))
        (import "library" "same" (tag $same (param i32)))
        (tag $own (param i32))
        (import "library" "throw t" (func $throw_t (param i32)))
        (import "library" "throw same" (func $throw_same (param i32)))
        (func (export "by name") (param i32) (result i32)
            (block $other (result i32)
                (block $h (result i32)
                    (try_table (catch $own $other) (catch $same $other) (catch $t $h) (call $throw_t (local.get 0)))
                    (unreachable))
                (return))
            (i32.const -1) (i32.add))
        (func (export "by another name") (param i32) (result i32)
            (block $h (result i32) (try_table (catch $again $h) (call $throw_t (local.get 0))) (unreachable)))
        (func (export "not at all") (param i32) (result i32)
            (block $h (result i32)
                (try_table (catch $t $h) (catch $own $h) (call $throw_same (local.get 0))) (unreachable)))
        (func (export "thrown here") (param i32) (result i32)
            (block $h (result i32) (try_table (catch $t $h) (throw $again (local.get 0))) (unreachable))))"#;
    let found =
        ask(text, &[("by name", 5), ("by another name", 6), ("not at all", 7), ("thrown here", 8), ("by name", 9)]);
    let expected =
        ["ok 0000000000000005", "ok 0000000000000006", "exception", "ok 0000000000000008", "ok 0000000000000009"];
    assert_eq!(found, expected);
}

#[test]
fn exceptions_come_through_tables_of_other_modules() {
    let text = r#"(module
        (import "library" "t" (tag $t (param i32)))
        (import "library" "same" (tag $same (param i32)))
        (import "library" "table" (table 2 funcref))
        (import "library" "throws own" (func $own (param i32) (result i32)))
        (func (export "call") (param i32) (result i32)
            (block $same (result i32)
                (block $t (result i32)
                    (try_table (catch $t $t) (catch $same $same)
                        (call_indirect (param i32) (i32.const 70) (local.get 0)))
                    (unreachable))
                (return (i32.add (i32.const 1))))
            (i32.add (i32.const 2)))
        (func (export "own") (param i32) (result i32)
            (block $h (result i32) (try_table (catch $t $h) (return (call $own (local.get 0)))) (unreachable))))"#;
    let found = ask(text, &[("call", 0), ("call", 1), ("call", 2), ("own", 3)]);
    assert_eq!(found, ["ok 0000000000000047", "ok 0000000000000048", "trap undefined element", "ok 0000000000000003"]);
}

#[test]
fn references_go_from_module_to_module() {
    let text = r#"(module
        (import "library" "same" (tag $same (param i32)))
        (import "library" "throw same" (func $throw (param i32)))
        (func $raise (param exnref) (throw_ref (local.get 0)))
        (func (export "back") (param i32) (result i32) (local $e exnref)
            (local.set $e
                (block $e (result exnref) (try_table (catch_all_ref $e) (call $throw (local.get 0))) (unreachable)))
            (block $h (result i32) (try_table (catch $same $h) (call $raise (local.get $e))) (unreachable))))"#;
    assert_eq!(ask(text, &[("back", 41)]), ["ok 0000000000000029"]);
}

#[test]
fn a_tag_of_another_type_is_refused() {
    let library = assemble(LIBRARY);
    for (import, problem) in [
        (r#"(import "library" "t" (tag (param i64)))"#, "type"),
        (r#"(import "library" "absent" (tag (param i32)))"#, "absent"),
        (r#"(import "library" "table" (tag (param i32)))"#, "table"),
    ] {
        let main = assemble(&format!("(module {import})"));
        let inputs = [Input { name: "main", bytes: &main }, Input { name: "library", bytes: &library }];
        let error = adder_compiler::check_links(&inputs, &Options::default()).expect_err(import).to_string();
        assert!(error.contains(problem), "{error}");
    }
}
