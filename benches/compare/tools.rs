//! Programs that the benchmark needs: found, run, and given nothing of their caller's environment.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The environment of everything that is measured, besides what a measurement adds.
pub const ENVIRONMENT: [(&str, &str); 1] = [("LANG", "C.UTF-8")];

/// A command with that environment and no other variable.
pub fn clean(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs(ENVIRONMENT);
    command
}

/// `inner`, started by the command `outer`: a tool that counts, with its options.
pub fn under(outer: &mut Command, inner: &Command) {
    outer.arg(inner.get_program()).args(inner.get_args()).env_clear();
    outer.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
}

/// A program of the caller's path. The path itself is not handed on, so that it has to be looked up here.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Runs a command that has to succeed, and returns what it printed.
pub fn finish(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("cannot run {program:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command:?} ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{program:?} printed no text"))
}

/// The folder of this checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies directly below the root")
}

/// Bytes of a file.
pub fn size(path: &Path) -> Result<u64, String> {
    fs::metadata(path).map(|file| file.len()).map_err(|error| format!("{}: {error}", path.display()))
}
