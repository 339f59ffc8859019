//! Guests in C and C++, compiled by Emscripten, and the same programs for this machine.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use adder::cache;
use adder::note::sha256;

use crate::workspace;

/// An Emscripten on this machine.
#[derive(Clone, Debug)]
pub struct Emscripten {
    /// Its version.
    pub version: String,
    /// The folder of its commands; those in `PATH` are meant if there is none.
    folder: Option<PathBuf>,
}

/// The folder in the cache in which the recipe has the newer version.
const NEWER: &str = "emscripten-6.0.5";

/// All that are here: the one in `PATH`, and the newer one where the recipe has made it.
///
/// # Panics
/// If there is none.
pub fn all() -> &'static [Emscripten] {
    static ALL: OnceLock<Vec<Emscripten>> = OnceLock::new();
    ALL.get_or_init(|| {
        let newer = cache::folder().expect("tests have a cache").join(NEWER);
        // The recipe leaves it when all is done.
        let newer = newer.join(".recipe-key").is_file().then(|| Emscripten::new(Some(newer.join("bin"))));
        [Emscripten::new(None)].into_iter().chain(newer).collect()
    })
}

impl Emscripten {
    fn new(folder: Option<PathBuf>) -> Emscripten {
        let mut found = Emscripten { version: String::new(), folder };
        let output = found.command("emcc").arg("--version").output().unwrap_or_else(|error| {
            panic!("cannot run emcc: {error}\nhint: apt install --no-install-recommends emscripten")
        });
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let is_version = |word: &&str| word.contains('.') && word.starts_with(|first: char| first.is_ascii_digit());
        let version = text.lines().next().and_then(|line| line.split_whitespace().find(is_version));
        found.version = version.unwrap_or_else(|| panic!("emcc says no version: {text}")).to_owned();
        found
    }

    /// Whether its `major.minor` is at least that.
    pub fn is_at_least(&self, wanted: (u32, u32)) -> bool {
        let mut numbers = self.version.split(['.', '-', '~']).map(|part| part.parse().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= wanted
    }

    fn command(&self, name: &str) -> Command {
        let Some(folder) = &self.folder else {
            let mut command = Command::new(name);
            // Where Debian has what its emcc needs, whatever node and python are first in PATH.
            command.env("NODE_PATH", "/usr/share/nodejs");
            if Path::new("/usr/bin/python3").is_file() {
                command.env("EMSDK_PYTHON", "/usr/bin/python3");
            }
            return command;
        };
        Command::new(folder.join(name))
    }

    /// The module of a program, whose file is in the tests' folder. It ends in order, and the names of its imports stay.
    pub fn module(&self, source: &str) -> Vec<u8> {
        self.module_with(source, &[])
    }

    /// The same with more options, which win.
    pub fn module_with(&self, source: &str, options: &[&str]) -> Vec<u8> {
        let path = kept(source, "wasm", &format!("{} {options:?} {}", self.version, text(source)), |output| {
            let mut command = self.command(if is_c(source) { "emcc" } else { "em++" });
            // emcc writes a script of this name, and the module beside it.
            let script = output.with_extension("js");
            command.args(["-O2", "--profiling-funcs", "-sEXIT_RUNTIME", "-w"]).args(standard(source)).args(options);
            workspace::run(command.arg(path_of(source)).arg("-o").arg(&script));
            std::fs::rename(script.with_extension("wasm"), output).expect("emcc has made a module");
        });
        std::fs::read(path).expect("what was just made can be read")
    }
}

/// The same program for this machine.
pub fn native(source: &str) -> PathBuf {
    kept(source, "native", &text(source), |output| {
        let mut clang = Command::new(if is_c(source) { "clang" } else { "clang++" });
        clang.args(["-O1", "-w"]).args(standard(source));
        workspace::run(clang.arg(path_of(source)).arg("-o").arg(output));
    })
}

fn is_c(source: &str) -> bool {
    source.ends_with(".c")
}

/// The option that says which standard a source is for.
fn standard(source: &str) -> &'static [&'static str] {
    if is_c(source) { &[] } else { &["-std=c++17"] }
}

fn path_of(source: &str) -> PathBuf {
    workspace::root().join("tests").join(source)
}

/// A source and the headers beside it, any of which it may include.
fn text(source: &str) -> String {
    let path = path_of(source);
    let entries = std::fs::read_dir(path.parent().expect("a source is in a folder")).expect("sources can be read");
    let files = entries.map(|entry| entry.expect("sources can be read").path());
    let mut files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|ending| ending == "h")).collect();
    files.sort();
    files.push(path);
    files.iter().map(|file| std::fs::read_to_string(file).expect("sources can be read")).collect()
}

/// A file of the cache that depends only on `key`, made if it is not there: a compile takes seconds. Several test processes may make
/// it at the same time.
fn kept(source: &str, ending: &str, key: &str, make: impl FnOnce(&Path)) -> PathBuf {
    let folder = cache::folder().expect("tests have a cache").join("test-emscripten");
    std::fs::create_dir_all(&folder).expect("the cache is writable");
    let name = source.rsplit('/').next().unwrap_or(source);
    let path = folder.join(format!("{name}-{}.{ending}", &sha256(key.as_bytes())[..16]));
    if !path.exists() {
        let temporary = tempfile::tempdir_in(&folder).expect("the cache is writable");
        let made = temporary.path().join("made");
        make(&made);
        std::fs::rename(&made, &path).expect("both are in the same folder");
    }
    path
}
