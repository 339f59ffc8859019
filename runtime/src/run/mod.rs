//! Running the guest: what it is called with, and what becomes of the process when it is left.

pub mod activation;
pub mod end;
pub mod invoke;
pub mod profile;
#[cfg(feature = "script")]
pub mod script;
pub mod values;
