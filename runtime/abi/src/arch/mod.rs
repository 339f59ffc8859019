//! What compiler and runtime agree on about a machine: architectures, and levels of their instruction sets. A file for each
//! architecture; the rest of this crate is the same for all.

mod aarch64;
mod x86_64;

/// An architecture that executables are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Architecture {
    /// 64-bit Arm.
    Aarch64,
    /// 64-bit x86.
    X86_64,
}

impl Architecture {
    /// All of them.
    pub const ALL: [Architecture; 2] = [Architecture::Aarch64, Architecture::X86_64];

    /// The target that Rust, LLVM and the code generator know by this name: Linux with musl.
    pub const fn triple(self) -> &'static str {
        match self {
            Architecture::Aarch64 => "aarch64-unknown-linux-musl",
            Architecture::X86_64 => "x86_64-unknown-linux-musl",
        }
    }

    /// The levels of its instruction set, ascending. The first is what every CPU has.
    pub const fn levels(self) -> &'static [CpuLevel] {
        match self {
            Architecture::Aarch64 => &[CpuLevel::Arm8_0, CpuLevel::Arm8_1],
            Architecture::X86_64 => &[CpuLevel::V1, CpuLevel::V2, CpuLevel::V3],
        }
    }

    /// What every CPU has.
    pub const fn baseline(self) -> CpuLevel {
        self.levels()[0]
    }

    /// Base of linear memory 0 under [`crate::plan::MemoryPlan::Low`].
    pub const fn low_memory_base(self) -> u64 {
        match self {
            Architecture::Aarch64 => aarch64::LOW_MEMORY_BASE,
            Architecture::X86_64 => x86_64::LOW_MEMORY_BASE,
        }
    }

    /// The largest page of such a machine, in bytes: segments of a file are aligned to it.
    pub const fn page_bytes(self) -> u64 {
        match self {
            Architecture::Aarch64 => aarch64::PAGE_BYTES,
            Architecture::X86_64 => x86_64::PAGE_BYTES,
        }
    }
}

/// A level of an instruction set: what generated code may use, and what the runtime makes sure of before it runs any. Each
/// includes the ones before it of its architecture.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CpuLevel {
    /// `x86-64`: SSE2, which every such CPU has.
    V1 = 1,
    /// `x86-64-v2`: most CPUs since 2009.
    V2 = 2,
    /// `x86-64-v3`: most CPUs since 2015.
    V3 = 3,
    /// `armv8-a`: NEON, which every such CPU has.
    Arm8_0 = 0x10,
    /// `armv8.1-a`: most CPUs since 2017.
    Arm8_1 = 0x11,
}

impl CpuLevel {
    /// Its name: that of the psABI, or of the architecture's manual.
    pub const fn name(self) -> &'static str {
        match self {
            CpuLevel::V1 => "x86-64",
            CpuLevel::V2 => "x86-64-v2",
            CpuLevel::V3 => "x86-64-v3",
            CpuLevel::Arm8_0 => "armv8-a",
            CpuLevel::Arm8_1 => "armv8.1-a",
        }
    }

    /// The architecture that it is a level of.
    pub const fn architecture(self) -> Architecture {
        match self {
            CpuLevel::V1 | CpuLevel::V2 | CpuLevel::V3 => Architecture::X86_64,
            CpuLevel::Arm8_0 | CpuLevel::Arm8_1 => Architecture::Aarch64,
        }
    }

    /// The level with this number.
    pub fn from_number(number: u64) -> Option<CpuLevel> {
        let mut all = Architecture::ALL.into_iter().flat_map(|architecture| architecture.levels().iter().copied());
        all.find(|level| *level as u64 == number)
    }

    /// The extensions that generated code may use at this level.
    pub fn extensions(self) -> impl Iterator<Item = &'static Extension> {
        let all: &[Extension] = match self.architecture() {
            Architecture::Aarch64 => &aarch64::EXTENSIONS,
            Architecture::X86_64 => &x86_64::EXTENSIONS,
        };
        all.iter().filter(move |extension| extension.level <= self)
    }
}

/// An extension of an instruction set.
#[derive(Clone, Copy, Debug)]
pub struct Extension {
    /// Its name for people.
    pub name: &'static str,
    /// Its setting in the code generator.
    pub setting: &'static str,
    /// The level that it belongs to.
    pub level: CpuLevel,
    /// How a program learns whether the CPU has it.
    pub sign: Sign,
}

/// What shows that a CPU has an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A bit of what `cpuid` answers.
    Leaf {
        /// What is asked.
        leaf: u32,
        /// The register of the answer.
        register: Register,
        /// The bit in that register.
        bit: u32,
    },
    /// Bits of what the kernel says of the CPU (`AT_HWCAP`, getauxval(3)).
    Capability(u64),
}

/// A register of an answer of `cpuid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Register {
    /// `ebx`
    Ebx,
    /// `ecx`
    Ecx,
}
