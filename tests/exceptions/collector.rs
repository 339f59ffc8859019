//! Exceptions that the guest holds references to stay as they are; those that it has let go of are freed.

use adder_tests::target::is_beyond_emulator;
use std::process::{Command, Stdio};

use adder::configuration::Configuration;
use adder_compiler::{Entry, Input, Options};
use adder_tests::program::build;
use adder_tests::text::assemble;

/// Bytes of data that a program of this file may have: its stack, its heap. Ten million exceptions have 640 MB.
const DATA_BYTES_MAX: u64 = 24 << 20;

/// What all modules here begin with: `$make` gives a reference to an exception with this number in it, `$read` the number.
const PRELUDE: &str = r#"
    (tag $t (param i32))
    (func $throw (param i32) (throw $t (local.get 0)))
    (func $make (param i32) (result exnref)
        (block $e (result exnref) (try_table (catch_all_ref $e) (call $throw (local.get 0))) (unreachable)))
    (func $raise (param exnref) (throw_ref (local.get 0)))
    (func $read (param exnref) (result i32)
        (block $h (result i32) (try_table (catch $t $h) (call $raise (local.get 0))) (unreachable)))
    (func $waste (param $times i32) (local $e exnref)
        (loop $again
            (local.set $e (call $make (local.get $times)))
            (local.set $times (i32.sub (local.get $times) (i32.const 1)))
            (br_if $again (local.get $times))))
"#;

/// Runs the export `f` in a process that may have no more than [`DATA_BYTES_MAX`], and gives what it prints, and its
/// errors.
fn run(text: &str) -> (String, String) {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let path = folder.path().join("program");
    let module = assemble(&format!("(module {PRELUDE} {text})"));
    let options = Options { entry: Entry::Invoke("f".to_owned()), stack_bytes: 8 << 20, ..Options::default() };
    build(&[Input { name: "module", bytes: &module }], &options, &Configuration::default(), &path)
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -d {}; exec \"$0\"", DATA_BYTES_MAX >> 10)).arg(&path);
    let output = command.stdin(Stdio::null()).output().expect("the executable can be run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the runtime prints text");
    (text(output.stdout), text(output.stderr))
}

fn assert_prints(text: &str, stdout: &str) {
    assert_eq!(run(text), (stdout.to_owned(), String::new()), "{text}");
}

#[test]
fn exceptions_that_are_caught_and_dropped_take_no_memory() {
    if is_beyond_emulator("limits of memory are those of qemu, too") {
        return;
    }
    // With a reference and without one.
    assert_prints(r#"(func (export "f") (result i32) (call $waste (i32.const 10000000)) (i32.const 1))"#, "1\n");
    assert_prints(
        r#"(func (export "f") (result i32) (local $n i32) (local $sum i32)
            (loop $again
                (local.set $sum (i32.add (local.get $sum)
                    (block $h (result i32) (try_table (catch $t $h) (call $throw (local.get $n))) (unreachable))))
                (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 10000000))))
            (local.get $sum))"#,
        "-2014260032\n",
    );
}

#[test]
fn exceptions_that_are_thrown_again_and_again_take_no_memory() {
    if is_beyond_emulator("limits of memory are those of qemu, too") {
        return;
    }
    // What a compiler makes of functions with something to clean up, ten of them around each throw.
    assert_prints(
        r#"(func $cleans (param $depth i32) (param $n i32)
            (if (i32.eqz (local.get $depth)) (then (call $throw (local.get $n))))
            (block $cleanup (result exnref)
                (try_table (catch_all_ref $cleanup) (call $cleans (i32.sub (local.get $depth) (i32.const 1)) (local.get $n)))
                (return))
            (throw_ref))
        (func (export "f") (result i32) (local $n i32) (local $sum i32)
            (loop $again
                (local.set $sum (i32.add (local.get $sum)
                    (block $h (result i32)
                        (try_table (catch $t $h) (call $cleans (i32.const 10) (local.get $n))) (unreachable))))
                (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000000))))
            (local.get $sum))"#,
        "1783293664\n",
    );
    // The legacy form.
    assert_prints(
        r#"(func $cleans (param $depth i32) (param $n i32)
            (if (i32.eqz (local.get $depth)) (then (call $throw (local.get $n))))
            try
                (call $cleans (i32.sub (local.get $depth) (i32.const 1)) (local.get $n))
            catch_all
                rethrow 0
            end)
        (func (export "f") (result i32) (local $n i32) (local $sum i32)
            (loop $again
                try (result i32)
                    (call $cleans (i32.const 10) (local.get $n))
                    i32.const 0
                catch $t
                end
                local.get $sum
                i32.add
                local.set $sum
                (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000000))))
            (local.get $sum))"#,
        "1783293664\n",
    );
}

#[test]
fn references_in_a_table_are_kept() {
    if is_beyond_emulator("limits of memory are those of qemu, too") {
        return;
    }
    // A thousand at a time; every entry is replaced many times.
    assert_prints(
        r#"(table $kept 1000 exnref)
        (func (export "f") (result i32) (local $n i32) (local $wrong i32)
            (loop $again
                (table.set $kept (i32.rem_u (local.get $n) (i32.const 1000)) (call $make (local.get $n)))
                (call $waste (i32.const 3))
                (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100000))))
            (local.set $n (i32.const 99000))
            (loop $again
                (local.set $wrong (i32.add (local.get $wrong) (i32.ne (local.get $n)
                    (call $read (table.get $kept (i32.rem_u (local.get $n) (i32.const 1000)))))))
                (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100000))))
            (local.get $wrong))"#,
        "0\n",
    );
    // A table that grows lies elsewhere.
    assert_prints(
        r#"(table $kept 0 exnref)
        (func (export "f") (result i32)
            (drop (table.grow $kept (call $make (i32.const 5)) (i32.const 10)))
            (drop (table.grow $kept (call $make (i32.const 6)) (i32.const 100000)))
            (call $waste (i32.const 100000))
            (i32.add (i32.mul (i32.const 10) (call $read (table.get $kept (i32.const 9))))
                (call $read (table.get $kept (i32.const 100009)))))"#,
        "56\n",
    );
}

#[test]
fn references_in_globals_and_payloads_are_kept() {
    if is_beyond_emulator("limits of memory are those of qemu, too") {
        return;
    }
    // Each exception in the global holds two others, one of them what was in the global before, ten deep.
    assert_prints(
        r#"(global $kept (mut exnref) (ref.null exn))
        (tag $pair (param i32 exnref i64 f64 exnref i64))
        (func $join (param i32 exnref exnref)
            (throw $pair (local.get 0) (local.get 1) (i64.const -1) (f64.const -1) (local.get 2) (i64.const -2)))
        (func $wrap (param $n i32)
            (global.set $kept
                (block $e (result exnref)
                    (try_table (catch_all_ref $e)
                        (call $join (local.get $n) (global.get $kept) (call $make (i32.mul (local.get $n) (i32.const 100)))))
                    (unreachable))))
        (func $unwrap (param exnref) (result i32 exnref i64 f64 exnref i64)
            (block $h (result i32 exnref i64 f64 exnref i64)
                (try_table (catch $pair $h) (call $raise (local.get 0))) (unreachable)))
        (func (export "f") (result i32) (local $n i32) (local $sum i32) (local $other exnref)
            (loop $again
                (call $waste (i32.const 2000))
                (call $wrap (local.tee $n (i32.add (local.get $n) (i32.const 1))))
                (br_if $again (i32.lt_u (local.get $n) (i32.const 10))))
            (call $waste (i32.const 20000))
            (loop $again
                (call $unwrap (global.get $kept))
                (drop) (local.set $other) (drop) (drop) (global.set $kept)
                (local.set $sum (i32.add (local.get $sum)))
                (local.set $sum (i32.add (local.get $sum) (call $read (local.get $other))))
                (call $waste (i32.const 2000))
                (br_if $again (i32.eqz (ref.is_null (global.get $kept)))))
            (local.get $sum))"#,
        "5555\n",
    );
}

#[test]
fn references_in_locals_are_kept() {
    if is_beyond_emulator("limits of memory are those of qemu, too") {
        return;
    }
    // More than there are registers, over a call that is inside of a `try` and one that is not.
    let count = 24;
    let mut locals = String::new();
    let mut set = String::new();
    let mut read = String::new();
    for index in 0..count {
        locals += &format!("(local $e{index} exnref) ");
        set += &format!("(local.set $e{index} (call $make (i32.const {})))", index * index);
        read += &format!("(i32.add (call $read (local.get $e{index})))");
    }
    let sum: usize = (0..count).map(|index| 2 * index * index).sum();
    assert_prints(
        &format!(
            r#"(func (export "f") (result i32) {locals} {set}
                (call $waste (i32.const 10000))
                (i32.const 0) {read}
                (block (try_table (catch_all 0) (call $waste (i32.const 10000))))
                {read})"#
        ),
        &format!("{sum}\n"),
    );
}

#[test]
fn references_deep_in_the_stack_are_kept() {
    if is_beyond_emulator("limits of memory are those of qemu, too") {
        return;
    }
    assert_prints(
        r#"(func $deep (param $n i32) (result i32) (local $e exnref)
            (if (i32.eqz (local.get $n)) (then (call $waste (i32.const 100000)) (return (i32.const 0))))
            (local.set $e (call $make (local.get $n)))
            (i32.add (call $deep (i32.sub (local.get $n) (i32.const 1))) (call $read (local.get $e))))
        (func (export "f") (result i32) (call $deep (i32.const 10000)))"#,
        "50005000\n",
    );
}

#[test]
fn more_exceptions_than_there_is_memory_for_are_a_trap() {
    let text = r#"(tag $link (param exnref))
        (func $add (param exnref) (throw $link (local.get 0)))
        (func $more (export "f") (local $last exnref)
            (loop $again
                (local.set $last
                    (block $e (result exnref) (try_table (catch_all_ref $e) (call $add (local.get $last))) (unreachable)))
                (br $again)))"#;
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let path = folder.path().join("program");
    let module = assemble(&format!("(module {PRELUDE} {text})"));
    let options = Options { entry: Entry::Invoke("f".to_owned()), ..Options::default() };
    build(&[Input { name: "module", bytes: &module }], &options, &Configuration::default(), &path)
        .unwrap_or_else(|error| panic!("{error}"));
    let output = Command::new(&path).output().expect("the executable can be run");
    assert_eq!(output.status.code(), Some(134));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "adder: trap: too many exceptions are alive\n   0: add\n   1: more\n"
    );
}
