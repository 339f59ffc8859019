//! x86-64.

pub mod shuffle;

use adder_abi::arch::CpuLevel;
use adder_abi::symbol;
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::ir::LibCall;

use super::part::{FrameCode, PartConvention};

/// An access adds an index, a base and a displacement: 32 bits with a sign.
pub fn folded_offset(offset: u64) -> Option<i32> {
    i32::try_from(offset).ok()
}

/// The instruction for it came with SSE4.1.
pub fn rounds_lanes(cpu: CpuLevel) -> bool {
    cpu >= CpuLevel::V2
}

/// `pshufb` came with SSSE3.
pub fn has_all_shuffles(cpu: CpuLevel) -> bool {
    cpu >= CpuLevel::V2
}

/// The leaf that stands for `pshufb`.
pub fn leaf(helper: LibCall) -> Option<&'static str> {
    (helper == LibCall::X86Pshufb).then_some(symbol::LEAF_SHUFFLE_BYTES)
}

/// The convention has six registers for arguments, one of which points to the driver's frame. The sixth is worth more to the
/// handlers of CPython as one that they need not save (1 % of the loop's instructions).
pub const PART_CONVENTION: PartConvention =
    PartConvention { registers: 4, integers_max: 5, floats_max: 8, extends: true };

/// Frames have a chain of frame pointers.
pub const FRAME_CODE: FrameCode = FrameCode {
    // push rbp; mov rbp, rsp
    prologue: &[0x55, 0x48, 0x89, 0xe5],
    // mov rsp, rbp; pop rbp
    epilogue: &[0x48, 0x89, 0xec, 0x5d],
    reset_bytes: 3,
    // int3
    padding: 0xcc,
    call_opcode_bytes: 1,
};

/// `jmp` to a distance, or to a register.
pub fn jump_bytes(code: &[u8], is_direct: bool) -> Option<usize> {
    match code {
        _ if is_direct => Some(5),
        [.., 0x41, 0xff, 0xe0..=0xe7] => Some(3),
        [.., 0xff, 0xe0..=0xe7] => Some(2),
        _ => None,
    }
}

/// Writes the distance of a `call`, a `jmp` or an address: 32 bits.
pub fn write_distance(kind: Reloc, place: &mut [u8; 4], distance: i64) -> bool {
    if !matches!(kind, Reloc::X86CallPCRel4 | Reloc::X86PCRel4) {
        return false;
    }
    *place = i32::try_from(distance).expect("a function is smaller than 2 GiB").to_le_bytes();
    true
}
