//! How a program ended, for assertions that show all of it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// How a program ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// What it printed, if it succeeded.
    pub fn success(&self) -> &str {
        assert_eq!(self.status, Some(0), "{self:#?}");
        &self.stdout
    }
}

/// Runs a program with nothing to read.
pub fn run(program: &Path, arguments: &[&str]) -> Outcome {
    run_with(program, arguments, b"")
}

/// Runs a program with this as its standard input.
pub fn run_with(program: &Path, arguments: &[&str], input: &[u8]) -> Outcome {
    finish(Command::new(program).args(arguments), input)
}

/// Runs a command with this as its standard input.
pub fn finish(command: &mut Command, input: &[u8]) -> Outcome {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut pipe = child.stdin.take().expect("stdin is piped");
    let output = std::thread::scope(|scope| {
        // A program that does not read to the end closes the pipe, which is no failure of the test.
        scope.spawn(move || pipe.write_all(input));
        child.wait_with_output().expect("the program ends")
    });
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Outcome { status: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}
