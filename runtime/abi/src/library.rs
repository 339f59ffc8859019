//! What functions of a library return: 0, the number of a [`TrapCode`](crate::trap::TrapCode), or one of these.

/// The library cannot be used: it did not get the memory it needs, or the CPU lacks what it was compiled for.
pub const UNAVAILABLE: u32 = 100;

/// The library was called by a signal handler that has interrupted a call of it.
pub const BUSY: u32 = 101;
