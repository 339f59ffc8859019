//! What the guest starts with: standard descriptors, inherited sockets, granted folders.

use super::descriptor::{Descriptor, Table};
use super::open::OpenFile;
use super::open::embedded::EmbeddedFile;
use super::open::host_folder::HostFolder;
use super::open::socket::Socket;
use super::open::stream::Stream;
use super::path::beneath::Access;
use super::path::is_root;
use super::rights::Rights;
use super::tree::{ROOT, Tree};
use crate::process::configuration::Configuration;
use adder_abi::configuration::{Grant, NodeKind, grant_flag};
use alloc::sync::Arc;
use core::ffi::CStr;
use rustix::fs::OFlags;
use rustix::io::Errno;

/// Makes the table that the guest starts with: 0, 1, 2; inherited sockets; granted folders in their order; and, where
/// something is embedded and no grant is the guest's root, a root that holds the embedded tree.
///
/// Nothing is opened here: folders are when they are first used.
pub fn initial_table(
    configuration: Configuration,
    environment: impl Iterator<Item = &'static CStr> + Clone,
) -> Result<Table, Errno> {
    let tree = Tree::of(configuration);
    let mut table = Table::new();
    let mut add = |file: OpenFile, preopen, rights| {
        let file = Arc::new(file);
        table.insert(Descriptor { file, rights, preopen })
    };
    for standard in 0..=2 {
        add(Stream::new(standard).into(), None, Rights::of_standard(standard))?;
    }
    for inherited in Socket::inherited(environment) {
        add(inherited.into(), None, Rights::ALL)?;
    }
    let mut has_root = false;
    for grant in configuration.grants() {
        let guest = configuration.text(grant.guest);
        has_root |= is_root(guest);
        let node = tree.and_then(|tree| Some((tree, tree.find(guest)?)));
        let file = match node {
            Some((tree, node)) if tree.kind(node) != NodeKind::Passage => {
                EmbeddedFile::open(node, OFlags::empty()).into()
            }
            passage => {
                let host = configuration.text(grant.host);
                HostFolder::new(host, access(configuration, grant), passage.map(|(_, node)| node)).into()
            }
        };
        add(file, Some(guest), Rights::ALL)?;
    }
    if tree.is_some() && !has_root {
        add(EmbeddedFile::open(ROOT, OFlags::empty()).into(), Some(b"/"), Rights::ALL)?;
    }
    Ok(table)
}

fn access(configuration: Configuration, grant: &Grant) -> Access {
    let host = configuration.text(grant.host);
    Access { whole_host: host.starts_with(b"/") && is_root(host), read_only: grant.flags & grant_flag::READ_ONLY != 0 }
}
