//! The working directory of the process where its name is of no use: a path of the guest that stands for it.

use super::Path;
use super::beneath::{Base, HostPath};
use crate::process::phase;
use crate::vfs::open::host_folder::HostFolder;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};
use rustix::fs::{CWD, Mode, OFlags, Stat, fstat, openat};
use rustix::io::Errno;

/// Stands for the working directory, below the folder of the grant that covers it. Where that is the host's `/`, it is what Linux
/// calls it too (proc_pid_cwd(5)), whether procfs is mounted or not.
pub const WITHOUT_NAME: &[u8] = b"/proc/self/cwd";

/// The text of the host's folder in the grant below which [`WITHOUT_NAME`] means something; null if it does nowhere.
/// Relaxed: it is only compared, and what it points to is constant.
static FOLDER: AtomicPtr<u8> = AtomicPtr::new(null_mut());

/// From now on, [`WITHOUT_NAME`] stands for the working directory below the folder with this text in the configuration.
pub fn stand_in_below(folder: &'static [u8]) {
    // Nothing of the machine that makes a checkpoint is seen in it.
    if !phase::is_at_build() {
        FOLDER.store(folder.as_ptr().cast_mut(), Ordering::Relaxed);
    }
}

/// The place of a path that starts at `start` if it leads into the working directory by [`WITHOUT_NAME`]. Where the grant ends
/// somewhere, it must not lead out of the working directory again.
pub fn place<'a>(start: &HostFolder, path: &Path) -> Result<Option<HostPath<'a>>, Errno> {
    let folder = FOLDER.load(Ordering::Relaxed);
    if folder.is_null() || !start.has_text(folder) {
        return Ok(None);
    }
    let Some(rest) = path.bytes().strip_prefix(&WITHOUT_NAME[1..]) else { return Ok(None) };
    let slashes = rest.iter().take_while(|&&byte| byte == b'/').count();
    let rest = match &rest[slashes..] {
        b"" => b".",
        rest if slashes > 0 => rest,
        _ => return Ok(None),
    };
    let base = Base { directory: CWD, access: start.access };
    Ok(Some(HostPath { base, path: Path::any(rest.to_vec())? }))
}

/// How far the working directory lies below this one; `None` if it does not, or the process may not look.
pub fn depth_below(folder: &Stat) -> Option<usize> {
    const FLAGS: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
    let identity = |stat: &Stat| (stat.st_dev, stat.st_ino);
    let mut directory = openat(CWD, c".", FLAGS, Mode::empty()).ok()?;
    let mut here = fstat(&directory).ok()?;
    let mut depth = 0;
    while identity(&here) != identity(folder) {
        let above = openat(&directory, c"..", FLAGS, Mode::empty()).ok()?;
        let there = fstat(&above).ok()?;
        // Above the root is the root.
        if identity(&there) == identity(&here) {
            return None;
        }
        (directory, here, depth) = (above, there, depth + 1);
    }
    Some(depth)
}
