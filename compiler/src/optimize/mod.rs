//! Changes of intermediate code between translation and code generation.

pub mod inline;
pub mod live;
pub mod share;
pub mod split;
#[cfg(test)]
mod tests;
