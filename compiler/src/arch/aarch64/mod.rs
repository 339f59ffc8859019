//! aarch64.

use adder_abi::arch::CpuLevel;

/// LSE has instructions. Without it, an operator would be a loop with five registers of its own, and the code generator's loop for
/// `atomic_cas.i32` (0.135.8) compares all 64 bits of the expected value, of which the upper ones can be anything.
pub fn changes_atomically(cpu: CpuLevel) -> bool {
    cpu >= CpuLevel::Arm8_1
}

/// An access adds an address and an offset; those that no instruction holds, the code generator adds beforehand.
pub fn folded_offset(offset: u64) -> Option<i32> {
    i32::try_from(offset).ok()
}
