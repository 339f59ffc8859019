//! Imports, as what host functions work on that have to know by which name and type they were imported, or that call through
//! the table of the calling instance.

use super::callback::GuestFunction;
use super::context::Context;
use super::value::Values;
use crate::guest::extended_table::ExtendedTable;
use crate::guest::pointer::Guest;
use crate::guest::program::{text, types};
use crate::guest::{border, cell, thread_state};
use crate::run::values::slot_count;
use adder_abi::program::{self, EntryFunction, NOT_IN_THREAD_STATE};
use adder_abi::trap::TrapCode;
#[cfg(test)]
use adder_abi::{host, host::IndirectCall};
use core::ffi::c_void;
use core::marker::PhantomData;
use core::slice;

/// An import that is being called.
pub struct Import {
    record: &'static program::Import,
    values: *mut u64,
}

impl Context for Import {
    #[cfg(test)]
    fn is(signature: &host::Signature) -> bool {
        signature.context == host::Context::Import
    }

    unsafe fn receive(context: *mut c_void, values: *mut u64) -> Import {
        // SAFETY: promised by the caller; records of imports are constant.
        Import { record: unsafe { &*context.cast() }, values }
    }
}

impl Import {
    /// Returns the memory of the calling instance.
    pub fn guest(&self) -> Guest {
        let memory = match self.record.memory_in_thread {
            NOT_IN_THREAD_STATE => self.record.memory.cast_mut().cast(),
            offset => thread_state::start(cell::this_cell()).wrapping_add(offset as usize).cast(),
        };
        // SAFETY: it is the memory of the calling instance, and everything is reserved before the guest runs.
        unsafe { Guest::from_context(memory) }
    }

    /// Returns the name that the function was imported by.
    pub fn name(&self) -> &'static [u8] {
        text(&self.record.name)
    }

    /// Returns the types of parameters and results, as [`program::Export::signature`] has them.
    pub fn types(&self) -> (&'static [u8], &'static [u8]) {
        types(&self.record.signature)
    }

    /// Returns the slots of the parameters, over which results are written.
    pub fn slots(&mut self) -> &mut [u64] {
        let (parameters, results) = self.types();
        let count = slot_count(parameters).max(slot_count(results));
        // SAFETY: generated code has so many slots for this import, and does not run meanwhile.
        unsafe { slice::from_raw_parts_mut(self.values, count) }
    }

    /// Returns the table of the instance, if that can be extended.
    pub fn extended_table(&self) -> Option<ExtendedTable> {
        // SAFETY: it is null or a description of the program, and everything is reserved before the guest runs.
        unsafe { ExtendedTable::new(self.record.extended_table) }
    }

    /// Returns what calls through the table, for the first type that the table of the interface says.
    fn indirect_call(&self) -> Result<EntryFunction, TrapCode> {
        assert!(self.record.indirect_call_count > 0, "the table of the interface says no type");
        // SAFETY: there is one, and the list is constant. An instance without a table has no entries.
        unsafe { self.record.indirect_calls.read() }.ok_or(TrapCode::UndefinedElement)
    }
}

/// An import whose function calls through the table with one type: its parameters with the index before them are `A`.
pub struct Indirect<A, R> {
    import: Import,
    ty: PhantomData<fn(A) -> R>,
}

impl<A: Values, R: Values> Context for Indirect<A, R> {
    #[cfg(test)]
    fn is(signature: &host::Signature) -> bool {
        let Some((index, rest)) = A::TYPES.split_first() else { return false };
        let wanted = [IndirectCall::Typed { parameters: rest, results: R::TYPES }];
        Import::is(signature) && u32::TYPES == [*index] && signature.indirect_calls == wanted
    }

    unsafe fn receive(context: *mut c_void, values: *mut u64) -> Self {
        // SAFETY: promised by the caller.
        Indirect { import: unsafe { Import::receive(context, values) }, ty: PhantomData }
    }
}

impl<A: Values, R: Values> Indirect<A, R> {
    /// Returns the memory of the calling instance.
    pub fn guest(&self) -> Guest {
        self.import.guest()
    }

    /// Calls the function of the table with the index that the arguments begin with. Traps as `call_indirect` does.
    pub fn call(&self, arguments: A) -> Result<R, TrapCode> {
        let entry = self.import.indirect_call()?;
        // SAFETY: the compiler has made it for this type.
        unsafe { GuestFunction::<A, R>::new(entry) }.call(arguments)
    }
}

/// An import whose function passes its call on through the table: its first parameter is the index.
pub struct Forwarded {
    import: Import,
}

impl Context for Forwarded {
    #[cfg(test)]
    fn is(signature: &host::Signature) -> bool {
        Import::is(signature) && signature.indirect_calls == [IndirectCall::Forwarded]
    }

    unsafe fn receive(context: *mut c_void, values: *mut u64) -> Forwarded {
        // SAFETY: promised by the caller.
        Forwarded { import: unsafe { Import::receive(context, values) } }
    }
}

impl Forwarded {
    /// Passes the call on. What it returns is what the import returns. Traps as `call_indirect` does.
    pub fn call(&mut self) -> Result<(), TrapCode> {
        let entry = self.import.indirect_call()?;
        // SAFETY: the compiler has made it for the type of the import; everything is reserved before the guest runs.
        unsafe { border::enter(entry, self.import.slots()) }
    }
}
