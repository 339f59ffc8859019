//! The machine: the only place that knows a register, an instruction or what a CPU lacks.
//!
//! An architecture is a folder here, and this file names all that it has to supply. Besides, it defines symbols that others
//! call: those of the border and of leaves for generated code ([`adder_abi::symbol`]), and what musl's start files need.

#[cfg(target_arch = "aarch64")]
mod aarch64;
mod contract;
#[cfg(all(not(test), any(feature = "library", target_arch = "aarch64")))]
mod personality;
mod waiting_call;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
use aarch64 as this;
#[cfg(target_arch = "x86_64")]
use x86_64 as this;

#[cfg(not(any(target_arch = "aarch64", target_arch = "x86_64")))]
compile_error!("the runtime has no folder of src/arch for this architecture");

use adder_abi::arch::Architecture;

pub use contract::{BorderState, Exceptions, PENDING, STACK_MASK};

/// The border: the two switches of stacks, and the way out.
pub use this::border::{enter_guest, leave_guest, outer_entry, resume_guest};
/// What a CPU lacks of a level of the instruction set, and how large its pages are.
pub use this::cpu::{lacking, page_bytes};
/// How this thread computes with floats, where that is another program's affair.
#[cfg(feature = "library")]
pub use this::float_control::{default_float_control, set_float_control};
/// The instructions that round, where the CPU has them.
pub use this::rounding::{CEIL, FLOOR, NEAREST, TRUNC, round_f32, round_f64};
/// What a signal has interrupted.
pub use this::signal::{Registers, return_from_signal};
/// System calls that take guest memory.
pub use this::system_call::system_call;
/// A word that each thread has of its own.
#[cfg(not(feature = "library"))]
pub use this::thread_word::{set_thread_word, thread_word};
/// Vectors, and instructions for long ranges of memory.
pub use this::vector::{Vector, fill_words, load, move_words, splat, store};
/// System calls that may wait.
pub use waiting_call::waiting_system_call;

/// The architecture.
pub const ARCHITECTURE: Architecture = this::ARCHITECTURE;

/// Ends a copy out of memory that others may write to: the compiler must not go back to the original for what it needs of the
/// copy.
#[inline(always)]
pub fn end_of_copy() {
    // SAFETY: no instructions at all; but for all the compiler knows, they have changed all of memory.
    unsafe { core::arch::asm!("", options(nostack, preserves_flags)) };
}
