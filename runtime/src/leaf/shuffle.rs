//! Shuffles of the 16 bytes of a vector, for code that may not assume SSSE3. Where the CPU has it after all, it is used.

use super::cpu::SSSE3;
use core::arch::asm;
use core::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_storeu_si128};

/// See [`adder_abi::symbol::LEAF_SHUFFLE_BYTES`].
#[unsafe(no_mangle)]
pub extern "C" fn adder_leaf_shuffle_bytes(x: __m128i, chosen: __m128i) -> __m128i {
    if SSSE3.is_present() {
        let mut result = x;
        // SAFETY: the CPU has the instruction; it works on registers.
        unsafe {
            asm!(
                "pshufb {result}, {chosen}",
                result = inout(xmm_reg) result,
                chosen = in(xmm_reg) chosen,
                options(pure, nomem, nostack, preserves_flags)
            );
        }
        return result;
    }
    shuffle_bytes(x, chosen)
}

/// The same without SSSE3.
pub(super) fn shuffle_bytes(x: __m128i, chosen: __m128i) -> __m128i {
    let (x, chosen) = (bytes(x), bytes(chosen));
    let result = chosen.map(|index| if index < 0x80 { x[usize::from(index & 15)] } else { 0 });
    // SAFETY: 16 bytes are readable.
    unsafe { _mm_loadu_si128(result.as_ptr().cast()) }
}

fn bytes(x: __m128i) -> [u8; 16] {
    let mut bytes = [0; 16];
    // SAFETY: 16 bytes are writable.
    unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), x) };
    bytes
}
