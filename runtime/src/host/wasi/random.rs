//! Randomness.

use super::witx::errno::Errno;
use crate::checkpoint::world;
use crate::guest::pointer::Guest;
use crate::process::phase;
use crate::vfs::open::vectored;

/// Fills a buffer with random bytes fit for cryptography; but not while a checkpoint is made.
pub fn random_get(guest: Guest, buffer: u32, bytes: u32) -> Result<(), Errno> {
    let range = guest.range(buffer, bytes.into())?;
    if phase::is_at_build() {
        world::random(range);
        return Ok(());
    }
    Ok(vectored::random(range)?)
}
