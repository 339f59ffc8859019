//! The executables that run the test suite, and what a process of them is given.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use adder::cache;
use adder_tests::python::{adder, recipe_output};
use adder_tests::workspace::{run, target_directory};

use crate::platform;

/// Which Python, and what it may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// 3.11 for WASI, and a fresh folder, which is its root.
    Confined,
    /// 3.11 for WASI, and all of the host's files.
    WholeHost,
    /// 3.11 for Emscripten, a fresh folder, which is its root, and the network.
    Emscripten,
    /// 3.14 by Pyodide, a fresh folder, which is its root, and the network.
    Pyodide,
    /// 3.14 by Pyodide, all of the host's files, and the network.
    PyodideWholeHost,
}

impl Variant {
    /// Its name in files and messages.
    pub fn name(self) -> &'static str {
        match self {
            Variant::Confined => "confined",
            Variant::WholeHost => "whole-host",
            Variant::Emscripten => "emscripten",
            Variant::Pyodide => "3.14",
            Variant::PyodideWholeHost => "3.14-whole-host",
        }
    }

    /// What `adder python` calls its Python.
    fn flavor(self) -> &'static str {
        match self {
            Variant::Confined | Variant::WholeHost => "3.11",
            Variant::Emscripten => "emscripten",
            Variant::Pyodide | Variant::PyodideWholeHost => "3.14",
        }
    }

    /// Whether all of the host's files are granted.
    fn has_whole_host(self) -> bool {
        matches!(self, Variant::WholeHost | Variant::PyodideWholeHost)
    }

    /// Whether Emscripten has made it.
    fn is_by_emscripten(self) -> bool {
        matches!(self, Variant::Emscripten | Variant::Pyodide | Variant::PyodideWholeHost)
    }

    /// The prefix under which the guest finds an installed Python.
    fn prefix(self) -> &'static str {
        match self {
            Variant::Pyodide | Variant::PyodideWholeHost => "",
            _ => "/usr/local",
        }
    }

    /// The guest's folder of the standard library.
    fn library(self) -> String {
        let version = if self.prefix().is_empty() { "3.14" } else { "3.11" };
        format!("{}/lib/python{version}", self.prefix())
    }

    /// The folder with what the recipe of its tests leaves: the folder `test` is among it.
    fn tests(self) -> PathBuf {
        let cache = || cache::folder().expect("tests have a cache");
        match self {
            Variant::Confined | Variant::WholeHost => recipe_output().join("test-suite"),
            Variant::Emscripten => cache().join("python-3.11.2-emscripten/test-suite"),
            Variant::Pyodide | Variant::PyodideWholeHost => cache().join("python-3.14-tests"),
        }
    }

    /// The recipe that has to be run by hand, if it has not been.
    pub fn missing_recipe(self) -> Option<&'static str> {
        let (folder, recipe) = match self {
            Variant::Confined | Variant::WholeHost => return None,
            Variant::Emscripten => ("python-3.11.2-emscripten", "recipes/python-3.11/build.sh emscripten"),
            Variant::Pyodide | Variant::PyodideWholeHost => ("python-3.14-tests", "recipes/python-3.14/tests.sh"),
        };
        // Recipes leave it when all is done.
        let done = cache::folder().expect("tests have a cache").join(folder).join(".recipe-key");
        (!done.is_file()).then_some(recipe)
    }

    fn options(self) -> Vec<&'static str> {
        let files: &[_] = match self.has_whole_host() {
            true => &["--dir", "/", "--inherit-env"],
            false => &["--dir", ".::/", "--env", "HOME=/"],
        };
        let network: &[_] = if self.is_by_emscripten() { &["--net"] } else { &[] };
        [files, network].concat()
    }
}

/// Where executables and what the modules print are kept.
pub fn folder() -> PathBuf {
    target_directory().join("python-suite")
}

/// Builds the executable of a variant.
pub fn build(variant: Variant) -> PathBuf {
    fs::create_dir_all(folder()).expect("the target folder is writable");
    let executable = folder().join(format!("python-{}", variant.name()));
    let embed = |host: &Path, guest: &str| format!("{}::{guest}", host.display());
    let mut command = Command::new(adder());
    command.args(["python", variant.flavor(), "-o"]).arg(&executable).args(variant.options());
    // Sets and dictionaries in the same order every time.
    command.args(["--env", "PYTHONHASHSEED=0"]);
    if variant.is_by_emscripten() {
        let tests = folder().join("tests").join(variant.name());
        platform::copy_of_tests(&variant.tests(), &tests);
        command.args(["--embed", &embed(&tests, &variant.library())]);
        run(command.stdin(Stdio::null()));
        return executable;
    }
    // Some modules open `sys.executable`: what an engine would have been given.
    let program = folder().join(variant.name());
    fs::create_dir_all(&program).expect("the target folder is writable");
    fs::copy(recipe_output().join("python.wasm"), program.join("python3.11")).expect("the recipe made it");
    command.args(["--embed", &embed(&variant.tests(), &variant.library())]);
    command.args(["--embed", &embed(&program, "/usr/local/bin")]);
    run(command.stdin(Stdio::null()));
    executable
}

/// The names of all modules of the test suite: of those that are tests, of packages as a whole, and of what is in packages that
/// CPython runs module by module (`libregrtest.findtests`).
pub fn modules(variant: Variant) -> Vec<String> {
    const SPLIT: [&str; 10] = [
        "test_asyncio",
        "test_concurrent_futures",
        "test_doctests",
        "test_future_stmt",
        "test_gdb",
        "test_inspect",
        "test_pydoc",
        "test_multiprocessing_fork",
        "test_multiprocessing_forkserver",
        "test_multiprocessing_spawn",
    ];
    let tests = variant.tests().join("test");
    let mut names = modules_in(&tests);
    if variant.is_by_emscripten() && variant.flavor() == "3.14" {
        for package in SPLIT {
            if !names.remove(package) {
                continue;
            }
            names.extend(modules_in(&tests.join(package)).into_iter().map(|name| format!("test.{package}.{name}")));
        }
    }
    names.into_iter().collect()
}

fn modules_in(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the recipe made it");
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
    // The guest's name for the program, where an installed Python would be.
    let version = variant.library().rsplit("python").next().unwrap_or_default().to_owned();
    command.arg0(format!("{}/bin/python{version}", variant.prefix()));
    command.current_dir(fresh).env_clear().stdin(Stdio::null());
    if variant.has_whole_host() {
        // No tools of the machine are found, and nothing is written elsewhere.
        command.env("PATH", fresh.join("none")).env("HOME", fresh).env("TMPDIR", fresh.join("tmp"));
    }
    command
}
