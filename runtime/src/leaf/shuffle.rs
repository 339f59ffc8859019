//! Shuffles of the 16 bytes of a vector, for code that may not assume SSSE3. Where the CPU has it after all, it is used.

use super::cpu::{Extension, SSSE3};
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
pub(super) fn shuffle(x: &[u8; 16], chosen: &[u8; 16]) -> [u8; 16] {
    chosen.map(|index| if index < 0x80 { x[usize::from(index & 15)] } else { 0 })
}
