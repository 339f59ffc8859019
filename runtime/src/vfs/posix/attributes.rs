//! What files are, who may use them, and changing that.
//!
//! What a path names is looked up without opening it, so that the kernel decides about its owner and its permissions and not about
//! those of a descriptor. Older kernels change such a file only by its magic link of procfs.

use super::descriptors;
use super::names::magic_link;
use super::namespace::{Kind, Target};
use crate::arch::system_call;
use crate::process::signals::ignore_signals_of_writes;
use crate::vfs::open::OpenFile;
use crate::vfs::open::status::{FileType, Status, type_of_node};
use crate::vfs::operation::{self, At};
use crate::vfs::path::beneath::{HostPath, UNCHANGEABLE, is_out_of_reach};
use crate::vfs::path::locate::Location;
use core::ffi::c_long;
use rustix::fd::{AsFd, AsRawFd, BorrowedFd};
use rustix::fs::{
    Access, AtFlags, CWD, Gid, Mode, OFlags, StatVfs, StatVfsMountFlags, Timestamps, Uid, accessat, chmodat, chownat,
    fchmod as change_mode, fchown as change_owner, fstat as host_status, fstatvfs, ftruncate as cut,
};
use rustix::io::{Errno, retry_on_intr};

/// Returns the attributes of what a path names; with `follow`, of what a link in its last name leads to.
pub fn stat(target: &Target, follow: bool) -> Result<Status, Errno> {
    match target.kind() {
        Kind::Open(file) => file.status(),
        _ => target.run([Errno::NOENT; 2], |at| operation::status(at, follow)),
    }
}

/// Returns the attributes of an open file.
pub fn fstat(number: u32) -> Result<Status, Errno> {
    descriptors::file(number, 0)?.status()
}

/// Sets the permissions. Fails with `EOPNOTSUPP` for a link that is not to be followed.
pub fn chmod(target: &Target, mode: Mode, follow: bool) -> Result<(), Errno> {
    if let Kind::Open(file) = target.kind() {
        return change_mode_of(changeable(file)?, mode);
    }
    target.change([Errno::ROFS, Errno::NOENT], |at| {
        let HostPath { base, path } = on_host(at)?;
        let found = base.look_up(&path, follow)?;
        if base.access.read_only {
            return Err(UNCHANGEABLE);
        }
        if !follow && Status::of_host(&host_status(&found)?).file_type == FileType::SymbolicLink {
            return Err(Errno::OPNOTSUPP);
        }
        change_mode_of(found.as_fd(), mode)
    })
}

/// Sets the permissions of an open file.
pub fn fchmod(number: u32, mode: Mode) -> Result<(), Errno> {
    change_mode(changeable(&*descriptors::file(number, 0)?)?, mode)
}

/// Sets the owner and the group, as far as given.
pub fn chown(target: &Target, uid: Option<u32>, gid: Option<u32>, follow: bool) -> Result<(), Errno> {
    let change = |found: BorrowedFd<'_>| chownat(found, c"", owner(uid), group(gid), AtFlags::EMPTY_PATH);
    if let Kind::Open(file) = target.kind() {
        return change(changeable(file)?);
    }
    target.change([Errno::ROFS, Errno::NOENT], |at| {
        let HostPath { base, path } = on_host(at)?;
        let found = base.look_up(&path, follow)?;
        if base.access.read_only { Err(UNCHANGEABLE) } else { change(found.as_fd()) }
    })
}

/// Sets the owner and the group of an open file, as far as given.
pub fn fchown(number: u32, uid: Option<u32>, gid: Option<u32>) -> Result<(), Errno> {
    change_owner(changeable(&*descriptors::file(number, 0)?)?, owner(uid), group(gid))
}

fn owner(uid: Option<u32>) -> Option<Uid> {
    uid.map(Uid::from_raw)
}

fn group(gid: Option<u32>) -> Option<Gid> {
    gid.map(Gid::from_raw)
}

/// Sets times of access and modification.
pub fn utimens(target: &Target, times: &Timestamps, follow: bool) -> Result<(), Errno> {
    if let Kind::Open(file) = target.kind() {
        changeable(file)?;
        return file.set_times(times);
    }
    target.change([Errno::ROFS, Errno::NOENT], |at| operation::set_times(at, follow, times))
}

/// Sets times of access and modification of an open file.
#[cfg_attr(not(test), expect(dead_code, reason = "Emscripten sets times of open files by utimensat without a path"))]
pub fn futimens(number: u32, times: &Timestamps) -> Result<(), Errno> {
    let file = descriptors::file(number, 0)?;
    changeable(&file)?;
    file.set_times(times)
}

/// Cuts or extends a file to `size` bytes.
pub fn truncate(target: &Target, size: u64) -> Result<(), Errno> {
    target.change([Errno::ISDIR, Errno::NOENT], |at| {
        let tree = at.tree;
        let HostPath { base, path } = match at.locate()? {
            Location::Host(host) => host,
            Location::Nothing => return Err(Errno::NOENT),
            Location::Passage(..) => return Err(Errno::ISDIR),
            Location::Node(node) => {
                let is_directory = tree.is_some_and(|tree| type_of_node(tree, node) == FileType::Directory);
                return Err(if is_directory { Errno::ISDIR } else { Errno::ROFS });
            }
        };
        // Opening a device may do something, and a pipe waits for who reads from it.
        match Status::of_host(&host_status(base.look_up(&path, true)?)?).file_type {
            FileType::RegularFile if base.access.read_only => return Err(UNCHANGEABLE),
            FileType::RegularFile => {}
            FileType::Directory => return Err(Errno::ISDIR),
            _ => return Err(Errno::INVAL),
        }
        let file = base.open(&path, OFlags::WRONLY | OFlags::NONBLOCK, Mode::empty())?;
        ignore_signals_of_writes();
        retry_on_intr(|| cut(&file, size))
    })
}

/// Cuts or extends an open file to `size` bytes.
pub fn ftruncate(number: u32, size: u64) -> Result<(), Errno> {
    let file = descriptors::file(number, 0)?;
    match file.access() {
        // Nothing is open for writing there.
        Some(access) if access.read_only => Err(Errno::INVAL),
        // A standard stream: what is in the file is not the guest's.
        None if file.standard().is_some() && file.file_type()? == FileType::RegularFile => Err(Errno::PERM),
        None if file.node().is_none() => Err(Errno::INVAL),
        _ => file.set_size(size),
    }
}

/// Whether the process may use what a path names. Of the flags `AT_EACCESS` and `AT_SYMLINK_NOFOLLOW` are known.
///
/// Fails with `EROFS` where everything else would allow writing.
pub fn access(target: &Target, wanted: Access, flags: AtFlags) -> Result<(), Errno> {
    let flags = flags & (AtFlags::EACCESS | AtFlags::SYMLINK_NOFOLLOW);
    let written = |result: Result<(), Errno>, is_read_only: bool| match result {
        Ok(()) if is_read_only && wanted.contains(Access::WRITE_OK) => Err(Errno::ROFS),
        result => result,
    };
    if let Kind::Open(file) = target.kind() {
        return match (file.descriptor(), file.access()) {
            (Ok(found), access) => {
                written(access_of(found, wanted, flags), access.is_some_and(|access| access.read_only))
            }
            (Err(_), _) => written(Ok(()), true),
        };
    }
    target.run([Errno::NOENT; 2], |at| {
        let tree = at.tree;
        let on_host = |HostPath { base, path }: HostPath<'_>| {
            let result = match base.access.whole_host {
                true => accessat(base.directory, path.c_str(), wanted, flags),
                false => {
                    access_of(base.look_up(&path, !flags.contains(AtFlags::SYMLINK_NOFOLLOW))?.as_fd(), wanted, flags)
                }
            };
            written(result, base.access.read_only)
        };
        match at.locate()? {
            Location::Host(host) => on_host(host),
            Location::Nothing => Err(Errno::NOENT),
            Location::Node(node) => {
                let is_directory = tree.is_some_and(|tree| type_of_node(tree, node) == FileType::Directory);
                if wanted.contains(Access::EXEC_OK) && !is_directory {
                    Err(Errno::ACCESS)
                } else {
                    written(Ok(()), true)
                }
            }
            Location::Passage(_, host) => match on_host(host) {
                // What is embedded is found whatever the host has there.
                Err(error) if error != Errno::ROFS && is_out_of_reach(error) => written(Ok(()), true),
                result => result,
            },
        }
    })
}

/// Returns what there is to know of the file system that holds what a path names.
pub fn statfs(target: &Target) -> Result<StatVfs, Errno> {
    if let Kind::Open(file) = target.kind() {
        return file_system_of(file);
    }
    target.run([Errno::NOENT; 2], |at| match at.locate()? {
        Location::Host(HostPath { base, path }) => {
            Ok(read_only(fstatvfs(base.look_up(&path, true)?)?, base.access.read_only))
        }
        Location::Nothing => Err(Errno::NOENT),
        Location::Node(_) => Ok(EMBEDDED),
        Location::Passage(_, HostPath { base, path }) => match base.look_up(&path, true) {
            Ok(found) => Ok(read_only(fstatvfs(found)?, base.access.read_only)),
            Err(error) if is_out_of_reach(error) => Ok(EMBEDDED),
            Err(error) => Err(error),
        },
    })
}

/// Returns what there is to know of the file system that holds an open file.
pub fn fstatfs(number: u32) -> Result<StatVfs, Errno> {
    file_system_of(&*descriptors::file(number, 0)?)
}

fn file_system_of(file: &OpenFile) -> Result<StatVfs, Errno> {
    match file.descriptor() {
        Ok(descriptor) => Ok(read_only(fstatvfs(descriptor)?, file.access().is_some_and(|access| access.read_only))),
        Err(_) => Ok(EMBEDDED),
    }
}

/// What the guest is told of the file system in the executable: there is no room in it.
const EMBEDDED: StatVfs = StatVfs {
    f_bsize: 4096,
    f_frsize: 4096,
    f_blocks: 0,
    f_bfree: 0,
    f_bavail: 0,
    f_files: 0,
    f_ffree: 0,
    f_favail: 0,
    f_fsid: 0,
    f_flag: StatVfsMountFlags::RDONLY,
    f_namemax: 255,
};

fn read_only(mut found: StatVfs, is_read_only: bool) -> StatVfs {
    found.f_flag.set(StatVfsMountFlags::RDONLY, is_read_only || found.f_flag.contains(StatVfsMountFlags::RDONLY));
    found
}

/// The host's place of what is to be changed.
fn on_host(at: At<'_>) -> Result<HostPath<'_>, Errno> {
    match at.locate()? {
        Location::Host(host) | Location::Passage(_, host) => Ok(host),
        Location::Nothing => Err(Errno::NOENT),
        Location::Node(_) => Err(Errno::ROFS),
    }
}

/// The descriptor of an open file whose attributes may be changed. Fails with `EPERM` for what others share: they have not granted it.
fn changeable(file: &OpenFile) -> Result<BorrowedFd<'_>, Errno> {
    match file.access() {
        Some(access) if access.read_only => Err(Errno::ROFS),
        Some(_) => file.descriptor(),
        None if file.standard().is_some() => Err(Errno::PERM),
        None if file.descriptor().is_ok() => Err(Errno::PERM),
        None => Err(Errno::ROFS),
    }
}

/// The number of `fchmodat2(2)`, which is the same on all architectures (include/uapi/asm-generic/unistd.h).
const FCHMODAT2: c_long = 452;

/// Sets the permissions of what was looked up.
fn change_mode_of(found: BorrowedFd<'_>, mode: Mode) -> Result<(), Errno> {
    let [descriptor, flags] = [found.as_raw_fd() as usize, libc::AT_EMPTY_PATH as usize];
    // SAFETY: the name ends with a NUL.
    let changed = unsafe {
        let arguments = [descriptor, c"".as_ptr() as usize, mode.as_raw_mode() as usize, flags];
        system_call(FCHMODAT2, arguments)
    };
    match changed {
        // Before Linux 6.6, or refused by a filter of system calls that does not know it.
        Err(Errno::NOSYS | Errno::PERM) => chmodat(CWD, magic_link(found).as_slice(), mode, AtFlags::empty()),
        result => result.map(drop),
    }
}

/// Whether the process may use what was looked up.
fn access_of(found: BorrowedFd<'_>, wanted: Access, flags: AtFlags) -> Result<(), Errno> {
    let [descriptor, flag_bits] = [found.as_raw_fd() as usize, (flags | AtFlags::EMPTY_PATH).bits() as usize];
    // SAFETY: the name ends with a NUL.
    let allowed = unsafe {
        let arguments = [descriptor, c"".as_ptr() as usize, wanted.bits() as usize, flag_bits];
        system_call(libc::SYS_faccessat2, arguments)
    };
    match allowed {
        // Before Linux 5.8, or refused by a filter of system calls that does not know it.
        Err(Errno::NOSYS | Errno::PERM) => {
            accessat(CWD, magic_link(found).as_slice(), wanted, flags - AtFlags::SYMLINK_NOFOLLOW)
        }
        result => result.map(drop),
    }
}
