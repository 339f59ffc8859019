//! A process among others: arguments, descriptors, signals, what its address space looks like, how often it starts.

use adder_tests::target::is_beyond_emulator;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::program::Program;
use adder_tests::outcome::Outcome;

const VALUES: &str = r#"(module
    (func (export "same") (param i32 i64 f32 f64 externref) (result i32 i64 f32 f64 externref)
        (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4))
    (func (export "f") (param i32)))"#;

#[test]
fn arguments_become_parameters_and_results_lines() {
    let program = Program::new(VALUES, "same");
    for (arguments, lines) in [
        (["1", "-2", "0.5", "-0", "null"], "1\n-2\n0.5\n-0\nnull\n"),
        (["0xffffffff", "0xffffffffffffffff", "inf", "nan", "null"], "-1\n-1\ninf\nNaN\nnull\n"),
        (["-2147483648", "18446744073709551615", "1e3", "1e-400", "null"], "-2147483648\n-1\n1000\n0\nnull\n"),
    ] {
        assert_eq!(program.run(&arguments), Outcome::success(lines));
    }
}

/// Values around vectors, so that none can be at another's place unnoticed.
const VECTORS: &str = r#"(module
    (func (export "turn") (param i32 v128 f64 v128 i32) (result v128 i32 v128 f64 i32)
        (local.get 3) (local.get 0) (local.get 1) (local.get 2) (local.get 4)))"#;

#[test]
fn vectors_are_written_as_in_the_text_format() {
    let program = Program::new(VECTORS, "turn");
    let one = "i32x4 0x00000001 0x00000002 0x00000003 0x00000004";
    for (vector, line) in [
        ("i32x4 1 -2 0x7fffffff 4294967295", "i32x4 0x00000001 0xfffffffe 0x7fffffff 0xffffffff"),
        ("i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 -1 -128 255", "i32x4 0x03020100 0x07060504 0x0b0a0908 0xff80ff0c"),
        ("i16x8 1 2 3 4 5 6 -32768 65535", "i32x4 0x00020001 0x00040003 0x00060005 0xffff8000"),
        ("i64x2 1 -1", "i32x4 0x00000001 0x00000000 0xffffffff 0xffffffff"),
        ("f32x4 1 -0 inf 0.5", "i32x4 0x3f800000 0x80000000 0x7f800000 0x3f000000"),
        ("  f64x2 -2  1e0 ", "i32x4 0x00000000 0xc0000000 0x00000000 0x3ff00000"),
        // What is printed can be given again.
        (one, one),
    ] {
        let lines = format!("{one}\n-5\n{line}\n0.5\n6\n");
        assert_eq!(program.run(&["-5", vector, "0.5", "i64x2 0x200000001 0x400000003", "6"]), Outcome::success(&lines));
    }
}

#[test]
fn vectors_that_do_not_fit_are_refused() {
    let program = Program::new(VECTORS, "turn");
    for vector in [
        "",
        "1",
        "i32x4",
        "i32x4 1 2 3",
        "i32x4 1 2 3 4 5",
        "i32x4 1 2 3 4294967296",
        "i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 256",
        "i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 -129",
        "i32x2 1 2",
        "f32x4 1 2 3 x",
    ] {
        let form = "hint: a v128 is written 'i32x4 1 2 3 4', a shape and its lanes as one argument";
        let stderr = format!("adder: argument 2 is not a v128\n{form}\n");
        let outcome = program.run(&["1", vector, "0", "i64x2 0 0", "1"]);
        assert_eq!(outcome, Outcome { status: Some(2), stdout: String::new(), stderr }, "{vector:?}");
    }
}

#[test]
fn arguments_that_do_not_fit_are_refused() {
    let program = Program::new(VALUES, "f");
    for (arguments, message) in [
        (&[][..], "the function takes 1 argument, not 0"),
        (&["1", "2"], "the function takes 1 argument, not 2"),
        (&["4294967296"], NOT_AN_I32),
        (&["-2147483649"], NOT_AN_I32),
        (&["1.5"], NOT_AN_I32),
        (&["--1"], NOT_AN_I32),
        (&["0x"], NOT_AN_I32),
        (&[""], NOT_AN_I32),
    ] {
        assert_usage(&program, arguments, message);
    }
}

const NOT_AN_I32: &str = "argument 1 is not an i32\nhint: an i32 is written 42, -1 or 0xff";

fn assert_usage(program: &Program, arguments: &[&str], message: &str) {
    let stderr = format!("adder: {message}\n");
    assert_eq!(program.run(arguments), Outcome { status: Some(2), stdout: String::new(), stderr }, "{arguments:?}");
}

#[test]
fn a_bad_argument_is_answered_with_the_form_of_a_good_one() {
    let program = Program::new(VALUES, "same");
    for (arguments, message) in [
        (["1", "x", "0", "0", "null"], "argument 2 is not an i64\nhint: an i64 is written 42, -1 or 0xff"),
        (["1", "1", "0,5", "0", "null"], "argument 3 is not an f32\nhint: an f32 is written 0.5, -1e3, inf or nan"),
        (["1", "1", "0", "0x1p1", "null"], "argument 4 is not an f64\nhint: an f64 is written 0.5, -1e3, inf or nan"),
        (
            ["1", "1", "0", "0", "0"],
            "argument 5 is not an externref\nhint: an externref is written null and nothing else",
        ),
    ] {
        assert_usage(&program, &arguments, message);
    }
    let vector = "the function takes 5 arguments, not 8\nhint: a v128 is written 'i32x4 1 2 3 4', a shape and its lanes as one \
                  argument";
    assert_usage(&Program::new(VECTORS, "turn"), &["1", "i64x2", "1", "2", "0", "i64x2", "1", "2"], vector);
}

#[test]
fn arguments_of_a_function_that_takes_and_returns_nothing_are_its_own_business() {
    // It may read them through WASI.
    let program = Program::new(r#"(module (func (export "f")) (func (export "g") (result i32) (i32.const 7)))"#, "f");
    assert_eq!(program.run(&["1", "x"]), Outcome::success(""));
    let program = Program::new(r#"(module (func (export "g") (result i32) (i32.const 7)))"#, "g");
    assert_usage(&program, &["1"], "the function takes 0 arguments, not 1");
}

/// A program that never ends.
fn spinning() -> Program {
    Program::new(r#"(module (memory 1 2) (data (i32.const 0) "x") (func (export "f") (loop $again (br $again))))"#, "f")
}

/// Ends a process even when its test fails.
struct Running(Child);

impl Running {
    /// Starts a command and waits until it runs guest code: by then it has used some processor time.
    fn start(command: &mut Command) -> Running {
        let running = Running(command.spawn().expect("the executable can be run"));
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let fields = fs::read_to_string(running.proc("stat")).expect("it is running");
            // After the name in parentheses: the 12th field is the time in user mode, in hundredths of a second.
            let user = fields.rsplit(')').next().unwrap().split_ascii_whitespace().nth(11).unwrap();
            if user.parse::<u64>().unwrap() >= 2 {
                return running;
            }
            assert!(Instant::now() < deadline, "it does not get to run");
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn proc(&self, name: &str) -> String {
        format!("/proc/{}/{name}", self.0.id())
    }

    /// Sends a signal and returns the signal that ends the process.
    fn end_by(&mut self, signal: i32) -> Option<i32> {
        // SAFETY: the process is a child that nobody has waited for, so the number is still its own.
        assert_eq!(unsafe { libc::kill(self.0.id() as i32, signal) }, 0);
        self.0.wait().expect("it is a child").signal()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn signals_that_are_no_fault_of_the_guest_end_it_as_themselves() {
    let program = spinning();
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE] {
        let mut running = Running::start(&mut program.command(&[]));
        assert_eq!(running.end_by(signal), Some(signal));
    }
}

#[test]
fn closed_standard_descriptors_are_opened_on_the_null_device() {
    if is_beyond_emulator("qemu opens files before") {
        return;
    }
    // When the guest uses one of them, so that nothing else gets their numbers.
    let program = Program::new(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_filestat_get" (func $status (param i32 i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "f") (drop (call $status (i32.const 1) (i32.const 0))) (loop (br 0))))"#,
        "f",
    );
    for (closing, expected) in [("exec <&- >&- 2>&-", [true, true, true]), ("exec >&-", [false, true, false])] {
        let running = Running::start(&mut program.after(closing, &[]));
        for (descriptor, null) in expected.into_iter().enumerate().skip(1) {
            let target = fs::read_link(running.proc(&format!("fd/{descriptor}"))).expect("it is open");
            assert_eq!(target.as_os_str() == "/dev/null", null, "descriptor {descriptor} after {closing}");
        }
    }
}

#[test]
fn a_limit_of_two_descriptors_is_enough() {
    if is_beyond_emulator("qemu needs more") {
        return;
    }
    let program = Program::new(VALUES, "f");
    let outcome = Outcome::of(program.after("ulimit -n 2", &["1"]).output().expect("there is a shell"));
    assert_eq!(outcome, Outcome::success(""));
}

#[test]
fn the_address_space_is_guarded() {
    if is_beyond_emulator("the map is that of qemu") {
        return;
    }
    let program = spinning();
    let running = Running::start(&mut program.command(&[]));
    let maps = fs::read_to_string(running.proc("maps")).expect("it is running");
    for line in maps.lines() {
        let mut fields = line.split_ascii_whitespace();
        let (addresses, protection) = (fields.next().unwrap(), fields.next().unwrap());
        assert!(!(protection.contains('w') && protection.contains('x')), "{addresses} in\n{maps}");
    }
    // Constants, code, what was relocated, data. Linear memory is copied, as it is small.
    let path = program.path();
    let of_file = maps.lines().filter(|line| line.ends_with(path.to_str().expect("a temporary path is text")));
    let of_file: Vec<&str> = of_file.map(|line| line.split_ascii_whitespace().nth(1).unwrap()).collect();
    assert_eq!(of_file, ["r--p", "r-xp", "r--p", "rw-p"], "in\n{maps}");
    assert!(maps.starts_with("00100000-00110000 rw-p "), "no memory in\n{maps}");
    // Of the memory, and below the stack, which is 1 MiB large.
    assert!(maps.contains("\n00110000-200210000 ---p "), "no guard behind the memory in\n{maps}");
    assert!(maps.contains("\n200210000-200300000 rw-p "), "no stack behind its guard in\n{maps}");
}

#[test]
fn a_thousand_starts_succeed() {
    let program = Program::new(
        r#"(module (memory 1) (data (i32.const 7) "\2a") (func (export "f") (result i32) (i32.load (i32.const 7))))"#,
        "f",
    );
    for round in 0..1000 {
        assert_eq!(program.run(&[]), Outcome::success("42\n"), "start {round}");
    }
}
