//! Loading libraries and finding names ([`adder_abi::host::emscripten::loader`]). There are no libraries to load: an executable
//! has all its code from the build on. Names are found among what its main module exports.

use super::super::import::{Import, Indirect};
use super::super::interface;
use super::is_time64;
use super::library::{allocate_text, text};
use crate::guest::pointer::Guest;
use crate::host::callback::callback;
use adder_abi::callback::Callback;
use adder_abi::trap::TrapCode;
use alloc::vec::Vec;
use rustix::io::Errno;

interface! {
    emscripten::loader;
    adder_emscripten_loader__dlopen_js = open(Guest, library: u32);
    adder_emscripten_loader__dlsym_js = find(Import, library: u32, name: u32, number: u32);
    adder_emscripten_loader_dlsym_old = find_nothing(Guest, library: u32, name: u32);
    adder_emscripten_loader__emscripten_dlopen_js =
        open_later(Indirect<(u32, u32, u32), ()>, library: u32, loaded: u32, failed: u32, told: u32);
}

/// Where the name is in a `struct dso` of Emscripten 5 and 6.
const NAME_OFFSET: u32 = 36;

/// Bytes of a name that a message shows, or that is looked for.
const NAME_BYTES_MAX: usize = 4096;

/// Says that a library is not there. Returns that it is not loaded.
fn open(guest: Guest, library: u32) -> Result<u32, TrapCode> {
    let name = match is_time64() {
        true => library.checked_add(NAME_OFFSET).ok_or(Errno::FAULT).and_then(|name| read_name(guest, name)),
        false => Ok(Vec::new()),
    };
    let name = name.unwrap_or_default();
    let separator: &[u8] = if name.is_empty() { b"" } else { b": " };
    say(guest, &[&name, separator, b"this executable loads no libraries: all its code was compiled when it was built"])
}

fn open_later(
    table: Indirect<(u32, u32, u32), ()>,
    library: u32,
    _loaded: u32,
    failed: u32,
    told: u32,
) -> Result<(), TrapCode> {
    open(table.guest(), library)?;
    table.call((failed, library, told))
}

/// Finds what the main module exports by a name: the index of a function, or the address of data.
fn find(import: Import, _library: u32, name: u32, _number: u32) -> Result<u32, TrapCode> {
    let guest = import.guest();
    let Ok(name) = read_name(guest, name) else { return say(guest, &[b"the name of a symbol is too long"]) };
    let table = import.extended_table();
    match table.and_then(|table| table.export(&name)) {
        // Data has no type.
        Some(address) if address >> 32 == 0 => Ok(address as u32),
        Some(function) => match table.and_then(|table| table.index_of(function)) {
            Some(index) => Ok(index),
            None => say(guest, &[&name, b": the program's table is full"]),
        },
        None => say(guest, &[b"undefined symbol: ", &name]),
    }
}

/// Finds nothing: up to Emscripten 3.1, names of the program itself are not looked for here.
fn find_nothing(guest: Guest, _library: u32, name: u32) -> Result<u32, TrapCode> {
    say(guest, &[b"undefined symbol: ", &read_name(guest, name).unwrap_or_default()])
}

fn read_name(guest: Guest, address: u32) -> Result<Vec<u8>, Errno> {
    text(guest, address, NAME_BYTES_MAX, Errno::NAMETOOLONG)
}

/// Keeps a message for `dlerror`, and returns 0.
fn say(guest: Guest, pieces: &[&[u8]]) -> Result<u32, TrapCode> {
    let Some(keep) = callback::<(u32, u32), ()>(Callback::SetLoadError) else { return Ok(0) };
    // It is a format.
    let mut message = Vec::new();
    for byte in pieces.iter().copied().flatten() {
        message.extend_from_slice(if *byte == b'%' { b"%%" } else { core::slice::from_ref(byte) });
    }
    let address = allocate_text(guest, &message)?;
    if address != 0 {
        keep.call((address, 0))?;
        if let Some(free) = callback::<u32, ()>(Callback::Free) {
            free.call(address)?;
        }
    }
    Ok(0)
}
