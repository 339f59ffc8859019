//! How preview 1 speaks: its error numbers, its records, arrays of buffers, and how its functions end. Source: its witx files.

pub mod errno;
pub mod outcome;
pub mod pieces;
pub mod types;
