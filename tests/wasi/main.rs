//! The system interface (WASI preview 1) as programs see it: guests written in Rust, C and text for these tests,
//! compiled to executables and run against real files, pipes and sockets.

mod escapes;
mod files;
mod matrix;
mod pointers;
mod process;
mod sandbox;
mod streams;
mod threads;
mod working_directory;
