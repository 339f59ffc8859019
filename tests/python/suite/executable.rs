//! The executables that run the test suite, and what a process of them is given.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use adder_tests::python::{adder, recipe_output};
use adder_tests::workspace::{run, target_directory};

/// What the guest may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// A fresh folder, which is its root.
    Confined,
    /// All of the host's files.
    WholeHost,
}

/// The guest's name for the program, where an installed Python would be.
const PROGRAM: &str = "/usr/local/bin/python3.11";

/// The guest's folder of the standard library.
const LIBRARY: &str = "/usr/local/lib/python3.11";

impl Variant {
    /// Its name in files and messages.
    pub fn name(self) -> &'static str {
        match self {
            Variant::Confined => "confined",
            Variant::WholeHost => "whole-host",
        }
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            Variant::Confined => &["--dir", ".::/", "--env", "HOME=/"],
            Variant::WholeHost => &["--dir", "/", "--inherit-env"],
        }
    }
}

/// Where executables and what the modules print are kept.
pub fn folder() -> PathBuf {
    target_directory().join("python-suite")
}

/// Builds the executable of a variant.
pub fn build(variant: Variant) -> PathBuf {
    let output = recipe_output();
    // Some modules open `sys.executable`: what an engine would have been given.
    let program = folder().join(variant.name());
    fs::create_dir_all(&program).expect("the target folder is writable");
    let module = program.join(Path::new(PROGRAM).file_name().expect("it is a file's path"));
    fs::copy(output.join("python.wasm"), module).expect("the recipe made it");
    let executable = folder().join(format!("python-{}", variant.name()));
    let embed = |host: &Path, guest: &str| format!("{}::{guest}", host.display());
    let mut command = Command::new(adder());
    command.args(["python", "3.11", "-o"]).arg(&executable).args(variant.options());
    command.args(["--embed", &embed(&output.join("test-suite"), LIBRARY)]);
    command.args(["--embed", &embed(&program, "/usr/local/bin")]);
    // Sets and dictionaries in the same order every time.
    command.args(["--env", "PYTHONHASHSEED=0"]);
    run(command.stdin(Stdio::null()));
    executable
}

/// The names of all modules of the test suite.
pub fn modules() -> Vec<String> {
    let entries = fs::read_dir(recipe_output().join("test-suite/test")).expect("the recipe made it");
    let names = entries.filter_map(|entry| {
        let entry = entry.expect("the folder can be read");
        let name = entry.file_name().into_string().ok()?;
        let module = match name.strip_suffix(".py") {
            Some(module) => module,
            None if entry.path().is_dir() => &name,
            None => return None,
        };
        module.starts_with("test_").then(|| module.to_owned())
    });
    names.collect()
}

/// A command that runs `arguments` as a guest that has `fresh`, an empty folder, to itself.
pub fn command(variant: Variant, executable: &Path, fresh: &Path) -> Command {
    use std::os::unix::process::CommandExt;
    fs::create_dir(fresh.join("tmp")).expect("the folder is ours");
    let mut command = Command::new(executable);
    command.arg0(PROGRAM).current_dir(fresh).env_clear().stdin(Stdio::null());
    if variant == Variant::WholeHost {
        // No tools of the machine are found, and nothing is written elsewhere.
        command.env("PATH", fresh.join("none")).env("HOME", fresh).env("TMPDIR", fresh.join("tmp"));
    }
    command
}
