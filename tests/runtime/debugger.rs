//! The way that a debugger finds from a host function to the start of the process: over the border, more than once.

use adder::configuration::{Configuration, Grant};
use adder_tests::debugger::backtrace;
use adder_tests::target::is_beyond_emulator;

use crate::program::{Program, Settings};

/// The runtime calls the guest's `chdir` from within a host function, and that makes a system call.
const NESTED: &str = r#"(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "\20\00\00\00\05\00\00\00")
    (data (i32.const 32) "text\n")
    (global $__stack_pointer (mut i32) (i32.const 60000))
    (func $inner (result i32) (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))
    (func $chdir (param $path i32) (result i32) (call $inner))
    (func $outer (param i32) (result i32)
        ;; As every function of a C compiler that has a frame.
        (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16)))
        (drop (call $sizes (i32.const 0) (i32.const 4)))
        (drop (call $inner))
        (global.set $__stack_pointer (i32.add (global.get $__stack_pointer) (i32.const 16)))
        (local.get 0))
    (func (export "f") (call $outer (i32.const 1)) drop))"#;

/// Asserts that these are on the stack, in this order, down to `main`.
fn assert_on_stack(found: &[String], expected: &[&str]) {
    let mut rest = found.iter();
    for expected in expected {
        assert!(rest.any(|name| name.starts_with(expected)), "{expected} is missing in its place: {found:#?}");
    }
    assert!(found.last().is_some_and(|last| last.starts_with("main ")), "{found:#?}");
}

#[test]
fn a_debugger_finds_the_way_from_a_host_call_to_main() {
    if is_beyond_emulator("gdb would debug the emulator") {
        return;
    }
    let grants = vec![Grant { host: "/".to_owned(), guest: "/".to_owned(), read_only: false }];
    let configuration = Configuration { grants, inherit_working_directory: true, ..Configuration::default() };
    let program = Program::with(NESTED, "f", &Settings { configuration, ..Settings::default() });
    let entered = "adder_runtime::arch::x86_64::border::enter_guest";
    // In the nested entry, and behind it.
    let nested = backtrace(&program.path(), libc::SYS_writev, 1);
    let outer = ["wasm::outer ", "wasm::f ", entered, "main "];
    let inner = ["adder_wasi_fd_write", "wasm::inner ", "wasm::chdir ", entered, "adder_wasi_args_sizes_get"];
    assert_on_stack(&nested, &[&inner[..], &outer].concat());
    let later = backtrace(&program.path(), libc::SYS_writev, 2);
    assert_on_stack(&later, &[&["adder_wasi_fd_write", "wasm::inner "], &outer[..]].concat());
    assert!(!later.iter().any(|name| name.starts_with("wasm::chdir ")), "{later:#?}");
}
