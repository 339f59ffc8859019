//! Calls of functions of the guest.

use super::value::Values;
use crate::guest::border;
use crate::guest::program::program;
use adder_abi::callback::Callback;
use adder_abi::program::EntryFunction;
use adder_abi::trap::TrapCode;
use core::marker::PhantomData;

/// Returns a function of the main module that is at hand, if there is one.
pub fn callback<A: Values, R: Values>(callback: Callback) -> Option<GuestFunction<A, R>> {
    let function = callback.function();
    debug_assert!(function.parameters == A::TYPES && function.results == R::TYPES, "it has another type");
    // SAFETY: the compiler has found it by this type.
    program().callbacks[callback as usize].map(|entry| unsafe { GuestFunction::new(entry) })
}

/// Slots that are there for parameters and results.
const SLOTS_MAX: usize = 8;

/// A function of the guest with these parameters and results.
pub struct GuestFunction<A, R> {
    entry: EntryFunction,
    ty: PhantomData<fn(A) -> R>,
}

impl<A: Values, R: Values> GuestFunction<A, R> {
    /// Knows a function by its wrapper.
    ///
    /// # Safety
    /// It is the wrapper of a function with this type, and all memories and tables are reserved.
    pub unsafe fn new(entry: EntryFunction) -> GuestFunction<A, R> {
        GuestFunction { entry, ty: PhantomData }
    }

    /// Calls it. A trap or an exception that it ends with has to be what the calling host function ends with.
    pub fn call(&self, arguments: A) -> Result<R, TrapCode> {
        const { assert!(A::TYPES.len() <= SLOTS_MAX && R::TYPES.len() <= SLOTS_MAX) };
        let mut slots = [0; SLOTS_MAX];
        // SAFETY: there are slots for all parameters.
        unsafe { arguments.store(slots.as_mut_ptr()) };
        // SAFETY: it is a function of this type, so there are slots for its parameters and results.
        unsafe { border::enter(self.entry, &mut slots) }?;
        // SAFETY: as above.
        Ok(unsafe { R::load(slots.as_ptr()) })
    }
}
