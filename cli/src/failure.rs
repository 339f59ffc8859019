//! What can go wrong, in one style: what happened on an `error:` line, what to do about it on a `hint:` line.

use crate::terminal::printable;
use std::fmt;
use std::io;
use std::path::Path;

/// What the fallible functions of this crate return.
pub type Result<T> = std::result::Result<T, Failure>;

/// The exit status of `adder`, by who can do something about it. 0 is success.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The input was refused: not a module, invalid, beyond a limit, or it needs something that is not supported.
    Refused = 1,
    /// The command line does not make sense.
    Usage = 2,
    /// A file, a folder, a program or the network did not do what was needed.
    Environment = 3,
    /// A fault of adder itself.
    Internal = 4,
}

/// How whoever runs adder says where something is written to. A hint may only name what the command at hand has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// By this option of the command.
    Option(&'static str),
    /// In the cache: by a variable of the environment.
    Cache,
    /// Among temporary files: by another variable.
    Temporary,
}

impl Place {
    /// How to choose another place, for a hint.
    fn elsewhere(self) -> String {
        match self {
            Place::Option(option) => format!("choose another place with {option}"),
            Place::Cache => "set ADDER_CACHE to a folder where there is room".to_owned(),
            Place::Temporary => "set TMPDIR to a folder where there is room".to_owned(),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What happened, with its place: one line, or more where it is a list.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Why a command ended without doing what it was asked.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The exit status it leads to.
    pub status: Status,
    /// What is wrong; at least one.
    pub problems: Vec<Problem>,
}

impl Failure {
    fn new(status: Status, message: impl Into<String>) -> Failure {
        Failure { status, problems: vec![Problem { message: message.into(), hint: None }] }
    }

    /// The input is at fault.
    pub fn refused(message: impl Into<String>) -> Failure {
        Failure::new(Status::Refused, message)
    }

    /// The command line is at fault.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::new(Status::Usage, message)
    }

    /// Something outside of adder is at fault.
    pub fn environment(message: impl Into<String>) -> Failure {
        Failure::new(Status::Environment, message)
    }

    /// Adder itself is at fault.
    pub fn internal(message: impl Into<String>) -> Failure {
        Failure::new(Status::Internal, message).hint("this is a bug in adder; please report it with the module")
    }

    /// An operation on a file failed: `cannot VERB PATH: REASON`.
    pub fn file(verb: &str, path: &Path, error: &io::Error) -> Failure {
        let failure = Failure::environment(format!("cannot {verb} {}: {}", path.display(), reason(error)));
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => failure.hint("make room there"),
            io::ErrorKind::FileTooLarge => failure.hint("raise the limit on the size of files: ulimit -f"),
            _ => failure,
        }
    }

    /// The same of something that was to be written to `place`: where there is no room, the hint says how to choose another.
    pub fn writing(verb: &str, path: &Path, error: &io::Error, place: Place) -> Failure {
        let mut failure = Failure::file(verb, path, error);
        if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            && let Some(problem) = failure.problems.last_mut()
        {
            problem.hint = Some(format!("make room there, or {}", place.elsewhere()));
        }
        failure
    }

    /// The same with what to do about its last problem, unless that is known already.
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        if let Some(problem) = self.problems.last_mut() {
            problem.hint.get_or_insert_with(|| hint.into());
        }
        self
    }

    /// Several failures as one, with the status of the first; `None` if there are none.
    pub fn join(failures: impl IntoIterator<Item = Failure>) -> Option<Failure> {
        let mut failures = failures.into_iter();
        let mut first = failures.next()?;
        for failure in failures {
            first.problems.extend(failure.problems);
        }
        Some(first)
    }
}

/// What the operating system said, without the number that [`io::Error`] appends and what comes behind that: tempfile's
/// errors go on with a temporary name.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

/// As many `error:` and `hint:` lines as there are problems, without a final line break. More lines of a message are
/// indented: nothing in it can pass for a line of its own.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let message = printable::lines(&problem.message);
            let mut lines = message.split('\n');
            write!(f, "error: {}", lines.next().unwrap_or_default())?;
            for line in lines {
                let indent = if line.starts_with(' ') { "" } else { "  " };
                write!(f, "\n{indent}{line}")?;
            }
            if let Some(hint) = &problem.hint {
                write!(f, "\nhint: {}", printable::line(hint))?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_forge_lines_or_drive_the_terminal() {
        let failure = Failure::refused("2 imports:\n  a.b\nerror: forged\x1b[2J").hint("use\nhint: \x1b]0;x\x07");
        assert_eq!(
            failure.to_string(),
            "error: 2 imports:\n  a.b\n  error: forged\\u{1b}[2J\nhint: use\\nhint: \\u{1b}]0;x\\u{7}"
        );
    }

    #[test]
    fn where_there_is_no_room_the_hint_says_how_to_choose_another_place() {
        let full = io::Error::from_raw_os_error(libc::ENOSPC);
        for (place, expected) in [
            (Place::Option("--json"), "make room there, or choose another place with --json"),
            (Place::Cache, "make room there, or set ADDER_CACHE to a folder where there is room"),
            (Place::Temporary, "make room there, or set TMPDIR to a folder where there is room"),
        ] {
            let failure = Failure::writing("write", Path::new("/x"), &full, place).to_string();
            assert_eq!(failure, format!("error: cannot write /x: no space left on device\nhint: {expected}"));
        }
        let other = io::Error::from_raw_os_error(libc::EACCES);
        let failure = Failure::writing("write", Path::new("/x"), &other, Place::Cache).to_string();
        assert_eq!(failure, "error: cannot write /x: permission denied");
    }
}
