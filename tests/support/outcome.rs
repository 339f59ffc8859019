//! How a program ended, for assertions that show all of it.

use std::io::{ErrorKind, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// How a program ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    /// What it wrote to its standard output; what is not UTF-8 is replaced.
    pub stdout: String,
    /// The same for its standard error.
    pub stderr: String,
}

impl Outcome {
    /// What a finished process left.
    pub fn of(output: Output) -> Outcome {
        Outcome {
            status: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// A success that printed this.
    pub fn success(stdout: &str) -> Outcome {
        Outcome { status: Some(0), stdout: stdout.to_owned(), stderr: String::new() }
    }

    /// What it printed, if it succeeded.
    ///
    /// # Panics
    /// If it did not succeed.
    pub fn printed(&self) -> &str {
        assert_eq!(self.status, Some(0), "{self:#?}");
        &self.stdout
    }

    /// A trap with this message and these functions in its backtrace, innermost first.
    pub fn trap(message: &str, functions: &[&str]) -> Outcome {
        Outcome::ended(&format!("trap: {message}"), functions)
    }

    /// An exception that nothing catches, thrown in the first of these functions.
    pub fn uncaught(functions: &[&str]) -> Outcome {
        Outcome::ended("uncaught exception", functions)
    }

    fn ended(message: &str, functions: &[&str]) -> Outcome {
        let mut stderr = format!("adder: {message}\n");
        for (index, function) in functions.iter().enumerate() {
            stderr.push_str(&format!("{index:>4}: {function}\n"));
        }
        Outcome { status: Some(134), stdout: String::new(), stderr }
    }
}

/// Runs a program with nothing to read.
///
/// # Panics
/// If it cannot be started.
pub fn run(program: &Path, arguments: &[&str]) -> Outcome {
    run_with(program, arguments, b"")
}

/// Runs a program with this as its standard input.
///
/// # Panics
/// If it cannot be started.
pub fn run_with(program: &Path, arguments: &[&str], input: &[u8]) -> Outcome {
    finish(Command::new(program).args(arguments), input)
}

/// Signals that tests send, and that a shell may have had ignored for what runs in its background.
const SIGNALS: [i32; 4] = [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM];

/// Starts a program that may just have been written, with the default effects of signals.
///
/// # Panics
/// If it cannot be started.
pub fn spawn(command: &mut Command) -> Child {
    let reset = || {
        for signal in SIGNALS {
            // SAFETY: the default action has no conditions, and setting it is allowed between `fork` and `execve`.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
        Ok(())
    };
    // SAFETY: it does nothing but that.
    unsafe { command.pre_exec(reset) };
    let mut attempts = 0..100;
    loop {
        match command.spawn() {
            Ok(child) => return child,
            // Between `fork` and `execve`, a process that another test starts has open for writing what that test has just written.
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy && attempts.next().is_some() => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => panic!("{command:?}: {error}"),
        }
    }
}

/// Runs a command with this as its standard input.
///
/// # Panics
/// If it cannot be started.
pub fn finish(command: &mut Command, input: &[u8]) -> Outcome {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = spawn(command);
    let mut pipe = child.stdin.take().expect("stdin is piped");
    let output = std::thread::scope(|scope| {
        // A program that does not read to the end closes the pipe, which is no failure of the test.
        scope.spawn(move || pipe.write_all(input));
        wait_with_output(child)
    });
    Outcome::of(output)
}

/// Longer than anything here takes on a slow machine that is busy with other tests.
pub const LIMIT: Duration = Duration::from_secs(300);

/// Waits for a child and collects what it prints, but not for ever: a hang is a failure, which says what was printed before.
///
/// # Panics
/// If it cannot be waited for.
pub fn wait_with_output(child: Child) -> Output {
    let process = pidfd_open(Pid::from_child(&child), PidfdFlags::empty()).expect("the child is ours");
    let (ended, ends) = mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if ends.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
            // An error says that it has ended.
            let _ = pidfd_send_signal(&process, Signal::KILL);
        }
    });
    let output = child.wait_with_output().expect("the program ends");
    drop(ended);
    watch.join().expect("it does not panic");
    output
}
