//! Programs in C and C++ that Emscripten compiles: what they print, and what the same programs print natively; what needs JavaScript
//! is refused.

mod build;
mod ends;
mod ffi;
mod interpreter;
mod network;
mod programs;
mod python;
mod refusals;
mod signals;
