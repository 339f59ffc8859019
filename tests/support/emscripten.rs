//! Guests in C, compiled by Emscripten, and the same programs for this machine.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use adder::cache;

use crate::guest::{cached, cached_path};
use crate::workspace;

/// An Emscripten on this machine.
#[derive(Clone, Debug)]
pub struct Emscripten {
    /// Its version.
    pub version: String,
    emcc: PathBuf,
}

/// The folder in the cache in which the recipe has the newer version.
const NEWER: &str = "emscripten-6.0.5/bin/emcc";

/// All that are here: the one in `PATH`, and the newer one where the recipe has made it.
///
/// # Panics
/// If there is none.
pub fn all() -> &'static [Emscripten] {
    static ALL: OnceLock<Vec<Emscripten>> = OnceLock::new();
    ALL.get_or_init(|| {
        let newer = cache::folder().expect("tests have a cache").join(NEWER);
        let newer = newer.is_file().then(|| Emscripten::new(newer));
        [Emscripten::new("emcc".into())].into_iter().chain(newer).collect()
    })
}

impl Emscripten {
    fn new(emcc: PathBuf) -> Emscripten {
        let mut found = Emscripten { version: String::new(), emcc };
        let output = found.command().arg("--version").output().unwrap_or_else(|error| {
            panic!("cannot run {}: {error}\nhint: apt install --no-install-recommends emscripten", found.emcc.display())
        });
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let is_version = |word: &&str| word.contains('.') && word.starts_with(|first: char| first.is_ascii_digit());
        let version = text.lines().next().and_then(|line| line.split_whitespace().find(is_version));
        found.version =
            version.unwrap_or_else(|| panic!("{} says no version: {text}", found.emcc.display())).to_owned();
        found
    }

    /// Whether its `major.minor` is at least that.
    pub fn is_at_least(&self, wanted: (u32, u32)) -> bool {
        let mut numbers = self.version.split(['.', '-', '~']).map(|part| part.parse().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= wanted
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.emcc);
        if self.emcc == Path::new("emcc") {
            // Where Debian has what its emcc needs, whatever node and python are first in PATH.
            command.env("NODE_PATH", "/usr/share/nodejs");
            if Path::new("/usr/bin/python3").is_file() {
                command.env("EMSDK_PYTHON", "/usr/bin/python3");
            }
        }
        command
    }

    /// The module of a program, whose file is in the tests' folder. It ends in order, and the names of its imports stay.
    pub fn module(&self, source: &str) -> Vec<u8> {
        self.module_with(source, &[])
    }

    /// The same with more options.
    pub fn module_with(&self, source: &str, options: &[&str]) -> Vec<u8> {
        let key = [key_of(source), self.version.clone().into_bytes(), options.join(" ").into_bytes()].concat();
        cached("emscripten", &key, |output| {
            let mut command = self.command();
            let made = output.with_file_name("made.js");
            command.args(["-O2", "--profiling-funcs", "-sEXIT_RUNTIME", "-w"]).args(options);
            workspace::run(command.arg(path_of(source)).arg("-o").arg(&made));
            std::fs::rename(made.with_extension("wasm"), output).expect("emcc has made a module");
        })
    }
}

/// The same program for this machine.
pub fn native(source: &str) -> PathBuf {
    cached_path("native", &key_of(source), |output| {
        workspace::run(Command::new("clang").args(["-O1", "-w"]).arg(path_of(source)).arg("-o").arg(output));
    })
}

fn path_of(source: &str) -> PathBuf {
    workspace::root().join("tests").join(source)
}

/// All sources beside a source: it may include any of them.
fn key_of(source: &str) -> Vec<u8> {
    let path = path_of(source);
    let mut key = source.as_bytes().to_vec();
    key.extend(crate::guest::sources(path.parent().expect("a source is in a folder")));
    key
}
