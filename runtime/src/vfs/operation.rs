//! What can be done with a path: each function resolves it and does one thing.
//!
//! Where the embedded tree serves a path, everything that would change it fails with `EROFS`, as on a file system that is
//! mounted read-only; a passage is in use by the tree and cannot be removed or replaced (`EBUSY`). Where a grant is
//! read-only, the same holds for everything below it, but with [`UNCHANGEABLE`]; [`changeable`] is where that is decided.

use super::open::OpenFile;
use super::open::embedded::EmbeddedFile;
use super::open::host_file::HostFile;
use super::open::status::{FileType, Status, type_of_node};
use super::path::beneath::{self, Access, HostPath, Parent, UNCHANGEABLE, is_out_of_reach};
use super::path::locate::{Location, locate};
use super::path::{Path, names_directory};
use super::special::SpecialFiles;
use super::tree::Tree;
use crate::Runtime;
use adder_abi::configuration::NodeKind;
use alloc::vec::Vec;
use rustix::fd::OwnedFd;
use rustix::fs::{
    AtFlags, CWD, Mode, OFlags, Timestamps, fstat, linkat, mkdirat, renameat, statat, symlinkat, unlinkat, utimensat,
};
use rustix::io::{Errno, retry_on_intr};
use rustix::path::DecInt;

/// A path and where it starts.
#[derive(Clone)]
pub struct At<'a> {
    /// An open directory.
    pub start: &'a OpenFile,
    /// A path from there.
    pub path: Path,
    /// The embedded tree, if there is one.
    pub tree: Option<Tree>,
}

/// What a change needs of the name that it is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// That it is free.
    Nothing,
    /// That something has it.
    Something,
}

impl<'a> At<'a> {
    /// Finds out who serves the path.
    pub(super) fn locate(self) -> Result<Location<'a>, Errno> {
        locate(self.tree, self.start, self.path)
    }
}

/// Opens or makes a file, or opens a directory. Who may use a new file is the process's umask's affair alone.
///
/// `flags` are those of `open`; `O_NOFOLLOW` says not to follow a link in the last name.
pub fn open(at: At<'_>, flags: OFlags) -> Result<OpenFile, Errno> {
    open_with_mode(at, flags, Mode::from_raw_mode(0o666))
}

/// The same for whoever says what `mode` a new file has, but for what the process's umask takes away.
pub fn open_with_mode(at: At<'_>, flags: OFlags, mode: Mode) -> Result<OpenFile, Errno> {
    let tree = at.tree;
    Ok(match at.locate()? {
        Location::Host(HostPath { base, path }) => {
            let opened = if base.access.read_only {
                open_unchanged(&HostPath { base, path }, flags)?
            } else {
                base.open(&path, flags, mode)?
            };
            HostFile::new(opened, base.access, None).into()
        }
        Location::Nothing if flags.contains(OFlags::CREATE) => return Err(Errno::ROFS),
        Location::Nothing => return Err(Errno::NOENT),
        Location::Node(node) => {
            let tree = tree.ok_or(Errno::NOENT)?;
            match tree.kind(node) {
                NodeKind::ColdStart => return open_cold_start(flags),
                // These can be written to as well.
                NodeKind::Memory | NodeKind::Reason => {
                    check_open_of_node(FileType::RegularFile, flags - OFlags::RWMODE)?
                }
                _ => check_open_of_node(type_of_node(tree, node), flags)?,
            }
            OpenFile::of_node(tree, node, flags)
        }
        Location::Passage(node, HostPath { base, path }) => {
            check_open_of_node(FileType::Directory, flags)?;
            let opened = match base.open(&path, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()) {
                // Names in it can be used although they cannot be listed.
                Err(Errno::ACCESS) => base.open(&path, OFlags::PATH | OFlags::DIRECTORY, Mode::empty()),
                result => result,
            };
            match opened {
                Ok(opened) => HostFile::new(opened, base.access, Some(node)).into(),
                Err(error) if is_out_of_reach(error) => EmbeddedFile::open(node, flags).into(),
                Err(error) => return Err(error),
            }
        }
    })
}

/// The size of what is given back for a cold start is the runtime's affair.
const UNCHANGED: Access = Access { whole_host: false, read_only: true };

/// Opens the file that asks for a cold start: for writing to give the cold start its standard input; otherwise it begins.
fn open_cold_start(flags: OFlags) -> Result<OpenFile, Errno> {
    match flags & OFlags::RWMODE {
        OFlags::WRONLY => Ok(HostFile::new(Runtime::give_input()?, UNCHANGED, None).into()),
        _ => Err(Runtime::start_cold()),
    }
}

/// Whether what the tree holds can be opened with these flags.
fn check_open_of_node(file_type: FileType, flags: OFlags) -> Result<(), Errno> {
    let writes = flags.intersects(OFlags::WRONLY | OFlags::RDWR | OFlags::TRUNC);
    if flags.contains(OFlags::CREATE | OFlags::EXCL) {
        return Err(Errno::EXIST);
    }
    if file_type == FileType::Directory {
        return if writes || flags.contains(OFlags::CREATE) { Err(Errno::ISDIR) } else { Ok(()) };
    }
    if flags.contains(OFlags::DIRECTORY) {
        return Err(Errno::NOTDIR);
    }
    if writes { Err(Errno::ROFS) } else { Ok(()) }
}

/// Opens under a read-only grant: only what is there, and only for reading.
fn open_unchanged(at: &HostPath<'_>, flags: OFlags) -> Result<OwnedFd, Errno> {
    let follow = !flags.contains(OFlags::NOFOLLOW);
    if flags.intersects(OFlags::WRONLY | OFlags::RDWR | OFlags::TRUNC) {
        let found = match at.base.look_up(&at.path, follow) {
            Err(Errno::NOENT) if flags.contains(OFlags::CREATE) => return Err(UNCHANGEABLE),
            result => result?,
        };
        if flags.contains(OFlags::CREATE | OFlags::EXCL) {
            return Err(Errno::EXIST);
        }
        let file_type = Status::of_host(&fstat(found)?).file_type;
        return Err(if file_type == FileType::Directory { Errno::ISDIR } else { UNCHANGEABLE });
    }
    let creates = flags.contains(OFlags::CREATE);
    match at.base.open(&at.path, flags - OFlags::CREATE - OFlags::EXCL, Mode::empty()) {
        Err(Errno::NOENT) if creates => Err(UNCHANGEABLE),
        Ok(_) if creates && flags.contains(OFlags::EXCL) => Err(Errno::EXIST),
        result => result,
    }
}

/// Attributes of what `path` names; with `follow`, of what a link in its last name leads to.
pub fn status(at: At<'_>, follow: bool) -> Result<Status, Errno> {
    let tree = at.tree;
    match at.locate()? {
        Location::Host(host) => host_status(&host, follow),
        Location::Nothing => Err(Errno::NOENT),
        Location::Node(node) => Ok(Status::of_node(tree.ok_or(Errno::NOENT)?, node)),
        Location::Passage(node, host) => match host_status(&host, true) {
            Ok(status) if status.file_type == FileType::Directory => Ok(status),
            _ => Ok(Status::of_node(tree.ok_or(Errno::NOENT)?, node)),
        },
    }
}

fn host_status(HostPath { base, path }: &HostPath<'_>, follow: bool) -> Result<Status, Errno> {
    if base.access.whole_host {
        let flags = if follow { AtFlags::empty() } else { AtFlags::SYMLINK_NOFOLLOW };
        return Ok(Status::of_host(&statat(base.directory, path.c_str(), flags)?));
    }
    if is_plain_name(path) {
        // One call instead of three, for all names but links that are to be followed.
        let status = Status::of_host(&statat(base.directory, path.c_str(), AtFlags::SYMLINK_NOFOLLOW)?);
        if status.file_type != FileType::SymbolicLink || !follow {
            return Ok(status);
        }
    }
    Ok(Status::of_host(&fstat(base.look_up(path, follow)?)?))
}

/// Whether a path is one name in the directory itself, so that no step can lead elsewhere.
fn is_plain_name(path: &Path) -> bool {
    !path.bytes().contains(&b'/') && path.bytes() != b".."
}

/// Sets times of access and modification.
pub fn set_times(at: At<'_>, follow: bool, times: &Timestamps) -> Result<(), Errno> {
    let HostPath { base, path } = match at.locate()? {
        Location::Host(host) | Location::Passage(_, host) => host,
        Location::Nothing => return Err(Errno::NOENT),
        Location::Node(_) => return Err(Errno::ROFS),
    };
    if base.access.whole_host {
        changeable(&HostPath { base, path: path.clone() }, Needs::Something)?;
        let flags = if follow { AtFlags::empty() } else { AtFlags::SYMLINK_NOFOLLOW };
        return utimensat(base.directory, path.c_str(), times, flags);
    }
    let found = base.look_up(&path, follow)?;
    if base.access.read_only {
        return Err(UNCHANGEABLE);
    }
    match utimensat(&found, c"", times, AtFlags::EMPTY_PATH) {
        // Before Linux 5.8 a descriptor without a path was not allowed.
        Err(Errno::INVAL | Errno::NOENT) => {
            let mut magic_link = b"/proc/self/fd/".to_vec();
            magic_link.extend_from_slice(DecInt::from_fd(&found).as_bytes());
            utimensat(CWD, magic_link.as_slice(), times, AtFlags::empty())
        }
        result => result,
    }
}

/// Makes a directory. Who may use it is the process's umask's affair alone.
pub fn create_directory(at: At<'_>) -> Result<(), Errno> {
    create_directory_with_mode(at, Mode::from_raw_mode(0o777))
}

/// The same for whoever says what `mode` it has, but for what the process's umask takes away.
pub fn create_directory_with_mode(at: At<'_>, mode: Mode) -> Result<(), Errno> {
    let host = new_name(at.locate()?)?;
    let parent = changeable(&host, Needs::Nothing)?;
    mkdirat(parent.directory(), parent.name(), mode)
}

/// Removes a name that is not of a directory.
pub fn unlink(at: At<'_>) -> Result<(), Errno> {
    let tree = at.tree;
    let host = match at.locate()? {
        Location::Host(host) => host,
        Location::Nothing => return Err(Errno::NOENT),
        Location::Passage(..) => return Err(Errno::ISDIR),
        // From now on, the guest goes on as it is.
        Location::Node(node) if tree.is_some_and(|tree| tree.kind(node) == NodeKind::ColdStart) => {
            Runtime::give_up();
            return Ok(());
        }
        Location::Node(node) => {
            let directory = tree.is_some_and(|tree| type_of_node(tree, node) == FileType::Directory);
            return Err(if directory { Errno::ISDIR } else { Errno::ROFS });
        }
    };
    let parent = changeable(&host, Needs::Something)?;
    unlinkat(parent.directory(), parent.name(), AtFlags::empty())
}

/// Removes an empty directory.
pub fn remove_directory(at: At<'_>) -> Result<(), Errno> {
    let tree = at.tree;
    let host = match at.locate()? {
        Location::Host(host) => host,
        Location::Nothing => return Err(Errno::NOENT),
        Location::Passage(..) => return Err(Errno::BUSY),
        Location::Node(node) => {
            let directory = tree.is_some_and(|tree| type_of_node(tree, node) == FileType::Directory);
            return Err(if directory { Errno::ROFS } else { Errno::NOTDIR });
        }
    };
    let parent = changeable(&host, Needs::Something)?;
    unlinkat(parent.directory(), parent.name(), AtFlags::REMOVEDIR)
}

/// Gives what `from` names the name `to`, which may be in use by something that can be replaced.
pub fn rename(from: At<'_>, to: At<'_>) -> Result<(), Errno> {
    let from = match from.locate()? {
        Location::Host(host) => host,
        Location::Nothing => return Err(Errno::NOENT),
        Location::Passage(..) => return Err(Errno::BUSY),
        Location::Node(_) => return Err(Errno::ROFS),
    };
    let to = match to.locate()? {
        Location::Host(host) => host,
        Location::Passage(..) => return Err(Errno::BUSY),
        Location::Nothing | Location::Node(_) => return Err(Errno::ROFS),
    };
    let from = changeable(&from, Needs::Something)?;
    if to.base.access.read_only {
        return Err(UNCHANGEABLE);
    }
    let to = to.base.parent(&to.path)?;
    retry_on_intr(|| renameat(from.directory(), from.name(), to.directory(), to.name()))
}

/// Gives the file at `from`, which is not followed if it is a link, another name.
pub fn link(from: At<'_>, to: At<'_>) -> Result<(), Errno> {
    let from = match from.locate()? {
        Location::Host(host) => host,
        Location::Nothing => return Err(Errno::NOENT),
        Location::Node(_) | Location::Passage(..) => return Err(Errno::XDEV),
    };
    let to = new_name(to.locate()?)?;
    if from.base.access.read_only || to.base.access.read_only {
        from.base.look_up(&from.path, false)?;
    }
    let to = changeable(&to, Needs::Nothing)?;
    if from.base.access.read_only {
        // Through the new name it could be changed.
        return Err(Errno::XDEV);
    }
    if names_directory(from.path.bytes()) {
        // With a slash behind it a link would be followed by the kernel, out of the grant if it leads there.
        from.base.open(&from.path, OFlags::PATH | OFlags::DIRECTORY, Mode::empty())?;
        return Err(Errno::PERM);
    }
    let from = from.base.parent(&from.path)?;
    linkat(from.directory(), from.name(), to.directory(), to.name(), AtFlags::empty())
}

/// Makes a link with this text. Its text must be relative where the grant ends somewhere: the guest could not follow
/// another one, and another program should not be led by it.
pub fn symbolic_link(text: &Path, at: At<'_>) -> Result<(), Errno> {
    let host = new_name(at.locate()?)?;
    if text.is_absolute() && !host.base.access.whole_host {
        return Err(Errno::PERM);
    }
    let parent = changeable(&host, Needs::Nothing)?;
    symlinkat(text.c_str(), parent.directory(), parent.name())
}

/// The text of a link.
pub fn read_link(at: At<'_>) -> Result<Vec<u8>, Errno> {
    match at.locate()? {
        Location::Host(HostPath { base, path }) => beneath::read_link(base, &path),
        Location::Nothing => Err(Errno::NOENT),
        Location::Node(_) | Location::Passage(..) => Err(Errno::INVAL),
    }
}

/// A location as the place of a new name.
pub(super) fn new_name(location: Location<'_>) -> Result<HostPath<'_>, Errno> {
    match location {
        Location::Host(host) => Ok(host),
        Location::Node(_) | Location::Passage(..) => Err(Errno::EXIST),
        Location::Nothing => Err(Errno::ROFS),
    }
}

/// The parent of a name that is about to change. Where the grant allows no changes, fails where the
/// kernel would for a file system that is mounted read-only: unless the change could not be made anyway.
pub(super) fn changeable<'a>(host: &HostPath<'a>, needs: Needs) -> Result<Parent<'a>, Errno> {
    let parent = host.base.parent(&host.path)?;
    if !host.base.access.read_only {
        return Ok(parent);
    }
    let exists = host.base.look_up(&host.path, false);
    match (exists, needs) {
        (Ok(_), Needs::Nothing) => Err(Errno::EXIST),
        (Err(Errno::NOENT), Needs::Nothing) | (Ok(_), Needs::Something) => Err(UNCHANGEABLE),
        (Err(error), _) => Err(error),
    }
}
