//! The machine's C compiler as the linker, with the embedded files in a temporary folder that goes away again.

use super::{File, options};
use crate::failure::{Failure, Place, Result};
use crate::target::Target;
use crate::temporary::TemporaryFolder;
use std::io::ErrorKind;
use std::process::Command;

/// Links `files`, in that order.
pub(super) fn link(files: &[File], target: &Target) -> Result<Vec<u8>> {
    let folder = TemporaryFolder::create("adder-link-", &std::env::temp_dir(), Place::Temporary)?;
    let output = folder.path().join("executable");
    let mut cc = Command::new("cc");
    cc.args(["-static-pie", "-nostdlib", "-nostartfiles", "-o"]).arg(&output);
    for option in options(target) {
        cc.args(["-Xlinker", &option]);
    }
    for file in files {
        let path = folder.path().join(&file.name);
        std::fs::write(&path, file.contents.bytes())
            .map_err(|error| Failure::writing("write", &path, &error, Place::Temporary))?;
        cc.arg(path);
    }
    let finished = cc.output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::environment("cannot run cc: it is not installed")
            .hint("leave out --linker cc: adder has a linker of its own"),
        _ => Failure::environment(format!("cannot run cc: {error}")),
    })?;
    if !finished.status.success() {
        let said = String::from_utf8_lossy(&finished.stderr);
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        return Err(Failure::environment(format!("cc failed: {}", lines.join("; "))));
    }
    std::fs::read(&output).map_err(|error| Failure::file("read", &output, &error))
}
