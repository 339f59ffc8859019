//! How the runtime finds out where an exception is caught, and which exceptions can still be reached.
//!
//! An exception is thrown by a call of the runtime, which goes up the guest's stack from frame to frame. Of each frame it
//! knows the return address; the calls inside of a `try` are listed here with what catches there. Code that throws
//! nothing never comes here.

use crate::program::Table;

/// A call inside of a `try`. All of them lie in an array beside their return addresses ([`Exceptions::return_offsets`]).
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandledCall {
    /// The stack pointer that a handler expects is the frame pointer of the calling function less this many bytes.
    pub frame_bytes: u32,
    /// The index in [`Exceptions::handlers`] of the first handler to try. The list goes on until one that is
    /// [`Handler::LAST`]. Calls share lists.
    pub first_handler: u32,
}

/// What catches an exception. A handler is entered at its address with the stack pointer and the frame pointer of its
/// function, and with [`Handler::PAYLOAD`] and [`Handler::EXCEPTION`]; it expects nothing in any other register.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Handler {
    /// The number of the tag it catches or [`Handler::ANY_TAG`], with the flags [`Handler::KEEPS`] and
    /// [`Handler::LAST`].
    pub tag: u32,
    /// Its code offset.
    pub code_offset: u32,
}

impl Handler {
    /// Set in the last handler of a list.
    pub const LAST: u32 = 1 << 31;
    /// Set if the guest gets a reference to the exception: then it lives on.
    pub const KEEPS: u32 = 1 << 30;
    /// Stands for every tag.
    pub const ANY_TAG: u32 = Handler::KEEPS - 1;

    /// Whether it catches exceptions of this tag.
    pub const fn catches(&self, tag: u32) -> bool {
        let own = self.tag & Handler::ANY_TAG;
        own == tag || own == Handler::ANY_TAG
    }
}

/// What the compiler tells the runtime about exceptions.
#[repr(C)]
pub struct Exceptions {
    /// Code offsets that calls inside of a `try` return to, ascending.
    pub return_offsets: *const u32,
    /// What catches at each of them.
    pub calls: *const HandledCall,
    /// Number of these calls.
    pub call_count: u64,
    /// All lists of handlers.
    pub handlers: *const Handler,
    /// Number of handlers in all lists.
    pub handler_count: u64,
    /// Addresses of globals that hold references to exceptions, other than those in the thread cell.
    pub globals: *const *const u64,
    /// Number of these globals.
    pub global_count: u64,
    /// Tables that hold references to exceptions.
    pub tables: *const *const Table,
    /// Number of these tables.
    pub table_count: u64,
}

const _: () = assert!(size_of::<HandledCall>() == 8);
const _: () = assert!(size_of::<Handler>() == 8);
const _: () = assert!(size_of::<Exceptions>() == 72);
