//! How a program ended, for assertions that show all of it.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

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
    let input = input.to_vec();
    // A program that does not read to the end closes the pipe, which is no failure of the test; nor is it one if somebody else holds it.
    std::thread::spawn(move || pipe.write_all(&input));
    Outcome::of(wait_with_output(child))
}

/// Longer than anything here takes on a slow machine that is busy with other tests.
const LIMIT: Duration = Duration::from_secs(300);

/// Longer than it takes to read what a program has left in its pipes.
const REST: Duration = Duration::from_secs(20);

/// Waits for a child and collects what it prints, but not for ever.
///
/// # Panics
/// If it hangs, or something that it has started holds its output open after its end. What was printed before is said.
pub fn wait_with_output(child: Child) -> Output {
    wait_with_output_within(child, LIMIT, REST)
}

fn wait_with_output_within(mut child: Child, limit: Duration, rest: Duration) -> Output {
    drop(child.stdin.take());
    let (stdout, stderr) = (Reader::of(child.stdout.take()), Reader::of(child.stderr.take()));
    let (status, has_ended) = wait_within(&mut child, limit);
    let deadline = Instant::now() + rest;
    let are_whole = [&stdout, &stderr].map(|reader| reader.waits_until(deadline));
    let output = Output { status, stdout: stdout.bytes(), stderr: stderr.bytes() };
    assert!(has_ended, "the program did not end within {limit:?}: {:#?}", Outcome::of(output));
    assert_eq!(are_whole, [true; 2], "the program has ended, and others hold its output: {:#?}", Outcome::of(output));
    output
}

/// Waits for a child, but not for ever.
///
/// # Panics
/// If it hangs.
pub fn wait(child: &mut Child) -> ExitStatus {
    let (status, has_ended) = wait_within(child, LIMIT);
    assert!(has_ended, "the program did not end within {LIMIT:?}");
    status
}

/// Waits for a child. Returns how it ended, and whether that was by itself.
fn wait_within(child: &mut Child, limit: Duration) -> (ExitStatus, bool) {
    let process = pidfd_open(Pid::from_child(child), PidfdFlags::empty()).expect("the child is ours");
    let deadline = Instant::now() + limit;
    let has_ended = loop {
        let left = Timespec::try_from(deadline.saturating_duration_since(Instant::now())).expect("it is not long");
        match poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&left)) {
            Err(Errno::INTR) => {}
            ready => break ready.expect("it can be waited for") != 0,
        }
    };
    if !has_ended {
        // An error says that it has ended.
        let _ = child.kill();
    }
    (child.wait().expect("it is ours to wait for"), has_ended)
}

/// Reads a pipe in the background.
struct Reader {
    read: Arc<Mutex<Vec<u8>>>,
    end: Receiver<()>,
}

impl Reader {
    /// Begins to read; nothing of no pipe.
    fn of(pipe: Option<impl Read + Send + 'static>) -> Reader {
        let read = Arc::new(Mutex::new(Vec::new()));
        let (ended, end) = mpsc::channel();
        let kept = Arc::clone(&read);
        std::thread::spawn(move || {
            let _ended: Sender<()> = ended;
            let Some(mut pipe) = pipe else { return };
            let mut piece = vec![0; 1 << 16];
            loop {
                match pipe.read(&mut piece) {
                    Ok(0) => break,
                    Ok(count) => kept.lock().expect("nobody panics with it").extend_from_slice(&piece[..count]),
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    // What arrived before is what the test looks at: a terminal ends so.
                    Err(_) => break,
                }
            }
        });
        Reader { read, end }
    }

    /// Waits until all is read. Returns whether that was in time.
    fn waits_until(&self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        self.end.recv_timeout(left) == Err(RecvTimeoutError::Disconnected)
    }

    fn bytes(&self) -> Vec<u8> {
        std::mem::take(&mut *self.read.lock().expect("nobody panics with it"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(300);

    fn shell(line: &str) -> Child {
        let mut command = Command::new("sh");
        spawn(command.args(["-c", line]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()))
    }

    #[test]
    fn all_is_collected() {
        let output = wait_with_output(shell("head -c 200000 /dev/zero; echo text >&2; cat; exit 3"));
        assert_eq!(output.stdout, [0; 200_000]);
        assert_eq!((output.stderr.as_slice(), output.status.code()), (&b"text\n"[..], Some(3)));
    }

    #[test]
    #[should_panic(expected = "did not end within 300ms: Outcome {\n    status: None,\n    stdout: \"before\\n\"")]
    fn a_program_that_hangs_is_ended() {
        wait_with_output_within(shell("echo before; exec sleep 100"), SOON, REST);
    }

    #[test]
    #[should_panic(
        expected = "others hold its output: Outcome {\n    status: Some(\n        0,\n    ),\n    stdout: \"before\\n\""
    )]
    fn what_a_program_leaves_behind_does_not_hold_up_the_test() {
        wait_with_output_within(shell("echo before; sleep 5 &"), LIMIT, SOON);
    }
}
