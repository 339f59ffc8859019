//! Exceptions: throwing, and finding out where one is caught.
//!
//! All of this runs on the host stack, while the guest's stands still; the border goes there and back. The frames of the
//! innermost entry are searched from the throw outwards: each return address is looked up in the table of calls inside of
//! a `try`, and the first handler of the first such call that fits is where the guest goes on. Functions in between are
//! left without anything to be done for them, because nothing of theirs is in registers that a handler expects to be kept.
//!
//! Exceptions that a guest holds references to live until a search finds that it holds none any more: see [`collect`].

use super::arena::{Arena, Handle};
use super::collect;
use crate::Runtime;
use crate::arch::{BorderState, Exceptions};
use crate::guest::cell::{Owned, ThreadCell};
use crate::guest::frame::{Frame, Frames};
use crate::guest::program::{code, handled_calls, handlers};
use adder_abi::exception::{HandledCall, Handler};
use adder_abi::trap::TrapCode;
use alloc::boxed::Box;
use core::ffi::c_void;
use core::ops::Range;

impl Exceptions for Runtime {
    #[unsafe(export_name = "adder_exception_throw")]
    unsafe extern "C" fn throw(tag: u32, words: u32, payload: *const u64, frame: u64, state: *mut BorderState) -> u32 {
        let cell = state.cast::<ThreadCell>();
        // SAFETY: promised by the caller; only this thread uses its cell, and generated code does not run meanwhile.
        let arena = arena(unsafe { &mut *cell });
        let payload = match words {
            0 => &[],
            // SAFETY: promised by the caller.
            _ => unsafe { core::slice::from_raw_parts(payload, words as usize) },
        };
        let mut has_room = true;
        if arena.is_due() {
            has_room = arena.can_search();
            if has_room {
                // SAFETY: everything from the frame on is the guest's stack, which stands still.
                unsafe { collect::collect(arena, cell, frame) };
                has_room = !arena.is_full();
            }
        }
        let exception = if has_room { arena.make(tag, payload) } else { None };
        // SAFETY: as above; the search is over.
        let cell = unsafe { &mut *cell };
        match exception {
            // SAFETY: promised by the caller.
            Some(exception) => unsafe { unwind(cell, arena, exception, frame) },
            None => leave(cell, frame, TrapCode::ExceptionsExhausted),
        }
    }

    #[unsafe(export_name = "adder_exception_throw_ref")]
    unsafe extern "C" fn throw_ref(exception: u64, frame: u64, state: *mut BorderState) -> u32 {
        // SAFETY: promised by the caller; only this thread uses its cell, and generated code does not run meanwhile.
        let cell = unsafe { &mut *state.cast::<ThreadCell>() };
        let arena = arena(cell);
        // SAFETY: promised by the caller.
        unsafe { unwind(cell, arena, Handle(exception), frame) }
    }

    #[unsafe(export_name = "adder_exception_go_on")]
    unsafe extern "C" fn go_on(frame: u64, state: *mut BorderState) -> u32 {
        // SAFETY: promised by the caller; only this thread uses its cell, and generated code does not run meanwhile.
        let cell = unsafe { &mut *state.cast::<ThreadCell>() };
        let arena = arena(cell);
        let exception = arena.under_way;
        // SAFETY: promised by the caller.
        unsafe { unwind(cell, arena, exception, frame) }
    }
}

/// Whether the guest may still have references to exceptions.
///
/// # Safety
/// The guest of the cell's thread stands still in a host call, or has returned.
pub(crate) unsafe fn are_alive(cell: &mut ThreadCell) -> bool {
    // SAFETY: as in `arena`.
    let Some(arena) = (unsafe { cell.exceptions.pointer.cast::<Arena>().as_mut() }) else { return false };
    if arena.can_search() {
        let frame = if cell.border.guest_frame == 0 { cell.stack().end } else { cell.border.guest_frame };
        // SAFETY: promised by the caller.
        unsafe { collect::collect(arena, cell, frame) };
    }
    !arena.is_empty()
}

/// The exceptions of the thread that a cell belongs to.
fn arena<'a>(cell: &mut ThreadCell) -> &'a mut Arena {
    if cell.exceptions.pointer.is_null() {
        cell.exceptions = Owned { pointer: Box::into_raw(Box::new(Arena::new())).cast(), release: Some(release) };
    }
    // SAFETY: it lives as long as its thread, and only functions that the border calls use it, one at a time.
    unsafe { &mut *cell.exceptions.pointer.cast::<Arena>() }
}

/// Gives the exceptions of a thread back.
///
/// # Safety
/// The arena was made by [`arena`], and nobody uses it any more.
unsafe fn release(arena: *mut c_void) {
    // SAFETY: promised by the caller.
    drop(unsafe { Box::from_raw(arena.cast::<Arena>()) });
}

/// # Safety
/// As for [`Exceptions::throw_ref`].
unsafe fn unwind(cell: &mut ThreadCell, arena: &mut Arena, exception: Handle, frame: u64) -> u32 {
    let Some(tag) = arena.tag(exception) else {
        // The type system lets no guest make a reference up.
        return leave(cell, frame, TrapCode::NullException);
    };
    // SAFETY: promised by the caller.
    let Some((caller, call, handler)) = (unsafe { find(tag, frame, cell.stack()) }) else {
        arena.under_way = exception;
        return leave(cell, frame, TrapCode::UncaughtException);
    };
    let stack = caller.caller.wrapping_sub(u64::from(call.frame_bytes));
    // A function that was called in place of the one that the handler's function called may have fewer arguments on the
    // stack. Then its frame begins above the stack pointer of the call, but still below the frame pointer.
    assert!(
        caller.address < caller.caller
            && cell.stack().start <= stack
            && stack < caller.caller
            && caller.caller < cell.stack().end,
        "the table of handlers does not fit the stack"
    );
    cell.forget_place();
    cell.border.resumption.address = code().start + u64::from(handler.code_offset);
    cell.border.resumption.stack = stack;
    cell.border.resumption.frame = caller.caller;
    cell.border.resumption.payload = arena.catch(exception, handler.tag & Handler::KEEPS != 0) as u64;
    cell.border.resumption.exception = exception.0;
    0
}

/// Keeps where the throw was, for people.
fn leave(cell: &mut ThreadCell, frame: u64, code: TrapCode) -> u32 {
    // SAFETY: it is only read as long as the guest's stack stands still.
    if let Some(frame) = unsafe { Frames::new(frame, cell.stack()) }.next() {
        cell.keep_place(frame.return_address, frame.caller);
    }
    code as u32
}

/// What catches an exception of this tag: the frame of the function that was called inside of the `try`, that call, and
/// the handler. The search begins with a frame and ends where the entry was called.
///
/// # Safety
/// The stack is readable and stands still.
unsafe fn find(tag: u32, frame: u64, stack: Range<u64>) -> Option<(Frame, HandledCall, Handler)> {
    let code = code();
    let (return_offsets, calls) = handled_calls();
    // SAFETY: promised by the caller.
    let frames = unsafe { Frames::new(frame, stack) };
    for frame in frames.take_while(|frame| code.contains(&frame.return_address)) {
        let offset = (frame.return_address - code.start) as u32;
        let Ok(index) = return_offsets.binary_search(&offset) else { continue };
        if let Some(handler) = first_that_catches(tag, &handlers()[calls[index].first_handler as usize..]) {
            return Some((frame, calls[index], handler));
        }
    }
    None
}

/// The first handler of a list that catches exceptions of a tag.
fn first_that_catches(tag: u32, list: &[Handler]) -> Option<Handler> {
    for handler in list {
        if handler.catches(tag) {
            return Some(*handler);
        }
        if handler.tag & Handler::LAST != 0 {
            break;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_handler_of_the_list_that_fits_catches() {
        let handler = |tag, code_offset| Handler { tag, code_offset };
        let list = [
            handler(1, 10),
            handler(2 | Handler::KEEPS, 20),
            handler(2, 30),
            handler(Handler::ANY_TAG | Handler::KEEPS | Handler::LAST, 40),
            handler(7, 50),
        ];
        let found = |tag| first_that_catches(tag, &list).map(|handler| handler.code_offset);
        assert_eq!([found(1), found(2), found(7)], [Some(10), Some(20), Some(40)]);
        assert_eq!(first_that_catches(7, &[handler(1 | Handler::LAST, 10), handler(7, 20)]), None);
    }
}
