//! Changes of intermediate code between translation and code generation.

pub mod split;
