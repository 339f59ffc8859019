//! aarch64, by the procedure call standard of the architecture (AAPCS64).

pub mod border;
pub mod cpu;
#[cfg(feature = "library")]
pub mod float_control;
pub mod rounding;
pub mod signal;
pub mod system_call;
#[cfg(not(feature = "library"))]
pub mod thread_word;
pub mod vector;
pub mod waiting_call;

use adder_abi::arch::Architecture;

/// This one.
pub const ARCHITECTURE: Architecture = Architecture::Aarch64;
