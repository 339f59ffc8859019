//! What is counted of a program, and what a profile says about it.

mod counts;
mod instrument;

pub use counts::{Counts, targets};
pub use instrument::Instrumentation;
