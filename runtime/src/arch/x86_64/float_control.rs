//! The control word of the vector unit, MXCSR.

use core::arch::asm;

/// Rounds to nearest, keeps small numbers, and stops at no exception: what WebAssembly computes with, and what a process starts with.
const DEFAULT: u32 = 0x1f80;

/// The bits that say what has happened so far.
const STATUS: u32 = 0x3f;

/// Has this thread compute as WebAssembly does. Returns what [`set_float_control`] takes to undo that.
pub fn default_float_control() -> u32 {
    let mut control = 0u32;
    // SAFETY: the instruction writes these four bytes.
    unsafe { asm!("stmxcsr dword ptr [{place}]", place = in(reg) &raw mut control, options(nostack, preserves_flags)) };
    // To set it costs more than to look.
    if control & !STATUS != DEFAULT {
        set(DEFAULT);
    }
    control
}

/// Has this thread compute as before.
pub fn set_float_control(control: u32) {
    if control & !STATUS != DEFAULT {
        set(control);
    }
}

fn set(control: u32) {
    // SAFETY: the word has no bits that are reserved: it is the default, or was read from the register.
    unsafe {
        asm!("ldmxcsr dword ptr [{place}]", place = in(reg) &raw const control, options(nostack, preserves_flags, readonly));
    }
}
