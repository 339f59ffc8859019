//! What the guest starts with: standard descriptors, inherited sockets, granted folders.

use super::descriptor::{Descriptor, Table};
use super::embedded::{EmbeddedFile, ROOT, Tree};
use super::open::host_file::HostFile;
use super::open::{Content, OpenFile};
use super::path::beneath::Access;
use super::path::is_root;
use super::rights::Rights;
use crate::process::configuration::Configuration;
use crate::process::standard::open_closed_descriptors;
use adder_abi::configuration::{Grant, NodeKind, grant_flag};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ffi::CStr;
use rustix::fd::{BorrowedFd, FromRawFd, OwnedFd, RawFd};
use rustix::fs::{FileType, OFlags, fstat};
use rustix::io::{Errno, FdFlags, fcntl_setfd};

/// The first descriptor after the standard ones, as in the protocol of socket activation (`sd_listen_fds(3)`).
const FIRST_INHERITED: RawFd = 3;

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
    let mut add = |content, preopen, rights| {
        let file = Arc::new(OpenFile { content, preopen });
        table.insert(Descriptor { file, rights })
    };
    for standard in 0..FIRST_INHERITED {
        add(Content::Host(HostFile::standard(standard)), None, Rights::of_standard(standard))?;
    }
    for inherited in inherited_sockets(environment) {
        add(Content::Host(HostFile::inherited(inherited)), None, Rights::ALL)?;
    }
    let mut has_root = false;
    for grant in configuration.grants() {
        let guest = configuration.text(grant.guest);
        has_root |= is_root(guest);
        let node = tree.and_then(|tree| Some((tree, tree.find(guest)?)));
        let content = match node {
            Some((tree, node)) if tree.kind(node) != NodeKind::Passage => {
                Content::Embedded(EmbeddedFile::open(node, OFlags::empty()))
            }
            passage => {
                let host = configuration.text(grant.host);
                Content::Host(HostFile::folder(host, access(configuration, grant), passage.map(|(_, node)| node)))
            }
        };
        add(content, Some(guest), Rights::ALL)?;
    }
    if tree.is_some() && !has_root {
        add(Content::Embedded(EmbeddedFile::open(ROOT, OFlags::empty())), Some(b"/"), Rights::ALL)?;
    }
    Ok(table)
}

fn access(configuration: Configuration, grant: &Grant) -> Access {
    let host = configuration.text(grant.host);
    Access { whole_host: host.starts_with(b"/") && is_root(host), read_only: grant.flags & grant_flag::READ_ONLY != 0 }
}

/// Sockets that whoever started the process has handed over: `LISTEN_FDS` of them from descriptor 3, if `LISTEN_PID` is
/// this process. Other descriptors that happen to be open are none of the guest's business.
fn inherited_sockets(environment: impl Iterator<Item = &'static CStr> + Clone) -> Vec<OwnedFd> {
    let number = |name: &[u8]| {
        let mut texts = environment.clone();
        let value = texts.find_map(|text| text.to_bytes().strip_prefix(name))?;
        core::str::from_utf8(value).ok()?.parse::<i32>().ok()
    };
    let count = number(b"LISTEN_FDS=").unwrap_or(0);
    if count <= 0 || number(b"LISTEN_PID=") != Some(rustix::process::getpid().as_raw_nonzero().get()) {
        return Vec::new();
    }
    // What such a socket accepts must not become a standard descriptor.
    let _ = open_closed_descriptors();
    let numbers = (FIRST_INHERITED..).take(count.min(1024) as usize);
    numbers
        .filter_map(|raw| {
            // SAFETY: it is only asked about; if it is not open, that is what this finds out.
            let descriptor = unsafe { BorrowedFd::borrow_raw(raw) };
            let stat = fstat(descriptor).ok()?;
            if FileType::from_raw_mode(stat.st_mode) != FileType::Socket {
                return None;
            }
            fcntl_setfd(descriptor, FdFlags::CLOEXEC).ok()?;
            // SAFETY: whoever started the process gave it away, and the runtime has opened nothing before this.
            Some(unsafe { OwnedFd::from_raw_fd(raw) })
        })
        .collect()
}
