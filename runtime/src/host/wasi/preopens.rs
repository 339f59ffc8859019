//! The descriptors that a guest starts with.
//!
//! wasi-libc asks for them one by one from 3, and makes of the names of the preopened folders what absolute paths lead to.

use crate::process::configuration::Configuration;
use crate::process::vectors;
use crate::vfs::descriptor::{Descriptor, Table};
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
use rustix::io::Errno;

/// Makes the table that the guest starts with: 0, 1, 2; inherited sockets; granted folders in their order; and, where something
/// is embedded and no grant is the guest's root, a root that holds the embedded tree.
///
/// Nothing is opened here: folders are when they are first used.
#[unsafe(no_mangle)]
fn adder_initial_descriptors() -> Result<Table, Errno> {
    let configuration = Configuration::of_executable();
    let tree = Tree::of(configuration);
    let mut table = Table::new();
    let mut add = |file: OpenFile, preopen, rights| table.insert(Descriptor { file: Arc::new(file), rights, preopen });
    for standard in 0..=2 {
        add(Stream::new(standard).into(), None, Rights::of_standard(standard))?;
    }
    for socket in Socket::inherited(vectors::environment()) {
        add(socket.into(), None, Rights::ALL)?;
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
