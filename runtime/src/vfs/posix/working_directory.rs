//! The working directory of a guest that leaves it to the runtime.
//!
//! It is a directory that stays open, and not that of the process, so that grants say what lies below it and what above. As on
//! Linux, relative paths go on leading to the same directory when it gets another name, and to nothing when it is removed.

use super::descriptors;
use super::mounts::ROOT;
use super::names::Directory;
use super::namespace::Namespace;
use crate::process::phase;
use crate::process::standard::open_closed_descriptors;
use crate::vfs::open::OpenFile;
use crate::vfs::open::host_file::HostFile;
use crate::vfs::open::status::{FileType, Status, type_of_node};
use crate::vfs::path::beneath::Access;
use crate::vfs::path::namespace::{covering_grant, grant_above_working_directory, guest_path};
use adder_abi::configuration::{NodeKind, flag};
use alloc::sync::Arc;
use alloc::vec::Vec;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, openat, statat};
use rustix::io::Errno;

/// Makes a directory the working directory.
pub fn chdir(path: &[u8]) -> Result<(), Errno> {
    Namespace::of_guest().chdir(path)
}

/// Makes a directory that is open the working directory.
pub fn fchdir(number: u32) -> Result<(), Errno> {
    Namespace::of_guest().enter(descriptors::directory(number)?)
}

/// Returns the absolute name of the working directory.
///
/// Fails with `ENOENT` if it has none: it was removed, or moved to where no grant covers it.
pub fn getcwd() -> Result<Vec<u8>, Errno> {
    Namespace::of_guest().getcwd()
}

impl Namespace {
    /// See [`chdir`].
    pub fn chdir(&'static self, path: &[u8]) -> Result<(), Errno> {
        self.enter(self.at(None, path)?.open_directory()?)
    }

    /// See [`fchdir`].
    pub fn enter(&self, directory: Directory) -> Result<(), Errno> {
        let file_type = match (self.mounts.tree, directory.file.node(), directory.file.base()) {
            // Fails if names in it cannot be used.
            (_, _, Ok(base)) => Status::of_host(&statat(base.directory, c".", AtFlags::empty())?).file_type,
            _ if matches!(*directory.file, OpenFile::SyntheticDirectory(_)) => FileType::Directory,
            (Some(tree), Some(node), Err(_)) => type_of_node(tree, node),
            (_, _, Err(error)) => return Err(error),
        };
        if file_type != FileType::Directory {
            return Err(Errno::NOTDIR);
        }
        let name = self.name_of(&directory).map_or(directory.name, |name| Some(name.into()));
        let before = self.working_directory.with(|current| current.replace(Directory { file: directory.file, name }));
        drop(before);
        Ok(())
    }

    /// See [`getcwd`].
    pub fn getcwd(&self) -> Result<Vec<u8>, Errno> {
        self.name_of(&self.working_directory()?)
    }

    /// Returns the working directory.
    pub(super) fn working_directory(&self) -> Result<Directory, Errno> {
        if let Some(current) = self.working_directory.with(|current| current.clone()) {
            return Ok(current);
        }
        let initial = match self.initial() {
            Ok(Some(initial)) => initial,
            _ => self.root(),
        };
        Ok(self.working_directory.with(|current| current.get_or_insert(initial).clone()))
    }

    /// The root, which is opened when it is used.
    fn root(&self) -> Directory {
        let file = match self.mounts.covering(ROOT) {
            Some((root, _)) => root.file.clone(),
            None => Arc::new(self.mounts.open_synthetic(ROOT)),
        };
        Directory { file, name: Some(b"/".as_slice().into()) }
    }

    /// The working directory of the process, if a grant covers it and the guest is to start there.
    fn initial(&self) -> Result<Option<Directory>, Errno> {
        // At build there is none yet: it comes when the guest goes on from the checkpoint.
        if phase::is_at_build() || !self.configuration.has_flag(flag::INHERIT_WORKING_DIRECTORY) {
            return Ok(None);
        }
        let named = rustix::process::getcwd(Vec::new()).ok().filter(|name| name.as_bytes().starts_with(b"/"));
        let (access, name) = match named.as_ref().map(|name| covering_grant(self.configuration, name.as_bytes())) {
            Some(Ok(Some((granted, below)))) => (granted.access, Some(guest_path(granted.guest, below))),
            Some(Ok(None)) => return Ok(None),
            // It has no name that can be used.
            Some(Err(_)) | None => match grant_above_working_directory(self.configuration) {
                Some(granted) => (granted.access, None),
                None => return Ok(None),
            },
        };
        self.open_initial(access, name).map(Some)
    }

    fn open_initial(&self, access: Access, name: Option<Vec<u8>>) -> Result<Directory, Errno> {
        let node = self.mounts.tree.zip(name.as_ref()).and_then(|(tree, name)| Some((tree, tree.find(name)?)));
        let file = match node {
            // What is embedded hides it.
            Some((tree, node)) if tree.kind(node) != NodeKind::Passage => {
                OpenFile::of_node(tree, node, OFlags::empty())
            }
            passage => {
                open_closed_descriptors()?;
                let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
                let opened = openat(CWD, c".", flags, Mode::empty())?;
                HostFile::new(opened, access, passage.map(|(_, node)| node)).into()
            }
        };
        Ok(Directory { file: Arc::new(file), name: name.map(Into::into) })
    }
}
