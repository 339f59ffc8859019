//! libffi ([`adder_abi::host::emscripten::ffi`]): what its JavaScript does.
//!
//! A function is called as JavaScript calls it: the callee's type decides how many arguments it takes, one that is missing counts
//! as zero, one that is too many is dropped, and numbers are converted, but for those of 64 bits. Programs rely on that: what
//! `ctypes` is told of a function is often not its type, as that of a function without a result.

mod call;
mod closure;
mod layout;
mod stack;
mod value;

use super::super::import::Import;
use super::super::interface;
use crate::guest::pointer::{Guest, Record};
use adder_abi::trap::TrapCode;

interface! {
    emscripten::ffi;
    adder_emscripten_ffi_call_js =
        call::call(Import, types: u32, function: u32, result: u32, arguments: u32);
    adder_emscripten_ffi_closure_alloc_js = closure::allocate(Import, bytes: u32, code: u32);
    adder_emscripten_ffi_closure_free_js = closure::free(Import, closure: u32);
    adder_emscripten_ffi_prep_closure_loc_js =
        closure::prepare(Import, closure: u32, types: u32, function: u32, told: u32, code: u32);
}

/// Reads a record of the guest.
fn read<T: Record>(guest: Guest, address: u32) -> Result<T, TrapCode> {
    guest.place(address).map(|place| place.read()).map_err(|_| TrapCode::MemoryOutOfBounds)
}

/// Writes a record of the guest.
fn write<T: Record>(guest: Guest, address: u32, value: T) -> Result<(), TrapCode> {
    guest.place(address).map(|place| place.write(value)).map_err(|_| TrapCode::MemoryOutOfBounds)
}

/// The address of a record of an array.
fn element(array: u32, index: usize, bytes: u32) -> Result<u32, TrapCode> {
    let offset = u32::try_from(index).ok().and_then(|index| index.checked_mul(bytes));
    offset.and_then(|offset| array.checked_add(offset)).ok_or(TrapCode::MemoryOutOfBounds)
}

/// Copies bytes of the guest.
fn copy(guest: Guest, from: u32, to: u32, bytes: u32) -> Result<(), TrapCode> {
    let range = |address| guest.range(address, bytes.into()).map_err(|_| TrapCode::MemoryOutOfBounds);
    range(to)?.copy_from(range(from)?);
    Ok(())
}
