//! Flags of an open file that the guest has set for itself, because others share the file.

use core::sync::atomic::{AtomicU32, Ordering};
use rustix::fs::OFlags;

/// What can be changed after opening.
pub const CHANGEABLE: OFlags = OFlags::APPEND.union(OFlags::NONBLOCK);

/// The flags that the guest has set, if it has.
pub struct OwnFlags(AtomicU32);

/// No flag of Linux has this bit.
const IS_SET: u32 = 1 << 31;

impl OwnFlags {
    /// None were set.
    pub const fn new() -> OwnFlags {
        OwnFlags(AtomicU32::new(0))
    }

    /// Those of [`CHANGEABLE`] that are on, if any were ever set.
    pub fn get(&self) -> Option<OFlags> {
        let bits = self.0.load(Ordering::Relaxed);
        (bits & IS_SET != 0).then(|| OFlags::from_bits_retain(bits & !IS_SET))
    }

    /// Sets those of [`CHANGEABLE`] that are among these.
    pub fn set(&self, flags: OFlags) {
        self.0.store((flags & CHANGEABLE).bits() | IS_SET, Ordering::Relaxed);
    }
}
