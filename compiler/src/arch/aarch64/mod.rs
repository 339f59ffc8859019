//! aarch64.

use adder_abi::arch::CpuLevel;
use cranelift_codegen::binemit::Reloc;

use super::part::{CallReach, FrameCode, PartConvention};

/// LSE has instructions. Without it, an operator would be a loop with five registers of its own, and the code generator's loop for
/// `atomic_cas.i32` (0.135.8) compares all 64 bits of the expected value, of which the upper ones can be anything.
pub fn changes_atomically(cpu: CpuLevel) -> bool {
    cpu >= CpuLevel::Arm8_1
}

/// An access adds an address and an offset; those that no instruction holds, the code generator adds beforehand.
pub fn folded_offset(offset: u64) -> Option<i32> {
    i32::try_from(offset).ok()
}

/// The convention has six registers for arguments, one of which points to the driver's frame.
pub const PART_CONVENTION: PartConvention =
    PartConvention { registers: 4, integers_max: 5, floats_max: 8, extends: false };

/// Frames have a chain of frame pointers. The stack pointer is the frame pointer again where callee-saved registers are restored, so
/// nothing is left to do in front of a jump that keeps the frame.
pub const FRAME_CODE: FrameCode = FrameCode {
    // stp x29, x30, [sp, #-16]!; mov x29, sp
    prologue: &[0xfd, 0x7b, 0xbf, 0xa9, 0xfd, 0x03, 0x00, 0x91],
    // ldp x29, x30, [sp], #16
    epilogue: &[0xfd, 0x7b, 0xc1, 0xa8],
    reset_bytes: 0,
    // udf #0
    padding: 0,
    // A reference is where the instruction is.
    call_opcode_bytes: 0,
};

/// `bl` and `b` hold 26 bits of instructions: 128 MiB. The jump may change `x16`, which the code generator keeps nothing in.
pub const CALL_REACH: CallReach = CallReach {
    kind: Reloc::Arm64Call,
    bytes: (1 << 27) - 4,
    runtime_bytes: 8 << 20,
    region_bytes: 96 << 20,
    // adrp x16, TARGET; add x16, x16, TARGET; br x16
    jump: &[0x10, 0, 0, 0x90, 0x10, 0x02, 0, 0x91, 0, 0x02, 0x1f, 0xd6],
    jump_relocations: [(0, Reloc::Aarch64AdrPrelPgHi21), (4, Reloc::Aarch64AddAbsLo12Nc)],
};

/// `b`, or `br` to a register.
pub fn jump_bytes(code: &[u8], is_direct: bool) -> Option<usize> {
    let instruction = code.last_chunk().map(|bytes| u32::from_le_bytes(*bytes))?;
    (is_direct || instruction & !(0x1f << 5) == 0xd61f_0000).then_some(4)
}

/// Writes the distance of a call or a jump: 26 bits, in instructions. Addresses (`adrp`) depend on where the code will lie.
pub fn write_distance(kind: Reloc, place: &mut [u8; 4], distance: i64) -> bool {
    if kind != Reloc::Arm64Call {
        return false;
    }
    assert!(
        distance % 4 == 0 && (-(1 << 27)..1 << 27).contains(&distance),
        "a function that is cut is smaller than 128 MiB"
    );
    let instruction = u32::from_le_bytes(*place) & !0x03ff_ffff | (distance / 4) as u32 & 0x03ff_ffff;
    *place = instruction.to_le_bytes();
    true
}
