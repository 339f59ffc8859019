//! What the special files do (`vfs/special.rs`): joins them with the checkpoint that they are about.

use super::vectors::{arguments, environment, path_for_name};
use crate::Runtime;
use crate::checkpoint::{answer, cold_start, explain};
use crate::guest::pointer::GuestRange;
use crate::process::configuration::Configuration;
use crate::vfs::special::SpecialFiles;
use rustix::fd::OwnedFd;
use rustix::io::Errno;

impl SpecialFiles for Runtime {
    #[unsafe(export_name = "adder_special_answer")]
    fn answer() -> &'static [u8] {
        let json = || answer::json(arguments(), environment(Configuration::of_executable()), path_for_name());
        answer::answer(json)
    }

    #[unsafe(export_name = "adder_special_keep_reason")]
    fn keep_reason(pieces: &[GuestRange]) -> usize {
        explain::keep_reason(pieces)
    }

    #[unsafe(export_name = "adder_special_give_input")]
    fn give_input() -> Result<OwnedFd, Errno> {
        cold_start::give_input()
    }

    #[unsafe(export_name = "adder_special_start_cold")]
    fn start_cold() -> Errno {
        cold_start::begin()
    }

    #[unsafe(export_name = "adder_special_give_up")]
    fn give_up() {
        cold_start::give_up();
    }
}
