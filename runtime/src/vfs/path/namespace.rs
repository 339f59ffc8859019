//! The guest's own names for directories of the host: which grant covers one, and where it lies below that.
//!
//! The other direction, what a name of the guest leads to, is the affair of its interface: WASI's C library makes absolute paths
//! relative to a preopened folder before the runtime sees them, and for guests that have them as POSIX does there is
//! [`crate::vfs::posix::namespace`]. What one path does below a grant stays in [`super::locate`] and [`super::beneath`].

use super::working_directory::{WITHOUT_NAME, depth_below, stand_in_below};
use super::{Step, is_root, steps};
use crate::process::configuration::Configuration;
use crate::vfs::grant::{Grant, GrantedFolder, grants};
use alloc::vec::Vec;
use rustix::fs::{CWD, Mode, OFlags, Stat, fstat, openat, stat};
use rustix::io::Errno;

/// The guest's name for the working directory of the process: below which grant it lies, and where there. `None` if no
/// grant covers it.
///
/// Fails if that cannot be found out by its name.
pub fn guest_working_directory(configuration: Configuration, directory: &[u8]) -> Result<Option<Vec<u8>>, Errno> {
    let nearest = covering_grant(configuration, directory)?;
    Ok(nearest.map(|(granted, below)| guest_path(granted.guest, below)))
}

/// The grant that covers a directory with this name of the host, the nearest to it, and what of the name follows there. Fails if
/// that cannot be found out by its name.
pub fn covering_grant(configuration: Configuration, directory: &[u8]) -> Result<Option<(GrantedFolder, &[u8])>, Errno> {
    let mut nearest: Option<(GrantedFolder, &[u8])> = None;
    for Grant::Folder(granted) in grants(configuration) {
        let found = match below(directory, granted.host) {
            None => below_by_identity(directory, granted.host)?,
            found => found,
        };
        if let Some(found) = found
            && nearest.as_ref().is_none_or(|(_, nearest)| found.len() < nearest.len())
        {
            nearest = Some((granted, found));
        }
    }
    Ok(nearest)
}

/// The guest's name for the working directory of a process where it has none that can be used: [`WITHOUT_NAME`] below the
/// nearest grant that covers it. `None` if no grant does.
pub fn guest_working_directory_without_name(configuration: Configuration) -> Option<Vec<u8>> {
    let granted = grant_above_working_directory(configuration)?;
    stand_in_below(granted.host);
    Some(guest_path(granted.guest, WITHOUT_NAME))
}

/// The grant that covers the working directory of the process whatever its name is, the nearest to it.
pub fn grant_above_working_directory(configuration: Configuration) -> Option<GrantedFolder> {
    let mut nearest: Option<(GrantedFolder, usize)> = None;
    for Grant::Folder(granted) in grants(configuration) {
        let depth = match granted.access.whole_host {
            true => Some(usize::MAX),
            false => folder(granted.host).and_then(|folder| depth_below(&folder)),
        };
        if let Some(depth) = depth
            && nearest.as_ref().is_none_or(|(_, nearest)| depth < *nearest)
        {
            nearest = Some((granted, depth));
        }
    }
    nearest.map(|(granted, _)| granted)
}

/// The guest's absolute path for what lies below a grant.
pub fn guest_path(grant: &[u8], below: &[u8]) -> Vec<u8> {
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
