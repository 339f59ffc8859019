//! The arguments and the environment of the guest, whatever interface it asks by.

use crate::checkpoint::{cold_start, explain};
use crate::process::configuration::Configuration;
use crate::process::lock::Lock;
use crate::process::phase;
use crate::process::vectors::{self, name_of_variable};
use crate::run::profile;
use adder_abi::configuration::flag;
use alloc::vec::Vec;
use core::ffi::CStr;

/// The name of the program, what was given at build, and what the process was started with.
pub fn arguments() -> impl Iterator<Item = &'static [u8]> {
    let own = Configuration::of_executable().arguments();
    let mut given = vectors::arguments().map(|argument| argument.to_bytes());
    let name = given.next();
    name.into_iter().chain(own).chain(given)
}

/// The path of the executable, where a guest that wants it was called by a bare name.
pub fn path_for_name() -> Option<Vec<u8>> {
    let name = vectors::arguments().next()?.to_bytes();
    let wanted = Configuration::of_executable().has_flag(flag::NAME_IS_PATH) && !phase::is_at_build();
    if !wanted || name.is_empty() || name.contains(&b'/') { None } else { vectors::path() }
}

/// The same arguments with that path as the first.
pub fn arguments_by_path() -> impl Iterator<Item = &'static [u8]> {
    static PATH: Lock<Option<Option<&'static [u8]>>> = Lock::new(None);
    let path = PATH.with(|path| *path.get_or_insert_with(|| path_for_name().map(|path| &*path.leak())));
    let skipped = usize::from(path.is_some());
    path.into_iter().chain(arguments().skip(skipped))
}

/// What was given at build, and, where that is wanted, what the process has beside it. While a checkpoint is made, that is
/// what the command line gives for this one run.
pub fn environment(configuration: Configuration) -> impl Iterator<Item = &'static [u8]> + Clone {
    let inherit = configuration.has_flag(flag::INHERIT_ENVIRONMENT) || phase::is_at_build();
    let own = configuration.environment();
    let hidden = own.clone();
    let given = vectors::environment().filter(|text| !is_for_runtime(text)).map(|text| text.to_bytes());
    let inherited = given.filter(move |inherited| {
        inherit && !hidden.clone().any(|own| name_of_variable(own) == name_of_variable(inherited))
    });
    let all = own.chain(inherited);
    let first = cold_start::variable(configuration, || all.clone());
    // In the place of the one that it stands for, if there is one.
    let is_it = move |text: &&[u8]| first.is_some_and(|first| name_of_variable(first) == name_of_variable(text));
    let new = first.filter(|_| !all.clone().any(|text| is_it(&text)));
    all.map(move |text| if is_it(&text) { first.unwrap_or(text) } else { text }).chain(new)
}

/// Whether a variable of the process is meant for the runtime.
fn is_for_runtime(text: &CStr) -> bool {
    cold_start::is_variable(text) || explain::is_variable(text) || profile::is_variable(text)
}
