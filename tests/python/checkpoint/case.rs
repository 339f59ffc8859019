//! One way to start python, done twice: cold and restored.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Outcome, finish_with_input};

/// What the environment says unless a case says otherwise.
const ENVIRONMENT: [(&str, &str); 3] = [("LANG", "en_US.UTF-8"), ("PATH", "/usr/bin:/bin"), ("HOME", "/root")];

/// A command line with what is around it.
#[derive(Clone, Default)]
pub struct Case {
    arguments: Vec<Vec<u8>>,
    environment: BTreeMap<&'static str, Option<&'static str>>,
    files: Vec<(&'static str, Vec<u8>)>,
    links: Vec<(&'static str, &'static str)>,
    input: Vec<u8>,
    /// What a shell is told about the standard streams, like `>&-`.
    redirection: &'static str,
    /// The working directory, in the folder with the files.
    directory: &'static str,
}

/// `python ARGUMENTS`.
pub fn python<T: AsRef<[u8]>>(arguments: impl IntoIterator<Item = T>) -> Case {
    let arguments = arguments.into_iter().map(|argument| argument.as_ref().to_vec()).collect();
    Case { arguments, ..Case::default() }
}

/// `python -c CODE`.
pub fn code(code: &str) -> Case {
    python(["-c", code])
}

/// `python script.py`.
pub fn script(contents: impl AsRef<[u8]>) -> Case {
    python(["script.py"]).file("script.py", contents)
}

/// `python` with a program in a pipe.
pub fn input(contents: impl AsRef<[u8]>) -> Case {
    python([""; 0]).input(contents)
}

impl Case {
    /// With a file in the folder.
    pub fn file(mut self, name: &'static str, contents: impl AsRef<[u8]>) -> Case {
        self.files.push((name, contents.as_ref().to_vec()));
        self
    }

    /// With a symbolic link in the folder.
    pub fn link(mut self, name: &'static str, target: &'static str) -> Case {
        self.links.push((name, target));
        self
    }

    /// With this in the pipe that is standard input.
    pub fn input(mut self, contents: impl AsRef<[u8]>) -> Case {
        self.input = contents.as_ref().to_vec();
        self
    }

    /// With this variable in the environment.
    pub fn variable(mut self, name: &'static str, value: &'static str) -> Case {
        self.environment.insert(name, Some(value));
        self
    }

    /// Without this variable in the environment.
    pub fn without(mut self, name: &'static str) -> Case {
        self.environment.insert(name, None);
        self
    }

    /// With what a shell does for this.
    pub fn redirect(mut self, redirection: &'static str) -> Case {
        self.redirection = redirection;
        self
    }

    /// Started in this subfolder.
    pub fn inside(mut self, directory: &'static str) -> Case {
        self.directory = directory;
        self
    }

    /// Runs it cold and restored, each in a new folder under the same path; returns how that ended, and what files there
    /// were then.
    pub fn run(&self, executable: &Path) -> [(Outcome, Files); 2] {
        let parent = tempfile::tempdir().expect("the system's temporary folder is writable");
        let folder = parent.path().join("work");
        [true, false].map(|cold| {
            self.prepare(&folder);
            let outcome = self.outcome(executable, &folder.join(self.directory), cold);
            let files = files(&folder);
            fs::remove_dir_all(&folder).expect("the folder is ours");
            (outcome, files)
        })
    }

    fn prepare(&self, folder: &Path) {
        fs::create_dir(folder).expect("it is not there");
        for (name, contents) in &self.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("it has a name")).expect("the folder is ours");
            fs::write(path, contents).expect("the folder is ours");
        }
        for (name, target) in &self.links {
            std::os::unix::fs::symlink(target, folder.join(name)).expect("the folder is ours");
        }
    }

    /// The command, ready to be started in a folder.
    pub fn command(&self, executable: &Path, cold: bool) -> Command {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;

        let mut command = if self.redirection.is_empty() {
            Command::new(executable)
        } else {
            let mut shell = Command::new("/bin/sh");
            shell.arg("-c").arg(format!("exec \"$0\" \"$@\" {}", self.redirection)).arg(executable);
            shell
        };
        command.env_clear().envs(ENVIRONMENT).args(self.arguments.iter().map(|argument| OsStr::from_bytes(argument)));
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if cold {
            command.env("ADDER_COLD_START", "1");
        }
        command
    }

    fn outcome(&self, executable: &Path, directory: &Path, cold: bool) -> Outcome {
        let mut command = self.command(executable, cold);
        // A shell would set these by itself, and to something else for every process.
        command.env("PWD", directory).env("OLDPWD", "/").env("_", "python").env("SHLVL", "0");
        finish_with_input(command.current_dir(directory), self.input.clone())
    }

    /// Whether the text is in its arguments, files or input.
    pub fn mentions(&self, text: &str) -> bool {
        let contents = self.files.iter().map(|(_, contents)| contents).chain([&self.input]);
        self.arguments.iter().chain(contents).any(|bytes| String::from_utf8_lossy(bytes).contains(text))
    }

    /// The difference between cold and restored, if there is one.
    pub fn difference(&self, executable: &Path) -> Option<String> {
        let [cold, restored] = self.run(executable).map(|(outcome, files)| Outcome {
            stdout: without_addresses(&outcome.stdout),
            stderr: [without_addresses(&outcome.stderr), format!("{files:?}").into_bytes()].concat(),
            ..outcome
        });
        (cold != restored).then(|| {
            let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
            let mut text = format!("{self}\n");
            text += &format!("cold ended with {}, restored with {}\n", cold.status, restored.status);
            for (cold, restored) in [(&cold.stdout, &restored.stdout), (&cold.stderr, &restored.stderr)] {
                let (cold, restored) = (lines(cold), lines(restored));
                for number in 0..cold.len().max(restored.len()) {
                    let [cold, restored] = [&cold, &restored].map(|lines| lines.get(number));
                    if cold != restored {
                        text += &format!("  cold:     {cold:?}\n  restored: {restored:?}\n");
                    }
                }
            }
            text
        })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            // The probe is long, and always the same.
            if text.contains(super::cases::PROBE) { "(the probe)".to_owned() } else { text.into_owned() }
        };
        let arguments: Vec<_> = self.arguments.iter().map(|argument| shown(argument)).collect();
        let files: Vec<_> = self.files.iter().map(|(name, contents)| (name, shown(contents))).collect();
        write!(formatter, "{arguments:?} {:?} {files:?} {:?} ", self.environment, self.links)?;
        write!(formatter, "{:?} {:?} {:?}", shown(&self.input), self.redirection, self.directory)
    }
}

/// The names of files and what is in them.
pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The files in a folder and its subfolders, but those in which python keeps bytecode.
fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    for entry in fs::read_dir(folder).expect("the folder is ours") {
        let path = entry.expect("the folder is ours").path();
        if path.file_name().is_some_and(|name| name == "__pycache__") {
            continue;
        }
        if path.is_dir() && !path.is_symlink() {
            found.extend(files(&path));
        } else {
            let contents = without_addresses(&fs::read(&path).unwrap_or_default());
            found.insert(path, contents);
        }
    }
    found
}

/// Objects lie elsewhere in every process.
pub fn without_addresses(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split(" 0x");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        result += " 0x";
        result += part.trim_start_matches(|character: char| character.is_ascii_hexdigit());
    }
    result.into_bytes()
}
