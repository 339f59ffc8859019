//! Programs in C that Emscripten compiles: what they print, and what the same programs print natively.

mod ffi;
mod interpreter;
mod network;
mod signals;
