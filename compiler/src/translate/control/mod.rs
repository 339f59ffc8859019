//! Control flow: frames, branches, exceptions, and what is counted or known where control divides.

mod branch;
mod count;
mod exception;
mod frame;
mod guard;
mod legacy;
mod points;
mod table;

pub use frame::Frame;
pub use guard::Exceptions;
pub use points::Points;
