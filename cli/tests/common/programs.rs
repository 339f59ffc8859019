//! Programs that the tests build, and how they are built and run.

use super::{Outcome, Workshop, wrote};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Writes `text` to standard output and ends with `status`.
pub fn hello(text: &str, status: u32) -> String {
    let length = text.len();
    format!(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "\10\00\00\00") (data (i32.const 4) "\{length:02x}\00\00\00") (data (i32.const 16) "{text}")
            (func (export "_start")
                (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
                (call $exit (i32.const {status}))))"#
    )
}

/// The signals that adder handles.
pub const SIGNALS: [i32; 4] = [libc::SIGHUP, libc::SIGINT, libc::SIGTERM, libc::SIGXFSZ];

/// Lets `command` start with [`SIGNALS`] ignored or not, however the tests were started: many a test runner ignores some.
pub fn with_signals(command: &mut Command, ignored: bool) {
    let action = if ignored { libc::SIG_IGN } else { libc::SIG_DFL };
    let set = move || {
        for signal in SIGNALS {
            // SAFETY: neither action is a function, so no handler can run.
            unsafe { libc::signal(signal, action) };
        }
        Ok(())
    };
    // SAFETY: between fork and exec, `set` only calls signal, which is async-signal-safe.
    unsafe { command.pre_exec(set) };
}

/// Nothing but a function to invoke.
pub const ADD: &str = r#"(module (func (export "add") (param i32 i64) (result i64)
    (i64.add (i64.extend_i32_s (local.get 0)) (local.get 1))))"#;

/// Builds, and wants success without a word but about the output.
pub fn build(workshop: &Workshop, arguments: &[&str]) {
    let outcome = workshop.adder(&[&["build"], arguments].concat());
    let output = arguments.iter().skip_while(|argument| **argument != "-o").nth(1).expect("there is an output");
    let file = workshop.work().join(output);
    let said = if file.is_file() { wrote(&file) } else { String::new() };
    let seen = (outcome.status, outcome.stdout.as_str(), outcome.stderr.as_str());
    assert_eq!(seen, (0, "", said.as_str()), "{arguments:?}");
}

pub fn assert_runs(outcome: &Outcome, status: i32, stdout: &str) {
    assert_eq!((outcome.status, outcome.stdout.as_str()), (status, stdout), "{}", outcome.stderr);
}
