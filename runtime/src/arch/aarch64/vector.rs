//! Vectors of 16 bytes, and loops over long ranges: pairs of vectors are what most CPUs move fastest.

use core::arch::aarch64::{uint8x16_t, vdupq_n_u8, vld1q_u8, vst1q_u8};

/// 16 bytes in a register.
pub type Vector = uint8x16_t;

/// Loads 16 bytes.
///
/// # Safety
/// They are readable.
#[inline(always)]
pub unsafe fn load(from: *const u8) -> Vector {
    // SAFETY: promised by the caller.
    unsafe { vld1q_u8(from) }
}

/// Stores 16 bytes.
///
/// # Safety
/// They are writable.
#[inline(always)]
pub unsafe fn store(to: *mut u8, value: Vector) {
    // SAFETY: promised by the caller.
    unsafe { vst1q_u8(to, value) }
}

/// Returns 16 times the same byte.
#[inline(always)]
pub fn splat(byte: u8) -> Vector {
    // SAFETY: every CPU of the architecture has NEON.
    unsafe { vdupq_n_u8(byte) }
}

/// Moves so many words of 8 bytes, in ascending order.
///
/// # Safety
/// They are readable and writable, and there are at least two.
#[inline(always)]
pub unsafe fn move_words(to: *mut u8, from: *const u8, words: usize) {
    let bytes = words * 8;
    // SAFETY: every access lies within the range; the last vector may be moved twice, from a source that does not overlap.
    unsafe {
        let last = load(from.add(bytes - 16));
        let mut at = 0;
        while at + 64 <= bytes {
            let line = (load(from.add(at)), load(from.add(at + 16)), load(from.add(at + 32)), load(from.add(at + 48)));
            store(to.add(at), line.0);
            store(to.add(at + 16), line.1);
            store(to.add(at + 32), line.2);
            store(to.add(at + 48), line.3);
            at += 64;
        }
        while at + 16 <= bytes {
            store(to.add(at), load(from.add(at)));
            at += 16;
        }
        store(to.add(bytes - 16), last);
    }
}

/// Fills so many words of 8 bytes.
///
/// # Safety
/// They are writable, and there are at least two.
#[inline(always)]
pub unsafe fn fill_words(to: *mut u8, word: u64, words: usize) {
    let bytes = words * 8;
    // SAFETY: every access lies within the range.
    unsafe {
        let vector = splat(word as u8);
        let mut at = 0;
        while at + 64 <= bytes {
            store(to.add(at), vector);
            store(to.add(at + 16), vector);
            store(to.add(at + 32), vector);
            store(to.add(at + 48), vector);
            at += 64;
        }
        while at + 16 <= bytes {
            store(to.add(at), vector);
            at += 16;
        }
        store(to.add(bytes - 16), vector);
    }
}
