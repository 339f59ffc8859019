//! Reads modules, and recognises what is not one before the compiler has to.

mod foreign;
mod source;

use crate::failure::{Failure, Result};
use crate::python::script;
use crate::request::Module;
use foreign::MODULE_MAGIC;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Enough to see what a file is.
const BEGINNING_BYTES: u64 = 4096;

/// Sizes in a module are 32-bit numbers.
const MODULE_BYTES_MAX: u64 = 1 << 32;

/// Reads every module.
///
/// # Errors
/// For every file that cannot be read or is something else; all of them at once.
pub fn read(modules: &[Module]) -> Result<Vec<Vec<u8>>> {
    let (mut contents, mut failures) = (Vec::new(), Vec::new());
    for module in modules {
        match read_module(&module.path) {
            Ok(bytes) => contents.push(bytes),
            Err(failure) => failures.push(failure),
        }
    }
    match Failure::join(failures) {
        Some(failure) => Err(failure),
        None => Ok(contents),
    }
}

/// Whether a file is there and begins as modules do.
pub fn is_module(path: &Path) -> bool {
    let mut beginning = [0; MODULE_MAGIC.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut beginning)).is_ok() && beginning == MODULE_MAGIC
}

fn read_module(path: &Path) -> Result<Vec<u8>> {
    let failed = |error| Failure::file("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // The beginning first: whatever has no end (a device) is not read to it.
    file.by_ref().take(BEGINNING_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    if let Some(kind) = script::kind(path, &bytes).filter(|_| !bytes.starts_with(MODULE_MAGIC)) {
        return Err(Failure::refused(format!("{}: is {kind}, not a WebAssembly module", path.display()))
            .hint(script::how_to_bundle(path)));
    }
    if let Some((what, hint)) = source::recognise(path).filter(|_| !bytes.starts_with(MODULE_MAGIC)) {
        return Err(Failure::refused(format!("{}: {what}", path.display())).hint(hint));
    }
    if let Some((what, hint)) = foreign::recognise(&bytes, &file) {
        let failure = Failure::refused(format!("{}: {what}", path.display()));
        return Err(if hint.is_empty() { failure } else { failure.hint(hint) });
    }
    file.take(MODULE_BYTES_MAX).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MODULE_BYTES_MAX {
        return Err(Failure::refused(format!("{}: is larger than a module can be, 4 GiB", path.display())));
    }
    Ok(bytes)
}
