//! Levels of the x86-64 instruction set, as the psABI names them.

use super::{CpuLevel, Extension, Register, Sign};

/// Above `vm.mmap_min_addr`, small enough that `base + offset` stays a 32-bit displacement for every offset a real program uses.
pub(super) const LOW_MEMORY_BASE: u64 = 0x10_0000;

/// Pages have one size.
pub(super) const PAGE_BYTES: u64 = 4 << 10;

/// The extensions that the code generator knows, by level. Others of a level are not used, so they are not asked for.
pub(super) static EXTENSIONS: [Extension; 12] = [
    extension("SSE3", "has_sse3", CpuLevel::V2, 1, Register::Ecx, 0),
    extension("SSSE3", "has_ssse3", CpuLevel::V2, 1, Register::Ecx, 9),
    extension("CMPXCHG16B", "has_cmpxchg16b", CpuLevel::V2, 1, Register::Ecx, 13),
    extension("SSE4.1", "has_sse41", CpuLevel::V2, 1, Register::Ecx, 19),
    extension("SSE4.2", "has_sse42", CpuLevel::V2, 1, Register::Ecx, 20),
    extension("POPCNT", "has_popcnt", CpuLevel::V2, 1, Register::Ecx, 23),
    extension("AVX", "has_avx", CpuLevel::V3, 1, Register::Ecx, 28),
    extension("FMA", "has_fma", CpuLevel::V3, 1, Register::Ecx, 12),
    extension("AVX2", "has_avx2", CpuLevel::V3, 7, Register::Ebx, 5),
    extension("BMI1", "has_bmi1", CpuLevel::V3, 7, Register::Ebx, 3),
    extension("BMI2", "has_bmi2", CpuLevel::V3, 7, Register::Ebx, 8),
    extension("LZCNT", "has_lzcnt", CpuLevel::V3, 0x8000_0001, Register::Ecx, 5),
];

const fn extension(
    name: &'static str,
    setting: &'static str,
    level: CpuLevel,
    leaf: u32,
    register: Register,
    bit: u32,
) -> Extension {
    Extension { name, setting, level, sign: Sign::Leaf { leaf, register, bit } }
}
