//! Vectors of 16 bytes, and the string instructions, which move whole cache lines.

use core::arch::asm;
use core::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_set1_epi8, _mm_storeu_si128};

/// 16 bytes in a register.
pub type Vector = __m128i;

/// Loads 16 bytes.
///
/// # Safety
/// They are readable.
#[inline(always)]
pub unsafe fn load(from: *const u8) -> Vector {
    // SAFETY: promised by the caller.
    unsafe { _mm_loadu_si128(from.cast()) }
}

/// Stores 16 bytes.
///
/// # Safety
/// They are writable.
#[inline(always)]
pub unsafe fn store(to: *mut u8, value: Vector) {
    // SAFETY: promised by the caller.
    unsafe { _mm_storeu_si128(to.cast(), value) }
}

/// Returns 16 times the same byte.
#[inline(always)]
pub fn splat(byte: u8) -> Vector {
    // SAFETY: every CPU of the architecture has SSE2.
    unsafe { _mm_set1_epi8(byte as i8) }
}

/// Moves so many words of 8 bytes, in ascending order.
///
/// # Safety
/// They are readable and writable.
#[inline(always)]
pub unsafe fn move_words(to: *mut u8, from: *const u8, words: usize) {
    // SAFETY: promised by the caller.
    unsafe {
        asm!(
            "rep movsq",
            inout("rcx") words => _,
            inout("rdi") to => _,
            inout("rsi") from => _,
            options(nostack, preserves_flags)
        );
    }
}

/// Fills so many words of 8 bytes.
///
/// # Safety
/// They are writable.
#[inline(always)]
pub unsafe fn fill_words(to: *mut u8, word: u64, words: usize) {
    // SAFETY: promised by the caller.
    unsafe {
        asm!(
            "rep stosq",
            inout("rcx") words => _,
            inout("rdi") to => _,
            in("rax") word,
            options(nostack, preserves_flags)
        );
    }
}
