//! Levels of the x86-64 instruction set, as the psABI names them: what generated code may use, and what the runtime makes
//! sure of before it runs any.

/// A level. Each includes the ones before it.
#[repr(u32)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CpuLevel {
    /// `x86-64`: SSE2, which every such CPU has.
    #[default]
    V1 = 1,
    /// `x86-64-v2`: most CPUs since 2009.
    V2 = 2,
    /// `x86-64-v3`: most CPUs since 2015.
    V3 = 3,
}

impl CpuLevel {
    /// All levels, ascending.
    pub const ALL: [CpuLevel; 3] = [CpuLevel::V1, CpuLevel::V2, CpuLevel::V3];

    /// Its name in the psABI.
    pub const fn name(self) -> &'static str {
        match self {
            CpuLevel::V1 => "x86-64",
            CpuLevel::V2 => "x86-64-v2",
            CpuLevel::V3 => "x86-64-v3",
        }
    }

    /// The level with this number.
    pub fn from_number(number: u64) -> Option<CpuLevel> {
        CpuLevel::ALL.into_iter().find(|level| *level as u64 == number)
    }

    /// The extensions that generated code may use at this level.
    pub fn extensions(self) -> impl Iterator<Item = &'static Extension> {
        EXTENSIONS.iter().filter(move |extension| extension.level <= self)
    }
}

/// An extension of the instruction set.
#[derive(Clone, Copy, Debug)]
pub struct Extension {
    /// Its name for people.
    pub name: &'static str,
    /// Its setting in the code generator.
    pub setting: &'static str,
    /// The level that it belongs to.
    pub level: CpuLevel,
    /// The leaf of `cpuid` that tells whether the CPU has it.
    pub leaf: u32,
    /// The register of the answer.
    pub register: Register,
    /// The bit in that register.
    pub bit: u32,
}

/// A register of an answer of `cpuid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Register {
    /// `ebx`
    Ebx,
    /// `ecx`
    Ecx,
}

/// The extensions that the code generator knows, by level. Others of a level are not used, so they are not asked for.
pub static EXTENSIONS: [Extension; 12] = [
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
    Extension { name, setting, level, leaf, register, bit }
}
