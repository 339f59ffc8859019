//! Whether the CPU can do what generated code was built for.

use adder_abi::arch::{CpuLevel, Extension, Register, Sign};
use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv, CpuidResult};

/// The extensions of a level that the CPU lacks, or that the system does not let programs use.
pub fn lacking(level: CpuLevel) -> impl Iterator<Item = &'static Extension> {
    let registers_are_kept = level < CpuLevel::V3 || keeps_wide_registers();
    level.extensions().filter(move |extension| {
        !is_present(extension, cpuid) || (extension.level == CpuLevel::V3 && !registers_are_kept)
    })
}

/// The size of a page in bytes.
pub const fn page_bytes() -> u64 {
    4096
}

/// Whether the CPU says that it has an extension.
fn is_present(extension: &Extension, cpuid: impl Fn(u32) -> CpuidResult) -> bool {
    let Sign::Leaf { leaf, register, bit } = extension.sign else { return false };
    let highest = cpuid(leaf & 0x8000_0000).eax;
    // A CPU answers an unknown leaf with that of another one.
    if leaf > highest {
        return false;
    }
    let answer = cpuid(leaf);
    let register = match register {
        Register::Ebx => answer.ebx,
        Register::Ecx => answer.ecx,
    };
    register & 1 << bit != 0
}

fn cpuid(leaf: u32) -> CpuidResult {
    __cpuid_count(leaf, 0)
}

/// Whether the system saves the registers of AVX.
fn keeps_wide_registers() -> bool {
    const OSXSAVE: u32 = 1 << 27;
    const SSE_AND_AVX: u64 = 0b110;
    // SAFETY: OSXSAVE says that the instruction exists and may be used.
    __cpuid(1).ecx & OSXSAVE != 0 && unsafe { xcr0() } & SSE_AND_AVX == SSE_AND_AVX
}

/// # Safety
/// The CPU has OSXSAVE.
#[target_feature(enable = "xsave")]
unsafe fn xcr0() -> u64 {
    // SAFETY: promised by the caller.
    unsafe { _xgetbv(0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A CPU with these answers to the leaves 0, 1 and 7 of `ecx` and `ebx`, and nothing beyond 0x8000_0000.
    fn cpu(highest: u32, leaf1_ecx: u32, leaf7_ebx: u32) -> impl Fn(u32) -> CpuidResult {
        move |leaf| {
            let (eax, ebx, ecx) = match leaf {
                0 => (highest, 0, 0),
                0x8000_0000 => (0x8000_0000, 0, 0),
                1 => (0, u32::MAX, leaf1_ecx),
                7 => (0, leaf7_ebx, u32::MAX),
                // What it would say to a leaf that it does not know.
                _ => (u32::MAX, u32::MAX, u32::MAX),
            };
            CpuidResult { eax, ebx, ecx, edx: 0 }
        }
    }

    fn lacking_of(level: CpuLevel, cpu: impl Fn(u32) -> CpuidResult) -> Vec<&'static str> {
        level.extensions().filter(|extension| !is_present(extension, &cpu)).map(|extension| extension.name).collect()
    }

    #[test]
    fn every_level_asks_for_its_own_extensions() {
        let nothing = || cpu(1, 0, 0);
        assert_eq!(lacking_of(CpuLevel::V1, nothing()), [""; 0]);
        let second = ["SSE3", "SSSE3", "CMPXCHG16B", "SSE4.1", "SSE4.2", "POPCNT"];
        assert_eq!(lacking_of(CpuLevel::V2, nothing()), second);
        let third = ["AVX", "FMA", "AVX2", "BMI1", "BMI2", "LZCNT"];
        assert_eq!(lacking_of(CpuLevel::V3, nothing()), [second, third].concat());
    }

    #[test]
    fn bits_and_leaves_are_told_apart() {
        // Everything in leaf 1 but SSE4.1.
        assert_eq!(lacking_of(CpuLevel::V2, cpu(7, !(1 << 19), 0)), ["SSE4.1"]);
        // Leaf 7 would say yes, but it is beyond the highest leaf.
        let lacking = lacking_of(CpuLevel::V3, cpu(6, u32::MAX, u32::MAX));
        assert_eq!(lacking, ["AVX2", "BMI1", "BMI2", "LZCNT"]);
        assert_eq!(lacking_of(CpuLevel::V3, cpu(7, u32::MAX, !(1 << 8))), ["BMI2", "LZCNT"]);
    }

    #[test]
    fn this_cpu_is_described_as_the_standard_library_does() {
        let lacks = |name: &str| lacking(CpuLevel::V3).any(|extension| extension.name == name);
        assert_eq!(lacks("SSE4.1"), !std::arch::is_x86_feature_detected!("sse4.1"));
        assert_eq!(lacks("AVX2"), !std::arch::is_x86_feature_detected!("avx2"));
        assert_eq!(lacks("LZCNT"), !std::arch::is_x86_feature_detected!("lzcnt"));
        assert_eq!(lacks("BMI2"), !std::arch::is_x86_feature_detected!("bmi2"));
    }
}
