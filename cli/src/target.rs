//! The machine that executables run on: what adder says of it to the linker, and finds of it in a file. What generated code may
//! use of it is the compiler's; what the runtime needs is built for it by `build.rs`.

use adder_compiler::CpuLevel;
use adder_compiler::abi::plan::HOST_PAGE_BYTES;
use clap::ValueEnum;
use object::{Architecture, elf};

/// A kind of machine.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The target that the embedded files were built for.
    pub triple: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What object files for it say.
    pub architecture: Architecture,
    /// The same as the number in the head of an ELF file (`e_machine`).
    pub machine: u16,
    /// The name that linkers know it by (`-m`).
    pub emulation: &'static str,
    /// The largest page of such a machine, in bytes: what is mapped is aligned to it.
    pub page_bytes: u64,
    /// The relocation that adds the address at which a file lies, without a symbol.
    pub relative: u32,
}

/// The machine that executables are made for.
pub const TARGET: Target = Target {
    triple: env!("ADDER_RUNTIME_TARGET"),
    name: "x86-64",
    architecture: Architecture::X86_64,
    machine: elf::EM_X86_64,
    emulation: "elf_x86_64",
    page_bytes: HOST_PAGE_BYTES,
    relative: elf::R_X86_64_RELATIVE,
};

/// `--cpu`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum CpuArgument {
    #[value(name = "x86-64")]
    Baseline,
    #[value(name = "x86-64-v2")]
    V2,
    #[value(name = "x86-64-v3")]
    V3,
    Native,
}

impl CpuArgument {
    /// What it means on this machine.
    pub fn level(self) -> CpuLevel {
        match self {
            CpuArgument::Baseline => CpuLevel::V1,
            CpuArgument::V2 => CpuLevel::V2,
            CpuArgument::V3 => CpuLevel::V3,
            CpuArgument::Native => native(),
        }
    }
}

/// The highest level all of which this machine has.
fn native() -> CpuLevel {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        let second = has!("sse3") && has!("ssse3") && has!("sse4.1") && has!("sse4.2");
        let second = second && has!("popcnt") && has!("cmpxchg16b");
        let third = has!("avx") && has!("avx2") && has!("fma") && has!("bmi1") && has!("bmi2") && has!("lzcnt");
        if second && third {
            return CpuLevel::V3;
        }
        if second {
            return CpuLevel::V2;
        }
    }
    CpuLevel::V1
}
