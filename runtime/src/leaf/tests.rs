//! The leaves against plain definitions of what they have to do.

use super::{bulk, rounding};
use crate::arch;
use crate::random::Random;

#[test]
fn moves_and_fills_any_overlap() {
    let mut random = Random(1);
    let original: Vec<u8> = (0..16384).map(|_| random.next() as u8).collect();
    let mut sizes: Vec<usize> = (0..300).collect();
    sizes.extend([511, 512, 513, 2047, 2048, 2049, 2063, 4095, 4096, 5000, 6001]);
    for &bytes in &sizes {
        for _ in 0..20 {
            let (to, from) = match random.next() % 3 {
                0 => (random.next() as usize % 8192, random.next() as usize % 8192),
                1 => {
                    let at = random.next() as usize % 8000;
                    (at, at + random.next() as usize % 150)
                }
                _ => {
                    let at = random.next() as usize % 8000;
                    (at + random.next() as usize % 150, at)
                }
            };
            let mut expected = original.clone();
            expected.copy_within(from..from + bytes, to);
            let mut actual = original.clone();
            let start = actual.as_mut_ptr();
            // SAFETY: both ranges lie within the buffer.
            unsafe { bulk::adder_leaf_memory_move(start.add(to), start.add(from), bytes as u64) };
            assert!(expected == actual, "move of {bytes} bytes from {from} to {to}");

            let value = random.next() as u32;
            expected[to..to + bytes].fill(value as u8);
            // SAFETY: the range lies within the buffer.
            unsafe { bulk::adder_leaf_memory_fill(actual.as_mut_ptr().add(to), value, bytes as u64) };
            assert!(expected == actual, "fill of {bytes} bytes at {to}");
        }
    }
}

/// Compares four leaves, and what they do on a CPU without SSE4.1, with the functions of std on these values, on
/// random bits, and on random numbers with few binary places.
macro_rules! check_rounding {
    ($float:ty, $bits:ty, $fallback:path, $quiet:expr, $values:expr, $($mode:ident, $leaf:path, $reference:path;)*) => {
        let mut random = Random(2);
        let mut inputs: Vec<$float> = $values.to_vec();
        inputs.extend([0.0, 0.5, 1.0, 1.5, 2.5, 3.5, <$float>::MIN_POSITIVE, <$float>::MAX, <$float>::INFINITY]);
        inputs.extend([1, <$float>::INFINITY.to_bits() + 1, <$float>::INFINITY.to_bits() | $quiet].map(<$float>::from_bits));
        inputs.extend((0..200_000).map(|_| <$float>::from_bits(random.next() as $bits)));
        inputs.extend((0..200_000).map(|_| random.next() as i32 as $float / 4.0));
        inputs.extend((0..200_000).map(|_| random.next() as i16 as $float / 4096.0));
        for x in inputs.into_iter().flat_map(|x| [x, -x]) {
            $(
                let expected = if x.is_nan() { x.to_bits() | $quiet } else { $reference(x).to_bits() };
                assert_eq!($leaf(x).to_bits(), expected, "{} of {x:e}", stringify!($leaf));
                let without = $fallback(arch::$mode, x).to_bits();
                assert_eq!(without, expected, "{} of {x:e} without SSE4.1", stringify!($leaf));
            )*
        }
    };
}

#[test]
fn rounds_f32() {
    // Just below a half; around the numbers from which on there are no halves, and no fractions.
    let values = [0.499_999_97, 4_194_303.5, 4_194_304.5, 8_388_607.5, 8_388_608.0, 8_388_609.0];
    check_rounding!(f32, u32, rounding::round_f32, 1 << 22, values,
        CEIL, rounding::adder_leaf_ceil_f32, f32::ceil;
        FLOOR, rounding::adder_leaf_floor_f32, f32::floor;
        TRUNC, rounding::adder_leaf_trunc_f32, f32::trunc;
        NEAREST, rounding::adder_leaf_nearest_f32, f32::round_ties_even;);
}

#[test]
fn rounds_f64() {
    // As above.
    let whole = (1u64 << 52) as f64;
    let values = [0.5f64.next_down(), whole / 2.0 - 0.25, whole / 2.0 + 0.5, whole - 0.5, whole, whole + 1.0];
    check_rounding!(f64, u64, rounding::round_f64, 1 << 51, values,
        CEIL, rounding::adder_leaf_ceil_f64, f64::ceil;
        FLOOR, rounding::adder_leaf_floor_f64, f64::floor;
        TRUNC, rounding::adder_leaf_trunc_f64, f64::trunc;
        NEAREST, rounding::adder_leaf_nearest_f64, f64::round_ties_even;);
}
