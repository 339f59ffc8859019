//! How functions of WASI end: all but `proc_exit` return an error number.

use super::errno::Errno;
use crate::host::value::Outcome;
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

impl From<TrapCode> for Stop {
    fn from(code: TrapCode) -> Stop {
        Stop::Trap(code)
    }
}

impl Outcome for Result<(), Errno> {
    type Results = u32;

    fn results(self) -> Result<u32, TrapCode> {
        Ok(self.map_or_else(|error| error as u32, |()| 0))
    }
}

impl Outcome for Result<(), Stop> {
    type Results = u32;

    fn results(self) -> Result<u32, TrapCode> {
        match self {
            Ok(()) => Ok(0),
            Err(Stop::Error(error)) => Ok(error as u32),
            Err(Stop::Trap(code)) => Err(code),
        }
    }
}
