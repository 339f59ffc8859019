//! What functions of a library return: 0, the number of a [`TrapCode`](crate::trap::TrapCode), or one of these.

/// The library cannot be used: it did not get the memory it needs, or the CPU lacks what it was compiled for.
pub const UNAVAILABLE: u32 = 100;

/// The library was called by a handler of a signal that has interrupted a call of it, or that runs on the stack for handlers.
pub const BUSY: u32 = 101;
