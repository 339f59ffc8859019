//! Locals, and variables of C that are kept in the shadow stack.

mod access;
mod locals;
mod promoted;
mod shadow;

pub use locals::{Locals, are_kept_in_frame};
pub use shadow::{Promoted, ShadowFrame, promote};
