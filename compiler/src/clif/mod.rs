//! Intermediate code (CLIF): what all have in common that make it or change it. The translator, generated glue and passes of
//! the optimiser use it.

mod emitter;
mod error;
mod invoke;
mod region;
mod signal;
mod signature;
mod slot;
mod trap;
mod value;
mod ways;

pub use emitter::Emitter;
pub use error::generator_error;
pub use invoke::Handler;
pub use region::Region;
pub use signature::{POINTER, entry_signature, guest_signature, register_type, returns_by_pointer};
pub use slot::slot_count;
pub use trap::{trap_code, trap_of_code};
pub use value::{arguments, zero};
pub use ways::Ways;
