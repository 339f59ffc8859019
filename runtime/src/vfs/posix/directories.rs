//! Reading directories as getdents(2) does: from where the descriptor is, which its copies share.

use super::descriptors;
use super::namespace::Namespace;
use crate::vfs::open::OpenFile;
use crate::vfs::open::listing::Entry;
use crate::vfs::open::status::FileType;
use core::ops::ControlFlow;
use rustix::io::Errno;

/// Gives the next entries to `take` until there are none, or it says that it has no room for the one that it was given: that is the
/// first next time. `.` and `..` are among them. `bytes_wanted` says about how many bytes of entries are of use.
///
/// Fails with `ENOTDIR`.
pub fn read(number: u32, bytes_wanted: usize, take: &mut dyn FnMut(&Entry<'_>) -> bool) -> Result<(), Errno> {
    let (file, position) = descriptors::position(number)?;
    position.with(|position| {
        let mut next = *position;
        let listed = file.list(Namespace::of_guest().mounts.tree, *position, bytes_wanted, &mut |entry| {
            if !take(&entry) {
                return ControlFlow::Break(());
            }
            next = entry.next;
            ControlFlow::Continue(())
        });
        *position = next;
        listed
    })
}

/// Goes on from another entry from now on: one that an entry has said to come after it, or 0 for the first. Returns it.
///
/// Fails with `ENOTDIR`.
pub fn seek(number: u32, cookie: u64) -> Result<u64, Errno> {
    let (file, position) = descriptors::position(number)?;
    check(&file)?;
    position.with(|position| *position = cookie);
    Ok(cookie)
}

/// Returns where the next entries are.
///
/// Fails with `ENOTDIR`.
pub fn tell(number: u32) -> Result<u64, Errno> {
    let (file, position) = descriptors::position(number)?;
    check(&file)?;
    Ok(position.with(|position| *position))
}

fn check(file: &OpenFile) -> Result<(), Errno> {
    if file.file_type()? == FileType::Directory { Ok(()) } else { Err(Errno::NOTDIR) }
}
