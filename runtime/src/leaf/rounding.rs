//! `ceil`, `floor`, `trunc` and `nearest`, for code that may not assume an instruction for them. Where the CPU has
//! it after all, it is used; otherwise the same result comes from arithmetic.
//!
//! By the specification a zero keeps its sign and a result of zero takes the operand's; a NaN comes back as a quiet NaN,
//! here the same NaN with its quiet bit set, as the instructions do it.

use crate::arch::{self, CEIL, FLOOR, NEAREST, TRUNC};

/// Rounds without an instruction for it. Values of `WHOLE` (2 to the number of fraction bits) and more have no fraction; below, adding
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
    ($name:ident, $float:ty, $round:ident, $mode:ident, $see:literal) => {
        #[doc = $see]
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(x: $float) -> $float {
            match arch::$round::<$mode>(x) {
                Some(rounded) => rounded,
                None => $round($mode, x),
            }
        }
    };
}
define_leaf!(adder_leaf_ceil_f32, f32, round_f32, CEIL, "See [`adder_abi::symbol::LEAF_CEIL_F32`].");
define_leaf!(adder_leaf_ceil_f64, f64, round_f64, CEIL, "See [`adder_abi::symbol::LEAF_CEIL_F64`].");
define_leaf!(adder_leaf_floor_f32, f32, round_f32, FLOOR, "See [`adder_abi::symbol::LEAF_FLOOR_F32`].");
define_leaf!(adder_leaf_floor_f64, f64, round_f64, FLOOR, "See [`adder_abi::symbol::LEAF_FLOOR_F64`].");
define_leaf!(adder_leaf_trunc_f32, f32, round_f32, TRUNC, "See [`adder_abi::symbol::LEAF_TRUNC_F32`].");
define_leaf!(adder_leaf_trunc_f64, f64, round_f64, TRUNC, "See [`adder_abi::symbol::LEAF_TRUNC_F64`].");
define_leaf!(adder_leaf_nearest_f32, f32, round_f32, NEAREST, "See [`adder_abi::symbol::LEAF_NEAREST_F32`].");
define_leaf!(adder_leaf_nearest_f64, f64, round_f64, NEAREST, "See [`adder_abi::symbol::LEAF_NEAREST_F64`].");
