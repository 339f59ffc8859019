//! What every test of a Python needs: the `adder` binary, and the Python 3.11 that this repository's recipe builds.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::workspace::{root, run, target_directory};

/// The `adder` binary: `ADDER_TEST_BINARY` or a release build of this checkout. Not a debug build: compiling Python
/// with one takes minutes.
pub fn adder() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(binary) = std::env::var_os("ADDER_TEST_BINARY") {
            return binary.into();
        }
        let target = target_directory();
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // Not `--package adder`: that would select other features of some dependencies, and compile them once more.
        command.args(["build", "--release", "--quiet", "--bin", "adder", "--manifest-path"]);
        command.arg(root().join("Cargo.toml")).arg("--target-dir").arg(&target);
        run(command.stdin(Stdio::null()));
        target.join("release/adder")
    })
}

/// The folder with the 3.11 flavor's `python.wasm`, library and tests. Making it takes minutes the first time and
/// nothing afterwards.
pub fn recipe_output() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let mut recipe = Command::new(root().join("recipes/python-3.11/build.sh"));
        let printed = run(recipe.arg("wasi").stdin(Stdio::null()));
        let printed = String::from_utf8(printed).expect("the recipe prints paths of this machine");
        PathBuf::from(printed.trim_end())
    })
}
