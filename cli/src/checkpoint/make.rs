//! Runs the program at build, up to the place where it asks for its checkpoint, and, to try that, on from there.
//!
//! In a world that is the same every time: no environment, no input, the folder `/`, always the same name. (That it has no files
//! of the host and a clock that stands still is up to the runtime.)

use crate::failure::{Failure, Place, Result, Status};
use crate::run::{Ended, Program, wait};
use crate::target::Target;
use crate::terminal::printable;
use adder_compiler::abi::checkpoint::DUMP_DESCRIPTOR;
use adder_compiler::abi::refusal::{self, Refusal};
use adder_compiler::abi::status;
use std::ffi::OsStr;
use std::fmt::{self, Display, Formatter};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek};
use std::os::fd::AsRawFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

/// How the program is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Instead of the arguments that are baked in, if the run is to have others.
    pub arguments: Option<Vec<String>>,
    /// Variables of the environment, `NAME=VALUE`, besides those that are baked in; of these with the same name instead.
    pub environment: Vec<String>,
    /// How long it may take.
    pub timeout: Duration,
    /// How to try the new checkpoint, which shows which pages a start changes; `None` if that cannot be known.
    pub trial: Option<Trial>,
    /// What to do if it ends without a checkpoint.
    pub hint: &'static str,
    /// What to say and do instead, if it prints one of these.
    pub signs: &'static [Sign],
    /// Files that it may name in what it prints: its own names, and those that the user knows them by.
    pub names: Vec<(String, String)>,
}

/// A text by which it is known why a program ended without a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// A part of what it writes to its standard error.
    pub text: &'static str,
    /// What that means.
    pub meaning: &'static str,
    /// What to do.
    pub hint: &'static str,
}

/// What is run from the new checkpoint on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Its arguments, and nothing of what is baked in.
    pub arguments: Vec<String>,
    /// What to do if it does not end well.
    pub hint: &'static str,
}

/// The program's own name for itself, whatever the file will be called.
const NAME: &str = "program";
/// The same in a trial. A path, as most programs are called by: others look for themselves.
const TRIAL_NAME: &str = "/program";

/// Of what the program prints, this much is kept of either stream.
const OUTPUT_BYTES_MAX: usize = 1 << 16;
/// As many of its last lines are shown.
const LINES_MAX: usize = 20;

/// How large a dump may be. Adder holds it in memory.
const DUMP_BYTES_MAX: u64 = 4 << 30;

/// What to do where time was up.
const MORE_TIME: &str = "--checkpoint-timeout SECONDS gives it more time";

/// What a run led to.
#[derive(Debug)]
pub struct Made {
    /// What it wrote as its checkpoint.
    pub dump: Vec<u8>,
    /// What it printed besides, for a message.
    pub printed: String,
}

/// Runs `executable` up to its checkpoint. It sees what is baked into it, and `environment` and the arguments of `run` from
/// outside.
///
/// # Errors
/// If it does not come to a checkpoint: with what it did instead, and what it printed.
pub fn run(target: &'static Target, executable: &[u8], run: &Run, environment: &[String]) -> Result<Made> {
    let arguments = run.arguments.as_deref().unwrap_or_default();
    let (ended, dump) = execute(target, executable, NAME, arguments, environment, run.timeout)?;
    judge(&ended, dump.bytes()?, run)?;
    Ok(Made { dump: dump.read()?, printed: printed(&ended, &run.names) })
}

/// Lets `executable` go on from its checkpoint with these arguments, and returns what it wrote of the pages that it changed:
/// nothing, where the kernel does not tell.
///
/// # Errors
/// If it does not end well.
pub fn try_out(target: &'static Target, executable: &[u8], trial: &Trial, timeout: Duration) -> Result<Vec<u8>> {
    let (ended, changed) = execute(target, executable, TRIAL_NAME, &trial.arguments, &[], timeout)?;
    let said = String::from_utf8_lossy(&ended.standard_error);
    let what = match (ended.status, Why::said(&said)) {
        (Some(status), _) if status.success() => return changed.read(),
        (Some(_), Some(why)) => why.to_string(),
        (Some(status), None) => format!("when it goes on from it, it ends with {}", ending(status)),
        (None, _) => {
            let message = format!("when it goes on from it, it is still running after {} s", timeout.as_secs());
            return Err(Failure::refused(format!("the checkpoint is of no use: {message}{}", printed(&ended, &[])))
                .hint(MORE_TIME));
        }
    };
    Err(Failure::refused(format!("the checkpoint is of no use: {what}{}", printed(&ended, &[]))).hint(trial.hint))
}

/// What a program wrote for adder.
struct Dump {
    path: PathBuf,
    file: File,
}

impl Dump {
    fn bytes(&self) -> Result<u64> {
        self.file.metadata().map(|found| found.len()).map_err(|error| self.failure(&error))
    }

    fn read(mut self) -> Result<Vec<u8>> {
        let mut contents = Vec::new();
        // The program has written through a descriptor that shares its position with this one.
        let read = self.file.rewind().and_then(|()| self.file.read_to_end(&mut contents));
        read.map(|_| contents).map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &io::Error) -> Failure {
        Failure::file("read", &self.path, error)
    }
}

/// Runs `executable`, called `name`, to its end, or for as long as `timeout`. Returns how it ended and what it wrote for adder.
fn execute(
    target: &'static Target,
    executable: &[u8],
    name: &str,
    arguments: &[String],
    environment: &[String],
    timeout: Duration,
) -> Result<(Ended, Dump)> {
    let program = Program::create(target, "adder-checkpoint-", NAME, executable)?;
    let dump_path = program.folder().join("dump");
    let dump = OpenOptions::new()
        .create_new(true)
        .read(true)
        .write(true)
        .open(&dump_path)
        .map_err(|error| Failure::writing("write", &dump_path, &error, Place::Temporary))?;

    let mut command = program.command(OsStr::new(name))?;
    command
        .args(arguments)
        .envs(environment.iter().map(|variable| variable.split_once('=').unwrap_or((variable, ""))))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A terminal's signals are adder's.
        .process_group(0);
    pass_dump(&mut command, &dump);
    let child = command.spawn().map_err(|error| program.not_started(&error))?;
    let ended = wait(child, timeout, OUTPUT_BYTES_MAX)
        .map_err(|error| Failure::environment(format!("cannot wait for the program: {error}")))?;
    Ok((ended, Dump { path: dump_path, file: dump }))
}

/// Gives the program `dump` as [`DUMP_DESCRIPTOR`], and an end when adder ends.
fn pass_dump(command: &mut Command, dump: &File) {
    let dump = dump.as_raw_fd();
    let prepare = move || {
        // SAFETY: a plain system call without pointers.
        let prepared = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
        if prepared != 0 {
            return Err(io::Error::last_os_error());
        }
        // Where huge pages come unasked, more pages would seem to be changed than are. If it fails, there are none.
        // SAFETY: as above.
        unsafe { libc::prctl(libc::PR_SET_THP_DISABLE, 1, 0, 0, 0) };
        let limit = libc::rlimit { rlim_cur: DUMP_BYTES_MAX + 1, rlim_max: DUMP_BYTES_MAX + 1 };
        // SAFETY: the structure is the system's. If it fails, the limit was lower already.
        unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &limit) };
        let copied = if dump == DUMP_DESCRIPTOR {
            // It would stay one that is closed for the program.
            // SAFETY: likewise; the descriptor is open, because whoever calls `spawn` still has the file.
            unsafe { libc::fcntl(dump, libc::F_SETFD, 0) }
        } else {
            // Nothing that `spawn` needs is overwritten: had this descriptor been free, the file would have got it.
            // SAFETY: as above.
            unsafe { libc::dup2(dump, DUMP_DESCRIPTOR) }
        };
        if copied < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    };
    // SAFETY: between fork and exec, it makes system calls only: no allocation, no lock.
    unsafe { command.pre_exec(prepare) };
}

/// Whether the program has come to a checkpoint of `bytes` bytes.
fn judge(ended: &Ended, bytes: u64, run: &Run) -> Result<()> {
    let refused = |what: &str| {
        let what = renamed(what, &run.names);
        Failure::refused(format!("there is no checkpoint: {what}{}", printed(ended, &run.names)))
    };
    let Some(status) = ended.status else {
        let seconds = run.timeout.as_secs();
        return Err(refused(&format!("the program was still running after {seconds} s")).hint(MORE_TIME));
    };
    let said = String::from_utf8_lossy(&ended.standard_error);
    match (status.code(), status.signal()) {
        (Some(0), _) if bytes > DUMP_BYTES_MAX => Err(refused("the program uses more than 4 GiB of memory")),
        (Some(0), _) if bytes > 0 => Ok(()),
        (Some(status::SYSTEM), _) => {
            let why = Why::said(&said);
            let mut failure = refused(&why.map_or("the program cannot run here".to_owned(), |why| why.to_string()));
            let why = match why {
                Some(Why::Known(why)) => why,
                Some(Why::Words(_)) => return Err(failure.hint(run.hint)),
                None => return Err(failure),
            };
            if why == Refusal::Unwritten {
                failure.status = Status::Environment;
            }
            Err(match remedy(why) {
                Some(hint) => failure.hint(hint),
                None => failure,
            })
        }
        (Some(status::ABORTED), _) if said.lines().any(|line| line.starts_with("adder: ")) => {
            Err(refused("the program was aborted before it asked for one"))
        }
        (Some(status), _) => Err(match run.signs.iter().find(|sign| said.contains(sign.text)) {
            Some(sign) => refused(sign.meaning).hint(sign.hint),
            None => refused(&format!("the program ended (status {status}) without asking for one")).hint(run.hint),
        }),
        (None, signal) => {
            let signal = signal.unwrap_or_default();
            let message =
                format!("there is no checkpoint: signal {signal} ended the program{}", printed(ended, &run.names));
            Err(Failure::environment(message).hint("is there enough memory for it?"))
        }
    }
}

/// Why there is no checkpoint, as the run has said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why<'a> {
    /// A reason of the runtime's.
    Known(Refusal<'a>),
    /// A program's own words in the place of one.
    Words(&'a str),
}

impl<'a> Why<'a> {
    /// Finds the last reason in what a run wrote to its standard error.
    fn said(standard_error: &'a str) -> Option<Why<'a>> {
        standard_error.lines().rev().find_map(|line| {
            let words = line.strip_prefix(refusal::LINE)?;
            Some(Refusal::read(line).map_or(Why::Words(words), Why::Known))
        })
    }
}

impl Display for Why<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Why::Known(refusal) => refusal.fmt(f),
            Why::Words(words) => f.write_str(words),
        }
    }
}

/// What to do about a refusal.
fn remedy(why: Refusal<'_>) -> Option<&'static str> {
    match why {
        Refusal::ReadsInput | Refusal::WaitsForInput => {
            Some("what it reads belongs behind the checkpoint: at build there is no input")
        }
        Refusal::OpenDescriptor { .. } => Some("close it before the checkpoint, and open it behind"),
        Refusal::MissingModule { .. } => Some(
            "what is preloaded must be in the executable: its library, or a folder of --embed FOLDER::/GUEST that \
             --env PYTHONPATH=/GUEST names",
        ),
        Refusal::Unwritten => Some("is there room for temporary files? TMPDIR names another folder for them"),
        Refusal::BeforeEntry
        | Refusal::EntryHasValues
        | Refusal::Nested
        | Refusal::Threads
        | Refusal::Exceptions
        | Refusal::Descriptors
        | Refusal::StartsCold => None,
    }
}

/// How a process ended, in words.
fn ending(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("status {code}"),
        (None, signal) => format!("signal {}", signal.unwrap_or_default()),
    }
}

/// A text of the program's, with the user's names for its files.
fn renamed(text: &str, names: &[(String, String)]) -> String {
    names.iter().fold(text.to_owned(), |text, (own, known)| text.replace(own, known))
}

/// What the program printed, for a message: the last lines, each on a line of its own, with these names for its files.
fn printed(ended: &Ended, names: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, bytes) in [("standard output", &ended.standard_output), ("standard error", &ended.standard_error)] {
        let said = String::from_utf8_lossy(bytes);
        // What the runtime said of the checkpoint is the message already.
        let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with(refusal::LINE)).collect();
        if lines.is_empty() {
            continue;
        }
        let left_out = lines.len().saturating_sub(LINES_MAX);
        let of_more = if left_out > 0 { format!(" (its last {LINES_MAX} lines)") } else { String::new() };
        text.push_str(&format!("\nits {name}{of_more}:"));
        for line in &lines[left_out..] {
            text.push_str("\n  ");
            text.push_str(&printable::line(&renamed(line, names)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_read_as_it_was_written() {
        for refusal in [
            Refusal::BeforeEntry,
            Refusal::EntryHasValues,
            Refusal::Nested,
            Refusal::Threads,
            Refusal::Exceptions,
            Refusal::Descriptors,
            Refusal::OpenDescriptor { number: 17, path: "/a folder/with blanks " },
            Refusal::ReadsInput,
            Refusal::WaitsForInput,
            Refusal::StartsCold,
            Refusal::Unwritten,
            Refusal::MissingModule { wanted: "one.two", missing: "one" },
        ] {
            let mut line = String::new();
            refusal.write(&mut line).expect("text takes everything");
            let said = format!("before\n{line}\nbehind\n");
            assert_eq!(Why::said(&said), Some(Why::Known(refusal)), "{line}");
        }
    }

    #[test]
    fn other_words_stay_what_they_are() {
        assert_eq!(Why::said("adder: checkpoint: nested in itself\n"), Some(Why::Words("nested in itself")));
        assert_eq!(Why::said("adder: trap: unreachable\n"), None);
        for line in ["0", "7", "7 x /a", "12 one", "4 more", "13"] {
            assert_eq!(Why::said(&format!("adder: checkpoint: {line}")), Some(Why::Words(line)));
        }
    }
}
