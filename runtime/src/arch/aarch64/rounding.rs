//! The instructions that round. Every CPU of the architecture has them, so generated code has them inline; this is for the tests of
//! the leaves, and for what calls these in spite of that.

use core::arch::asm;

/// To the nearest, ties to even.
pub const NEAREST: u8 = 0;
/// Down.
pub const FLOOR: u8 = 1;
/// Up.
pub const CEIL: u8 = 2;
/// Towards zero.
pub const TRUNC: u8 = 3;

macro_rules! define_round {
    ($name:ident, $float:ty, $register:literal) => {
        /// Rounds by the instruction.
        #[inline(always)]
        pub fn $name<const MODE: u8>(x: $float) -> Option<$float> {
            let result;
            macro_rules! round {
                                ($instruction:literal) => {
                                    // SAFETY: the instruction works on registers.
                                    unsafe {
                                        asm!(
                                            concat!($instruction, " {result:", $register, "}, {x:", $register, "}"),
                                            result = lateout(vreg) result,
                                            x = in(vreg) x,
                                            options(pure, nomem, nostack, preserves_flags)
                                        )
                                    }
                                };
                            }
            match MODE {
                NEAREST => round!("frintn"),
                FLOOR => round!("frintm"),
                CEIL => round!("frintp"),
                _ => round!("frintz"),
            }
            Some(result)
        }
    };
}
define_round!(round_f32, f32, "s");
define_round!(round_f64, f64, "d");
