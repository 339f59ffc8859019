//! Files that appear whole or not at all.

use crate::failure::{Failure, Place, Result};
use crate::temporary::TemporaryFile;
use crate::terminal::printable;
use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// A file in the making: written beside its destination under a temporary name, then renamed. Dropped without
/// [`OutputFile::write`], or when that fails, it leaves nothing behind.
#[derive(Debug)]
pub struct OutputFile {
    destination: PathBuf,
    place: Place,
    target: Target,
}

#[derive(Debug)]
enum Target {
    /// Renamed to the destination in the end.
    Temporary(TemporaryFile),
    /// A device or pipe: renaming would replace it (`-o /dev/null`), so it is written to.
    Stream(File),
}

impl OutputFile {
    /// Finds out whether `destination` can be written. The file will have the permissions that the umask leaves it, those
    /// to execute it only if it is `executable`. `place` says how the destination was chosen, for hints.
    pub fn create(destination: &Path, executable: bool, place: Place) -> Result<OutputFile> {
        let failed = |error: io::Error| Failure::writing("write", destination, &error, place);
        // A symbolic link stays, the file it leads to is replaced.
        let destination = destination.canonicalize().unwrap_or_else(|_| destination.to_owned());
        let target = match destination.metadata() {
            Ok(found) if found.is_dir() => {
                let failure = Failure::environment(format!("cannot write {}: it is a folder", destination.display()));
                return Err(match place {
                    Place::Option(option) => failure.hint(format!("name the file to write: {option} FOLDER/NAME")),
                    Place::Cache | Place::Temporary => failure,
                });
            }
            Ok(found) if !found.is_file() => {
                Target::Stream(OpenOptions::new().write(true).open(&destination).map_err(failed)?)
            }
            _ => {
                let folder = destination.parent().filter(|parent| !parent.as_os_str().is_empty());
                let mode = if executable { 0o777 } else { 0o666 };
                let temporary = TemporaryFile::create(".adder-", folder.unwrap_or(Path::new(".")), mode);
                Target::Temporary(temporary.map_err(failed)?)
            }
        };
        Ok(OutputFile { destination, place, target })
    }

    /// Gives the file its contents and its name.
    pub fn write(self, contents: &[u8]) -> Result<()> {
        let failed = |error: io::Error| Failure::writing("write", &self.destination, &error, self.place);
        match self.target {
            Target::Stream(mut file) => file.write_all(contents).map_err(failed),
            Target::Temporary(mut temporary) => {
                temporary.as_file_mut().write_all(contents).map_err(failed)?;
                temporary.persist(&self.destination).map_err(failed)
            }
        }
    }
}

/// Says something to whoever runs adder: `text` and a line break, on standard error. Where nobody can hear it, the work
/// goes on. Names in `text` that a module chose have gone through [`printable::name`], or they could forge lines.
pub fn say(text: impl Display) {
    let _ = writeln!(io::stderr(), "{}", printable::lines(&text.to_string()));
}

/// Writes text that others may have had a say in to standard output: to a file as it is, to a terminal without what a
/// terminal would obey.
pub fn print_text(contents: &[u8]) -> Result<()> {
    if !io::stdout().is_terminal() {
        return print(contents);
    }
    print(printable::lines(&String::from_utf8_lossy(contents)).as_bytes())
}

/// Writes to standard output. A reader that has seen enough and closed it is no failure.
pub fn print(contents: &[u8]) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(contents).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.map_err(|error| Failure::file("write to", Path::new("standard output"), &error)),
    }
}
