//! What the guest starts with: standard descriptors, inherited sockets, granted folders, and where it is among them.

use super::descriptor::{Descriptor, Table};
use super::embedded::{EmbeddedFile, ROOT, Tree};
use super::open::host_file::HostFile;
use super::open::{Content, OpenFile};
use super::path::beneath::Access;
use super::path::working_directory::{WITHOUT_NAME, depth_below, stand_in_below};
use super::path::{Step, steps};
use super::rights::Rights;
use crate::process::configuration::Configuration;
use crate::process::standard::open_closed_descriptors;
use adder_abi::configuration::{Grant, NodeKind, grant_flag};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ffi::CStr;
use rustix::fd::{BorrowedFd, FromRawFd, OwnedFd, RawFd};
use rustix::fs::{CWD, FileType, Mode, OFlags, Stat, fstat, openat, stat};
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

/// Whether a path is the root: wasi-libc takes `.` and the empty path for it too.
fn is_root(path: &[u8]) -> bool {
    steps(path).next().is_none()
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

/// The guest's name for the working directory of the process: below which grant it lies, and where there. `None` if no
/// grant covers it.
///
/// Fails if that cannot be found out by its name.
pub fn guest_working_directory(configuration: Configuration, directory: &[u8]) -> Result<Option<Vec<u8>>, Errno> {
    // The grant that is nearest to it names it.
    let mut nearest: Option<(&Grant, &[u8])> = None;
    for grant in configuration.grants() {
        let host = configuration.text(grant.host);
        let found = match below(directory, host) {
            None => below_by_identity(directory, host)?,
            found => found,
        };
        if let Some(found) = found
            && nearest.is_none_or(|(_, nearest)| found.len() < nearest.len())
        {
            nearest = Some((grant, found));
        }
    }
    Ok(nearest.map(|(grant, below)| guest_path(configuration.text(grant.guest), below)))
}

/// The guest's name for the working directory of a process where it has none that can be used: [`WITHOUT_NAME`] below the
/// nearest grant that covers it. `None` if no grant does.
pub fn guest_working_directory_without_name(configuration: Configuration) -> Option<Vec<u8>> {
    let depth = |host: &[u8]| {
        if host.starts_with(b"/") && is_root(host) {
            return Some(usize::MAX);
        }
        depth_below(&folder(host)?)
    };
    let candidates = configuration.grants().iter().filter_map(|grant| {
        let host = configuration.text(grant.host);
        Some((grant, host, depth(host)?))
    });
    let (grant, host, _) = candidates.min_by_key(|(.., depth)| *depth)?;
    stand_in_below(host);
    Some(guest_path(configuration.text(grant.guest), WITHOUT_NAME))
}

/// The guest's absolute path for what lies below a grant.
fn guest_path(grant: &[u8], below: &[u8]) -> Vec<u8> {
    let mut guest = b"/".to_vec();
    for (step, _) in steps(grant).chain(steps(below)) {
        if let Step::Down(name) = step {
            if guest.len() > 1 {
                guest.push(b'/');
            }
            guest.extend_from_slice(name);
        }
    }
    guest
}

/// What of `directory` follows `host`, where that is a beginning of it by its text.
fn below<'a>(directory: &'a [u8], host: &[u8]) -> Option<&'a [u8]> {
    if !host.starts_with(b"/") {
        return is_root(host).then_some(b"");
    }
    let mut rest = directory;
    for (step, _) in steps(host) {
        let Step::Down(name) = step else { return None };
        let (next, after) = steps(rest).next()?;
        if next != Step::Down(name) {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

/// The same where the text does not tell, because `host` is relative or leads through links: compares directories.
fn below_by_identity<'a>(directory: &'a [u8], host: &[u8]) -> Result<Option<&'a [u8]>, Errno> {
    let Some(folder) = folder(host) else { return Ok(None) };
    let mut end = directory.len();
    loop {
        let ancestor = if end == 0 { b"/" } else { &directory[..end] };
        let found = stat(ancestor)?;
        if (found.st_dev, found.st_ino) == (folder.st_dev, folder.st_ino) {
            return Ok(Some(&directory[end..]));
        }
        if end == 0 {
            return Ok(None);
        }
        end = directory[..end].iter().rposition(|&byte| byte == b'/').unwrap_or(0);
    }
}

/// The folder of a grant, if the process can reach it.
fn folder(host: &[u8]) -> Option<Stat> {
    let folder = openat(CWD, host, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok()?;
    fstat(folder).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_cover_what_is_below_them() {
        for (directory, host, expected) in [
            ("/home/a", "/home", Some("/a")),
            ("/home/a", "/home/", Some("/a")),
            ("/home/a", "/", Some("/home/a")),
            ("/home/a", "/home/a", Some("")),
            ("/homely", "/home", None),
            ("/home", "/home/a", None),
            ("/home", ".", Some("")),
        ] {
            assert_eq!(below(directory.as_bytes(), host.as_bytes()), expected.map(str::as_bytes), "{directory} {host}");
        }
    }

    #[test]
    fn links_to_folders_are_seen_through() {
        assert_eq!(below_by_identity(b"/proc/self", b"/proc/"), Ok(Some(b"/self".as_slice())));
        assert_eq!(below_by_identity(b"/proc/self", b"/dev"), Ok(None));
        assert_eq!(below_by_identity(b"/proc/self", b"/no such folder"), Ok(None));
        assert_eq!(below_by_identity(b"/proc", b"/"), Ok(Some(b"/proc".as_slice())));
        assert_eq!(below_by_identity(b"/proc/no such folder", b"/dev"), Err(Errno::NOENT));
    }
}
