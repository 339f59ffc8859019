//! Exceptions: where they live, how they are thrown and caught, and how those are found that nobody can reach.

mod arena;
mod collect;
pub mod exception;
