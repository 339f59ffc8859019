//! Arguments and environment.

use super::errno::Errno;
use super::{Stop, working_directory};
use crate::checkpoint::{cold_start, explain};
use crate::guest::pointer::Guest;
use crate::process::configuration::Configuration;
use crate::process::lock::Lock;
use crate::process::phase;
use crate::process::vectors;
use crate::process::vectors::name_of_variable;
use crate::profile;
use adder_abi::configuration::flag;
use alloc::vec::Vec;
use core::ffi::CStr;

/// Number of arguments, and bytes of all of them with their NULs.
///
/// wasi-libc asks for them between its constructors and `main`, which makes this the moment to bring the guest into the
/// working directory of the process.
pub fn args_sizes_get(guest: Guest, count: u32, bytes: u32) -> Result<(), Stop> {
    working_directory::enter(guest)?;
    Ok(write_sizes(guest, arguments_by_path(), count, bytes)?)
}

/// The addresses of the arguments, and the arguments with their NULs.
pub fn args_get(guest: Guest, vector: u32, texts: u32) -> Result<(), Errno> {
    write_texts(guest, arguments_by_path(), vector, texts)
}

/// Number of variables, and bytes of all of them with their NULs.
pub fn environ_sizes_get(guest: Guest, count: u32, bytes: u32) -> Result<(), Errno> {
    write_sizes(guest, environment(Configuration::of_executable()), count, bytes)
}

/// The addresses of the variables, and the variables (`NAME=VALUE`) with their NULs.
pub fn environ_get(guest: Guest, vector: u32, texts: u32) -> Result<(), Errno> {
    write_texts(guest, environment(Configuration::of_executable()), vector, texts)
}

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
fn arguments_by_path() -> impl Iterator<Item = &'static [u8]> {
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

fn write_sizes(guest: Guest, texts: impl Iterator<Item = &'static [u8]>, count: u32, bytes: u32) -> Result<(), Errno> {
    let count = guest.place::<u32>(count)?;
    let bytes = guest.place::<u32>(bytes)?;
    let (mut texts_total, mut bytes_total) = (0_u64, 0_u64);
    for text in texts {
        texts_total += 1;
        bytes_total += text.len() as u64 + 1;
    }
    count.write(texts_total.try_into().map_err(|_| Errno::Overflow)?);
    bytes.write(bytes_total.try_into().map_err(|_| Errno::Overflow)?);
    Ok(())
}

fn write_texts(
    guest: Guest,
    texts: impl Iterator<Item = &'static [u8]>,
    mut vector: u32,
    mut next: u32,
) -> Result<(), Errno> {
    for text in texts {
        let room = guest.range(next, text.len() as u64 + 1)?;
        guest.place::<u32>(vector)?.write(next);
        room.write(text);
        room.part(text.len(), 1).write(&[0]);
        vector = vector.checked_add(4).ok_or(Errno::Fault)?;
        next = next.checked_add(text.len() as u32 + 1).ok_or(Errno::Fault)?;
    }
    Ok(())
}
