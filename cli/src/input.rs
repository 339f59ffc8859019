//! Reads modules, and recognises what is not one before the compiler has to.

use crate::failure::{Failure, Result};
use crate::python::script;
use crate::request::Module;
use std::fs::File;
use std::io::Read;
use std::path::Path;

const MODULE_MAGIC: &[u8] = b"\0asm";

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
    if let Some((what, hint)) = why_not_a_module(&bytes) {
        let failure = Failure::refused(format!("{}: {what}", path.display()));
        return Err(if hint.is_empty() { failure } else { failure.hint(hint) });
    }
    file.take(MODULE_BYTES_MAX).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MODULE_BYTES_MAX {
        return Err(Failure::refused(format!("{}: is larger than a module can be, 4 GiB", path.display())));
    }
    Ok(bytes)
}

/// What a file is instead of a module in the binary format, and what to do about it.
fn why_not_a_module(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.is_empty() {
        return Some(("is empty, not a WebAssembly module", ""));
    }
    if let Some(rest) = bytes.strip_prefix(MODULE_MAGIC) {
        // The version and the layer, two bytes each. Shorter or unknown ones are for the compiler to refuse.
        return match rest {
            [_, _, 1, 0, ..] => Some((
                "is a WebAssembly component, not a core module",
                "adder compiles core modules; build for a target like wasm32-wasip1, or take the module out with \
                 wasm-tools component unbundle",
            )),
            _ => None,
        };
    }
    if bytes.starts_with(b"\x7fELF") {
        return Some(("is a native executable, not a WebAssembly module", "it runs without adder"));
    }
    if bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"PK\x03\x04") {
        return Some(("is an archive, not a WebAssembly module", "unpack it first"));
    }
    let text = bytes.trim_ascii_start();
    if text.starts_with(b"(") || text.starts_with(b";;") {
        return Some((
            "is WebAssembly text, not a module in the binary format",
            "convert it first, with wat2wasm or wasm-tools parse",
        ));
    }
    if MODULE_MAGIC.starts_with(bytes) {
        return Some(("ends in the middle of the header of a WebAssembly module", "the file is incomplete"));
    }
    Some(("is not a WebAssembly module: it does not start with \\0asm", ""))
}
