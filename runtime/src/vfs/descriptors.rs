//! The descriptors of the process's guest.

use super::descriptor::{Descriptor, Table};
use super::open::OpenFile;
use super::open::special::SpecialFile;
use super::rights::Rights;
use super::special::Special;
use super::tree::Tree;
use crate::Runtime;
use crate::process::lock::Lock;
use adder_abi::checkpoint::CHECKPOINT_FILE;
use alloc::sync::Arc;
use core::mem::ManuallyDrop;
use rustix::fs::OFlags;
use rustix::io::Errno;

/// What the guest starts with. That is the affair of the guest's interface, which implements this.
pub trait InitialDescriptors {
    /// Makes the table that the guest starts with.
    fn initial_descriptors() -> Result<Table, Errno>;
}

/// The descriptors of the guest; made when the first one is used.
static TABLE: Lock<Option<Table>> = Lock::new(None);

/// Works on the descriptors. `work` must not close files or wait.
pub fn with_table<R>(work: impl FnOnce(&mut Table) -> Result<R, Errno>) -> Result<R, Errno> {
    TABLE.with(|table| {
        let table = match table {
            Some(table) => table,
            None => table.insert(Runtime::initial_descriptors()?),
        };
        work(table)
    })
}

/// The descriptor with this number.
pub fn descriptor(number: u32) -> Result<Descriptor, Errno> {
    with_table(|table| table.get(number).cloned())
}

/// Gives an open file the lowest free number.
pub fn add(file: OpenFile, rights: Rights) -> Result<u32, Errno> {
    let file = Arc::new(file);
    with_table(|table| table.insert(Descriptor { file: file.clone(), rights, preopen: None }))
}

/// Opens the file that asks for a checkpoint under the number that it had when the checkpoint was made.
pub fn reopen_checkpoint(number: u32) -> Result<(), Errno> {
    let node = Tree::expected()?.find(CHECKPOINT_FILE.as_bytes()).ok_or(Errno::NOENT)?;
    let file = Arc::new(SpecialFile::open(Special::Checkpoint, node, OFlags::empty()).into());
    with_table(|table| table.insert_at(number, Descriptor { file, rights: Rights::ALL, preopen: None }))
}

/// Calls `visit` with the number and the name of everything that the guest has opened. Only for a process that makes a
/// checkpoint, where that can only be embedded.
pub fn for_each_opened(visit: &mut dyn FnMut(u32, &[u8])) {
    let _ = with_table(|table| {
        for (number, descriptor) in table.iter() {
            if let Some(node) = descriptor.file.node()
                && descriptor.preopen.is_none()
            {
                visit(number, &Tree::expected()?.path(node));
            }
        }
        Ok(())
    });
}

/// Whether the guest still has all descriptors that it started with, with all rights, and has set no flags of theirs: only then
/// are those of a new process the same.
pub fn has_initial_descriptors() -> bool {
    // Dropped, it would close the standard descriptors.
    let initial = Runtime::initial_descriptors().map(ManuallyDrop::new);
    let same = with_table(|table| {
        let Ok(initial) = &initial else { return Ok(false) };
        Ok(initial.iter().all(|(number, expected)| {
            table.get(number).is_ok_and(|found| {
                found.rights == expected.rights
                    && found.preopen == expected.preopen
                    && found.file.standard() == expected.file.standard()
                    && found.file.own_flags().is_none()
            })
        }))
    });
    same.unwrap_or(false)
}
