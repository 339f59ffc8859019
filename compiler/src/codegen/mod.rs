//! From intermediate code to machine code: every function of the program and the glue around them, in parallel.

mod artifact;
mod emscripten;
mod extension;
mod function;
mod generated;
mod glue;
mod isa;
mod island;
mod join;
mod library;
mod listing;
mod parallel;
mod signal;

pub use artifact::{Artifact, Relocation, Target};
pub use isa::Isa;
pub use island::add_islands;
pub use parallel::generate;
