//! Arguments and environment.

use super::witx::errno::Errno;
use super::witx::outcome::Stop;
use super::working_directory;
use crate::guest::pointer::Guest;
use crate::host::vectors::{arguments_by_path, environment};
use crate::process::configuration::Configuration;

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
