//! What the special files do (`vfs/special.rs`): joins them with the checkpoint that they are about.

use super::vectors::{arguments, environment, path_for_name};
use crate::checkpoint::{answer, cold_start, explain};
use crate::guest::pointer::GuestRange;
use crate::process::configuration::Configuration;
use rustix::fd::OwnedFd;
use rustix::io::Errno;

#[unsafe(no_mangle)]
fn adder_special_answer() -> &'static [u8] {
    let json = || answer::json(arguments(), environment(Configuration::of_executable()), path_for_name());
    answer::answer(json)
}

#[unsafe(no_mangle)]
fn adder_special_keep_reason(pieces: &[GuestRange]) -> usize {
    explain::keep_reason(pieces)
}

#[unsafe(no_mangle)]
fn adder_special_give_input() -> Result<OwnedFd, Errno> {
    cold_start::give_input()
}

#[unsafe(no_mangle)]
fn adder_special_start_cold() -> Errno {
    cold_start::begin()
}

#[unsafe(no_mangle)]
fn adder_special_give_up() {
    cold_start::give_up();
}
