//! What a thread has of its own, as if it had an instance of its own, and what it shares.

use adder::configuration::{Configuration, Grant};
use adder_compiler::{Entry, Input, MemoryPlan, Options};
use adder_tests::program::build;
use adder_tests::text::assemble;

use super::{PLANS, module, prints};
use crate::program::{Program, Settings};
use adder_tests::outcome::Outcome;

/// Runs `$change` in two threads, one after the other, and then in the first thread. What it returns is printed, then
/// what `$look` returns in the first thread: before, and after.
fn changes(declarations: &str) -> String {
    format!(
        r#"{declarations}
        (func $thread (param $argument i32)
            (i32.store offset=64 (i32.shl (local.get $argument) (i32.const 2)) (call $change)))
        (func (export "f") (result i32 i32 i32 i32 i32)
            (local $before i32)
            (local.set $before (call $look))
            (drop (call $start (i32.const 0)))
            (call $wait_for (i32.const 1))
            (drop (call $start (i32.const 1)))
            (call $wait_for (i32.const 2))
            (i32.load (i32.const 64)) (i32.load (i32.const 68))
            (local.get $before) (call $look) (call $change))"#
    )
}

#[test]
fn globals() {
    let declarations = r#"
        (global $counter (mut i32) (i32.const 7))
        (global $other (mut i64) (i64.const -1))
        (global $float (mut f64) (f64.const 1.5))
        (global $constant i32 (i32.const 100))
        (func $change (result i32)
            (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
            (global.set $other (i64.sub (global.get $other) (i64.const 1)))
            (global.set $float (f64.mul (global.get $float) (f64.const 2)))
            (call $look))
        (func $look (result i32)
            (i32.add (i32.add (global.get $counter) (global.get $constant))
                (i32.add (i32.wrap_i64 (global.get $other)) (i32.trunc_f64_s (global.get $float)))))"#;
    let (before, after) = (7 + 100 - 1 + 1, 8 + 100 - 2 + 3);
    prints(&changes(declarations), &[], &format!("{after}\n{after}\n{before}\n{before}\n{after}\n"));
}

#[test]
fn tables_that_are_changed() {
    let declarations = r#"
        (type $number (func (result i32)))
        (table $table 2 10 funcref)
        (table $constant funcref (elem $two))
        (elem (table $table) (i32.const 0) func $one)
        (func $one (result i32) (i32.const 1))
        (func $two (result i32) (i32.const 2))
        (func $change (result i32)
            (table.set $table (i32.const 0) (table.get $constant (i32.const 0)))
            (drop (table.grow $table (ref.func $two) (i32.const 3)))
            (call $look))
        (func $look (result i32)
            (i32.add (i32.mul (i32.const 10) (table.size $table))
                (call_indirect $table (type $number) (i32.const 0))))"#;
    prints(&changes(declarations), &[], "52\n52\n21\n21\n52\n");
}

#[test]
fn tables_that_are_changed_but_do_not_grow() {
    let declarations = r#"
        (table $table 4 externref)
        (table $functions funcref (elem $change $look))
        (func $change (result i32)
            (table.fill $functions (i32.const 0) (ref.null func) (i32.const 2))
            (call $look))
        (func $look (result i32)
            (i32.add (ref.is_null (table.get $functions (i32.const 0)))
                (ref.is_null (table.get $functions (i32.const 1)))))"#;
    prints(&changes(declarations), &[], "2\n2\n0\n0\n2\n");
}

#[test]
fn dropped_segments() {
    let declarations = r#"
        (data $bytes "abc")
        (elem $functions func $change)
        (table $table 1 funcref)
        (func $change (result i32)
            (memory.init $bytes (i32.const 256) (i32.const 0) (i32.const 3))
            (table.init $table $functions (i32.const 0) (i32.const 0) (i32.const 1))
            (data.drop $bytes)
            (elem.drop $functions)
            (i32.load8_u (i32.const 258)))
        (func $look (result i32) (ref.is_null (table.get $table (i32.const 0))))"#;
    prints(&changes(declarations), &[], "99\n99\n1\n1\n99\n");
}

#[test]
fn memories_that_are_not_shared() {
    let declarations = r#"
        (memory $own 1 3)
        (data (memory $own) (i32.const 8) "\05")
        (func $change (result i32)
            (i32.store $own (i32.const 8) (i32.add (i32.load $own (i32.const 8)) (i32.const 1)))
            (drop (memory.grow $own (i32.const 1)))
            (call $look))
        (func $look (result i32)
            (i32.add (i32.load $own (i32.const 8)) (i32.mul (memory.size $own) (i32.const 10))))"#;
    prints(&changes(declarations), &[], "26\n26\n15\n15\n26\n");
}

#[test]
fn the_end_of_a_memory_that_is_not_shared() {
    let text = module(
        r#"(memory $own 1 3)
        (func $thread (param $place i32)
            (drop (memory.grow $own (i32.const 1)))
            (i32.store $own (local.get $place) (i32.const 1)))
        (func (export "f") (param i32)
            (drop (call $start (local.get 0)))
            (call $wait_for (i32.const 1)))"#,
    );
    for memory in PLANS {
        let program = Program::with(&text, "f", &Settings { memory, ..Settings::default() });
        assert_eq!(program.run(&["131068"]), Outcome::success(""));
        let trap = Outcome::trap("out of bounds memory access", &["thread", "wasi_thread_start"]);
        assert_eq!(program.run(&["131069"]), trap, "with memory {memory:?}");
    }
}

#[test]
fn exceptions() {
    // Each thread throws often enough that those that nothing refers to have to be collected, and keeps two: one in a
    // global, one in a table. At the end they still carry what they were thrown with.
    let declarations = r#"
        (tag $thrown (param i32 i64))
        (global $kept (mut exnref) (ref.null exn))
        (table $table 4 exnref)
        (func $throw (param i32) (result exnref)
            (local $exception exnref)
            (block $caught (result i32 i64 exnref)
                (try_table (catch_ref $thrown $caught)
                    (throw $thrown (local.get 0) (i64.const 5)))
                (unreachable))
            (local.set $exception)
            (drop) (drop)
            (local.get $exception))
        (func $value (param exnref) (result i32)
            (block $caught (result i32 i64)
                (try_table (catch $thrown $caught) (throw_ref (local.get 0)))
                (unreachable))
            (drop))
        (func $look (result i32) (ref.is_null (global.get $kept)))
        (func $change (result i32)
            (local $rounds i32)
            (global.set $kept (call $throw (i32.const 40)))
            (table.set $table (i32.const 2) (call $throw (i32.const 2)))
            (loop $again
                (drop (call $throw (local.get $rounds)))
                (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $rounds) (i32.const 20000))))
            (i32.add (call $value (global.get $kept)) (call $value (table.get $table (i32.const 2)))))"#;
    prints(&changes(declarations), &[], "42\n42\n1\n1\n42\n");
}

#[test]
fn exceptions_of_threads_at_the_same_time() {
    let declarations = r#"
        (tag $thrown (param i32))
        (func $throw (param i32) (throw $thrown (local.get 0)))
        (func $thread (param $argument i32)
            (local $rounds i32) (local $sum i32)
            (loop $again
                (block $caught (result i32)
                    (try_table (catch $thrown $caught) (call $throw (local.get $argument)))
                    (unreachable))
                (local.set $sum (i32.add (local.get $sum)))
                (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $rounds) (i32.const 20000))))
            (drop (i32.atomic.rmw.add (i32.const 64) (local.get $sum)))
            (if (i32.eq (local.get $argument) (i32.const 9)) (then (call $throw (i32.const 1)))))
        (func (export "f") (param i32) (result i32)
            (call $start_all (i32.const 6))
            (call $wait_for (i32.const 6))
            (if (local.get 0) (then (drop (call $start (i32.const 9))) (call $wait_for (i32.const 7))))
            (i32.load (i32.const 64)))"#;
    prints(declarations, &["0"], &format!("{}\n", 20000 * 15));
    let uncaught = Outcome::uncaught(&["throw", "thread", "wasi_thread_start"]);
    assert_eq!(super::program(declarations, MemoryPlan::Low).run(&["1"]), uncaught);
}

#[test]
fn start_functions_run_in_every_thread() {
    // As linkers use them: the first initialises the shared memory, each initialises what it has of its own.
    let declarations = r#"
        (data $bytes "\2a")
        (global $own (mut i32) (i32.const 0))
        (func $begin
            (global.set $own (i32.const 5))
            (if (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 128) (i32.const 0) (i32.const 1))) (then
                (memory.init $bytes (i32.const 132) (i32.const 0) (i32.const 1))))
            (drop (i32.atomic.rmw.add (i32.const 136) (i32.const 1)))
            (data.drop $bytes))
        (start $begin)
        (func $change (result i32)
            (i32.store (i32.const 132) (i32.add (i32.load (i32.const 132)) (i32.const 1)))
            (i32.add (global.get $own) (i32.load (i32.const 132))))
        (func $look (result i32) (i32.load (i32.const 136)))"#;
    prints(&changes(declarations), &[], "48\n49\n1\n3\n50\n");
}

#[test]
fn active_segments_are_applied_to_shared_memory_once() {
    // The second is out of the order of build: it is applied when the instance is activated.
    let declarations = r#"
        (data (i32.const 256) "\01")
        (data (i32.const 260) "\02")
        (func $change (result i32)
            (i32.store (i32.const 256) (i32.add (i32.load (i32.const 256)) (i32.const 10)))
            (i32.store (i32.const 260) (i32.add (i32.load (i32.const 260)) (i32.const 10)))
            (call $look))
        (func $look (result i32) (i32.add (i32.load (i32.const 256)) (i32.load (i32.const 260))))"#;
    prints(&changes(declarations), &[], "23\n43\n3\n43\n63\n");
}

#[test]
fn state_of_other_instances() {
    // A thread has its own globals and tables of all the modules of the program; the memory is one.
    let library = assemble(
        r#"(module
            (memory (export "memory") 2 64 shared)
            (global $counter (export "counter") (mut i32) (i32.const 1))
            (table $table (export "table") 4 funcref)
            (func (export "count") (result i32)
                (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
                (global.get $counter)))"#,
    );
    let declarations = changes(
        r#"
        (elem (table $table) (i32.const 1) func $change)
        (func $change (result i32)
            (table.set $table (i32.const 2) (table.get $table (i32.const 1)))
            (drop (call $count))
            (global.set $counter (i32.add (global.get $counter) (i32.const 10)))
            (call $look))
        (func $look (result i32)
            (i32.add (i32.mul (global.get $counter) (i32.const 10)) (ref.is_null (table.get $table (i32.const 2)))))"#,
    );
    let main = module(&declarations).replace(
        r#"(import "env" "memory" (memory 2 64 shared))"#,
        r#"(import "library" "memory" (memory 2 64 shared))
           (import "library" "counter" (global $counter (mut i32)))
           (import "library" "table" (table $table 4 funcref))
           (import "library" "count" (func $count (result i32)))"#,
    );
    let main = assemble(&main);
    let inputs = [Input { name: "main", bytes: &main }, Input { name: "library", bytes: &library }];
    for memory in PLANS {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let path = folder.path().join("program");
        let options =
            Options { entry: Entry::Invoke("f".to_owned()), memory, allow_missing: true, ..Options::default() };
        build(&inputs, &options, &Configuration::default(), &path).unwrap_or_else(|error| panic!("{error}"));
        let output = std::process::Command::new(&path).output().expect("the executable can be run");
        assert_eq!(Outcome::of(output), Outcome::success("120\n120\n11\n11\n120\n"), "with memory {memory:?}");
    }
}

#[test]
fn the_working_directory_is_entered_with_the_threads_own_stack_pointer() {
    let text = r#"(module
        (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
        (import "env" "memory" (memory 1 1 shared))
        (global $__stack_pointer (mut i32) (i32.const 60000))
        (global $seen (mut i32) (i32.const 0))
        (func $chdir (param $path i32) (result i32)
            (global.set $seen (i32.load (local.get $path)))
            (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16)))
            (i32.const 0))
        (func (export "f") (result i32 i32)
            (drop (call $sizes (i32.const 0) (i32.const 4)))
            (global.get $seen) (global.get $__stack_pointer)))"#;
    let grants = vec![Grant { host: "/".to_owned(), guest: "/".to_owned(), read_only: false }];
    let configuration = Configuration { grants, inherit_working_directory: true, ..Configuration::default() };
    let settings = Settings { memory: MemoryPlan::Low, configuration, ..Settings::default() };
    let program = Program::with(text, "f", &settings);
    let outcome = Outcome::of(program.command(&[]).current_dir("/tmp").output().expect("the executable can be run"));
    assert_eq!(outcome, Outcome::success(&format!("{}\n60000\n", i32::from_le_bytes(*b"/tmp"))));
}

#[test]
fn more_state_than_fits_is_refused() {
    let globals = "(global (mut i64) (i64.const 0))".repeat(40_000);
    let sets: String = (0..40_000).map(|index| format!("(global.set {index} (i64.const 1))")).collect();
    let text = module(&format!("{globals} (func $thread (param i32) {sets}) (func (export \"f\"))"));
    let bytes = assemble(&text);
    let input = Input { name: "m", bytes: &bytes };
    let options = |stack_bytes| Options { stack_bytes, allow_missing: true, ..Options::default() };
    let error = adder_compiler::check_links(&[input], &options(1 << 20)).expect_err("320 KB are more than a quarter");
    assert!(error.message.contains("each thread has 320000 bytes"), "{error}");
    assert!(error.hint.is_some_and(|hint| hint.contains("--stack-size")));
    adder_compiler::check_links(&[input], &options(2 << 20)).expect("a larger stack has room");
}
