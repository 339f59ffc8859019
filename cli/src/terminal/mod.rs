//! What the user sees: lines on standard output and error, and what may be in them.

pub mod markdown;
pub mod output;
mod panic;
pub mod printable;
pub mod progress;

pub use panic::caught;
