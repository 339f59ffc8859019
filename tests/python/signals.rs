//! Ctrl-C ends Python by the signal itself, so that a shell that started it knows and stops its loop.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use adder_tests::outcome::wait;
use rustix::process::{Pid, Signal};

use crate::executables::{Flavor, Variant, python};
use crate::process::command;
use crate::terminal::Terminal;

crate::for_each_flavor! {
    interrupt_ends_a_computation,
    interrupt_ends_a_sleep,
    interrupt_ends_a_read,
    control_c_at_a_terminal,
    termination_signal_ends_it,
}

const SIGINT: i32 = Signal::INT.as_raw();

/// Starts a program that prints a byte when it is about to do `what`, and sends it a signal a moment later.
fn status_after(flavor: Flavor, what: &str, signal: Signal) -> ExitStatus {
    let mut command = command(&python(flavor, Variant::Default));
    command.args(["-c", &format!("import sys, time\nprint('.', end='', flush=True)\n{what}\n")]);
    // Standard input is a pipe that stays open and empty.
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the executable was built");
    let mut ready = [0];
    child.stdout.as_mut().expect("it was asked for").read_exact(&mut ready).expect("it says when it is ready");
    // Time to get from the print to what follows; if it is not there yet the signal ends it all the same.
    std::thread::sleep(Duration::from_millis(100));
    let identifier = Pid::from_child(&child);
    rustix::process::kill_process(identifier, signal).expect("it runs until it gets the signal");
    wait(&mut child)
}

/// The signal that ended such a program.
fn interrupted(flavor: Flavor, what: &str, signal: Signal) -> Option<i32> {
    let status = status_after(flavor, what, signal);
    assert_eq!(status.code(), None, "it ended by itself: {status}");
    status.signal()
}

fn interrupt_ends_a_computation(flavor: Flavor) {
    assert_eq!(interrupted(flavor, "while True: sum(range(1000))", Signal::INT), Some(SIGINT));
}

fn interrupt_ends_a_sleep(flavor: Flavor) {
    assert_eq!(interrupted(flavor, "time.sleep(250)", Signal::INT), Some(SIGINT));
}

fn interrupt_ends_a_read(flavor: Flavor) {
    assert_eq!(interrupted(flavor, "sys.stdin.read()", Signal::INT), Some(SIGINT));
}

fn termination_signal_ends_it(flavor: Flavor) {
    const PROGRAM: &str = "while True: pass";
    if flavor == Flavor::Python314 {
        // It ends in order, which native Python does not, and so by itself: with the status that a shell shows for the signal.
        assert_eq!(status_after(flavor, PROGRAM, Signal::TERM).code(), Some(128 + Signal::TERM.as_raw()));
    } else {
        assert_eq!(interrupted(flavor, PROGRAM, Signal::TERM), Some(Signal::TERM.as_raw()));
    }
}

fn control_c_at_a_terminal(flavor: Flavor) {
    let mut command = command(&python(flavor, Variant::Default));
    command.args(["-c", "print('started', flush=True)\nwhile True: pass"]);
    let mut terminal = Terminal::start(command);
    terminal.wait_for("started");
    terminal.type_text("\u{3}");
    assert_eq!(terminal.finish().0.signal(), Some(SIGINT));
}
