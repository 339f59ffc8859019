//! Programs that are libraries: called from C by a shared library and by an object that gcc links, for each target; and from Python.

mod access;
mod c;
mod process;
mod python;
mod refusals;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use adder::target::Target;
use adder_compiler::{Architecture, host};
use adder_tests::outcome::{Outcome, finish};
use adder_tests::{target, text, workspace};
use tempfile::TempDir;

/// A folder with libraries in it.
pub struct Workshop {
    folder: TempDir,
}

/// How a program in C gets a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// As a shared library.
    Shared,
    /// As an object that becomes part of the program.
    Object,
    /// Likewise, and libc, too.
    Static,
}

impl Default for Workshop {
    fn default() -> Workshop {
        Workshop::new()
    }
}

impl Workshop {
    /// An empty one.
    pub fn new() -> Workshop {
        Workshop { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// Where things are.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file.
    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), contents).expect(name);
    }

    /// Runs adder in the folder.
    pub fn adder(&self, arguments: &[&str]) -> Outcome {
        finish(Command::new(workspace::adder()).args(arguments).current_dir(self.path()), b"")
    }

    /// Runs adder, which succeeds.
    pub fn build(&self, arguments: &[&str]) {
        let outcome = self.adder(arguments);
        assert_eq!(outcome.status, Some(0), "{arguments:?}: {}", outcome.stderr);
    }

    /// Makes the shared library `libNAME.so` of a module, with what belongs to it.
    pub fn library(&self, name: &str, module: &[u8], options: &[&str]) {
        self.write(&format!("{name}.wasm"), module);
        let (wasm, so) = (format!("{name}.wasm"), format!("lib{name}.so"));
        self.build(&[&["build", &wasm, "--emit", "lib", "-o", &so], options].concat());
    }

    /// The same of a module in the text format.
    pub fn text(&self, name: &str, module: &str, options: &[&str]) {
        self.library(name, &text::assemble(module), options);
    }

    /// Compiles a program in C that uses the libraries of these names, and returns what runs it.
    pub fn c(&self, source: &str, libraries: &[&str], linked: Linked) -> Command {
        self.write("main.c", source);
        let mut gcc = Command::new(gcc());
        gcc.args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-pthread", "main.c", "-o", "main"])
            .current_dir(self.path());
        for name in libraries {
            match linked {
                Linked::Shared => gcc.arg(format!("lib{name}.so")).arg("-Wl,-rpath,$ORIGIN"),
                Linked::Object | Linked::Static => {
                    let object = format!("{name}.o");
                    self.build(&["build", &format!("{name}.wasm"), "--emit", "obj", "-o", &object]);
                    gcc.arg(object)
                }
            };
        }
        // Behind what needs it.
        if linked != Linked::Shared {
            let target = Target::of(target::architecture()).name;
            self.build(&["runtime", "--out", "runtime", "--target", target]);
            gcc.args(["runtime/libadder_runtime.a", "-Wl,--gc-sections"]);
        }
        if linked == Linked::Static {
            gcc.arg("-static");
        }
        workspace::run(gcc.arg("-lm"));
        self.run("main")
    }

    /// What runs a program of the folder.
    pub fn run(&self, program: &str) -> Command {
        let program = self.path().join(program);
        let mut command = match target::architecture() == host() {
            true => Command::new(program),
            false => {
                let mut command = Command::new(target::emulator(target::architecture()));
                command.args(["-L", "/usr/aarch64-linux-gnu"]).arg(program);
                command
            }
        };
        command.current_dir(self.path());
        command
    }
}

/// gcc for the target of the run.
fn gcc() -> PathBuf {
    match target::architecture() {
        architecture if architecture == host() => "gcc",
        Architecture::Aarch64 => "aarch64-linux-gnu-gcc",
        Architecture::X86_64 => "x86_64-linux-gnu-gcc",
    }
    .into()
}

/// Runs what [`Workshop::c`] has compiled, which succeeds, and returns what it has printed.
#[track_caller]
pub fn printed(command: &mut Command) -> String {
    let outcome = finish(command, b"");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(0), ""), "{}", outcome.stdout);
    outcome.stdout
}
