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

/// Reads the word of this thread; null before it was set.
#[inline(always)]
pub fn thread_word() -> *mut c_void {
    let word;
    // SAFETY: reads the variable above.
    unsafe {
        asm!(
            "mov {word}, qword ptr fs:[adder_this_cell@TPOFF]",
            word = out(reg) word,
            options(nostack, preserves_flags, readonly)
        );
    }
    word
}

/// Writes the word of this thread.
#[inline(always)]
pub fn set_thread_word(word: *mut c_void) {
    // SAFETY: writes the variable above.
    unsafe {
        asm!(
            "mov qword ptr fs:[adder_this_cell@TPOFF], {word}",
            word = in(reg) word,
            options(nostack, preserves_flags)
        );
    }
}
