//! Memories and tables: addresses, accesses, atomic operators, operators on ranges.

mod access;
mod address;
mod atomic;
mod bulk;

pub use address::Index;
