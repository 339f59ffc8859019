//! Bytecode of the Python files in the embedded tree, made at build by the python that is being built: otherwise it would compile
//! what it imports at every start, because it cannot write there.
//!
//! The same sources give the same bytes, whatever bytecode the host has of them, and whether they come from the cache or not.

mod worker;

use crate::archive::Member;
use crate::cache;
use crate::configuration::{Configuration, Tree};
use crate::failure::{Place, Result};
use crate::note::sha256;
use crate::run::Program;
use crate::terminal::output::OutputFile;
use std::collections::HashSet;
use std::fs::{self};
use std::path::{Path, PathBuf};
use worker::{Answer, Compiled, Request};

/// What compiles, in the python.
const PROGRAM: &str = include_str!("bytecode/compile.py");

/// The version of what is in the cache: whatever changes the bytes of the result changes this.
const VERSION: u32 = 2;

/// The variable that says where the library is. No others that are baked in: they may change what python does.
const HOME: &str = "PYTHONHOME=";

/// How a python is asked to compile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interpreter {
    /// Arguments that come before those that CPython knows.
    pub arguments: Vec<String>,
}

/// What came of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many have bytecode now.
    pub compiled: usize,
    /// How many of these came from the cache.
    pub cached: usize,
    /// Those that do not compile: they stay as they are.
    pub refused: Vec<String>,
}

/// Adds bytecode of all Python files to `tree`. `module` is the digest of the python's module; `library` is what the python that
/// compiles sees, by which `link` makes a program of it; `processes` says how many may run.
///
/// # Errors
/// If the python cannot be made to compile. Then nothing was changed.
pub fn add(
    tree: &mut Tree,
    module: &str,
    library: &Library,
    processes: usize,
    link: impl FnOnce(&Tree) -> Result<Program>,
) -> Result<Outcome> {
    // Code of the library runs before it compiles. So what one library has answered is not what another one would.
    let module = &sha256(format!("{module} {}", library.digest()).as_bytes());
    let sources = tree.python_sources();
    // Without a cache, everything is compiled every time.
    let cache = cache::folder().ok().map(|folder| Cache { folder: folder.join("bytecode") });
    let keys: Vec<String> = sources.iter().map(|source| key(module, &source.path, source.contents)).collect();
    let mut found: Vec<Option<Kept>> =
        keys.iter().map(|key| cache.as_ref().and_then(|cache| cache.read(key))).collect();
    let missing: Vec<usize> = (0..sources.len()).filter(|index| found[*index].is_none()).collect();
    let mut outcome = Outcome::default();
    if !missing.is_empty() {
        let requests: Vec<Request<'_>> = missing
            .iter()
            .map(|index| Request { path: &sources[*index].path, text: sources[*index].contents })
            .collect();
        let Compiled { tag, answers } = worker::compile(&link(&library.tree)?, &requests, processes)?;
        for (index, answer) in missing.iter().zip(answers) {
            let bytecode = match answer {
                Answer::Bytecode(bytecode) => bytecode,
                Answer::Refused => Vec::new(),
                // It might be the machine's fault, so it is tried again next time.
                Answer::Crashed => {
                    outcome.refused.push(sources[*index].path.clone());
                    continue;
                }
            };
            let kept = Kept { tag: tag.clone(), bytecode };
            if let Some(cache) = &cache {
                cache.write(&keys[*index], &kept);
            }
            found[*index] = Some(kept);
        }
    }
    let was_missing: HashSet<usize> = missing.into_iter().collect();
    let paths: Vec<String> = sources.into_iter().map(|source| source.path).collect();
    for (index, (path, kept)) in paths.into_iter().zip(found).enumerate() {
        match kept {
            Some(Kept { bytecode, .. }) if bytecode.is_empty() => outcome.refused.push(path),
            Some(Kept { tag, bytecode }) => {
                tree.add_bytecode(&path, &tag, bytecode);
                outcome.compiled += 1;
                outcome.cached += usize::from(!was_missing.contains(&index));
            }
            None => {}
        }
    }
    outcome.refused.sort_unstable();
    Ok(outcome)
}

/// What a python that compiles has of embedded files: those that it starts with.
pub struct Library {
    home: String,
    tree: Tree,
}

impl Library {
    /// Finds it in what is embedded: in `lib` of the folder that `PYTHONHOME` names. Where nothing names one, it may be anywhere.
    ///
    /// # Errors
    /// If a name stands for both a file and a folder.
    pub fn of(environment: &[String], tree: &Tree) -> Result<Library> {
        let home = environment.iter().find_map(|variable| variable.strip_prefix(HOME)).unwrap_or_default().to_owned();
        if home.is_empty() {
            return Ok(Library { home, tree: tree.clone() });
        }
        let inside = format!("{}/lib/", home.trim_end_matches('/'));
        let files = tree.files().into_iter().filter(|(path, _)| path.starts_with(&inside));
        let members = files.map(|(path, contents)| Member { path, contents: contents.to_vec() });
        let mut library = Tree::default();
        library.embed_members("/", members.collect())?;
        Ok(Library { home, tree: library })
    }

    fn digest(&self) -> String {
        let files = self.tree.files();
        let files = files.iter().map(|(path, contents)| format!("{path}\0{}\n", sha256(contents)));
        sha256(format!("{}\0{}", self.home, files.collect::<String>()).as_bytes())
    }
}

/// The configuration of a python that compiles: it sees its library and nothing of the host.
pub fn configuration(interpreter: &Interpreter, environment: &[String], tree: &Tree) -> Configuration {
    let options = ["-S", "-s", "-W", "ignore", "-c", PROGRAM];
    let baked = environment.iter().filter(|variable| variable.starts_with(HOME));
    Configuration {
        arguments: [&interpreter.arguments[..], &options.map(str::to_owned)].concat(),
        environment: baked.cloned().chain(["PYTHONHASHSEED=0".to_owned()]).collect(),
        tree: tree.clone(),
        ..Configuration::default()
    }
}

/// What a file's bytecode depends on. Its path is in it.
fn key(module: &str, path: &str, text: &[u8]) -> String {
    sha256(format!("{VERSION} {module} {path}\0{}", sha256(text)).as_bytes())
}

/// Bytecode as the cache has it; none, if the file does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    tag: String,
    bytecode: Vec<u8>,
}

/// The part of the cache that has bytecode: a file each, with the tag and a digest in its first line.
struct Cache {
    folder: PathBuf,
}

impl Cache {
    fn path(&self, key: &str) -> PathBuf {
        // Folders with many thousand files are slow on some systems.
        self.folder.join(&key[..2]).join(key)
    }

    fn read(&self, key: &str) -> Option<Kept> {
        let contents = fs::read(self.path(key)).ok()?;
        let end = contents.iter().position(|byte| *byte == b'\n')?;
        let (tag, digest) = str::from_utf8(&contents[..end]).ok()?.split_once(' ')?;
        let bytecode = contents[end + 1..].to_vec();
        // A full disk or a crash may have cut it.
        (sha256(&bytecode) == digest).then(|| Kept { tag: tag.to_owned(), bytecode })
    }

    /// Keeps it for the next build, if that is possible: this one has it already.
    fn write(&self, key: &str, Kept { tag, bytecode }: &Kept) {
        let path = self.path(key);
        let folder = path.parent().unwrap_or(Path::new("."));
        let contents = [format!("{tag} {}\n", sha256(bytecode)).as_bytes(), bytecode].concat();
        let _ = cache::create(folder)
            .and_then(|()| OutputFile::create(&path, false, Place::Cache))
            .and_then(|file| file.write(&contents));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Target;
    use adder_compiler::host;

    #[test]
    fn a_key_is_of_one_python_path_and_text() {
        let keys = [key("m", "/a.py", b"x"), key("n", "/a.py", b"x"), key("m", "/b.py", b"x"), key("m", "/a.py", b"y")];
        for (index, one) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(one), "{index}");
        }
    }

    #[test]
    fn what_the_python_starts_with_is_in_the_key_and_nothing_else() {
        let digest = |home: &str, files: &[(&str, &str)]| {
            let mut tree = Tree::default();
            let member =
                |(path, text): &(&str, &str)| Member { path: (*path).to_owned(), contents: text.as_bytes().to_vec() };
            tree.embed_members("/", files.iter().map(member).collect()).expect("nothing is there yet");
            Library::of(&[format!("PYTHONHOME={home}")], &tree).expect("it can be told apart").digest()
        };
        let own = ("usr/lib/encodings.py", "own");
        let library = digest("/usr", &[own]);
        assert_eq!(digest("/usr", &[own, ("app/encodings.py", "another"), ("usr2/x.py", "")]), library);
        assert_ne!(digest("/usr", &[("usr/lib/encodings.py", "another")]), library);
        assert_ne!(digest("/usr", &[own, ("usr/lib/x.pyc", "")]), library);
        // Where nothing says what it starts with, that is everything.
        assert_ne!(digest("", &[own, ("app/encodings.py", "another")]), digest("", &[own]));
    }

    #[test]
    fn the_cache_keeps_what_it_was_given() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache { folder: folder.path().join("bytecode") };
        let key = key("m", "/a.py", b"x");
        assert_eq!(cache.read(&key), None);
        for bytecode in [vec![1, b'\n', 3], Vec::new()] {
            let kept = Kept { tag: "cpython-312".to_owned(), bytecode };
            cache.write(&key, &kept);
            assert_eq!(cache.read(&key), Some(kept));
        }
    }

    #[test]
    fn the_python_that_compiles_sees_nothing_but_where_its_library_is() {
        let interpreter = Interpreter { arguments: vec!["first".to_owned()] };
        let environment = ["PYTHONHOME=/usr/local", "PYTHONOPTIMIZE=2", "SECRET=1"].map(str::to_owned);
        let made = configuration(&interpreter, &environment, &Tree::default());
        assert_eq!(made.environment, ["PYTHONHOME=/usr/local", "PYTHONHASHSEED=0"]);
        assert!(made.tree.is_empty());
        assert_eq!(made.arguments[..2], ["first", "-S"]);
        assert!(made.grants.is_empty() && !made.inherit_environment && !made.inherit_working_directory);
    }

    /// Shell scripts in place of a python.
    fn compiled_by(script: &str, requests: &[Request<'_>]) -> Result<Compiled> {
        let script = format!("#!/bin/sh\n{script}\n");
        let program = Program::create(Target::of(host()), "adder-bytecode-", "python", script.as_bytes())?;
        worker::compile(&program, requests, 2)
    }

    #[test]
    fn programs_that_are_no_pythons_are_told() {
        let requests = [Request { path: "/a.py", text: b"pass" }];
        for (script, complaint) in [
            ("exit 0", "it ended without an answer"),
            ("echo one >&2; echo 'cannot start' >&2; exit 3", "cannot start"),
            ("echo", "not a python that can be asked"),
            ("echo 'hello, world'", "not a python that can be asked"),
            ("head -c 10000 /dev/zero", "ended without an answer"),
        ] {
            let failure = compiled_by(script, &requests).expect_err(script).to_string();
            assert!(failure.contains(complaint), "{script}: {failure}");
        }
    }

    #[test]
    fn a_process_that_ends_over_a_file_costs_only_that_file() {
        // Answers `ok`, does not compile `bad`, and ends over `end`.
        let script = "echo tag\nwhile read -r path text; do\n  content=$(head -c $((path + text)))\n  case $content in\n    \
                      *end) exit 1;;\n    *bad) echo 0;;\n    *) echo 2; printf ok;;\n  esac\ndone";
        let texts = ["one", "end", "bad", "two", "three end", "four"];
        let requests: Vec<_> = texts.iter().map(|text| Request { path: "/p", text: text.as_bytes() }).collect();
        let Compiled { tag, answers } = compiled_by(script, &requests).expect("it starts");
        let ok = || Answer::Bytecode(b"ok".to_vec());
        assert_eq!(tag, "tag");
        assert_eq!(answers, [ok(), Answer::Crashed, Answer::Refused, ok(), Answer::Crashed, ok()]);
    }
}
