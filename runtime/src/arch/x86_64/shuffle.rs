//! Shuffles of the 16 bytes of a vector, for code that may not assume SSSE3. Where the CPU has it after all, it is used.

use super::extension::{Extension, SSSE3};
use core::arch::naked_asm;

/// See [`adder_abi::symbol::LEAF_SHUFFLE_BYTES`].
///
/// # Safety
/// It takes two vectors and returns one as the C convention says, in `xmm0` and `xmm1`; Rust has no type for that.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_leaf_shuffle_bytes() {
    naked_asm!(
        "cmp byte ptr [rip + {ssse3} + {known}], {present}",
        "jne 2f",
        "pshufb xmm0, xmm1",
        "ret",
        "2:",
        "sub rsp, 40",
        "movups [rsp], xmm0",
        "movups [rsp + 16], xmm1",
        "mov rdi, rsp",
        "lea rsi, [rsp + 16]",
        "call {shuffle}",
        "movups xmm0, [rsp]",
        "add rsp, 40",
        "ret",
        ssse3 = sym SSSE3,
        known = const Extension::KNOWN_OFFSET,
        present = const Extension::PRESENT,
        shuffle = sym shuffle_and_ask,
    )
}

/// See [`adder_abi::symbol::LEAF_SHUFFLE_TWO`].
///
/// # Safety
/// As [`adder_leaf_shuffle_bytes`], with four vectors in `xmm0` to `xmm3`.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_leaf_shuffle_two() {
    naked_asm!(
        "cmp byte ptr [rip + {ssse3} + {known}], {present}",
        "jne 2f",
        "pshufb xmm0, xmm2",
        "pshufb xmm1, xmm3",
        "por xmm0, xmm1",
        "ret",
        "2:",
        "sub rsp, 72",
        "movups [rsp], xmm0",
        "movups [rsp + 16], xmm2",
        "movups [rsp + 32], xmm1",
        "movups [rsp + 48], xmm3",
        "mov rdi, rsp",
        "lea rsi, [rsp + 16]",
        "call {shuffle}",
        "lea rdi, [rsp + 32]",
        "lea rsi, [rsp + 48]",
        "call {shuffle}",
        "movups xmm0, [rsp]",
        "movups xmm1, [rsp + 32]",
        "por xmm0, xmm1",
        "add rsp, 72",
        "ret",
        ssse3 = sym SSSE3,
        known = const Extension::KNOWN_OFFSET,
        present = const Extension::PRESENT,
        shuffle = sym shuffle_and_ask,
    )
}

/// Does without, and next time the CPU's extensions are known.
extern "C" fn shuffle_and_ask(x: &mut [u8; 16], chosen: &[u8; 16]) {
    SSSE3.is_present();
    *x = shuffle(x, chosen);
}

/// The same without SSSE3.
fn shuffle(x: &[u8; 16], chosen: &[u8; 16]) -> [u8; 16] {
    chosen.map(|index| if index < 0x80 { x[usize::from(index & 15)] } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// Calls a leaf for vectors as generated code does.
    macro_rules! call {
        ($leaf:path, $($vector:expr),*) => {{
            let vectors: [[u8; 16]; 4] = padded(&[$($vector),*]);
            let mut result = [0u8; 16];
            // SAFETY: the leaf takes and returns vectors in these registers, as the C convention says; the stack is aligned.
            unsafe {
                std::arch::asm!(
                    "movups xmm0, [{vectors}]",
                    "movups xmm1, [{vectors} + 16]",
                    "movups xmm2, [{vectors} + 32]",
                    "movups xmm3, [{vectors} + 48]",
                    "call {leaf}",
                    "movups [r12], xmm0",
                    vectors = in(reg) &vectors,
                    // Callee-saved, so that it outlives the call.
                    in("r12") &mut result,
                    leaf = sym $leaf,
                    clobber_abi("C"),
                );
            }
            result
        }};
    }

    /// Four vectors, of which the first are given.
    fn padded(given: &[[u8; 16]]) -> [[u8; 16]; 4] {
        std::array::from_fn(|index| given.get(index).copied().unwrap_or_default())
    }

    #[test]
    fn shuffles_bytes() {
        let mut random = Random(3);
        for round in 0..100_000 {
            let mut vector = || (u128::from(random.next()) << 64 | u128::from(random.next())).to_le_bytes();
            let (x, y) = (vector(), vector());
            // All combinations of bits, and mostly indices that exist.
            let mut choose = || if round % 2 == 0 { vector() } else { vector().map(|byte| byte & 0x8f) };
            let (of_x, of_y) = (choose(), choose());
            let shuffled = |x: [u8; 16], chosen: [u8; 16]| {
                chosen.map(|index| if index & 0x80 == 0 { x[usize::from(index & 15)] } else { 0 })
            };
            let expected = shuffled(x, of_x);
            assert_eq!(call!(adder_leaf_shuffle_bytes, x, of_x), expected);
            assert_eq!(shuffle(&x, &of_x), expected, "without SSSE3");
            let both = u128::from_le_bytes(expected) | u128::from_le_bytes(shuffled(y, of_y));
            assert_eq!(call!(adder_leaf_shuffle_two, x, y, of_x, of_y), both.to_le_bytes());
        }
    }
}
