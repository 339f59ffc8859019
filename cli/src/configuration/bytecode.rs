//! Python's bytecode in the embedded tree: which files could have some, and how it stays valid there.
//!
//! The bytecode of `NAME.py` is `__pycache__/NAME.TAG.pyc`, where the tag names a version of Python. PEP 552 describes its head.

use super::tree::{CHECKPOINT_FOLDER, Entry, Folder, MODIFIED_SECONDS, Tree};
use adder_compiler::abi::configuration::NodeKind;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The name of the folders with bytecode.
const FOLDER: &str = "__pycache__";

/// Where the head says how the bytecode is known to be up to date, and, if that is by the time and size of its source, these.
const FLAGS: usize = 4;
const TIME: usize = 8;
const SIZE: usize = 12;

/// A Python file of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// The guest's absolute path.
    pub path: String,
    /// Its text.
    pub contents: &'a [u8],
    /// Whether there is bytecode of it, for whichever Python.
    pub has_bytecode: bool,
}

impl Tree {
    /// The Python files, in the order of their paths; not those that adder itself adds for a checkpoint, which are not read after it,
    /// nor any with a name that is no text.
    pub fn python_sources(&self) -> Vec<Source<'_>> {
        let mut sources = Vec::new();
        if let Some(root) = self.root() {
            collect(root, "", &mut sources);
        }
        sources
    }

    /// Puts `bytecode` of the Python with this `tag` beside the file `path`, in place of all that was there of it: only one Python runs in
    /// an executable, and so its bytes do not depend on what others have left behind.
    pub fn add_bytecode(&mut self, path: &str, tag: &str, bytecode: Vec<u8>) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(stem) = name.strip_suffix(".py") else { return };
        let Some(folder) = self.existing(folder) else { return };
        let new = || Entry::Folder(Folder::new(NodeKind::Directory));
        let Entry::Folder(cache) = folder.entries.entry(FOLDER.as_bytes().to_vec()).or_insert_with(new) else { return };
        cache.kind = NodeKind::Directory;
        cache.entries.retain(|other, _| str::from_utf8(other).ok().and_then(stem_of_bytecode) != Some(stem));
        cache.entries.insert(format!("{stem}.{tag}.pyc").into_bytes(), Entry::File(bytecode));
    }

    fn existing(&mut self, path: &str) -> Option<&mut Folder> {
        let root = self.root_mut()?;
        path.split('/').filter(|name| !name.is_empty()).try_fold(root, |folder, name| {
            match folder.entries.get_mut(name.as_bytes()) {
                Some(Entry::Folder(child)) => Some(child),
                _ => None,
            }
        })
    }
}

fn collect<'a>(folder: &'a Folder, path: &str, sources: &mut Vec<Source<'a>>) {
    let cache = match folder.entries.get(FOLDER.as_bytes()) {
        Some(Entry::Folder(cache)) => Some(cache),
        _ => None,
    };
    for (name, entry) in &folder.entries {
        let Ok(name) = str::from_utf8(name) else { continue };
        let path = format!("{path}/{name}");
        match entry {
            Entry::Folder(_) if path == CHECKPOINT_FOLDER => {}
            Entry::Folder(child) => collect(child, &path, sources),
            Entry::File(contents) => {
                let Some(stem) = name.strip_suffix(".py").filter(|stem| !stem.is_empty()) else { continue };
                let is_its = |name: &Vec<u8>| str::from_utf8(name).ok().and_then(stem_of_bytecode) == Some(stem);
                let has_bytecode = cache.is_some_and(|cache| cache.entries.keys().any(is_its));
                sources.push(Source { path, contents, has_bytecode });
            }
            Entry::Special(_) => {}
        }
    }
}

/// What `NAME.TAG.pyc` and `NAME.TAG.opt-1.pyc` are the bytecode of, without `.py`.
fn stem_of_bytecode(name: &str) -> Option<&str> {
    let name = name.strip_suffix(".pyc")?;
    let name = name.rsplit_once('.').filter(|(_, last)| last.starts_with("opt-")).map_or(name, |(name, _)| name);
    name.rsplit_once('.').map(|(stem, _)| stem)
}

/// Bytecode may be valid because its source was last changed at a certain time. Embedded, the source has another one, so bytecode that
/// is valid on the host, as the file `host` with these `contents`, gets that.
pub(super) fn keep_valid(host: &Path, contents: &mut [u8]) {
    let Some(folder) = host.parent().filter(|folder| folder.ends_with(FOLDER)) else { return };
    let Some(stem) = host.file_name().and_then(OsStr::to_str).and_then(stem_of_bytecode) else { return };
    let Ok(source) = fs::metadata(folder.with_file_name(format!("{stem}.py"))) else { return };
    let word = |at: usize| contents.get(at..at + 4).map(|bytes| u32::from_le_bytes(bytes.try_into().expect("4 bytes")));
    // Python compares the lowest 32 bits of both numbers.
    let valid = (Some(0), Some(source.mtime() as u32), Some(source.len() as u32));
    if (word(FLAGS), word(TIME), word(SIZE)) == valid {
        contents[TIME..TIME + 4].copy_from_slice(&MODIFIED_SECONDS.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Member;

    fn tree(paths: &[&str]) -> Tree {
        let mut tree = Tree::default();
        let member = |path: &&str| Member { path: (*path).to_owned(), contents: path.as_bytes().to_vec() };
        tree.embed_members("/app", paths.iter().map(member).collect()).expect("nothing is there yet");
        tree
    }

    #[test]
    fn sources_are_found_with_what_there_is_of_them() {
        let tree =
            tree(&["a.py", "__pycache__/a.cpython-311.pyc", "b/c.py", "b/c.txt", "b/__pycache__/other.x.pyc", ".py"]);
        let found: Vec<_> =
            tree.python_sources().into_iter().map(|source| (source.path, source.has_bytecode)).collect();
        assert_eq!(found, [("/app/a.py".to_owned(), true), ("/app/b/c.py".to_owned(), false)]);
    }

    #[test]
    fn bytecode_replaces_all_that_there_was_of_the_same_source() {
        let mut tree = tree(&[
            "a.py",
            "__pycache__/a.cpython-310.pyc",
            "__pycache__/a.cpython-312.pyc",
            "__pycache__/a.cpython-312.opt-1.pyc",
            "__pycache__/a.b.cpython-312.pyc",
        ]);
        tree.add_bytecode("/app/a.py", "cpython-312", b"new".to_vec());
        tree.add_bytecode("/nowhere/a.py", "cpython-312", b"new".to_vec());
        let Some(Entry::Folder(cache)) = tree.existing("/app").and_then(|app| app.entries.get(FOLDER.as_bytes()))
        else {
            panic!("there is a folder")
        };
        let names: Vec<_> = cache.entries.keys().map(|name| str::from_utf8(name).expect("text")).collect();
        assert_eq!(names, ["a.b.cpython-312.pyc", "a.cpython-312.pyc"]);
        assert!(matches!(cache.entries.get(&b"a.cpython-312.pyc"[..]), Some(Entry::File(bytes)) if bytes == b"new"));
    }

    #[test]
    fn valid_bytecode_stays_valid_and_stale_bytecode_stale() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cache = folder.path().join(FOLDER);
        fs::create_dir(&cache).expect("a folder");
        let source = folder.path().join("a.py");
        fs::write(&source, "pass").expect("a file");
        let time = fs::metadata(&source).expect("it is there").mtime() as u32;
        let file = |flags: u32, time: u32, size: u32| {
            [[1, 2, 13, 10], flags.to_le_bytes(), time.to_le_bytes(), size.to_le_bytes()].concat()
        };
        let name = cache.join("a.cpython-312.pyc");
        for (before, after) in [
            (file(0, time, 4), file(0, MODIFIED_SECONDS, 4)),
            (file(0, time + 1, 4), file(0, time + 1, 4)),
            (file(0, time, 5), file(0, time, 5)),
            (file(1, time, 4), file(1, time, 4)),
            (vec![1, 2], vec![1, 2]),
        ] {
            let mut contents = before.clone();
            keep_valid(&name, &mut contents);
            assert_eq!(contents, after, "{before:?}");
        }
        let mut contents = file(0, time, 4);
        keep_valid(&cache.join("b.cpython-312.pyc"), &mut contents);
        keep_valid(&folder.path().join("a.cpython-312.pyc"), &mut contents);
        assert_eq!(contents, file(0, time, 4));
    }
}
