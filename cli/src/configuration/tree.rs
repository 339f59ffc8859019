//! The embedded tree: files and folders of the host, read at build and served to the guest read-only.

use crate::failure::{Failure, Result};
use crate::fetch::archive::Member;
pub(crate) use adder_compiler::abi::checkpoint::CHECKPOINT_FOLDER;
use adder_compiler::abi::checkpoint::{CHECKPOINT_FILE, COLD_START_FILE};
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
    pub modified_nanoseconds: u64,
    pub entries: BTreeMap<Vec<u8>, Entry>,
}

/// What has a name in a folder.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Folder(Folder),
    File {
        modified_nanoseconds: u64,
        contents: Vec<u8>,
    },
    /// A file that the runtime answers itself: [`NodeKind::Checkpoint`] or [`NodeKind::ColdStart`].
    Special(NodeKind),
}

/// When files that come out of an archive were modified: 1980 begins, as early as a zip archive can say. Times in archives
/// are in no particular zone.
const MEMBER_NANOSECONDS: u64 = 315_532_800_000_000_000;

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

    /// Whether nothing is embedded.
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// Adds the folder `host` with everything below it that `keep` accepts under the absolute path `guest`. Symbolic
    /// links are followed: the tree holds what they lead to.
    ///
    /// # Errors
    /// If something cannot be read, is neither file nor folder, or is there already; all such problems at once.
    pub fn embed(&mut self, host: &Path, guest: &str, keep: Filter) -> Result<Amount> {
        let metadata = fs::metadata(host).map_err(|error| Failure::file("read", host, &error))?;
        if !metadata.is_dir() {
            return Err(Failure::environment(format!("cannot embed {}: it is not a folder", host.display())));
        }
        let folder = self.folder(guest)?;
        let mut reader = Reader { keep, amount: Amount::default(), failures: Vec::new(), above: Vec::new() };
        reader.folder(host, Path::new(""), &metadata, folder);
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
        root.modified_nanoseconds = MEMBER_NANOSECONDS;
        let mut amount = Amount::default();
        let mut failures = Vec::new();
        for Member { path, contents } in members {
            let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
            let mut names = folders.split('/').filter(|name| !name.is_empty());
            let folder = names.try_fold(&mut *root, |folder, name| {
                let new = || Entry::Folder(Folder::new(NodeKind::Directory, MEMBER_NANOSECONDS));
                match folder.entries.entry(name.as_bytes().to_vec()).or_insert_with(new) {
                    Entry::Folder(child) => Some(child),
                    Entry::File { .. } | Entry::Special(_) => None,
                }
            });
            amount.files += 1;
            amount.bytes += contents.len() as u64;
            let file = Entry::File { modified_nanoseconds: MEMBER_NANOSECONDS, contents };
            if folder.is_none_or(|folder| folder.entries.insert(name.as_bytes().to_vec(), file).is_some()) {
                failures.push(Failure::usage(format!("cannot embed {path} under {guest}: something else is there")));
            }
        }
        Failure::join(failures).map_or(Ok(amount), Err)
    }

    /// Adds the files by which the guest asks for a checkpoint or for a start without it.
    ///
    /// # Errors
    /// If something else is embedded in their folder.
    pub(super) fn add_checkpoint_files(&mut self) -> Result<()> {
        let folder = self.folder(CHECKPOINT_FOLDER)?;
        if folder.kind != NodeKind::Passage || !folder.entries.is_empty() {
            let message = format!("cannot embed {CHECKPOINT_FOLDER}: adder keeps this name for the checkpoint");
            return Err(Failure::usage(message));
        }
        folder.kind = NodeKind::Directory;
        for (path, kind) in [(CHECKPOINT_FILE, NodeKind::Checkpoint), (COLD_START_FILE, NodeKind::ColdStart)] {
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
        let mut folder = self.root.get_or_insert_with(|| Folder::new(NodeKind::Passage, 0));
        for name in names {
            let entry = folder.entries.entry(name.as_bytes().to_vec());
            let entry = entry.or_insert_with(|| Entry::Folder(Folder::new(NodeKind::Passage, 0)));
            folder = match entry {
                Entry::Folder(folder) => folder,
                Entry::File { .. } | Entry::Special(_) => {
                    return Err(Failure::usage(format!("cannot embed under {guest}: {name} is a file there")));
                }
            };
        }
        Ok(folder)
    }
}

impl Folder {
    fn new(kind: NodeKind, modified_nanoseconds: u64) -> Folder {
        Folder { kind, modified_nanoseconds, entries: BTreeMap::new() }
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
        folder.modified_nanoseconds = modified_nanoseconds(metadata);
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
            match entry.or_insert_with(|| Entry::Folder(Folder::new(NodeKind::Directory, 0))) {
                Entry::Folder(child) => self.folder(&host, &inside, &metadata, child),
                Entry::File { .. } | Entry::Special(_) => self.failures.push(taken(&host)),
            }
            return;
        }
        if !metadata.is_file() {
            let message = format!("cannot embed {}: it is neither a file nor a folder", host.display());
            return self.failures.push(Failure::environment(message));
        }
        let contents = match fs::read(&host) {
            Ok(contents) => contents,
            Err(error) => return self.failures.push(Failure::file("read", &host, &error)),
        };
        self.amount.files += 1;
        self.amount.bytes += contents.len() as u64;
        let file = Entry::File { modified_nanoseconds: modified_nanoseconds(&metadata), contents };
        if folder.entries.insert(name, file).is_some() {
            self.failures.push(taken(&host));
        }
    }
}

fn taken(host: &Path) -> Failure {
    Failure::usage(format!("cannot embed {}: another --embed put something else in its place", host.display()))
}

/// Times before 1970 become 1970: nothing that compares times of embedded files needs them.
fn modified_nanoseconds(metadata: &Metadata) -> u64 {
    let seconds = u64::try_from(metadata.mtime()).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec() as u64)
}
