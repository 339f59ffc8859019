//! The Python executables under test, built once per run of the tests through the `adder` binary.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};

use adder_tests::python::{adder, recipe_output};
use adder_tests::workspace::{run, target_directory};

/// A `python.wasm` that the project knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flavor {
    /// 3.11.2, made by `recipes/python-3.11`.
    Python311,
    /// 3.12.0, from npm.
    Python312,
    /// 3.14, from npm, made by Emscripten.
    Python314,
}

impl Flavor {
    /// What `adder python` calls it.
    fn name(self) -> &'static str {
        match self {
            Flavor::Python311 => "3.11",
            Flavor::Python312 => "3.12",
            Flavor::Python314 => "3.14",
        }
    }
}

/// What an executable was granted when it was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variant {
    /// As `adder python` builds it: all of the host's files, and a checkpoint.
    Default,
    /// The same, and the network.
    Network,
    /// Nothing of the host's files.
    Sandbox,
    /// `writable` and `fixed` in the working directory, as `/writable` and `/fixed`, the latter read-only; at most
    /// [`CONFINED_MEMORY_BYTES`] of memory.
    Confined,
}

/// The most memory that [`Variant::Confined`] can have.
pub const CONFINED_MEMORY_BYTES: u64 = 256 << 20;

impl Variant {
    fn options(self) -> Vec<String> {
        let options: &[&str] = match self {
            Variant::Default => &[],
            Variant::Network => &["--net"],
            Variant::Sandbox => &["--sandbox"],
            Variant::Confined => &["--dir", "writable::/writable", "--dir", "fixed::/fixed:ro"],
        };
        let mut options: Vec<String> = options.iter().map(ToString::to_string).collect();
        if self == Variant::Confined {
            options.extend(["--max-memory".to_owned(), CONFINED_MEMORY_BYTES.to_string()]);
        }
        options
    }

    fn name(self) -> &'static str {
        match self {
            Variant::Default => "default",
            Variant::Network => "network",
            Variant::Sandbox => "sandbox",
            Variant::Confined => "confined",
        }
    }
}

type Built = Arc<OnceLock<PathBuf>>;

/// The executable of a flavor, built when the first test asks for it.
pub fn python(flavor: Flavor, variant: Variant) -> PathBuf {
    static BUILT: OnceLock<Mutex<HashMap<(Flavor, Variant), Built>>> = OnceLock::new();
    if let Some(other) = std::env::var_os("ADDER_TEST_PYTHON") {
        return other.into();
    }
    let executable = {
        let mut built = BUILT.get_or_init(Mutex::default).lock().expect("nothing panics while it holds this lock");
        Arc::clone(built.entry((flavor, variant)).or_default())
    };
    executable.get_or_init(|| build(flavor, variant)).clone()
}

fn build(flavor: Flavor, variant: Variant) -> PathBuf {
    if flavor == Flavor::Python311 {
        recipe_output();
    }
    let folder = target_directory().join("python-tests");
    std::fs::create_dir_all(&folder).expect("the target folder is writable");
    let executable = folder.join(format!("python-{}-{}", flavor.name(), variant.name()));
    let mut command = Command::new(adder());
    command.args(["python", flavor.name(), "-o"]).arg(&executable).args(variant.options());
    run(command.stdin(Stdio::null()));
    if variant == Variant::Default {
        check_working_directory(&executable);
    }
    executable
}

/// If this fails, so does every test. That is on purpose: with another working directory than they think, tests would
/// write to wherever it is, most likely `/`.
fn check_working_directory(executable: &Path) {
    let directory = tempfile::tempdir().expect("the system's temporary folder is writable");
    let mut command = Command::new(executable);
    let output = command.current_dir(&directory).args(["-c", "import os; print(os.getcwd())"]).output();
    let output = output.expect("it was just built");
    let seen = String::from_utf8_lossy(&output.stdout);
    let expected = directory.path().canonicalize().expect("it is there");
    assert_eq!(Path::new(seen.trim_end()), expected, "python starts in another directory: {output:?}");
}

/// A CPython of this machine, the measure of what the executables do: 3.11 if there is one, else the default one.
pub fn native() -> &'static Path {
    static NATIVE: OnceLock<PathBuf> = OnceLock::new();
    NATIVE.get_or_init(|| {
        let executable_of = |name: &str| {
            let mut command = Command::new(name);
            // The program itself, not a version manager's front end, which looks at the working directory.
            command.args(["-c", "import sys; print(sys.executable)"]).stderr(Stdio::null());
            let output = command.output().ok().filter(|output| output.status.success())?;
            Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim_end()))
        };
        ["python3.11", "python3"]
            .into_iter()
            .find_map(executable_of)
            .expect("the expectations of these tests come from the machine's own Python, and there is none")
    })
}

/// `python` for messages: the file's name.
pub fn display_name(executable: &Path) -> String {
    executable.file_name().unwrap_or_else(|| OsStr::new("python")).to_string_lossy().into_owned()
}
