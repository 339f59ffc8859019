//! What the tests of this package share: finding and building the parts of Adder, and turning modules into programs.

pub mod debugger;
pub mod emscripten;
pub mod guest;
pub mod name_server;
pub mod outcome;
pub mod profile;
pub mod program;
pub mod python;
pub mod rights;
pub mod target;
pub mod text;
pub mod workspace;
