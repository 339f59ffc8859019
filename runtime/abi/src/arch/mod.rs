//! What compiler and runtime agree on about a machine: levels of its instruction set. A file for each architecture; the rest
//! of this crate is the same for all.

mod x86_64;

pub use x86_64::{CpuLevel, Extension, Register};
