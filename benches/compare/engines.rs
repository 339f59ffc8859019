//! The things that are compared, as commands.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::tools::{self, ENVIRONMENT};

/// The measure of the other Pythons.
pub const NATIVE: &str = "native -O3";
/// The distribution's Python.
pub const DEBIAN: &str = "Debian's (PGO, LTO)";
/// Python under another engine.
pub const WASMTIME: &str = "wasmtime 48";
/// Python made by adder without a checkpoint, where no other is compared.
pub const ADDER: &str = "adder";
/// The same where starts are compared.
pub const ADDER_COLD: &str = "adder, no checkpoint";
/// Python made by adder with a checkpoint.
pub const ADDER_CHECKPOINT: &str = "adder, checkpoint";
/// The same, where ADDER_FAST_EXIT=0 lets it take itself apart at its end, as CPython does.
pub const ADDER_FULL_EXIT: &str = "adder, checkpoint, no fast exit";

/// Python made by adder whose program itself asks for the checkpoint, and goes on behind it.
pub const ADDER_RESTORED: &str = "adder, behind the checkpoint";

/// Something that runs a program: an executable, or a tool with a file that it executes.
#[derive(Clone, Debug)]
pub struct Engine {
    /// What the tables call it.
    pub name: String,
    /// The file that holds the program, in machine code.
    pub executable: PathBuf,
    /// The command that executes the file; empty if it is a process by itself.
    runner: Vec<OsString>,
    variables: Vec<(String, String)>,
}

impl Engine {
    /// An executable.
    pub fn process(name: impl Into<String>, executable: PathBuf) -> Engine {
        Engine { name: name.into(), executable, runner: Vec::new(), variables: Vec::new() }
    }

    /// A file that wasmtime has compiled, run by it with more options.
    pub fn wasmtime(command: PathBuf, options: &[&str], executable: PathBuf) -> Engine {
        let mut runner: Vec<OsString> = vec![command.into(), "run".into(), "--allow-precompiled".into()];
        runner.extend(options.iter().map(OsString::from));
        Engine { name: WASMTIME.to_owned(), executable, runner, variables: Vec::new() }
    }

    /// The same under another name.
    pub fn named(self, name: impl Into<String>) -> Engine {
        Engine { name: name.into(), ..self }
    }

    /// The same with a variable in the program's environment.
    pub fn with(mut self, variable: impl Into<String>, value: impl Into<String>) -> Engine {
        self.variables.push((variable.into(), value.into()));
        self
    }

    /// A command that runs the program with `arguments`, in an environment without anything of the user's.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let program = self.runner.first().map_or(self.executable.as_os_str(), OsString::as_os_str);
        let mut command = tools::clean(program);
        if self.runner.is_empty() {
            command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        } else {
            command.args(&self.runner[1..]);
            let common = ENVIRONMENT.iter().map(|(name, value)| (*name, *value));
            let own = self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            for (name, value) in common.chain(own) {
                command.arg("--env").arg(format!("{name}={value}"));
            }
            command.arg(&self.executable);
        }
        command.args(arguments);
        command
    }
}

/// A tool that turns python.wasm into machine code.
#[derive(Debug)]
pub struct Compiler {
    pub name: &'static str,
    pub words: Vec<OsString>,
    /// The file that it makes.
    pub output: PathBuf,
}

impl Compiler {
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).stderr(Stdio::null());
        command
    }
}
