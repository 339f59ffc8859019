//! Changes of intermediate code between translation and code generation.

#[cfg(test)]
mod file_tests;
pub mod inline;
pub mod live;
pub mod split;
