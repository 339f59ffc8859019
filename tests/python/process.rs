//! Running a Python and collecting everything it says, with a time limit, so that a hang is a failure.

use std::ffi::OsStr;
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;

use adder_tests::outcome::{spawn, wait_with_output};

/// How a process ended and what it printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Outcome {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Outcome {
    pub fn stdout_text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub fn stderr_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// The last line of standard error: of a traceback, the exception.
    pub fn last_error_line(&self) -> String {
        self.stderr_text().lines().last().unwrap_or_default().to_owned()
    }

    /// The exit code; `None` after a signal.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// What was printed, of a run that had to end with 0.
    #[track_caller]
    pub fn success(&self) -> String {
        assert!(self.status.success(), "{self:?}");
        self.stdout_text()
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.status)?;
        writeln!(formatter, "--- standard output\n{}", excerpt(&self.stdout))?;
        write!(formatter, "--- standard error\n{}", excerpt(&self.stderr))
    }
}

fn excerpt(bytes: &[u8]) -> String {
    const MOST: usize = 4096;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST)]).into_owned();
    if bytes.len() > MOST { format!("{text}... ({} bytes)", bytes.len()) } else { text }
}

/// A command for `executable`, with an environment that makes two runs comparable.
pub fn command(executable: &Path) -> Command {
    let mut command = Command::new(executable);
    for (name, _) in std::env::vars_os() {
        let name_bytes = name.as_encoded_bytes().to_ascii_lowercase();
        if name_bytes.starts_with(b"python") || name_bytes.ends_with(b"_proxy") {
            command.env_remove(name);
        }
    }
    // Both print UTF-8 whatever the machine's locale is, and iterate over sets in the same order.
    command.env("PYTHONUTF8", "1").env("PYTHONHASHSEED", "0").env_remove("NO_COLOR").env_remove("FORCE_COLOR");
    command
}

/// `executable ARGUMENTS` in `directory`, without input.
pub fn run<A: AsRef<OsStr>>(executable: &Path, directory: &Path, arguments: impl IntoIterator<Item = A>) -> Outcome {
    finish(command(executable).current_dir(directory).args(arguments))
}

/// `executable -c PROGRAM` in an empty folder of its own.
pub fn run_code(executable: &Path, program: &str) -> Outcome {
    let directory = tempfile::tempdir().expect("the system's temporary folder is writable");
    run(executable, directory.path(), ["-c", program])
}

/// Runs a command to its end, without input.
pub fn finish(command: &mut Command) -> Outcome {
    finish_with_input(command, Vec::new())
}

/// Runs a command to its end, with `input` in a pipe.
pub fn finish_with_input(command: &mut Command, input: Vec<u8>) -> Outcome {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = spawn(command);
    let mut stdin = child.stdin.take().expect("it was asked for");
    // Not an error when the child does not want its input.
    thread::spawn(move || stdin.write_all(&input));
    collect(child)
}

/// Waits for a child and collects what it still prints.
pub fn collect(child: Child) -> Outcome {
    let Output { status, stdout, stderr } = wait_with_output(child);
    Outcome { status, stdout, stderr }
}
