//! Signals, timers and sleep: as natively, as far as the functions of the C library are known by their names.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use adder::configuration::Configuration;
use adder_compiler::{Options, host};
use adder_tests::emscripten::{self, Emscripten};
use adder_tests::outcome::{Outcome, run, spawn};
use adder_tests::{guest, target};
use rustix::process::{Pid, Signal, kill_process};

/// What keeps functions of the library as they are. Else they may become parts of what calls them.
const KNOWN: &[&str] = &["-sEXPORTED_FUNCTIONS=_main,_sigaction,_clock_nanosleep"];

fn source(name: &str) -> String {
    format!("emscripten/c/{name}.c")
}

fn program(emscripten: &Emscripten, name: &str) -> PathBuf {
    program_with(emscripten, name, KNOWN)
}

fn program_with(emscripten: &Emscripten, name: &str, options: &[&str]) -> PathBuf {
    let module = emscripten.module_with(&source(name), options);
    guest::executable(name, &module, &Configuration::default(), &Options::default())
}

#[test]
fn handlers_and_sleep_do_what_they_do_natively() {
    let expected = run(&emscripten::native(&source("signals")), &[]);
    for emscripten in emscripten::all() {
        let found = run(&program(emscripten, "signals"), &[]);
        assert_eq!(found, expected, "{}", emscripten.version);
    }
}

/// Emscripten 3.1.6 has no timers.
#[test]
fn timers_run_out() {
    let native = emscripten::native(&source("timers"));
    for emscripten in emscripten::all().iter().filter(|emscripten| emscripten.is_at_least((5, 0))) {
        let program = program(emscripten, "timers");
        assert_eq!(run(&program, &[]), run(&native, &[]), "{}", emscripten.version);
        assert_eq!(ended(&program, &["default"]), (Some(Signal::ALARM.as_raw()), "waits\n".to_owned()));
    }
}

/// The signal that ends a program, and what it prints.
fn ended(program: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(program);
    let mut child = spawn(command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()));
    let mut printed = String::new();
    child.stdout.take().expect("it is piped").read_to_string(&mut printed).expect("it prints text");
    (child.wait().expect("it ends").signal(), printed)
}

#[test]
fn a_program_ends_by_the_signal_that_it_sends_itself() {
    let native = emscripten::native(&source("ended"));
    for emscripten in emscripten::all() {
        let program = program_with(emscripten, "ended", &["-sEXPORTED_FUNCTIONS=_main,_sigaction,_raise"]);
        for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::USR1, Signal::ABORT, Signal::KILL] {
            let number = signal.as_raw().to_string();
            let found = ended(&program, &[&number]);
            assert_eq!(found, ended(&native, &[&number]), "{signal:?}, {}", emscripten.version);
            assert_eq!(found.0, Some(signal.as_raw()));
        }
        let number = Signal::TERM.as_raw().to_string();
        let expected = (Some(Signal::TERM.as_raw()), "begins\nhandled\n".to_owned());
        assert_eq!(ended(&program, &[&number, "handled"]), expected, "{}", emscripten.version);
    }
}

/// A program that says when it is about to do something.
struct Running {
    child: Child,
    input: Option<ChildStdin>,
    printed: BufReader<std::process::ChildStdout>,
}

impl Running {
    fn start(program: &Path, arguments: &[&str]) -> Running {
        let mut command = Command::new(program);
        let mut child = spawn(command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()));
        let (input, output) = (child.stdin.take(), child.stdout.take().expect("it is piped"));
        let mut running = Running { child, input, printed: BufReader::new(output) };
        assert_eq!(running.line(), "ready\n");
        // Time to get from the print to what follows.
        sleep(Duration::from_millis(100));
        running
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.printed.read_line(&mut line).expect("it prints text");
        line
    }

    fn send(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    fn write(&mut self, bytes: &[u8]) {
        self.input.as_mut().expect("it is open").write_all(bytes).expect("it reads");
    }

    /// The rest of what it prints, and how it ends.
    fn end(mut self) -> (Outcome, Option<i32>) {
        drop(self.input.take());
        let mut stdout = String::new();
        self.printed.read_to_string(&mut stdout).expect("it prints text");
        let status = self.child.wait().expect("it ends");
        (Outcome { status: status.code(), stdout, stderr: String::new() }, status.signal())
    }
}

#[test]
fn calls_that_wait_are_interrupted_as_natively() {
    let native = emscripten::native(&source("interrupted"));
    let interrupted = |program: &Path, arguments: &[&str]| {
        let running = Running::start(program, arguments);
        let sent = Instant::now();
        running.send(Signal::USR1);
        // What goes on after the signal reads the end of its input after that.
        sleep(Duration::from_millis(100));
        let ended = running.end();
        assert!(sent.elapsed() < Duration::from_secs(5), "{arguments:?} waits on");
        ended
    };
    for emscripten in emscripten::all() {
        let program = program(emscripten, "interrupted");
        for what in ["read", "sleep", "nanosleep", "until", "calls"] {
            let expected = interrupted(&native, &[what, "is told"]);
            assert_eq!(interrupted(&program, &[what, "is told"]), expected, "{what}, {}", emscripten.version);
            assert!(expected.0.stdout.ends_with("1 times\n"), "{expected:?}");
        }
        for wanted in ["restarts", "ignores", "default", "default again"] {
            let expected = interrupted(&native, &["read", wanted]);
            assert_eq!(interrupted(&program, &["read", wanted]), expected, "{wanted}, {}", emscripten.version);
        }
    }
}

#[test]
fn what_is_not_handled_ends_a_computation() {
    for emscripten in emscripten::all() {
        let program = program(emscripten, "interrupted");
        for wanted in ["default", "default again", "is told"] {
            let running = Running::start(&program, &["computation", wanted]);
            running.send(Signal::INT);
            assert_eq!(running.end().1, Some(Signal::INT.as_raw()), "{wanted}, {}", emscripten.version);
        }
    }
}

/// A second time, after so long that whoever sends it sees that the first has had no effect.
#[test]
fn a_computation_that_does_not_hear_can_be_ended() {
    for emscripten in emscripten::all() {
        let running = Running::start(&program(emscripten, "deaf"), &[]);
        running.send(Signal::INT);
        sleep(Duration::from_millis(200));
        running.send(Signal::INT);
        sleep(Duration::from_millis(1200));
        running.send(Signal::INT);
        assert_eq!(running.end().1, Some(Signal::INT.as_raw()), "{}", emscripten.version);
    }
}

#[test]
fn a_signal_waits_for_the_end_of_its_handler() {
    let native = emscripten::native(&source("interrupted"));
    let held = |program: &Path| {
        let mut running = Running::start(program, &["sleep", "reads"]);
        running.send(Signal::USR1);
        let mut lines = running.line();
        // The handler reads by now.
        sleep(Duration::from_millis(100));
        running.send(Signal::USR1);
        sleep(Duration::from_millis(100));
        running.write(b"1");
        lines += &running.line();
        lines += &running.line();
        running.write(b"2");
        lines + &running.end().0.stdout
    };
    let expected = held(&native);
    assert!(expected.starts_with("running 0\nread 1: 1\nrunning 0\nread 1: 2\nleft: 1\n2 times\n"), "{expected}");
    for emscripten in emscripten::all() {
        assert_eq!(held(&program(emscripten, "interrupted")), expected, "{}", emscripten.version);
    }
}

/// Where the functions are not known, the clock sees that the program waits. An emulator works, too: it translates the program.
#[test]
fn sleep_takes_no_processor_time_where_nothing_is_known() {
    let most = if target::architecture() == host() { 500.0 } else { 900.0 };
    for emscripten in emscripten::all() {
        let program = program_with(emscripten, "spins", &[]);
        let printed = run(&program, &[]).printed().to_owned();
        let mut numbers = printed.split_whitespace().map(|number| number.parse::<f64>().expect("a number"));
        let (slept, worked) = (numbers.next().expect("a time"), numbers.next().expect("another"));
        assert!((1000.0..1500.0).contains(&slept), "{printed}, {}", emscripten.version);
        assert!(worked < most, "{printed}, {}", emscripten.version);
    }
}
