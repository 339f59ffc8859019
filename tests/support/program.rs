//! From modules to executables.

use std::path::Path;

/// Links an object file with a runtime into an executable at `output`.
pub fn link(_object: &[u8], _runtime: &Path, _output: &Path) -> Result<(), String> {
    Err("not yet".to_owned())
}
