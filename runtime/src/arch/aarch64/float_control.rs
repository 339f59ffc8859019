//! The control register of the vector unit, FPCR.

use core::arch::asm;

/// Rounds to nearest, keeps small numbers, and stops at no exception: what WebAssembly computes with, and what a process starts with.
const DEFAULT: u64 = 0;

/// Has this thread compute as WebAssembly does. Returns what [`set_float_control`] takes to undo that.
pub fn default_float_control() -> u64 {
    let control;
    // SAFETY: reads the register.
    unsafe { asm!("mrs {control}, fpcr", control = out(reg) control, options(nomem, nostack, preserves_flags)) };
    // To set it costs more than to look.
    if control != DEFAULT {
        set(DEFAULT);
    }
    control
}

/// Has this thread compute as before.
pub fn set_float_control(control: u64) {
    if control != DEFAULT {
        set(control);
    }
}

fn set(control: u64) {
    // SAFETY: it is the default, or was read from the register.
    unsafe { asm!("msr fpcr, {control}", control = in(reg) control, options(nomem, nostack, preserves_flags)) };
}
