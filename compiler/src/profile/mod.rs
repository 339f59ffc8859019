//! Profiles: what instrumented executables of a program have counted.
//!
//! [`mod@file`] is the format (declared in [`adder_abi::profile`]), [`body`] says what is counted of a function and how
//! a function is recognised in another module.

pub mod body;
mod file;

pub use file::Profile;
pub(crate) use file::Profiled;
