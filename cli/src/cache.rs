//! Where adder keeps what it can make or fetch again. Everything in it may be deleted at any time.

use crate::failure::{Failure, Place, Result};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The cache: `ADDER_CACHE`, else `$XDG_CACHE_HOME/adder`, else `~/.cache/adder`.
///
/// # Errors
/// If none of the three is set.
pub fn folder() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // The base directory specification wants relative values of XDG_CACHE_HOME ignored.
    let xdg = set("XDG_CACHE_HOME").filter(|path| path.is_absolute()).map(|path| path.join("adder"));
    set("ADDER_CACHE").or(xdg).or_else(|| set("HOME").map(|home| home.join(".cache/adder"))).ok_or_else(|| {
        Failure::environment("there is no folder to cache in: neither ADDER_CACHE nor HOME is set")
            .hint("set ADDER_CACHE to a folder")
    })
}

/// Makes sure that a folder of the cache exists.
pub fn create(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| {
        Failure::writing("create", folder, &error, Place::Cache).hint("set ADDER_CACHE to a folder that can be written")
    })
}
