//! `ceil`, `floor`, `trunc` and `nearest`, for code that may not assume SSE4.1. Where the CPU has it after all, it is
//! used; otherwise the same result comes from SSE2.
//!
//! By the specification a zero keeps its sign and a result of zero takes the operand's; a NaN comes back as a quiet NaN,
//! here the same NaN with its quiet bit set, as the instructions do it.

use super::cpu::SSE41;
use core::arch::asm;

/// Rounding modes of `roundss` and `roundsd`, with the inexact exception suppressed.
pub(super) const NEAREST: u8 = 8;
pub(super) const FLOOR: u8 = 9;
pub(super) const CEIL: u8 = 10;
pub(super) const TRUNC: u8 = 11;

/// Rounds without SSE4.1. Values of `WHOLE` (2 to the number of fraction bits) and more have no fraction; below, adding
/// it drops the fraction with ties to even, which is the CPU's rounding mode, and from there one step leads to each of the
/// other roundings.
macro_rules! define_rounding {
    ($name:ident, $float:ty, $quiet:expr, $whole:expr) => {
        pub(super) fn $name(mode: u8, x: $float) -> $float {
            const WHOLE: $float = $whole;
            if x.is_nan() {
                return <$float>::from_bits(x.to_bits() | $quiet);
            }
            let magnitude = x.abs();
            if magnitude >= WHOLE {
                return x;
            }
            let nearest = ((magnitude + WHOLE) - WHOLE).copysign(x);
            let rounded = match mode {
                NEAREST => nearest,
                FLOOR if nearest > x => nearest - 1.0,
                CEIL if nearest < x => nearest + 1.0,
                TRUNC if nearest.abs() > magnitude => (nearest.abs() - 1.0).copysign(x),
                _ => nearest,
            };
            rounded.copysign(x)
        }
    };
}
define_rounding!(round_f32, f32, 1 << 22, 8_388_608.0);
define_rounding!(round_f64, f64, 1 << 51, 4_503_599_627_370_496.0);

macro_rules! define_leaf {
    ($name:ident, $float:ty, $instruction:literal, $mode:ident, $fallback:ident, $see:literal) => {
        #[doc = $see]
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(x: $float) -> $float {
            if SSE41.is_present() {
                let result;
                // SAFETY: the CPU has the instruction; it works on registers.
                unsafe {
                    asm!(
                        concat!($instruction, " {result}, {x}, {mode}"),
                        result = out(xmm_reg) result,
                        x = in(xmm_reg) x,
                        mode = const $mode,
                        options(pure, nomem, nostack, preserves_flags)
                    );
                }
                return result;
            }
            $fallback($mode, x)
        }
    };
}
define_leaf!(adder_leaf_ceil_f32, f32, "roundss", CEIL, round_f32, "See [`adder_abi::symbol::LEAF_CEIL_F32`].");
define_leaf!(adder_leaf_ceil_f64, f64, "roundsd", CEIL, round_f64, "See [`adder_abi::symbol::LEAF_CEIL_F64`].");
define_leaf!(adder_leaf_floor_f32, f32, "roundss", FLOOR, round_f32, "See [`adder_abi::symbol::LEAF_FLOOR_F32`].");
define_leaf!(adder_leaf_floor_f64, f64, "roundsd", FLOOR, round_f64, "See [`adder_abi::symbol::LEAF_FLOOR_F64`].");
define_leaf!(adder_leaf_trunc_f32, f32, "roundss", TRUNC, round_f32, "See [`adder_abi::symbol::LEAF_TRUNC_F32`].");
define_leaf!(adder_leaf_trunc_f64, f64, "roundsd", TRUNC, round_f64, "See [`adder_abi::symbol::LEAF_TRUNC_F64`].");
define_leaf!(
    adder_leaf_nearest_f32,
    f32,
    "roundss",
    NEAREST,
    round_f32,
    "See [`adder_abi::symbol::LEAF_NEAREST_F32`]."
);
define_leaf!(
    adder_leaf_nearest_f64,
    f64,
    "roundsd",
    NEAREST,
    round_f64,
    "See [`adder_abi::symbol::LEAF_NEAREST_F64`]."
);
