//! What is known of other people's code by its digest: routines of C libraries, and whole modules.

mod digest;
mod module;
mod routine;

pub(crate) use module::WorkingDirectory;
pub use module::{KnownModule, PYTHON_3_12, known_module};
pub use routine::{Routine, recognize};
