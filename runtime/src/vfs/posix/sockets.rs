//! Names of Unix sockets: grants of files say which ones the guest reaches and makes.

use super::names::magic_link;
use super::namespace::Target;
use crate::vfs::operation::{At, Needs, changeable, new_name};
use crate::vfs::path::beneath::PASSING;
use crate::vfs::path::locate::Location;
use crate::vfs::path::split_last;
use alloc::vec::Vec;
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{Mode, openat};
use rustix::io::Errno;

/// Finds the socket that a path names. Who connects to it writes to it, so a grant that allows no changes does not allow that.
pub fn find(target: &Target) -> Result<OwnedFd, Errno> {
    target.run([Errno::CONNREFUSED, Errno::NOENT], |at: At<'_>| match at.locate()? {
        Location::Host(host) if host.base.access.read_only => Err(Errno::ACCESS),
        Location::Host(host) => host.base.look_up(&host.path, true),
        Location::Nothing => Err(Errno::NOENT),
        Location::Node(_) | Location::Passage(..) => Err(Errno::CONNREFUSED),
    })
}

/// Returns a path for the kernel that leads to what [`find`] has found, as long as that is open.
pub fn path_to(found: &OwnedFd) -> Vec<u8> {
    magic_link(found.as_fd())
}

/// Gives a new name to what `bind` makes of a path for the kernel.
pub fn name<R>(target: &Target, bind: impl Fn(&[u8]) -> Result<R, Errno>) -> Result<R, Errno> {
    let named = target.change([Errno::ADDRINUSE, Errno::ROFS], |at| {
        let host = new_name(at.locate()?)?;
        let parent = changeable(&host, Needs::Nothing)?;
        let (before, last) = split_last(parent.name().to_bytes());
        // The kernel takes only short names for sockets.
        let directory = match before {
            b"" => None,
            before => Some(openat(parent.directory(), before, PASSING, Mode::empty())?),
        };
        let mut path = magic_link(directory.as_ref().map_or(parent.directory(), AsFd::as_fd));
        path.push(b'/');
        path.extend_from_slice(last);
        bind(&path)
    });
    // What has the name already, it is in use.
    named.map_err(|error| if error == Errno::EXIST { Errno::ADDRINUSE } else { error })
}
