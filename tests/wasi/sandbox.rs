//! The host's side of a WASI test: a folder to run in, and the guests' executables.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use adder::configuration::{Configuration, Grant, tree};
use adder_compiler::{MemoryPlan, Options};
use adder_tests::{guest, workspace};
use tempfile::TempDir;

/// A folder that holds the granted folders `box` and `readonly`, and `outside`, which is not granted. Grants are
/// relative to the folder in which a program is started, so one executable serves all tests.
pub struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// A new one, with the links that the tests of escapes try.
    pub fn new() -> Sandbox {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let path = folder.path();
        let make = || -> std::io::Result<()> {
            for name in ["box", "box/deep", "readonly", "readonly/folder", "outside"] {
                std::fs::create_dir(path.join(name))?;
            }
            std::fs::write(path.join("box/inside"), "inside")?;
            std::fs::write(path.join("readonly/file"), "kept")?;
            std::fs::write(path.join("outside/secret"), "secret")?;
            symlink("../outside", path.join("box/link-to-folder"))?;
            symlink("../outside/secret", path.join("box/link-to-secret"))?;
            symlink(path.join("outside"), path.join("box/absolute-folder"))?;
            symlink(path.join("outside/secret"), path.join("box/absolute-secret"))?;
            symlink("../outside/created", path.join("box/dangling-outside"))?;
            symlink("link-to-folder", path.join("box/chain"))?;
            symlink("../../outside", path.join("box/deep/link"))
        };
        make().expect("a new folder is writable");
        Sandbox { folder }
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command that runs an executable here.
    pub fn command(&self, executable: &Path, arguments: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(executable);
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    /// Runs the Rust guest, which has to succeed; gives what it printed.
    pub fn rust(&self, arguments: &[&str]) -> String {
        succeed(self.command(&rust_guest(), arguments))
    }

    /// Runs the C guest, which has to succeed; gives what it printed.
    pub fn c(&self, arguments: &[&str]) -> String {
        succeed(self.command(&c_guest(), arguments))
    }

    /// Asserts that nothing outside of the grants has changed.
    pub fn assert_outside_untouched(&self) {
        let outside: Vec<_> = std::fs::read_dir(self.path("outside")).expect("still there").flatten().collect();
        assert_eq!(outside.len(), 1, "something was created outside: {outside:?}");
        assert_eq!(std::fs::read(self.path("outside/secret")).expect("still there"), b"secret");
        let metadata = std::fs::metadata(self.path("outside/secret")).expect("still there");
        let age = metadata.modified().expect("linux has times").elapsed().unwrap_or_default();
        assert!(age.as_secs() < 3600, "its times were changed");
        let mut beside: Vec<_> =
            std::fs::read_dir(self.folder.path()).expect("still there").flatten().map(|one| one.file_name()).collect();
        beside.sort();
        assert_eq!(beside, ["box", "outside", "readonly"], "beside the grants");
    }
}

/// What both guests are granted and given.
fn configuration() -> Configuration {
    let grant = |name: &str, read_only| Grant { host: name.to_owned(), guest: format!("/{name}"), read_only };
    Configuration {
        grants: vec![grant("box", false), grant("readonly", true)],
        environment: vec!["BAKED=in".to_owned(), "EMPTY=".to_owned()],
        ..Configuration::default()
    }
}

/// The executable of the Rust guest.
pub fn rust_guest() -> PathBuf {
    guest::executable("wasi-rust", &guest::rust("wasi/rust/main.rs"), &configuration(), &Options::default())
}

/// The executable of the C guest.
pub fn c_guest() -> PathBuf {
    guest::executable("wasi-c", &guest::c("wasi/c/main.c"), &configuration(), &Options::default())
}

/// The executable of the C guest with its memory elsewhere.
pub fn c_guest_with_memory(memory: MemoryPlan) -> PathBuf {
    let options = Options { memory, ..Options::default() };
    guest::executable(&format!("wasi-c-{memory:?}"), &guest::c("wasi/c/main.c"), &configuration(), &options)
}

/// The C guest that also sees the environment of its process.
pub fn c_guest_with_environment() -> PathBuf {
    let configuration = Configuration { inherit_environment: true, ..configuration() };
    guest::executable("wasi-c-environment", &guest::c("wasi/c/main.c"), &configuration, &Options::default())
}

/// The C guest with its own source as `/embedded/main.c` inside the executable.
pub fn c_guest_with_embedded() -> PathBuf {
    let mut configuration = configuration();
    let source = workspace::root().join("tests/wasi/c");
    configuration.tree.embed(&source, "/embedded", tree::EVERYTHING).expect("the source is in the repository");
    guest::executable("wasi-c-embedded", &guest::c("wasi/c/main.c"), &configuration, &Options::default())
}

/// The executable of a module in the text format.
pub fn text_guest(name: &str, text: &str) -> PathBuf {
    guest::executable(name, &adder_tests::text::assemble(text), &configuration(), &Options::default())
}

/// Runs a command that has to succeed; gives what it printed.
pub fn succeed(mut command: Command) -> String {
    let output = command.output().expect("the executable can be run");
    assert!(output.status.success(), "{}", describe(&output));
    String::from_utf8(output.stdout).expect("the guests print text")
}

/// Runs a command with this standard input.
pub fn with_input(mut command: Command, input: &[u8]) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the executable can be run");
    let mut pipe = child.stdin.take().expect("stdin is piped");
    std::thread::scope(|scope| {
        // The program may answer before it has read everything.
        scope.spawn(move || pipe.write_all(input));
        adder_tests::outcome::wait_with_output(child)
    })
}

/// Status and texts of a run, for messages.
pub fn describe(output: &Output) -> String {
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{}\n{stdout}\n{stderr}", output.status)
}
