//! The instructions that round, for code that may not assume SSE4.1, where the CPU has it after all.

use super::extension::SSE41;
use core::arch::asm;

/// To the nearest, ties to even. These are the modes of `roundss` and `roundsd`, with the inexact exception suppressed.
pub const NEAREST: u8 = 8;
/// Down.
pub const FLOOR: u8 = 9;
/// Up.
pub const CEIL: u8 = 10;
/// Towards zero.
pub const TRUNC: u8 = 11;

macro_rules! define_round {
    ($name:ident, $float:ty, $instruction:literal) => {
        /// Rounds by the instruction; `None` if the CPU has none.
        #[inline(always)]
        pub fn $name<const MODE: u8>(x: $float) -> Option<$float> {
            if !SSE41.is_present() {
                return None;
            }
            let result;
            // SAFETY: the CPU has the instruction; it works on registers.
            unsafe {
                asm!(
                    concat!($instruction, " {result}, {x}, {mode}"),
                    result = out(xmm_reg) result,
                    x = in(xmm_reg) x,
                    mode = const MODE,
                    options(pure, nomem, nostack, preserves_flags)
                );
            }
            Some(result)
        }
    };
}
define_round!(round_f32, f32, "roundss");
define_round!(round_f64, f64, "roundsd");
