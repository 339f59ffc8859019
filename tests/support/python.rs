//! What every test of a Python needs: the `adder` binary, and the Python 3.11 that this repository's recipe builds.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

pub use crate::workspace::adder;
use crate::workspace::{root, run};

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
