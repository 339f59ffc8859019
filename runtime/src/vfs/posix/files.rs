//! Opening, making, renaming and removing files.

use super::descriptors;
use super::names::magic_link;
use super::namespace::{Kind, Target};
use crate::vfs::open::OpenFile;
use crate::vfs::open::status::FileType;
use crate::vfs::operation::{self, At, Needs, changeable, new_name};
use crate::vfs::path::Path;
use crate::vfs::path::locate::Location;
use alloc::sync::Arc;
use alloc::vec::Vec;
use rustix::fd::AsFd;
use rustix::fs::{AtFlags, CWD, FileType as HostType, Mode, OFlags, linkat, mknodat};
use rustix::io::Errno;

/// The flags of `open` that mean something to a guest. The kernel does not take others for a path that must stay in a grant.
const KNOWN: OFlags = OFlags::from_bits_retain(
    (libc::O_ACCMODE
        | libc::O_CREAT
        | libc::O_EXCL
        | libc::O_NOCTTY
        | libc::O_TRUNC
        | libc::O_APPEND
        | libc::O_NONBLOCK
        | libc::O_SYNC
        | libc::O_DIRECTORY
        | libc::O_NOFOLLOW
        | libc::O_CLOEXEC
        | libc::O_PATH
        | libc::O_TMPFILE
        | libc::O_NOATIME
        | libc::O_DIRECT) as u32,
);

/// Those beside `O_PATH`.
const KNOWN_WITH_PATH: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// `O_TMPFILE` without the flag for directories that is in it.
const TEMPORARY: OFlags = OFlags::TMPFILE.difference(OFlags::DIRECTORY);

/// Opens or makes a file, or opens a directory. `flags` are those of Linux; what is not known is ignored. `mode` is what a new file
/// gets, but for the umask.
pub fn open(target: &Target, flags: OFlags, mode: Mode) -> Result<u32, Errno> {
    let file = open_file(target, flags, mode)?;
    // Directories are opened for reading and not made.
    let may_be_directory = !flags.intersects(OFlags::WRONLY | OFlags::RDWR | OFlags::CREATE);
    let name = if may_be_directory { target.name() } else { None };
    descriptors::add(file, name, flags.contains(OFlags::CLOEXEC))
}

/// The same without a number.
pub fn open_file(target: &Target, flags: OFlags, mode: Mode) -> Result<Arc<OpenFile>, Errno> {
    let flags = flags & if flags.contains(OFlags::PATH) { KNOWN_WITH_PATH } else { KNOWN };
    let writes = flags.intersects(OFlags::WRONLY | OFlags::RDWR | OFlags::TRUNC);
    let changes = writes || flags.intersects(OFlags::CREATE | TEMPORARY);
    if let Kind::Open(file) = target.kind() {
        return match flags {
            _ if flags.contains(OFlags::CREATE | OFlags::EXCL) => Err(Errno::EXIST),
            _ if flags.contains(TEMPORARY) => Err(Errno::ROFS),
            _ if changes => Err(Errno::ISDIR),
            _ => Ok(file.clone()),
        };
    }
    let nothing = if flags.contains(OFlags::CREATE) { Errno::ROFS } else { Errno::NOENT };
    let open = |at: At<'_>| operation::open_with_mode(at, flags, mode);
    let opened = match changes {
        true => target.change([Errno::ISDIR, nothing], open),
        false => target.run([Errno::ISDIR, nothing], open),
    };
    match opened {
        // It is a directory, so all that is wrong is that nothing can be made there.
        Err(Errno::ISDIR) if flags.contains(TEMPORARY) => Err(Errno::ROFS),
        opened => opened.map(Arc::new),
    }
}

/// Makes a directory.
pub fn mkdir(target: &Target, mode: Mode) -> Result<(), Errno> {
    target.change([Errno::EXIST, Errno::ROFS], |at| operation::create_directory_with_mode(at, mode))
}

/// Makes a regular file or a named pipe. Fails with `EPERM` for everything else: a device leads out of every grant.
pub fn mknod(target: &Target, file_type: HostType, mode: Mode) -> Result<(), Errno> {
    if !matches!(file_type, HostType::RegularFile | HostType::Fifo) {
        return Err(Errno::PERM);
    }
    target.change([Errno::EXIST, Errno::ROFS], |at| {
        let host = new_name(at.locate()?)?;
        let parent = changeable(&host, Needs::Nothing)?;
        mknodat(parent.directory(), parent.name(), file_type, mode, 0)
    })
}

/// Removes a name that is not of a directory.
pub fn unlink(target: &Target) -> Result<(), Errno> {
    target.change([Errno::ISDIR, Errno::NOENT], operation::unlink)
}

/// Removes an empty directory.
pub fn rmdir(target: &Target) -> Result<(), Errno> {
    if target.is_mount_point() {
        return Err(Errno::BUSY);
    }
    target.change([Errno::BUSY, Errno::NOENT], operation::remove_directory)
}

/// Gives what `from` names the name `to`, which may be in use by something that can be replaced.
pub fn rename(from: &Target, to: &Target) -> Result<(), Errno> {
    from.change([Errno::BUSY, Errno::NOENT], |from| {
        to.change([Errno::BUSY, Errno::ROFS], |to| operation::rename(from.clone(), to))
    })
}

/// Gives a file another name. With `follow`, the file that a link in the last name of `from` leads to.
pub fn link(from: &Target, to: &Target, follow: bool) -> Result<(), Errno> {
    from.run([Errno::PERM, Errno::NOENT], |from| {
        to.change([Errno::EXIST, Errno::ROFS], |to| {
            let is_link = || Ok(operation::status(from.clone(), false)?.file_type == FileType::SymbolicLink);
            if follow && is_link()? { link_followed(from.clone(), to) } else { operation::link(from.clone(), to) }
        })
    })
}

/// Gives the file that a link leads to another name. It needs procfs: the kernel lets few do it by a descriptor.
fn link_followed(from: At<'_>, to: At<'_>) -> Result<(), Errno> {
    let Location::Host(from) = from.locate()? else { return Err(Errno::XDEV) };
    let file = from.base.look_up(&from.path, true)?;
    let to = new_name(to.locate()?)?;
    let to = changeable(&to, Needs::Nothing)?;
    if from.base.access.read_only {
        // Through the new name it could be changed.
        return Err(Errno::XDEV);
    }
    let link = magic_link(file.as_fd());
    linkat(CWD, link.as_slice(), to.directory(), to.name(), AtFlags::SYMLINK_FOLLOW)
}

/// Makes a link with this text. Below a grant that ends somewhere an absolute text is refused with `EPERM`: nobody could follow it.
pub fn symlink(text: &[u8], target: &Target) -> Result<(), Errno> {
    let text = Path::any(text.to_vec())?;
    target.change([Errno::EXIST, Errno::ROFS], |at| operation::symbolic_link(&text, at))
}

/// Returns the text of a link.
pub fn readlink(target: &Target) -> Result<Vec<u8>, Errno> {
    target.run([Errno::INVAL, Errno::NOENT], operation::read_link)
}

/// Sets which permissions new files do not get. Returns those that it was before.
pub fn umask(mask: Mode) -> Mode {
    rustix::process::umask(mask)
}
