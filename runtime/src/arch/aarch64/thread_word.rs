//! A word that each thread has of its own, at a fixed distance from where libc has the thread pointer. Stable Rust has no word
//! for that without `std`.

use core::arch::{asm, global_asm};
use core::ffi::c_void;

global_asm!(
    ".pushsection .tbss.adder_this_cell, \"awT\", @nobits",
    ".balign 8",
    ".globl adder_this_cell",
    ".hidden adder_this_cell",
    ".type adder_this_cell, @object",
    ".size adder_this_cell, 8",
    "adder_this_cell:",
    ".zero 8",
    ".popsection",
);

/// Returns the address of the word of this thread.
#[inline(always)]
fn place() -> *mut *mut c_void {
    let place;
    // SAFETY: reads the thread pointer, and adds the distance of the variable above.
    unsafe {
        asm!(
            "mrs {place}, tpidr_el0",
            "add {place}, {place}, :tprel_hi12:adder_this_cell",
            "add {place}, {place}, :tprel_lo12_nc:adder_this_cell",
            place = out(reg) place,
            options(nostack, preserves_flags, nomem, pure)
        );
    }
    place
}

/// Reads the word of this thread; null before it was set.
#[inline(always)]
pub fn thread_word() -> *mut c_void {
    // SAFETY: the word is this thread's alone.
    unsafe { place().read() }
}

/// Writes the word of this thread.
#[inline(always)]
pub fn set_thread_word(word: *mut c_void) {
    // SAFETY: likewise.
    unsafe { place().write(word) }
}
