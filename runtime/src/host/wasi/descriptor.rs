//! Descriptors as preview 1 has them: those that a guest starts with, and from a number to what it stands for, if the guest has the
//! rights to it.
//!
//! wasi-libc asks for the first ones one by one from 3, and makes of the names of the preopened folders what absolute paths lead
//! to.

use super::witx::errno::Errno;
use crate::Runtime;
use crate::guest::program::program;
use crate::process::configuration::Configuration;
use crate::process::vectors;
use crate::vfs::descriptor::{Descriptor, Table};
use crate::vfs::descriptors::{self, InitialDescriptors};
use crate::vfs::grant::{Grant, grants};
use crate::vfs::open::OpenFile;
use crate::vfs::open::embedded::EmbeddedFile;
use crate::vfs::open::socket::Socket;
use crate::vfs::open::stream::Stream;
use crate::vfs::path::is_root;
use crate::vfs::rights::Rights;
use crate::vfs::tree::{ROOT, Tree};
use alloc::sync::Arc;
use rustix::fs::OFlags;
use rustix::io::Errno as HostErrno;

impl InitialDescriptors for Runtime {
    /// Makes the table: 0, 1, 2; inherited sockets; granted folders in their order; and, where something is embedded and no grant
    /// is the guest's root, a root that holds the embedded tree.
    ///
    /// Nothing is opened here: folders are when they are first used.
    #[unsafe(export_name = "adder_initial_descriptors")]
    fn initial_descriptors() -> Result<Table, HostErrno> {
        let configuration = Configuration::of_executable();
        let tree = Tree::of(configuration);
        let mut table = Table::new();
        let mut add =
            |file: OpenFile, preopen, rights| table.insert(Descriptor { file: Arc::new(file), rights, preopen });
        for standard in 0..=2 {
            add(Stream::new(standard).into(), None, Rights::of_standard(standard))?;
        }
        for socket in Socket::inherited(vectors::environment()) {
            add(socket.into(), None, Rights::ALL)?;
        }
        if program().emscripten != 0 {
            // Its guests use absolute paths, and no numbers for folders.
            return Ok(table);
        }
        let mut has_root = false;
        for Grant::Folder(folder) in grants(configuration) {
            has_root |= is_root(folder.guest);
            add(folder.open(tree), Some(folder.guest), Rights::ALL)?;
        }
        if tree.is_some() && !has_root {
            add(EmbeddedFile::open(ROOT, OFlags::empty()).into(), Some(b"/"), Rights::ALL)?;
        }
        Ok(table)
    }
}

/// The open file behind a descriptor, if the guest has all the `needed` rights to it.
pub fn file(fd: u32, needed: u64) -> Result<Arc<OpenFile>, Errno> {
    with_rights(fd, needed).map(|descriptor| descriptor.file)
}

/// A descriptor that has these rights, with all of its rights. Fails with `EBADF` for a standard descriptor that was never given
/// them, and with `ENOTCAPABLE` where the guest has taken them away.
pub fn with_rights(fd: u32, needed: u64) -> Result<Descriptor, Errno> {
    let descriptor = descriptors::descriptor(fd)?;
    if needed & !descriptor.rights.base == 0 {
        return Ok(descriptor);
    }
    // As for a descriptor that was opened for something else.
    let never_had = |standard| needed & !Rights::of_standard(standard).base != 0;
    Err(if descriptor.file.standard().is_some_and(never_had) { Errno::Badf } else { Errno::Notcapable })
}
