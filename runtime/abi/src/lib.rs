//! The contract between the code that adder generates and the runtime linked beside it.
//!
//! Both sides depend on this crate and on nothing else of each other. Every structure that crosses the border is
//! declared here once, `repr(C)`, with its size asserted at compile time: the compiler writes the bytes, the runtime
//! reads them. The crate is `no_std` and has no dependencies.
#![no_std]

pub mod arch;
pub mod callback;
pub mod checkpoint;
pub mod configuration;
pub mod exception;
pub mod host;
pub mod library;
pub mod plan;
pub mod profile;
pub mod program;
pub mod refusal;
pub mod status;
pub mod symbol;
pub mod trap;
pub mod value;
pub mod variable;

/// Changes whenever a structure, a symbol or their meaning changes. The runtime refuses a program of another version.
pub const ABI_VERSION: u32 = 12;
