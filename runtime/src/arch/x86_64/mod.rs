//! x86-64, by the conventions of the System V psABI.

pub mod border;
pub mod cpu;
mod extension;
#[cfg(feature = "library")]
pub mod float_control;
pub mod rounding;
mod shuffle;
pub mod signal;
pub mod system_call;
#[cfg(not(test))]
mod thread_pointer;
#[cfg(not(feature = "library"))]
pub mod thread_word;
pub mod vector;
pub mod waiting_call;

use adder_abi::arch::Architecture;

/// This one.
pub const ARCHITECTURE: Architecture = Architecture::X86_64;
