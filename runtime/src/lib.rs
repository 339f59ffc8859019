//! The library linked into every executable that adder writes.
#![no_std]
