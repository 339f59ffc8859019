//! What this process is for: most run the program, but at build one makes the checkpoint and another one tries it.

use super::configuration::Configuration;
use super::exit;
use super::output::Output;
use adder_abi::configuration::flag;
use adder_abi::refusal::Refusal;
use adder_abi::status;

/// Whether this process runs at build, in a world where everything is always the same.
pub fn is_at_build() -> bool {
    Configuration::of_executable().has_flag(flag::AT_BUILD)
}

/// Whether this process makes a checkpoint.
pub fn is_making() -> bool {
    is_at_build() && !is_trial()
}

/// Whether this process goes on from a new checkpoint, at build.
pub fn is_trial() -> bool {
    Configuration::of_executable().has_flag(flag::TRIAL)
}

/// Ends the process that was to make or to try a checkpoint.
pub fn refuse(why: Refusal<'_>) -> ! {
    let mut error = Output::error();
    // Writing to `Output` does not fail.
    let _ = why.write(&mut error);
    error.bytes(b"\n");
    drop(error);
    exit(status::SYSTEM)
}
