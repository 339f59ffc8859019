//! The embedded tree: files and folders of the host, read at build and served to the guest read-only.

use super::bytecode;
use crate::archive::Member;
use crate::failure::{Failure, Result};
pub(crate) use adder_compiler::abi::checkpoint::CHECKPOINT_FOLDER;
use adder_compiler::abi::checkpoint::{CHECKPOINT_FILE, COLD_START_FILE, MEMORY_FILE, REASON_FILE};
use adder_compiler::abi::configuration::NodeKind;
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A tree of folders and files under the guest's absolute paths. By default nothing, not even a root.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    root: Option<Folder>,
}

/// A folder and what is in it, by the bytes of the names.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    /// [`NodeKind::Passage`] or [`NodeKind::Directory`].
    pub kind: NodeKind,
    pub entries: BTreeMap<Vec<u8>, Entry>,
}

/// What has a name in a folder.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Folder(Folder),
    File(Vec<u8>),
    /// A file that the runtime answers itself, like [`NodeKind::Checkpoint`].
    Special(NodeKind),
}

/// When everything that is embedded was modified, as the guest sees it, in seconds: 1980 begins. Times of the host would make
/// another executable of the same files. No earlier time fits into a zip archive, which a guest may want to make of its files.
pub const MODIFIED_SECONDS: u32 = 315_532_800;

/// How much was embedded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Files.
    pub files: u64,
    /// Their contents.
    pub bytes: u64,
}

/// Decides by path (from the embedded folder, with its own name last) and whether it is a folder what to leave out.
pub type Filter<'a> = &'a dyn Fn(&Path, bool) -> bool;

/// Leaves nothing out.
pub const EVERYTHING: Filter = &|_, _| true;

impl Tree {
    pub(super) fn root(&self) -> Option<&Folder> {
        self.root.as_ref()
    }

    pub(super) fn root_mut(&mut self) -> Option<&mut Folder> {
        self.root.as_mut()
    }

    /// All files with their absolute paths, in the order of these.
    pub fn files(&self) -> Vec<(String, &[u8])> {
        fn add<'a>(folder: &'a Folder, path: &str, files: &mut Vec<(String, &'a [u8])>) {
            for (name, entry) in &folder.entries {
                let path = format!("{path}/{}", String::from_utf8_lossy(name));
                match entry {
                    Entry::Folder(child) => add(child, &path, files),
                    Entry::File(contents) => files.push((path, contents)),
                    Entry::Special(_) => {}
                }
            }
        }
        let mut files = Vec::new();
        if let Some(root) = &self.root {
            add(root, "", &mut files);
        }
        files
    }

    /// How much is embedded under the absolute path `guest`.
    pub fn amount(&self, guest: &str) -> Amount {
        let mut names = guest.split('/').filter(|name| !name.is_empty() && *name != ".").peekable();
        let mut folder = self.root.as_ref();
        while let Some(name) = names.next() {
            folder = match folder.and_then(|folder| folder.entries.get(name.as_bytes())) {
                Some(Entry::Folder(child)) => Some(child),
                Some(Entry::File(contents)) if names.peek().is_none() => {
                    return Amount { files: 1, bytes: contents.len() as u64 };
                }
                _ => None,
            };
        }
        folder.map_or_else(Amount::default, Folder::amount)
    }

    /// Whether nothing is embedded.
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// Adds the folder `host` with everything below it that `keep` accepts under the absolute path `guest`, or the file `host` as
    /// `guest`. Symbolic links are followed: the tree holds what they lead to.
    ///
    /// # Errors
    /// If something cannot be read, is neither file nor folder, or is there already; all such problems at once.
    pub fn embed(&mut self, host: &Path, guest: &str, keep: Filter) -> Result<Amount> {
        let metadata = fs::metadata(host).map_err(|error| Failure::file("read", host, &error))?;
        let mut reader = Reader { keep, amount: Amount::default(), failures: Vec::new(), above: Vec::new() };
        if metadata.is_dir() {
            reader.folder(host, Path::new(""), &metadata, self.folder(guest)?);
        } else {
            let (folder, name) = guest.trim_end_matches('/').rsplit_once('/').unwrap_or_default();
            if name.is_empty() {
                let message = format!("cannot embed {} as {guest}: it is no folder", host.display());
                return Err(Failure::usage(message).hint("give it a name: --embed FILE::/FOLDER/NAME"));
            }
            // What else the guest may find beside it stays to be seen.
            let folder = self.folder(folder)?;
            reader.file(host.to_owned(), name.as_bytes().to_vec(), &metadata, folder);
        }
        match Failure::join(reader.failures) {
            Some(failure) => Err(failure),
            None => Ok(reader.amount),
        }
    }

    /// Adds files under the absolute path `guest`.
    ///
    /// # Errors
    /// If something is there already; all such problems at once.
    pub fn embed_members(&mut self, guest: &str, members: Vec<Member>) -> Result<Amount> {
        let root = self.folder(guest)?;
        root.kind = NodeKind::Directory;
        let mut amount = Amount::default();
        let mut failures = Vec::new();
        for Member { path, contents } in members {
            let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
            let mut names = folders.split('/').filter(|name| !name.is_empty());
            let folder = names.try_fold(&mut *root, |folder, name| {
                let new = || Entry::Folder(Folder::new(NodeKind::Directory));
                match folder.entries.entry(name.as_bytes().to_vec()).or_insert_with(new) {
                    Entry::Folder(child) => Some(child),
                    Entry::File(_) | Entry::Special(_) => None,
                }
            });
            amount.files += 1;
            amount.bytes += contents.len() as u64;
            let file = Entry::File(contents);
            if folder.is_none_or(|folder| folder.entries.insert(name.as_bytes().to_vec(), file).is_some()) {
                failures.push(Failure::usage(format!("cannot embed {path} under {guest}: something else is there")));
            }
        }
        Failure::join(failures).map_or(Ok(amount), Err)
    }

    /// Adds the files by which the guest asks for a checkpoint or for a start without it; and, for one that decides itself,
    /// those that it needs for that.
    ///
    /// # Errors
    /// If something else is embedded in their folder.
    pub(super) fn add_checkpoint_files(&mut self, decides: bool) -> Result<()> {
        let folder = self.folder(CHECKPOINT_FOLDER)?;
        if folder.kind != NodeKind::Passage || !folder.entries.is_empty() {
            let message = format!("cannot embed {CHECKPOINT_FOLDER}: adder keeps this name for the checkpoint");
            return Err(Failure::usage(message));
        }
        folder.kind = NodeKind::Directory;
        let mut files = vec![(CHECKPOINT_FILE, NodeKind::Checkpoint), (COLD_START_FILE, NodeKind::ColdStart)];
        if decides {
            files.extend([(MEMORY_FILE, NodeKind::Memory), (REASON_FILE, NodeKind::Reason)]);
        }
        for (path, kind) in files {
            let name = path.rsplit('/').next().unwrap_or_default();
            folder.entries.insert(name.as_bytes().to_vec(), Entry::Special(kind));
        }
        Ok(())
    }

    /// The folder with the absolute path `guest`, which may be new.
    fn folder(&mut self, guest: &str) -> Result<&mut Folder> {
        let mut names = Vec::new();
        for name in guest.split('/').filter(|name| !name.is_empty() && *name != ".") {
            if name == ".." {
                return Err(Failure::usage(format!("cannot embed under {guest}: it contains ..")));
            }
            names.push(name);
        }
        let mut folder = self.root.get_or_insert_with(|| Folder::new(NodeKind::Passage));
        for name in names {
            let entry = folder.entries.entry(name.as_bytes().to_vec());
            let entry = entry.or_insert_with(|| Entry::Folder(Folder::new(NodeKind::Passage)));
            folder = match entry {
                Entry::Folder(folder) => folder,
                Entry::File(_) | Entry::Special(_) => {
                    return Err(Failure::usage(format!("cannot embed under {guest}: {name} is a file there")));
                }
            };
        }
        Ok(folder)
    }
}

impl Folder {
    pub(super) fn new(kind: NodeKind) -> Folder {
        Folder { kind, entries: BTreeMap::new() }
    }

    fn amount(&self) -> Amount {
        let mut amount = Amount::default();
        for entry in self.entries.values() {
            let Amount { files, bytes } = match entry {
                Entry::Folder(child) => child.amount(),
                Entry::File(contents) => Amount { files: 1, bytes: contents.len() as u64 },
                Entry::Special(_) => Amount::default(),
            };
            amount.files += files;
            amount.bytes += bytes;
        }
        amount
    }
}

struct Reader<'a> {
    keep: Filter<'a>,
    amount: Amount,
    failures: Vec<Failure>,
    /// Device and inode of the folders that are being read: a link to one of them would have no end.
    above: Vec<(u64, u64)>,
}

impl Reader<'_> {
    /// Reads the folder `host`, which is `inside` the embedded one, into `folder`.
    fn folder(&mut self, host: &Path, inside: &Path, metadata: &Metadata, folder: &mut Folder) {
        let identity = (metadata.dev(), metadata.ino());
        if self.above.contains(&identity) {
            let message = format!("cannot embed {}: it is a link to a folder that contains it", host.display());
            return self.failures.push(Failure::environment(message));
        }
        self.above.push(identity);
        folder.kind = NodeKind::Directory;
        match fs::read_dir(host) {
            Err(error) => self.failures.push(Failure::file("read", host, &error)),
            Ok(entries) => {
                for entry in entries {
                    match entry {
                        Ok(entry) => self.entry(entry.path(), inside.join(entry.file_name()), folder),
                        Err(error) => self.failures.push(Failure::file("read", host, &error)),
                    }
                }
            }
        }
        self.above.pop();
    }

    fn entry(&mut self, host: PathBuf, inside: PathBuf, folder: &mut Folder) {
        let metadata = match fs::metadata(&host) {
            Ok(metadata) => metadata,
            Err(error) => return self.failures.push(Failure::file("read", &host, &error)),
        };
        if !(self.keep)(&inside, metadata.is_dir()) {
            return;
        }
        let name = inside.file_name().expect("an entry of a folder has a name").as_bytes().to_vec();
        if metadata.is_dir() {
            let entry = folder.entries.entry(name);
            match entry.or_insert_with(|| Entry::Folder(Folder::new(NodeKind::Directory))) {
                Entry::Folder(child) => self.folder(&host, &inside, &metadata, child),
                Entry::File(_) | Entry::Special(_) => self.failures.push(taken(&host)),
            }
            return;
        }
        self.file(host, name, &metadata, folder);
    }

    /// Reads the file `host` into `folder`, under this name.
    fn file(&mut self, host: PathBuf, name: Vec<u8>, metadata: &Metadata, folder: &mut Folder) {
        if !metadata.is_file() {
            let message = format!("cannot embed {}: it is neither a file nor a folder", host.display());
            return self.failures.push(Failure::environment(message));
        }
        let mut contents = match fs::read(&host) {
            Ok(contents) => contents,
            Err(error) => return self.failures.push(Failure::file("read", &host, &error)),
        };
        bytecode::keep_valid(&host, &mut contents);
        self.amount.files += 1;
        self.amount.bytes += contents.len() as u64;
        if folder.entries.insert(name, Entry::File(contents)).is_some() {
            self.failures.push(taken(&host));
        }
    }
}

fn taken(host: &Path) -> Failure {
    Failure::usage(format!("cannot embed {}: another --embed put something else in its place", host.display()))
}
