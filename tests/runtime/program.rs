//! Executables of modules in the text format that export what a test calls.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use adder::configuration::Configuration;
use adder_compiler::{CpuLevel, Entry, Input, MemoryPlan, Optimization, Options};
use adder_tests::{outcome::Outcome, program::build, text::assemble};
use tempfile::TempDir;

/// An executable, in a folder of its own that goes away with it.
pub struct Program {
    folder: TempDir,
}

/// How an executable is built, where it matters.
pub struct Settings {
    /// Where its memory lies.
    pub memory: MemoryPlan,
    /// The CPUs that it is for.
    pub cpu: CpuLevel,
    /// How hard it is optimised.
    pub optimization: Optimization,
    /// The size of its stack, in bytes.
    pub stack_bytes: u64,
    /// What is baked in.
    pub configuration: Configuration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            memory: MemoryPlan::Low,
            cpu: CpuLevel::V1,
            optimization: Optimization::Fast,
            stack_bytes: 1 << 20,
            configuration: Configuration::default(),
        }
    }
}

impl Program {
    /// An executable that calls an exported function with the arguments of the process.
    pub fn new(text: &str, function: &str) -> Program {
        Program::with(text, function, &Settings::default())
    }

    /// The same, built with other settings.
    pub fn with(text: &str, function: &str, settings: &Settings) -> Program {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let module = assemble(text);
        let options = Options {
            entry: Entry::Invoke(function.to_owned()),
            memory: settings.memory,
            cpu: settings.cpu,
            optimization: settings.optimization,
            stack_bytes: settings.stack_bytes,
            allow_missing: true,
            ..Options::default()
        };
        let input = Input { name: "module", bytes: &module };
        build(&[input], &options, &settings.configuration, &folder.path().join("program"))
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
        Program { folder }
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("program")
    }

    /// A command that runs it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.path());
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command(arguments).output().expect("the executable can be run"))
    }

    /// A command that has a shell do something to itself before it becomes the program.
    pub fn after(&self, preparation: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{preparation}; exec \"$0\" \"$@\"")).arg(self.path()).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}
