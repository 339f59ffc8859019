//! Programs of several modules: each instance is initialised once, before whoever calls it.

use std::path::PathBuf;

use adder::configuration::{Configuration, Grant};
use adder_compiler::{Entry, Error, Input, Options, Unobserved};
use adder_tests::guest;
use adder_tests::outcome::{Outcome, run};
use adder_tests::program::{build, invoke, raw_answers};
use adder_tests::text::assemble;
use tempfile::TempDir;

/// Modules with the names that they are imported by; the first one is the main one.
type Modules<'a> = &'a [(&'a str, &'a str)];

fn binary<'a>(modules: Modules<'a>) -> Vec<(&'a str, Vec<u8>)> {
    modules.iter().map(|(name, text)| (*name, assemble(text))).collect()
}

fn inputs<'a>(modules: &'a [(&str, Vec<u8>)]) -> Vec<Input<'a>> {
    modules.iter().map(|(name, bytes)| Input { name, bytes }).collect()
}

/// How the program of these modules ends.
fn ends(modules: Modules<'_>, entry: Entry) -> Outcome {
    ends_with(&binary(modules), entry, &Configuration::default())
}

fn ends_with(modules: &[(&str, Vec<u8>)], entry: Entry, configuration: &Configuration) -> Outcome {
    let (_folder, path) = built(modules, entry, configuration);
    run(&path, &[])
}

fn built(modules: &[(&str, Vec<u8>)], entry: Entry, configuration: &Configuration) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let path = folder.path().join("program");
    let options = Options { entry, ..Options::default() };
    build(&inputs(modules), &options, configuration, &path).unwrap_or_else(|error| panic!("{error}"));
    (folder, path)
}

fn refused(modules: Modules<'_>, entry: Entry) -> Error {
    let modules = binary(modules);
    let options = Options { entry, ..Options::default() };
    adder_compiler::compile(&inputs(&modules), &options, &Unobserved).map(|_| ()).expect_err("it cannot be compiled")
}

/// A program that ended with this status and said nothing.
fn status(status: i32) -> Outcome {
    Outcome { status: Some(status), ..Outcome::success("") }
}

/// Adds to its number when it is initialised: 42 if that was once.
const LIBRARY: &str = r#"(module
    (global $number (mut i32) (i32.const 1))
    (func (export "_initialize") (global.set $number (i32.add (global.get $number) (i32.const 41))))
    (func (export "get") (result i32) (global.get $number)))"#;

/// Exits with the library's number.
const MAIN: &str = r#"(module
    (import "library" "get" (func $get (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start") (call $exit (call $get)))
    (func (export "run") (result i32) (call $get)))"#;

#[test]
fn a_library_is_initialised_whatever_the_entry_is() {
    let modules = [("main", MAIN), ("library", LIBRARY)];
    assert_eq!(ends(&modules, Entry::Command), status(42));
    assert_eq!(ends(&modules, Entry::Reactor("run".to_owned())), status(42));
    assert_eq!(ends(&modules, Entry::Invoke("run".to_owned())), Outcome::success("42\n"));
}

#[test]
fn constructors_of_a_library_in_c_have_run() {
    let main = MAIN.replace("\"get\" (func $get (result i32))", "\"entry\" (func $entry (param i32) (result i32))");
    let main = main.replace("(call $get)", "(call $entry (i32.const 99))");
    let modules = [("main", assemble(&main)), ("library", guest::c_library("runtime/c/library.c"))];
    assert_eq!(ends_with(&modules, Entry::Command, &Configuration::default()), status(101));
}

/// Prints a letter in its `_initialize`, another one in its start function, which already uses what it imports from, and both
/// in capitals elsewhere; `name` is what others call.
fn speaker(name: &str, imports: &str, letter: char, uses: &str, export: &str) -> String {
    let (start, initialize) = (letter, letter.to_ascii_uppercase());
    format!(
        r#"(module
            (import "log" "put" (func $put (param i32)))
            {imports}
            (global $is_initialised (mut i32) (i32.const 0))
            (start $start)
            (func $start {uses} (call $put (i32.const {})))
            (func (export "{export}") {uses} (global.set $is_initialised (i32.const 1)) (call $put (i32.const {})))
            (func (export "{name}") (if (i32.eqz (global.get $is_initialised)) (then unreachable))))"#,
        start as u32, initialize as u32
    )
}

/// Prints characters. Has nothing to initialise.
const LOG: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "put") (param $character i32)
        (i32.store8 (i32.const 0) (local.get $character))
        (i32.store (i32.const 8) (i32.const 0))
        (i32.store (i32.const 12) (i32.const 1))
        (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))"#;

#[test]
fn dependencies_come_first_and_before_whoever_calls_them() {
    // Traps if one calls another one that is not initialised.
    let main = speaker("f", r#"(import "b" "f" (func $b))"#, 'a', "(call $b)", "_start");
    let b = speaker("f", r#"(import "c" "f" (func $c))"#, 'b', "(call $c)", "_initialize");
    let c = speaker("f", "", 'c', "", "_initialize");
    let expected = Outcome::success("cCbBaA");
    assert_eq!(ends(&[("a", &main), ("b", &b), ("c", &c), ("log", LOG)], Entry::Command), expected);
    // In whatever order they are given.
    assert_eq!(ends(&[("a", &main), ("log", LOG), ("c", &c), ("b", &b)], Entry::Command), expected);
}

#[test]
fn the_main_module_is_initialised_before_those_that_import_from_it() {
    let main = speaker("f", "", 'a', "", "_initialize");
    let guest = speaker("g", r#"(import "a" "f" (func $a))"#, 'b', "(call $a)", "_initialize");
    let outcome = ends(&[("a", &main), ("b", &guest), ("log", LOG)], Entry::Reactor("f".to_owned()));
    assert_eq!(outcome, Outcome::success("aAbB"));
    // A module that exports both is initialised before it is started, as by wasmtime.
    let both = main.replace("(func (export \"f\")", "(func (export \"_start\")");
    assert_eq!(ends(&[("a", &both), ("log", LOG)], Entry::Command), Outcome::success("aA"));
}

#[test]
fn a_module_that_calls_initialize_itself_is_in_charge() {
    let main = r#"(module
        (import "library" "_initialize" (func $initialize))
        (import "library" "get" (func $get (result i32)))
        (func (export "run") (result i32)
            (i32.mul (call $get) (i32.const 100)) (call $initialize) (i32.add (call $get))))"#;
    let modules = [("main", main), ("library", LIBRARY)];
    assert_eq!(ends(&modules, Entry::Invoke("run".to_owned())), Outcome::success("142\n"));
    // Also of the main module.
    let main = r#"(module
        (global $number (mut i32) (i32.const 1))
        (func (export "_initialize") (global.set $number (i32.add (global.get $number) (i32.const 41))))
        (func (export "run") (result i32) (global.get $number)))"#;
    let caller = r#"(module (import "main" "_initialize" (func $initialize)) (start $initialize))"#;
    let modules = [("main", main), ("caller", caller)];
    assert_eq!(ends(&modules, Entry::Reactor("run".to_owned())), status(42));
    // And whoever names it on the command line.
    let main = LIBRARY.replace(r#"(export "_initialize")"#, r#"(export "_initialize") (result i32)"#);
    let main = main.replace("(i32.const 41)))", "(i32.const 41))) (global.get $number)");
    assert_eq!(ends(&[("main", &main)], Entry::Invoke("_initialize".to_owned())), Outcome::success("42\n"));
}

#[test]
fn a_function_under_two_names_is_called_once() {
    let passes_on = r#"(module
        (import "library" "_initialize" (func $initialize))
        (export "_initialize" (func $initialize))
        (func (export "nothing")))"#;
    let other = passes_on.replace("nothing", "something");
    let main =
        MAIN.replace("(memory", r#"(import "first" "nothing" (func)) (import "second" "something" (func)) (memory"#);
    let modules = [("main", &*main), ("library", LIBRARY), ("first", passes_on), ("second", &other)];
    assert_eq!(ends(&modules, Entry::Command), status(42));
}

#[test]
fn an_initialization_may_use_the_system_and_end_the_program() {
    let library = r#"(module
        (import "log" "put" (func $put (param i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (func (export "_initialize") (call $put (i32.const 120)) END)
        (func (export "get") (result i32) (i32.const 9)))"#;
    let ends_by = |end: &str| {
        let library = library.replace("END", end);
        ends(&[("main", MAIN), ("library", &library), ("log", LOG)], Entry::Command)
    };
    assert_eq!(ends_by(""), Outcome { status: Some(9), ..Outcome::success("x") });
    assert_eq!(ends_by("(call $exit (i32.const 7))"), Outcome { status: Some(7), ..Outcome::success("x") });
    let trap = Outcome { stdout: "x".to_owned(), ..Outcome::trap("unreachable", &["_initialize"]) };
    assert_eq!(ends_by("unreachable"), trap);
}

#[test]
fn what_cannot_be_called_is_refused_unless_somebody_else_calls_it() {
    let library = r#"(module
        (func (export "_initialize") (param i32))
        (func (export "get") (result i32) (i32.const 5)))"#;
    let error = refused(&[("main", MAIN), ("library", library)], Entry::Command);
    assert_eq!(
        (error.module.as_deref(), &*error.message),
        (Some("library"), "its `_initialize` has parameters or results")
    );
    assert!(error.hint.is_some_and(|hint| hint.contains("under another name")));
    let main = MAIN.replace("(memory", r#"(import "library" "_initialize" (func $initialize (param i32))) (memory"#);
    assert_eq!(ends(&[("main", &main), ("library", library)], Entry::Command), status(5));
    // A global of that name is no function to call.
    let library =
        LIBRARY.replace("(func (export \"_initialize\")", "(global (export \"_initialize\") i32 (i32.const 0)) (func");
    assert_eq!(ends(&[("main", MAIN), ("library", &library)], Entry::Command), status(1));
}

#[test]
fn whoever_calls_exports_from_outside_calls_initialize_too() {
    let module = assemble(LIBRARY);
    let input = Input { name: "library", bytes: &module };
    let commands =
        ["activate 0\n".to_owned(), invoke("get", &[]), invoke("_initialize", &[]), invoke("get", &[])].concat();
    let answers = raw_answers(&[input], &Options::default(), &commands);
    assert_eq!(answers, ["ok", "ok 0000000000000001", "ok", "ok 000000000000002a"]);
}

/// Asks for the arguments when it is initialised, with a pattern where main's stack pointer points to in its own memory.
const ASKS: &str = r#"(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (memory (export "memory") 2)
    (func (export "_initialize")
        (memory.fill (i32.const 65000) (i32.const 0x55) (i32.const 536))
        (drop (call $sizes (i32.const 0) (i32.const 4))))
    (func (export "get") (result i32)
        (local $at i32)
        (local.set $at (i32.const 65000))
        (loop $next
            (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x55)) (then (return (i32.const 0))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get $at) (i32.const 65536))))
        (i32.const 1)))"#;

/// Returns how often its `chdir` was called before it asked for the arguments and afterwards, and what the library says.
const HAS_DIRECTORY: &str = r#"(module
    (import "library" "get" (func $get (result i32)))
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (memory (export "memory") 2)
    (global $__stack_pointer (mut i32) (i32.const 65536))
    (global $count (mut i32) (i32.const 0))
    (func $chdir (param $path i32) (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (i32.const 0))
    (func (export "f") (result i32 i32 i32)
        (global.set $__stack_pointer (i32.const 65536))
        (global.get $count)
        (drop (call $sizes (i32.const 0) (i32.const 4)))
        (global.get $count)
        (call $get)))"#;

#[test]
fn a_library_that_asks_for_arguments_does_not_change_the_directory_of_the_program() {
    let grants = vec![Grant { host: "/".to_owned(), guest: "/".to_owned(), read_only: false }];
    let configuration = Configuration { grants, inherit_working_directory: true, ..Configuration::default() };
    let modules = binary(&[("main", HAS_DIRECTORY), ("library", ASKS)]);
    let (_folder, path) = built(&modules, Entry::Invoke("f".to_owned()), &configuration);
    let mut command = std::process::Command::new(path);
    let outcome = Outcome::of(command.current_dir("/tmp").output().expect("it can be run"));
    assert_eq!(outcome, Outcome::success("0\n1\n1\n"));
}

#[test]
fn a_module_may_be_all_start_function() {
    let module = |exports: &str, body: &str| {
        format!(
            r#"(module
                (import "log" "put" (func $put (param i32)))
                (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                (memory (export "memory") 1)
                (start $start)
                (func $start (call $put (i32.const 115)) {body})
                {exports})"#
        )
    };
    let ends = |exports: &str, body: &str| ends(&[("main", &module(exports, body)), ("log", LOG)], Entry::Command);
    assert_eq!(ends("", "(call $exit (i32.const 5))"), Outcome { status: Some(5), ..Outcome::success("s") });
    assert_eq!(ends("", ""), Outcome::success("s"));
    // What it exports is not called, but `_initialize` is.
    assert_eq!(ends(r#"(func (export "run") unreachable)"#, ""), Outcome::success("s"));
    let initialize = r#"(func (export "_initialize") (call $put (i32.const 105)))"#;
    assert_eq!(ends(initialize, ""), Outcome::success("si"));
    // `_start` is what a command is.
    assert_eq!(ends(r#"(func (export "_start") (call $put (i32.const 116)))"#, ""), Outcome::success("st"));
}

#[test]
fn a_module_that_does_nothing_by_itself_is_refused() {
    let error = refused(&[("main", r#"(module (func (export "run")) (func (export "")))"#)], Entry::Command);
    assert_eq!(&*error.message, "exports no function `_start`");
    let hint = error.hint.expect("it says what to do");
    assert!(hint.ends_with(r#"it exports: "run", """#), "{hint}");
    let error = refused(&[("main", "(module (memory (export \"memory\") 1))")], Entry::Command);
    assert!(error.hint.is_some_and(|hint| hint.contains("has to be given first")));
}

/// Adds up what the library says in the first thread and in two others, at 0; returns that and what is at 4.
const THREADS: &str = r#"(module
    (import "library" "get" (func $get (result i32)))
    (import "sharing" "nothing" (func))
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (import "env" "memory" (memory 1 1 shared))
    (func $add (drop (i32.atomic.rmw.add (i32.const 0) (call $get))))
    (func (export "wasi_thread_start") (param i32 i32)
        (call $add)
        (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 8) (i32.const 1))))
    (func (export "f") (result i32 i32)
        (local $ended i32)
        (call $add)
        (drop (call $spawn (i32.const 0)))
        (drop (call $spawn (i32.const 0)))
        (loop $again
            (local.set $ended (i32.atomic.load (i32.const 8)))
            (if (i32.lt_u (local.get $ended) (i32.const 2)) (then
                (drop (memory.atomic.wait32 (i32.const 8) (local.get $ended) (i64.const -1)))
                (br $again))))
        (i32.atomic.load (i32.const 0))
        (i32.atomic.load (i32.const 4))))"#;

/// Counts in shared memory how often it is initialised.
const SHARING: &str = r#"(module
    (import "env" "memory" (memory 1 1 shared))
    (func (export "_initialize") (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1))))
    (func (export "nothing")))"#;

#[test]
fn what_threads_share_is_initialised_once_and_what_each_has_once_in_each() {
    let modules = [("main", THREADS), ("library", LIBRARY), ("sharing", SHARING)];
    assert_eq!(ends(&modules, Entry::Invoke("f".to_owned())), Outcome::success("126\n1\n"));
}
