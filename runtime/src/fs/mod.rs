//! The file system that the guest sees: folders of the host as far as granted, the tree embedded in the executable, and the
//! descriptors of the process.
//!
//! ```text
//! descriptor  number -> open file              file     what an open file can do
//! grant       what the guest starts with       embedded the tree in the executable
//! shared      open files of others, too
//! operation   what can be done with a path     listing  entries of directories
//!   locate      does the tree or the host serve a path?
//!   beneath     paths of the host that stay in their grant; walk: the same without openat2
//! vectored    bytes between descriptors and guest memory
//! ```
//!
//! Invariants: the guest reaches the host's names only through a grant, never through a directory that the process happens
//! to have as a standard descriptor. Every path of the guest is opened in `beneath` and nowhere
//! else. A change under a read-only grant is refused in `operation::changeable` and its neighbours in `file`. Errors are the
//! host's; an interface translates them. Nothing is opened or read before the guest needs it.

pub mod beneath;
pub mod descriptor;
pub mod embedded;
pub mod file;
pub mod grant;
pub mod listing;
pub mod locate;
pub mod operation;
pub mod path;
pub mod shared;
pub mod status;
#[cfg(test)]
mod tests;
pub mod vectored;
mod walk;
pub mod working_directory;

use crate::process::configuration::Configuration;
use crate::process::lock::Lock;
use crate::process::vectors;
use adder_abi::checkpoint::CHECKPOINT_FILE;
use alloc::sync::Arc;
use core::mem::ManuallyDrop;
use descriptor::{Descriptor, Table};
use embedded::{EmbeddedFile, Tree};
use file::{Content, OpenFile};
use rustix::fs::OFlags;
use rustix::io::Errno;

/// The descriptors of the guest; made when the first one is used.
static TABLE: Lock<Option<Table>> = Lock::new(None);

/// Works on the descriptors. `work` must not close files or wait.
pub fn with_table<R>(work: impl FnOnce(&mut Table) -> Result<R, Errno>) -> Result<R, Errno> {
    TABLE.with(|table| {
        let table = match table {
            Some(table) => table,
            None => table.insert(grant::initial_table(Configuration::of_executable(), vectors::environment())?),
        };
        work(table)
    })
}

/// The descriptor with this number.
pub fn descriptor(number: u32) -> Result<Descriptor, Errno> {
    with_table(|table| table.get(number).cloned())
}

/// Gives an open file the lowest free number.
pub fn add(file: OpenFile, rights: descriptor::Rights) -> Result<u32, Errno> {
    let file = Arc::new(file);
    with_table(|table| table.insert(Descriptor { file: file.clone(), rights }))
}

/// Opens the file that asks for a checkpoint under the number that it had when the checkpoint was made.
pub fn reopen_checkpoint(number: u32) -> Result<(), Errno> {
    let node = embedded_tree()?.find(CHECKPOINT_FILE.as_bytes()).ok_or(Errno::NOENT)?;
    let file = Arc::new(OpenFile::new(Content::Embedded(EmbeddedFile::open(node, OFlags::empty()))));
    with_table(|table| table.insert_at(number, Descriptor { file, rights: descriptor::Rights::ALL }))
}

/// Calls `visit` with the number and the name of everything that the guest has opened. Only for a process that makes a
/// checkpoint, where that can only be embedded.
pub fn for_each_opened(visit: &mut dyn FnMut(u32, &[u8])) {
    let _ = with_table(|table| {
        for (number, descriptor) in table.iter() {
            if let Content::Embedded(file) = &descriptor.file.content
                && descriptor.file.preopen.is_none()
            {
                let tree = embedded_tree()?;
                visit(number, &tree.path(file.node));
            }
        }
        Ok(())
    });
}

/// Whether the guest still has all descriptors that it started with, with all rights, and has set no flags of theirs: only then
/// are those of a new process the same.
pub fn has_initial_descriptors() -> bool {
    let initial = grant::initial_table(Configuration::of_executable(), vectors::environment());
    // Dropped, it would close the standard descriptors.
    let initial = initial.map(ManuallyDrop::new);
    let same = with_table(|table| {
        let Ok(initial) = &initial else { return Ok(false) };
        Ok(initial.iter().all(|(number, expected)| {
            table.get(number).is_ok_and(|found| {
                found.rights == expected.rights
                    && found.file.preopen == expected.file.preopen
                    && found.file.is_standard() == expected.file.is_standard()
                    && !matches!(&found.file.content, Content::Host(host) if host.has_own_flags())
            })
        }))
    });
    same.unwrap_or(false)
}

/// The tree embedded in this executable, if there is one.
pub fn tree() -> Option<Tree> {
    Tree::of(Configuration::of_executable())
}

/// The tree, for what came out of it. Fails never, but without a panic.
fn embedded_tree() -> Result<Tree, Errno> {
    tree().ok_or(Errno::BADF)
}
