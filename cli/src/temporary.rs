//! Temporary files and folders. They go away on every way out: an error, a panic, and a signal that ends adder.

use crate::failure::{Failure, Place, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::Signals;
use signal_hook::{flag, low_level};
use std::ffi::c_int;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use tempfile::{NamedTempFile, TempDir};

/// What there is now. Whoever creates something holds the lock until it is listed.
static LIVE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn live() -> MutexGuard<'static, Vec<PathBuf>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An entry of [`LIVE`].
#[derive(Debug)]
struct Listed(PathBuf);

impl Listed {
    fn create<T>(make: impl FnOnce() -> io::Result<T>, path: impl FnOnce(&T) -> &Path) -> io::Result<(T, Listed)> {
        let mut live = live();
        let made = make()?;
        let path = path(&made).to_owned();
        live.push(path.clone());
        Ok((made, Listed(path)))
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        live().retain(|path| *path != self.0);
    }
}

/// A file under a temporary name.
#[derive(Debug)]
pub struct TemporaryFile {
    // Fields are dropped in this order: what is there is listed.
    file: NamedTempFile,
    _listed: Listed,
}

impl TemporaryFile {
    /// Creates one in `folder`. The umask takes permissions from `mode`.
    pub fn create(prefix: &str, folder: &Path, mode: u32) -> io::Result<TemporaryFile> {
        let create =
            || tempfile::Builder::new().prefix(prefix).permissions(Permissions::from_mode(mode)).tempfile_in(folder);
        let (file, listed) = Listed::create(create, NamedTempFile::path)?;
        Ok(TemporaryFile { file, _listed: listed })
    }

    /// The file, to write to.
    pub fn as_file_mut(&mut self) -> &mut fs::File {
        self.file.as_file_mut()
    }

    /// Gives it a lasting name, which may have been another file's. On failure it is gone.
    pub fn persist(self, destination: &Path) -> io::Result<()> {
        self.file.persist(destination).map(drop).map_err(|error| error.error)
    }
}

/// A folder that goes away with all that is in it.
#[derive(Debug)]
pub struct TemporaryFolder {
    folder: TempDir,
    _listed: Listed,
}

impl TemporaryFolder {
    /// Creates one in `parent`, which was chosen as `place` says.
    ///
    /// # Errors
    /// If `parent` does not allow it.
    pub fn create(prefix: &str, parent: &Path, place: Place) -> Result<TemporaryFolder> {
        let create = || tempfile::Builder::new().prefix(prefix).tempdir_in(parent);
        let (folder, listed) = Listed::create(create, TempDir::path)
            .map_err(|error| Failure::writing("create a folder in", parent, &error, place))?;
        Ok(TemporaryFolder { folder, _listed: listed })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// From now on, signals that end adder remove what is temporary first, and a file that reaches the size limit of the
/// process (`ulimit -f`) is an error instead of a signal. For the `adder` binary; a library leaves signals alone.
///
/// Signals that adder was started to ignore stay ignored. There are handlers for the others, not `SIG_IGN`, because
/// `exec` takes handlers away: what adder starts finds the signals as adder did.
///
/// # Errors
/// If there is no room for the handlers or for a thread.
pub fn handle_signals() -> Result<()> {
    let failed = |error: io::Error| Failure::environment(format!("cannot handle signals: {error}"));
    if !is_ignored(SIGXFSZ) {
        // Nobody looks at the flag: the write itself fails once the signal does not end the process.
        static TOO_LARGE: AtomicBool = AtomicBool::new(false);
        flag::register(SIGXFSZ, &TOO_LARGE).map_err(failed)?;
    }
    let signals = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !is_ignored(*signal));
    let mut signals = Signals::new(signals).map_err(failed)?;
    let wait = move || {
        for signal in signals.forever() {
            // Held to the end: nobody creates anything any more.
            let live = live();
            for path in live.iter() {
                let _ = fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
            }
            // Ends the process. All three signals are ones that it knows.
            let _ = low_level::emulate_default_handler(signal);
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(wait).map_err(failed)?;
    Ok(())
}

/// Whether the process ignores `signal` (`nohup`, `trap ''`).
fn is_ignored(signal: c_int) -> bool {
    // SAFETY: all zeroes is a valid sigaction: integers, and a handler that is SIG_DFL.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: without a new action, the call only writes the present one to `action`, which lives long enough.
    let outcome = unsafe { libc::sigaction(signal, std::ptr::null(), &mut action) };
    outcome == 0 && action.sa_sigaction == libc::SIG_IGN
}
