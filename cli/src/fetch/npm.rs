//! Packages from npm.

use super::Package;
use super::client::refusal;
use crate::failure::{Failure, Result};
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

/// Lets npm write the package into `folder`.
pub fn download(package: &Package, folder: &Path) -> Result<()> {
    let output = Command::new("npm")
        .args(["pack", "--ignore-scripts", "--loglevel=error", &package.to_string()])
        .current_dir(folder)
        .output()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => Failure::environment(format!("cannot fetch {package}: npm is not installed")),
            _ => Failure::environment(format!("cannot run npm: {error}")),
        })?;
    if !output.status.success() {
        return Err(refusal(&format!("npm pack {package}"), package, folder, &output));
    }
    Ok(())
}
