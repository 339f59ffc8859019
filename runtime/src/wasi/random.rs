//! Randomness.

use super::errno::Errno;
use crate::fs::vectored;
use crate::guest::Guest;

/// Fills a buffer with random bytes fit for cryptography.
pub fn random_get(guest: Guest, buffer: u32, bytes: u32) -> Result<(), Errno> {
    Ok(vectored::random(guest.range(buffer, bytes.into())?)?)
}
