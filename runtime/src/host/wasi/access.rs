//! From the number of a descriptor to what it stands for, if the guest has the rights to it.

use super::witx::errno::Errno;
use crate::vfs::descriptor::Descriptor;
use crate::vfs::descriptors;
use crate::vfs::open::OpenFile;
use crate::vfs::rights::Rights;
use alloc::sync::Arc;

/// The open file behind a descriptor, if the guest has all the `needed` rights to it.
pub fn file(fd: u32, needed: u64) -> Result<Arc<OpenFile>, Errno> {
    descriptor(fd, needed).map(|descriptor| descriptor.file)
}

/// A descriptor that has these rights, with all of its rights. Fails with `EBADF` for a standard descriptor that was never given
/// them, and with `ENOTCAPABLE` where the guest has taken them away.
pub fn descriptor(fd: u32, needed: u64) -> Result<Descriptor, Errno> {
    let descriptor = descriptors::descriptor(fd)?;
    if needed & !descriptor.rights.base == 0 {
        return Ok(descriptor);
    }
    // As for a descriptor that was opened for something else.
    let never_had = |standard| needed & !Rights::of_standard(standard).base != 0;
    Err(if descriptor.file.standard().is_some_and(never_had) { Errno::Badf } else { Errno::Notcapable })
}
