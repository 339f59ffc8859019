//! How the functions of the groups get their parameters and end.

use super::errno::Errno;
use adder_abi::trap::TrapCode;

/// How a function ended that does not always return to the guest.
pub enum Stop {
    /// It returns this error.
    Error(Errno),
    /// The guest has ended or trapped.
    Trap(TrapCode),
}

impl From<Errno> for Stop {
    fn from(error: Errno) -> Stop {
        Stop::Error(error)
    }
}

impl From<rustix::io::Errno> for Stop {
    fn from(error: rustix::io::Errno) -> Stop {
        Stop::Error(error.into())
    }
}

/// What the functions of the groups return.
pub trait Outcome {
    /// The error number for the guest, or the trap that it ends with.
    fn errno(self) -> Result<u16, TrapCode>;
}

impl Outcome for Result<(), Errno> {
    fn errno(self) -> Result<u16, TrapCode> {
        Ok(self.map_or_else(|error| error as u16, |()| 0))
    }
}

impl Outcome for Result<(), Stop> {
    fn errno(self) -> Result<u16, TrapCode> {
        match self {
            Ok(()) => Ok(0),
            Err(Stop::Error(error)) => Ok(error as u16),
            Err(Stop::Trap(code)) => Err(code),
        }
    }
}

/// A parameter as it comes in a slot.
pub trait Parameter {
    /// Takes it out of its slot.
    fn from_slot(slot: u64) -> Self;
}

impl Parameter for u32 {
    fn from_slot(slot: u64) -> u32 {
        slot as u32
    }
}

impl Parameter for u64 {
    fn from_slot(slot: u64) -> u64 {
        slot
    }
}

impl Parameter for i64 {
    fn from_slot(slot: u64) -> i64 {
        slot as i64
    }
}
