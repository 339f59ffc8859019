//! Levels of the instruction set of 64-bit Arm, as the architecture's manual names them.

use super::{CpuLevel, Extension, Sign};

/// A number that one instruction makes (`movz`), and that no instruction takes for an offset: then an access adds the index to it,
/// zero-extended, by itself.
pub(super) const LOW_MEMORY_BASE: u64 = 1 << 33;

/// Kernels have pages of 4, 16 or 64 KiB.
pub(super) const PAGE_BYTES: u64 = 64 << 10;

/// The extensions that the code generator knows, by level. Others of a level are not used, so they are not asked for.
pub(super) static EXTENSIONS: [Extension; 1] = [
    // HWCAP_ATOMICS (arch/arm64/include/uapi/asm/hwcap.h).
    Extension { name: "LSE", setting: "has_lse", level: CpuLevel::Arm8_1, sign: Sign::Capability(1 << 8) },
];
