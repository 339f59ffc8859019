//! What host functions work on: how each gets what its line in the table of the interface says
//! ([`adder_abi::host::Signature::context`]).

use super::callback::GuestFunction;
use super::value::Values;
use crate::guest::pointer::Guest;
#[cfg(test)]
use adder_abi::host::{self, Signature};
use adder_abi::program::EntryFunction;
use core::ffi::c_void;
use core::mem::transmute;

/// What a host function works on.
pub trait Context {
    /// Whether this is what the table says of a function.
    #[cfg(test)]
    fn is(signature: &Signature) -> bool;

    /// Takes it from what generated code hands over.
    ///
    /// # Safety
    /// `context` is what the table says of a function that works on this, `values` has a slot for each parameter and result,
    /// and all memories and tables are reserved.
    unsafe fn receive(context: *mut c_void, values: *mut u64) -> Self;
}

impl Context for Guest {
    #[cfg(test)]
    fn is(signature: &Signature) -> bool {
        signature.context == host::Context::Memory
    }

    unsafe fn receive(context: *mut c_void, _values: *mut u64) -> Guest {
        // SAFETY: promised by the caller.
        unsafe { Guest::from_context(context) }
    }
}

impl<A: Values, R: Values> Context for Option<GuestFunction<A, R>> {
    #[cfg(test)]
    fn is(signature: &Signature) -> bool {
        matches!(signature.context, host::Context::Function(it) if it.parameters == A::TYPES && it.results == R::TYPES)
    }

    unsafe fn receive(context: *mut c_void, _values: *mut u64) -> Self {
        // SAFETY: promised by the caller; a null pointer is no function.
        let entry = unsafe { transmute::<*mut c_void, Option<EntryFunction>>(context) };
        // SAFETY: promised by the caller: the compiler has found it by its type.
        entry.map(|entry| unsafe { GuestFunction::new(entry) })
    }
}
