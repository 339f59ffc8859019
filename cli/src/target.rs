//! The machines that executables run on: what adder says of them to the linker, finds of them in a file, and embeds for them. What
//! generated code may use of one is the compiler's; what the runtime needs is built for it by `build.rs`.

use adder_compiler::{Architecture, CpuLevel, host};
use object::elf;

/// A kind of machine.
#[derive(Debug)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its instruction set.
    pub architecture: Architecture,
    /// What object files for it say.
    pub object: object::Architecture,
    /// The same as the number in the head of an ELF file (`e_machine`).
    pub machine: u16,
    /// The name that linkers know it by (`-m`).
    pub emulation: &'static str,
    /// The relocation that adds the address at which a file lies, without a symbol.
    pub relative: u32,
    /// The program of QEMU that runs executables for it on other machines.
    pub emulator: &'static str,
    /// What executables for it are linked with.
    pub files: Files,
}

/// The files that turn an object file into an executable, embedded in adder itself.
#[derive(Debug)]
pub struct Files {
    /// The static library that supplies the symbols of `adder-abi`.
    pub runtime: &'static [u8],
    /// The same for programs that are libraries.
    pub library: &'static [u8],
    /// musl's start of a static PIE: relocates the executable itself, then calls `main`.
    pub start: &'static [u8],
    /// The first part of `_init` and `_fini`, which musl calls.
    pub init_prologue: &'static [u8],
    /// The last part of `_init` and `_fini`.
    pub init_epilogue: &'static [u8],
    /// musl.
    pub libc: &'static [u8],
}

macro_rules! files {
    ($triple:literal) => {{
        macro_rules! file {
            ($name:literal) => {
                include_bytes!(concat!(env!("ADDER_EMBEDDED"), "/", $triple, "/", $name))
            };
        }
        Files {
            runtime: file!("libadder_runtime.a"),
            library: file!("libadder_library.a"),
            start: file!("rcrt1.o"),
            init_prologue: file!("crti.o"),
            init_epilogue: file!("crtn.o"),
            libc: file!("libc.a"),
        }
    }};
}

/// The machines that executables are made for.
pub static TARGETS: [Target; 2] = [
    Target {
        name: "aarch64-linux",
        architecture: Architecture::Aarch64,
        object: object::Architecture::Aarch64,
        machine: elf::EM_AARCH64,
        emulation: "aarch64linux",
        relative: elf::R_AARCH64_RELATIVE,
        emulator: "qemu-aarch64",
        files: files!("aarch64-unknown-linux-musl"),
    },
    Target {
        name: "x86_64-linux",
        architecture: Architecture::X86_64,
        object: object::Architecture::X86_64,
        machine: elf::EM_X86_64,
        emulation: "elf_x86_64",
        relative: elf::R_X86_64_RELATIVE,
        emulator: "qemu-x86_64",
        files: files!("x86_64-unknown-linux-musl"),
    },
];

impl Target {
    /// The machine of an architecture.
    pub fn of(architecture: Architecture) -> &'static Target {
        let found = TARGETS.iter().find(|target| target.architecture == architecture);
        found.expect("executables are made for every architecture that code is generated for")
    }

    /// The machine that the head of an ELF file names.
    pub fn of_file(machine: u16) -> Option<&'static Target> {
        TARGETS.iter().find(|target| target.machine == machine)
    }

    /// Whether this machine is one.
    pub fn is_host(&self) -> bool {
        self.architecture == host()
    }

    /// What to do where programs for it cannot be run.
    pub fn hint(&self) -> String {
        format!("install {} (Debian: qemu-user)", self.emulator)
    }

    /// All names, for a message.
    pub fn names(conjunction: &str) -> String {
        TARGETS.each_ref().map(|target| target.name).join(&format!(" {conjunction} "))
    }
}

/// The highest level all of which this machine has.
pub fn native() -> CpuLevel {
    let has_all = |level: &&CpuLevel| level.extensions().all(|extension| is_present(extension.setting));
    host().levels().iter().take_while(has_all).last().copied().unwrap_or(host().baseline())
}

/// Whether this machine has an extension, by its setting in the code generator.
fn is_present(setting: &str) -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        match setting {
            "has_sse3" => has!("sse3"),
            "has_ssse3" => has!("ssse3"),
            "has_cmpxchg16b" => has!("cmpxchg16b"),
            "has_sse41" => has!("sse4.1"),
            "has_sse42" => has!("sse4.2"),
            "has_popcnt" => has!("popcnt"),
            "has_avx" => has!("avx"),
            "has_fma" => has!("fma"),
            "has_avx2" => has!("avx2"),
            "has_bmi1" => has!("bmi1"),
            "has_bmi2" => has!("bmi2"),
            "has_lzcnt" => has!("lzcnt"),
            _ => false,
        }
    }
    #[cfg(target_arch = "aarch64")]
    {
        setting == "has_lse" && std::arch::is_aarch64_feature_detected!("lse")
    }
    #[cfg(not(any(target_arch = "aarch64", target_arch = "x86_64")))]
    {
        let _ = setting;
        false
    }
}
