//! Runs `adder` in a folder of its own and looks at what it says and leaves.

#[allow(dead_code)]
pub mod programs;

use clap::CommandFactory;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The input was refused.
#[allow(dead_code)]
pub const REFUSED: i32 = 1;
/// The command line does not make sense.
#[allow(dead_code)]
pub const USAGE: i32 = 2;
/// A file, a program or the network failed.
#[allow(dead_code)]
pub const ENVIRONMENT: i32 = 3;

/// A module that needs nothing and does nothing.
#[allow(dead_code)]
pub const NOTHING: &str = r#"(module (memory (export "memory") 1) (func (export "_start")))"#;

/// A folder to work in, with a cache of its own; both go away with it.
pub struct Workshop {
    folder: TempDir,
}

/// What a process said and how it ended.
#[derive(Debug)]
pub struct Outcome {
    /// Exit status.
    pub status: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Outcome {
        Outcome {
            status: output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}")),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

#[allow(dead_code)]
impl Workshop {
    /// An empty one.
    pub fn new() -> Workshop {
        let workshop = Workshop { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir(workshop.path("work")).expect("a folder");
        workshop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder that `adder` runs in.
    pub fn work(&self) -> PathBuf {
        self.path("work")
    }

    /// Makes a folder beside it.
    pub fn folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir(&path).expect("a folder");
        path
    }

    /// Writes a file into it.
    pub fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.work().join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        fs::write(&path, contents).expect("a file");
        path
    }

    /// Writes a module into it.
    pub fn module(&self, name: &str, text: &str) -> PathBuf {
        self.file(name, wat::parse_str(text).expect("a module"))
    }

    /// The names in it, sorted.
    pub fn names(&self) -> Vec<String> {
        names(&self.work())
    }

    /// A command that runs in it, with `adder`'s cache beside it.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.work()).env("ADDER_CACHE", self.path("cache")).env_remove("RUST_BACKTRACE");
        command
    }

    /// Runs a program in it.
    pub fn run(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Outcome {
        self.command(program).args(arguments).output().expect("it starts").into()
    }

    /// Runs `adder` in it.
    pub fn adder(&self, arguments: &[&str]) -> Outcome {
        let outcome = self.run(ADDER, arguments);
        assert_hints_fit(arguments, &outcome.stderr);
        outcome
    }
}

/// Hints name no option that their command does not have. A hint may name another command of adder's first, or another program.
#[allow(dead_code)]
pub fn assert_hints_fit(arguments: &[&str], said: &str) {
    let mut adder = adder::arguments::Arguments::command();
    adder.build();
    for hint in said.lines().filter_map(|line| line.strip_prefix("hint: ")) {
        // The innermost command: `profile merge`.
        let inner = |command, name: &&str| clap::Command::find_subcommand(command, name).unwrap_or(command);
        let at_hand = arguments.iter().fold(&adder, inner);
        for part in hint.split("; ").flat_map(|part| part.split(": ")) {
            let (mut command, mut foreign) = (at_hand, false);
            let mut words = part.split_whitespace().peekable();
            while let Some(word) = words.next() {
                if let Some(named) =
                    words.peek().filter(|_| word == "adder").and_then(|name| adder.find_subcommand(name))
                {
                    (command, foreign) = (named, false);
                }
                foreign |= ["ulimit", "npm", "pip", "clang", "emcc", "cargo", "tinygo"].contains(&word);
                let option = word.trim_matches(|sign: char| !sign.is_alphanumeric() && sign != '-');
                let option = option.split('=').next().unwrap_or_default();
                let is_its = |argument: &clap::Arg| {
                    let long = argument.get_long().map(|name| format!("--{name}"));
                    let short = argument.get_short().map(|name| format!("-{name}"));
                    [long, short].iter().flatten().any(|name| name == option)
                };
                let is_option = option.len() > 1 && option.starts_with('-') && option != "--" && !foreign;
                // What follows is the program's.
                words.next_if(|_| option == "--argument");
                assert!(!is_option || command.get_arguments().any(is_its), "{arguments:?}: {option}: {hint}");
            }
        }
    }
}

/// What adder says last when it has written the executable `file`.
#[allow(dead_code)]
pub fn wrote(file: &Path) -> String {
    let bytes = fs::metadata(file).expect("it is there").len();
    let name = file.file_name().expect("a name").to_str().expect("text");
    let size = match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    };
    format!("wrote ./{name} ({size}); run it: ./{name}\n")
}

/// The program under test.
pub const ADDER: &str = env!("CARGO_BIN_EXE_adder");

/// The names in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect();
    names.sort();
    names
}
