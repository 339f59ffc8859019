//! What the compiler knows of the machine that it generates code for: registers, instruction sets, forms of instructions,
//! relocations. Nothing outside of this folder names one of these.

mod aarch64;
mod part;
mod x86_64;

pub use part::{CallReach, FrameCode, PartConvention};

use adder_abi::arch::{Architecture, CpuLevel};
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::ir::LibCall;
use cranelift_codegen::isa::Builder;
use target_lexicon::Triple;

/// Integers that a guest function returns in registers. The `tail` convention has as many on every architecture: `x2` to `x7` on
/// aarch64, which has fewest.
pub const RETURNED_INTEGERS: usize = 6;
/// Floats and vectors, likewise.
pub const RETURNED_VECTORS: usize = 8;

/// Which bytes of two vectors a shuffle takes: 0 to 15 are those of the first, 16 to 31 those of the second.
pub type Shuffle = [u8; 16];

/// The architecture of the machine that this runs on, or where no code can be generated for that, x86-64.
pub fn host() -> Architecture {
    match target_lexicon::HOST.architecture {
        target_lexicon::Architecture::Aarch64(_) => Architecture::Aarch64,
        _ => Architecture::X86_64,
    }
}

/// The machine to generate code for.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    architecture: Architecture,
    /// The least CPU that has to run the code.
    pub cpu: CpuLevel,
}

impl Machine {
    /// The machine with at least this CPU.
    pub fn new(cpu: CpuLevel) -> Machine {
        Machine { architecture: cpu.architecture(), cpu }
    }

    /// The target as the code generator knows it.
    pub fn triple(self) -> Triple {
        self.architecture.triple().parse().expect("it is a triple")
    }

    /// Lets the code generator use what the CPU has.
    ///
    /// # Errors
    /// If the code generator does not know an extension; says which CPU and why.
    pub fn enable_extensions(self, isa: &mut Builder) -> std::result::Result<(), String> {
        use cranelift_codegen::settings::Configurable;

        for extension in self.cpu.extensions() {
            isa.enable(extension.setting).map_err(|error| format!("{}: {error}", self.cpu.name()))?;
        }
        Ok(())
    }

    /// Where memory 0 lies under [`adder_abi::plan::MemoryPlan::Low`].
    pub fn low_memory_base(self) -> u64 {
        self.architecture.low_memory_base()
    }

    /// An offset as an access itself can add it to an address; `None` if that is too large.
    pub fn folded_offset(self, offset: u64) -> Option<i32> {
        match self.architecture {
            Architecture::Aarch64 => aarch64::folded_offset(offset),
            Architecture::X86_64 => x86_64::folded_offset(offset),
        }
    }

    /// Whether there are instructions for atomic operators that change a value. Where not, they call leaves.
    pub fn changes_atomically(self) -> bool {
        match self.architecture {
            Architecture::Aarch64 => aarch64::changes_atomically(self.cpu),
            Architecture::X86_64 => true,
        }
    }

    /// Whether a sequentially consistent store is best made as an exchange.
    pub fn stores_by_exchange(self) -> bool {
        match self.architecture {
            Architecture::Aarch64 => false,
            Architecture::X86_64 => true,
        }
    }

    /// Whether there are instructions that round the lanes of a vector to whole numbers.
    pub fn rounds_lanes(self) -> bool {
        match self.architecture {
            Architecture::Aarch64 => true,
            Architecture::X86_64 => x86_64::rounds_lanes(self.cpu),
        }
    }

    /// Whether any shuffle of two vectors is made of a few instructions. Where not, only some are:
    /// [`Machine::shuffle_instruction`].
    pub fn has_all_shuffles(self) -> bool {
        match self.architecture {
            Architecture::Aarch64 => true,
            Architecture::X86_64 => x86_64::has_all_shuffles(self.cpu),
        }
    }

    /// A shuffle in the form in which the code generator knows an instruction for it, if there is one that every CPU of the
    /// architecture has. `same` says that both vectors are the same.
    pub fn shuffle_instruction(self, chosen: &Shuffle, same: bool) -> Option<Shuffle> {
        match self.architecture {
            Architecture::Aarch64 => None,
            Architecture::X86_64 => x86_64::shuffle::instruction(chosen, same),
        }
    }

    /// Whether every CPU of the architecture can bring bytes of two vectors to these places with few instructions for each
    /// vector: [`Machine::permutation`].
    pub fn is_permutation(self, chosen: &Shuffle) -> bool {
        match self.architecture {
            Architecture::Aarch64 => false,
            Architecture::X86_64 => x86_64::shuffle::is_permutation(chosen),
        }
    }

    /// The shuffles, each an instruction, that bring the bytes of one vector to their places, one behind the other.
    pub fn permutation(self, chosen: &Shuffle) -> Vec<Shuffle> {
        match self.architecture {
            Architecture::Aarch64 => Vec::new(),
            Architecture::X86_64 => x86_64::shuffle::permutation(chosen),
        }
    }

    /// The leaf of the runtime that stands for an instruction that the CPU lacks.
    pub fn leaf(self, helper: LibCall) -> Option<&'static str> {
        match self.architecture {
            Architecture::Aarch64 => None,
            Architecture::X86_64 => x86_64::leaf(helper),
        }
    }

    /// Whether an access extends an index of 32 bits by itself, so that it needs none of 64.
    pub fn extends_indices(self) -> bool {
        match self.architecture {
            Architecture::Aarch64 => true,
            Architecture::X86_64 => false,
        }
    }

    /// The base of a low memory, if an access takes it in a register and not as a displacement.
    pub fn base_in_register(self) -> Option<u64> {
        match self.architecture {
            Architecture::Aarch64 => Some(self.architecture.low_memory_base()),
            Architecture::X86_64 => None,
        }
    }

    /// How the parts of a function that is cut are called.
    pub fn part_convention(self) -> PartConvention {
        match self.architecture {
            Architecture::Aarch64 => aarch64::PART_CONVENTION,
            Architecture::X86_64 => x86_64::PART_CONVENTION,
        }
    }

    /// How functions begin and end.
    pub fn frame_code(self) -> FrameCode {
        match self.architecture {
            Architecture::Aarch64 => aarch64::FRAME_CODE,
            Architecture::X86_64 => x86_64::FRAME_CODE,
        }
    }

    /// The size in bytes of the jump to another function that code ends with; `None` if it ends with a call. `is_direct`
    /// says that it refers to the function.
    pub fn jump_bytes(self, code: &[u8], is_direct: bool) -> Option<usize> {
        match self.architecture {
            Architecture::Aarch64 => aarch64::jump_bytes(code, is_direct),
            Architecture::X86_64 => x86_64::jump_bytes(code, is_direct),
        }
    }

    /// How far a call reaches; `None` if that is everywhere.
    pub fn call_reach(self) -> Option<CallReach> {
        match self.architecture {
            Architecture::Aarch64 => Some(aarch64::CALL_REACH),
            Architecture::X86_64 => None,
        }
    }

    /// Writes the distance to what a relocation in the same function refers to, addend included. Returns `false` if the kind of
    /// relocation needs to know where the function will lie.
    pub fn write_distance(self, kind: Reloc, place: &mut [u8; 4], distance: i64) -> bool {
        match self.architecture {
            Architecture::Aarch64 => aarch64::write_distance(kind, place, distance),
            Architecture::X86_64 => x86_64::write_distance(kind, place, distance),
        }
    }
}
