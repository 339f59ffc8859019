//! Work for a tool, done by both Pythons in folders of the same name.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use adder_tests::outcome::{Outcome, finish};

use crate::install::{installed, native, python};

/// A command: the exit status, a text that its output has (so that two Pythons that fail alike are no success), the name of the
/// script and its arguments.
pub type Line<'a> = (i32, &'a str, &'a [&'a str]);

/// Work for a tool.
#[derive(Default)]
pub struct Work<'a> {
    /// The name of its requirements.
    pub tool: &'a str,
    /// Files to work on, by their names.
    pub files: &'a [(&'a str, &'a str)],
    /// What is set in the environment.
    pub environment: &'a [(&'a str, &'a str)],
    /// What is run, one after the other.
    pub lines: &'a [Line<'a>],
    /// Ends of names of files that have to be there, but say which Python or when; and why.
    pub not_compared: &'a [(&'a str, &'a str)],
    /// Beginnings of lines of which nothing else is compared, as times follow.
    pub before_times: &'a [&'a str],
}

/// What a Python has done: how its commands ended, and the files that are there then.
struct Done {
    outcomes: Vec<Outcome>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Work<'_> {
    /// Has both Pythons do it and compares how the commands ended, what they printed, and which files are there.
    #[track_caller]
    pub fn check(&self) {
        let parent = tempfile::tempdir().expect("the system's temporary folder is writable");
        let expected = self.done_by(native(), parent.path());
        for ((status, shows, line), outcome) in self.lines.iter().zip(&expected.outcomes) {
            let shown = outcome.stdout.contains(shows) || outcome.stderr.contains(shows);
            assert!(outcome.status == Some(*status) && shown, "{line:?} with native Python: {outcome:#?}");
        }
        let actual = self.done_by(python(), parent.path());
        for ((_, _, line), (expected, actual)) in self.lines.iter().zip(expected.outcomes.iter().zip(&actual.outcomes))
        {
            assert_eq!(self.without_times(actual), self.without_times(expected), "{line:?}");
        }
        let names = |done: &Done| done.files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&actual), names(&expected), "{} leaves other files", self.tool);
        for (end, why) in self.not_compared {
            assert!(
                expected.files.keys().any(|name| name.ends_with(end)),
                "there is no {end}, of which is said: {why}"
            );
        }
        for (name, contents) in &expected.files {
            let is_compared = !self.not_compared.iter().any(|(end, _)| name.ends_with(end));
            let (actual, contents) = (actual.files[name].escape_ascii(), contents.escape_ascii());
            assert!(
                !is_compared || actual.to_string() == contents.to_string(),
                "{name}: {actual}\n\nnative: {contents}"
            );
        }
    }

    /// A command that native Python can do, and the executable cannot: it ends with this status and says this on
    /// standard error, or nothing at all: then native Python is not asked, for what would be compared is not known.
    #[track_caller]
    pub fn check_limit(&self, status: i32, says: &str) {
        let parent = tempfile::tempdir().expect("the system's temporary folder is writable");
        let [(expected_status, shows, line)] = self.lines else { panic!("one command") };
        if !says.is_empty() {
            let expected = self.done_by(native(), parent.path()).outcomes.remove(0);
            let shown = expected.stdout.contains(shows) || expected.stderr.contains(shows);
            assert!(expected.status == Some(*expected_status) && shown, "{line:?} with native Python: {expected:#?}");
        }
        let actual = self.done_by(python(), parent.path()).outcomes.remove(0);
        let says = if says.is_empty() { actual.stderr.is_empty() } else { actual.stderr.contains(says) };
        assert!(actual.status == Some(status) && says, "{line:?}: {actual:#?}");
    }

    /// Both are started by the same name in the same folder, so that what names them is the same.
    fn done_by(&self, python: &Path, parent: &Path) -> Done {
        let site = installed(self.tool);
        let (link, folder, home) = (parent.join("python3"), parent.join("work"), parent.join("home"));
        symlink(python, &link).expect("it was removed before");
        // Packages that the machine has are not the tool's: to its Python, this is a virtual environment without any.
        let settings = parent.join("pyvenv.cfg");
        if python == native() {
            let home = python.parent().expect("it is in a folder").display();
            fs::write(&settings, format!("home = {home}\ninclude-system-site-packages = false\n"))
                .expect("the folder is ours");
        }
        fs::create_dir(&home).expect("it was removed before");
        for (name, text) in self.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("it is in the folder")).expect("the folder is ours");
            fs::write(path, text).expect("the folder is ours");
        }
        fs::create_dir_all(&folder).expect("it was removed before");
        let run = |(_, _, line): &Line| {
            let mut command = Command::new(&link);
            command.arg(site.join("bin").join(line[0])).args(&line[1..]).current_dir(&folder);
            // What a user has configured must not matter, and texts that name the time are to be the same.
            command.env_clear().env("HOME", &home).env("PATH", "/usr/bin:/bin").env("PYTHONPATH", &site);
            command.envs([("PYTHONUTF8", "1"), ("PYTHONHASHSEED", "0"), ("COLUMNS", "80")]);
            command.env("TMPDIR", &home).env("SOURCE_DATE_EPOCH", "1700000000").envs(self.environment.iter().copied());
            finish(&mut command, b"")
        };
        let outcomes = self.lines.iter().map(run).collect();
        let mut files = BTreeMap::new();
        read(&folder, "", &mut files);
        for path in [&folder, &home] {
            fs::remove_dir_all(path).expect("the folder is ours");
        }
        fs::remove_file(&link).expect("the folder is ours");
        let _ = fs::remove_file(&settings);
        Done { outcomes, files }
    }

    fn without_times(&self, outcome: &Outcome) -> Outcome {
        let cut = |text: &str| -> String {
            let beginning =
                |line: &str| self.before_times.iter().find(|beginning| line.starts_with(**beginning)).copied();
            text.split_inclusive('\n').map(|line| beginning(line).unwrap_or(line).to_owned()).collect()
        };
        Outcome { status: outcome.status, stdout: cut(&outcome.stdout), stderr: cut(&outcome.stderr) }
    }
}

/// All files below a folder, but for bytecode, which each version of Python has its own of.
fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("the folder is ours") {
        let path = entry.expect("the folder is ours").path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            if !name.ends_with("__pycache__") {
                read(&path, &format!("{name}/"), files);
            }
        } else {
            files.insert(name, fs::read(&path).expect("it was listed"));
        }
    }
}
