//! Profiles: what instrumented executables of a program have counted, and what the compiler makes of that.
//!
//! [`file`] is the format (declared in [`adder_abi::profile`]), [`body`] says what is counted of a function and how
//! a function is recognised in another module, [`matching`] finds the counters of a program's functions, and
//! [`instrument`] plans where an instrumented program counts. [`Ways`] is what they say about the branches of a function.

pub mod body;
mod file;
pub mod instrument;
pub mod matching;
mod ways;

pub use file::Profile;
pub use ways::Ways;
