//! Runs at build an executable that adder has just made: for its checkpoint, and a Python to compile files.

use crate::failure::{Failure, Place, Result};
use crate::target::Target;
use crate::temporary::TemporaryFolder;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How often to look whether a program has ended.
const PAUSE: Duration = Duration::from_millis(2);

/// What starts an executable for a target under a name: itself, or where this is another machine, an emulator.
///
/// # Errors
/// If that is not installed: [`ErrorKind::NotFound`].
pub fn command(target: &Target, executable: &Path, name: &OsStr) -> io::Result<Command> {
    if target.is_host() {
        let mut command = Command::new(executable);
        command.arg0(name);
        return Ok(command);
    }
    // Found here: the new process may have no PATH.
    let mut command = Command::new(emulator(target).ok_or(ErrorKind::NotFound)?);
    command.arg("-0").arg(name).arg(executable);
    Ok(command)
}

/// Where the emulator for a target is, if it is installed.
pub fn emulator(target: &Target) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(target.emulator)).find(|place| place.is_file())
}

/// Says that the emulator for a target is missing.
pub fn without_emulator(target: &Target) -> Failure {
    let Target { name, emulator, .. } = target;
    Failure::environment(format!("cannot run a program for {name} here: {emulator} is not installed"))
}

/// Says why what [`command`] made did not start, or could not be made.
pub fn not_started(target: &Target, folder: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound if !target.is_host() => without_emulator(target).hint(target.hint()),
        ErrorKind::PermissionDenied => Failure::environment(format!("cannot run a program in {}", folder.display()))
            .hint("programs must be allowed there; TMPDIR names another folder"),
        _ => Failure::environment(format!("cannot run the program that was built: {error}")),
    }
}

/// An executable in a temporary folder, which goes away with this.
pub struct Program {
    target: &'static Target,
    folder: TemporaryFolder,
    path: PathBuf,
}

impl Program {
    /// Writes `executable` as the file `name` into a new folder, whose name begins with `prefix`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn create(target: &'static Target, prefix: &str, name: &str, executable: &[u8]) -> Result<Program> {
        let folder = TemporaryFolder::create(prefix, &std::env::temp_dir(), Place::Temporary)?;
        let path = folder.path().join(name);
        let failed = |error| Failure::writing("write", &path, &error, Place::Temporary);
        fs::write(&path, executable).map_err(failed)?;
        fs::set_permissions(&path, Permissions::from_mode(0o700)).map_err(failed)?;
        Ok(Program { target, folder, path })
    }

    /// Where it lies. Other files may be put there.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What starts it under a name, without environment, in the folder `/`: the same every time.
    ///
    /// # Errors
    /// If there is nothing that can run it.
    pub fn command(&self, name: &OsStr) -> Result<Command> {
        let mut command = command(self.target, &self.path, name).map_err(|error| self.not_started(&error))?;
        command.env_clear().current_dir("/");
        Ok(command)
    }

    /// Says why it did not start.
    pub fn not_started(&self, error: &io::Error) -> Failure {
        not_started(self.target, self.folder(), error)
    }
}

/// How the program ended.
pub struct Ended {
    /// `None`: it was still running after the time limit.
    pub status: Option<ExitStatus>,
    /// The last bytes of its standard output.
    pub standard_output: Vec<u8>,
    /// The last bytes of its standard error.
    pub standard_error: Vec<u8>,
}

/// Waits until a program has ended, or ends it. Keeps at least the last `bytes_max` bytes of each of its streams that are pipes.
///
/// # Errors
/// If the system does not let adder wait.
pub fn wait(mut child: Child, timeout: Duration, bytes_max: usize) -> io::Result<Ended> {
    let deadline = Instant::now().checked_add(timeout);
    let standard_output = child.stdout.take().map(|stream| collect(stream, bytes_max));
    let standard_error = child.stderr.take().map(|stream| collect(stream, bytes_max));
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            // It has no children: the guest cannot start any.
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(PAUSE);
    };
    let collected =
        |reader: Option<JoinHandle<Vec<u8>>>| reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
    Ok(Ended { status, standard_output: collected(standard_output), standard_error: collected(standard_error) })
}

/// Reads to the end, keeps the last bytes.
fn collect(mut from: impl Read + Send + 'static, bytes_max: usize) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(bytes @ 1..) = from.read(&mut buffer) {
            kept.extend_from_slice(&buffer[..bytes]);
            if kept.len() > 2 * bytes_max {
                kept.drain(..kept.len() - bytes_max);
            }
        }
        kept
    })
}
