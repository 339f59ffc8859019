//! pyperformance and what its programs import, from PyPI: fetched by pip, which checks their digests, into the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tools::{find, finish, root};

/// The names that pip goes by.
const COMMANDS: [&[&str]; 3] = [&["pip"], &["pip3"], &["python3", "-m", "pip"]];

/// The folder with all packages, which is fetched if it is not there. `python` compiles them, so that no process that is
/// measured has to.
pub fn packages(cache: &Path, python: &Path) -> Result<PathBuf, String> {
    let requirements = root().join("benches/pyperformance/requirements.txt");
    let wanted = fs::read_to_string(&requirements).map_err(|error| format!("{}: {error}", requirements.display()))?;
    let folder = cache.join("pyperformance-1.14.0");
    let present = folder.join("requirements.txt");
    if fs::read_to_string(&present).is_ok_and(|present| present == wanted) {
        return Ok(folder);
    }
    eprintln!("fetching pyperformance with pip");
    let failed = |error: std::io::Error| format!("cannot write to {}: {error}", folder.display());
    let temporary = tempfile::tempdir_in(cache).map_err(failed)?;
    fetch(&requirements, temporary.path())?;
    // `unchecked-hash`: valid whatever the times of the files are. Some packages have files for other Pythons, which do not
    // compile; nothing imports them.
    let mut compile = Command::new(python);
    compile.args(["-m", "compileall", "-q", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]);
    let _ = finish(compile.arg(temporary.path()));
    fs::write(temporary.path().join("requirements.txt"), wanted).map_err(failed)?;
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    fs::rename(temporary.path(), &folder).map_err(failed)?;
    Ok(folder)
}

/// Lets pip put what the requirements name into a folder. Nothing that it fetches is run.
fn fetch(requirements: &Path, folder: &Path) -> Result<(), String> {
    let is_there = |command: &[&str]| match command {
        [python, ..] if command.len() > 1 => finish(Command::new(python).args(["-m", "pip", "--version"])).is_ok(),
        _ => find(command[0]).is_some(),
    };
    let command = COMMANDS.into_iter().find(|command| is_there(command));
    let command = command.ok_or("pyperformance cannot be fetched: pip is not installed")?;
    let mut pip = Command::new(command[0]);
    pip.args(&command[1..]).args(["install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps"]);
    // For the Python that is measured, whichever pip runs in.
    pip.args(["--python-version", "3.11", "--only-binary=:all:", "--require-hashes", "--target"]).arg(folder);
    finish(pip.arg("--requirement").arg(requirements)).map(drop)
}
