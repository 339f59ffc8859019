//! The stack of the C program, on which arguments are laid out that lie in memory.

use super::copy;
use crate::guest::pointer::Guest;
use crate::host::callback::callback;
use adder_abi::callback::Callback;
use adder_abi::trap::TrapCode;

/// What the stack is aligned to at a call.
const ALIGNMENT: u32 = 16;

/// The stack, with what has been put on it.
pub struct Stack {
    guest: Guest,
    original: u32,
    pointer: u32,
}

impl Stack {
    /// The stack as it is.
    pub fn current(guest: Guest) -> Result<Stack, TrapCode> {
        // A module with libffi exports it.
        let current = callback::<(), u32>(Callback::StackCurrent).or_else(|| callback(Callback::StackCurrentOld));
        let current = current.ok_or(TrapCode::CallStackExhausted)?;
        let pointer = current.call(())?;
        Ok(Stack { guest, original: pointer, pointer })
    }

    /// Takes bytes below what there is. `alignment` is a power of two.
    pub fn take(&mut self, bytes: u32, alignment: u32) -> Result<u32, TrapCode> {
        let start = self.pointer.checked_sub(bytes).ok_or(TrapCode::MemoryOutOfBounds)? & !(alignment - 1);
        self.guest.range(start, bytes.into()).map_err(|_| TrapCode::MemoryOutOfBounds)?;
        self.pointer = start;
        Ok(start)
    }

    /// Puts a copy of a structure on it.
    pub fn put_copy(&mut self, from: u32, bytes: u32, alignment: u32) -> Result<u32, TrapCode> {
        let start = self.take(bytes, alignment)?;
        copy(self.guest, from, start, bytes)?;
        Ok(start)
    }

    /// Has the program go on below what was taken while this is called. After a trap or an exception, whoever catches that sets
    /// the stack.
    pub fn with<R>(self, call: impl FnOnce() -> Result<R, TrapCode>) -> Result<R, TrapCode> {
        let restore = callback::<u32, ()>(Callback::StackRestore).or_else(|| callback(Callback::StackRestoreOld));
        let restore = restore.ok_or(TrapCode::CallStackExhausted)?;
        restore.call(self.pointer & !(ALIGNMENT - 1))?;
        let result = call()?;
        restore.call(self.original)?;
        Ok(result)
    }
}
