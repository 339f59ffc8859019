//! The tools, installed into folders of the cache, and the executable that runs them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

use adder::cache;
use adder::note::sha256;
use adder_tests::workspace;

/// What pip is told besides the requirements: packages without native code, or those of Linux, whose native code is passed over.
const TAGS: [&str; 11] = [
    "--only-binary=:all:",
    "--python-version=3.14",
    "--implementation=cp",
    "--abi=cp314",
    "--abi=none",
    "--platform=any",
    "--platform=manylinux2014_x86_64",
    "--platform=manylinux_2_17_x86_64",
    "--no-deps",
    "--require-hashes",
    "--quiet",
];

/// The folder of what these tests keep.
fn folder() -> PathBuf {
    let folder = cache::folder().expect("there is a home").join("test-tools");
    fs::create_dir_all(&folder).expect("the cache is writable");
    folder
}

/// A folder of the cache that depends on a key; `make` fills it the first time. Older ones of the same name are removed.
fn kept(name: &str, key: &str, make: impl FnOnce(&Path)) -> PathBuf {
    // One test at a time: several use the same tool.
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let wanted = folder().join(format!("{name}@{}", &sha256(key.as_bytes())[..16]));
    if !wanted.exists() {
        for entry in fs::read_dir(folder()).expect("the cache can be read") {
            let path = entry.expect("the cache can be read").path();
            if path.file_name().is_some_and(|other| other.to_string_lossy().starts_with(&format!("{name}@"))) {
                fs::remove_dir_all(path).expect("the cache is writable");
            }
        }
        // Whole or not at all: it is used for as long as it is there.
        let made = tempfile::tempdir_in(folder()).expect("the cache is writable");
        make(made.path());
        fs::rename(made.keep(), &wanted).expect("the cache is writable");
    }
    wanted
}

fn requirements(tool: &str) -> PathBuf {
    workspace::root().join("tests/tools/requirements").join(format!("{tool}.txt"))
}

/// What fetches packages: a part of pip. It gets its requirements and the folder that this fills.
fn pip(tool: &str, name: &str, verb: &str, option: &str) -> PathBuf {
    let requirements = requirements(tool);
    let text = fs::read_to_string(&requirements).unwrap_or_else(|error| panic!("{}: {error}", requirements.display()));
    kept(name, &format!("{verb} {TAGS:?}\n{text}"), |folder| {
        let mut command = Command::new("pip");
        command.arg(verb).args(TAGS).arg("--requirement").arg(&requirements).arg(option).arg(folder);
        if verb == "install" {
            command.args(["--no-compile", "--root-user-action=ignore"]);
        }
        workspace::run(&mut command);
    })
}

/// The folder with a tool and what it depends on: what `PYTHONPATH` names. The scripts are in `bin`.
pub fn installed(tool: &str) -> PathBuf {
    pip(tool, tool, "install", "--target")
}

/// A folder with the wheels of a tool.
pub fn wheels(tool: &str) -> PathBuf {
    pip(tool, &format!("wheels-{tool}"), "download", "--dest")
}

/// The executable: it may reach what `adder python` grants by itself, and servers on this machine.
pub fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        if let Some(other) = std::env::var_os("ADDER_TEST_PYTHON") {
            return other.into();
        }
        let adder = workspace::adder();
        let key = sha256(&fs::read(adder).unwrap_or_else(|error| panic!("{}: {error}", adder.display())));
        let folder = kept("python", &key, |folder| {
            let mut command = Command::new(adder);
            let grants = ["python", "3.14", "--net=connect:127.0.0.1"];
            workspace::run(command.args(grants).arg("-o").arg(folder.join("python")));
        });
        folder.join("python")
    })
}

/// The measure of what the executable does: the machine's CPython 3.11, or its default one.
pub fn native() -> &'static Path {
    static NATIVE: OnceLock<PathBuf> = OnceLock::new();
    NATIVE.get_or_init(|| {
        let executable_of = |name: &str| {
            // The program itself, not a version manager's front end.
            let output = Command::new(name).args(["-c", "import sys; print(sys.executable)"]).output().ok()?;
            output.status.success().then(|| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end()))
        };
        ["python3.11", "python3"].into_iter().find_map(executable_of).expect("the machine has a Python of its own")
    })
}
