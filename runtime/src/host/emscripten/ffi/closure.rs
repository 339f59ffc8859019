//! Closures of libffi: entries of the table that call a function of the program with what they were called with, laid out in
//! memory. No code is made for them: see [`crate::guest::extended_table`].

use super::call::call_entry;
use super::layout::{FunctionType, Kind, POINTER_BYTES, VARIADIC_ALIGNMENT_MAX, Variadic};
use super::stack::Stack;
use super::value::Value;
use super::{element, read, write};
use crate::guest::extended_table::{Entry, ExtendedTable};
use crate::guest::program::{text, types};
use crate::host::callback::callback;
use crate::host::import::Import;
use crate::run::values::slot_count;
use adder_abi::callback::Callback;
use adder_abi::trap::TrapCode;
use alloc::vec::Vec;
use core::ffi::c_void;
use core::slice;

/// Offsets in an `ffi_closure` of `src/wasm32/ffitarget.h`, and its size.
mod ffi_closure {
    pub const INDEX: u32 = 0;
    pub const TYPE: u32 = 4;
    pub const FUNCTION: u32 = 8;
    pub const TOLD: u32 = 12;
    pub const BYTES: u64 = 16;
}

/// `FFI_OK` and `FFI_BAD_TYPEDEF`.
const OK: u32 = 0;
const BAD_TYPE: u32 = 1;

/// Takes an entry of the table, and memory for a closure. Returns where that is, and writes the index of the entry to `code`;
/// 0 if there is no more room.
pub fn allocate(import: Import, bytes: u32, code: u32) -> Result<u32, TrapCode> {
    let (Some(table), Some(malloc)) = (import.extended_table(), callback::<u32, u32>(Callback::Malloc)) else {
        return Ok(0);
    };
    let guest = import.guest();
    let closure = malloc.call(bytes.max(ffi_closure::BYTES as u32))?;
    if closure == 0 {
        return Ok(0);
    }
    let Some(index) = table.add(closure) else {
        release(closure)?;
        return Ok(0);
    };
    write(guest, code, index)?;
    write(guest, field(closure, ffi_closure::INDEX)?, index)?;
    Ok(closure)
}

/// Gives both back.
pub fn free(import: Import, closure: u32) -> Result<(), TrapCode> {
    if let Some(table) = import.extended_table() {
        table.remove(read(import.guest(), field(closure, ffi_closure::INDEX)?)?, closure);
    }
    release(closure)
}

fn release(closure: u32) -> Result<(), TrapCode> {
    callback::<u32, ()>(Callback::Free).map_or(Ok(()), |free| free.call(closure))
}

/// Makes the entry with the index `code` a closure.
pub fn prepare(import: Import, closure: u32, ty: u32, function: u32, told: u32, code: u32) -> Result<u32, TrapCode> {
    let Some(table) = import.extended_table() else { return Ok(BAD_TYPE) };
    let guest = import.guest();
    let Ok(described) = FunctionType::read(guest, ty) else { return Ok(BAD_TYPE) };
    for (at, value) in [(ffi_closure::TYPE, ty), (ffi_closure::FUNCTION, function), (ffi_closure::TOLD, told)] {
        write(guest, field(closure, at)?, value)?;
    }
    let is_made = table.make_closure(code, closure, table.type_number(&described.signature().collect::<Vec<_>>()));
    Ok(if is_made { OK } else { BAD_TYPE })
}

fn field(closure: u32, offset: u32) -> Result<u32, TrapCode> {
    closure.checked_add(offset).ok_or(TrapCode::MemoryOutOfBounds)
}

/// A closure that is being called.
pub struct Closure {
    table: ExtendedTable,
    /// Where its type is.
    ty_address: u32,
    /// Its type, as it is now.
    pub ty: FunctionType,
    function: u32,
    told: u32,
}

impl Closure {
    /// Reads a closure.
    pub fn read(table: ExtendedTable, closure: u32) -> Result<Closure, TrapCode> {
        let guest = table.guest();
        let ty_address = read(guest, field(closure, ffi_closure::TYPE)?)?;
        Ok(Closure {
            table,
            ty_address,
            ty: FunctionType::read(guest, ty_address)?,
            function: read(guest, field(closure, ffi_closure::FUNCTION)?)?,
            told: read(guest, field(closure, ffi_closure::TOLD)?)?,
        })
    }

    /// Calls its function: `(type, where the result goes, where pointers to the arguments are, what it is told)`. Returns the slot
    /// of the result, whatever that is if it has none.
    pub fn call(&self, parameters: &[u64]) -> Result<u64, TrapCode> {
        let guest = self.table.guest();
        let mut stack = Stack::current(guest)?;
        let mut parameters = parameters.iter().copied();
        let mut next = || parameters.next().ok_or(TrapCode::IndirectCallTypeMismatch);
        let result = match self.ty.result.returns_by_pointer() {
            true => next()? as u32,
            false => stack.take(8, 8)?,
        };
        let pointers = stack.take(POINTER_BYTES * self.ty.arguments.len() as u32, POINTER_BYTES)?;
        for (index, ty) in self.ty.arguments[..self.ty.fixed].iter().enumerate() {
            let value = next()?;
            let place = match ty.kind {
                Kind::Structure => stack.put_copy(value as u32, ty.bytes, ty.alignment)?,
                Kind::Byte | Kind::SignedByte => {
                    let place = stack.take(1, 4)?;
                    write(guest, place, value as u8)?;
                    place
                }
                Kind::Half | Kind::SignedHalf => {
                    let place = stack.take(2, 4)?;
                    write(guest, place, value as u16)?;
                    place
                }
                Kind::Word | Kind::Float | Kind::Void => {
                    let place = stack.take(4, 4)?;
                    write(guest, place, value as u32)?;
                    place
                }
                Kind::Long | Kind::Double => {
                    let place = stack.take(8, 8)?;
                    write(guest, place, value)?;
                    place
                }
                Kind::LongDouble => {
                    let place = stack.take(16, 8)?;
                    write(guest, place, value)?;
                    write(guest, place + 8, next()?)?;
                    place
                }
            };
            write(guest, element(pointers, index, POINTER_BYTES)?, place)?;
        }
        if self.ty.is_variadic() {
            self.find_variadic(next()? as u32, pointers, &mut stack)?;
        }
        let given = [self.ty_address, result, pointers, self.told].map(|value| Value::Integer(value.into()));
        // A closure of a closure would take no guest stack, which is what ends a recursion.
        let entry = match self.table.entry(self.function)? {
            entry @ Entry::Function { .. } => entry,
            Entry::Closure { .. } => return Err(TrapCode::IndirectCallTypeMismatch),
        };
        stack.with(|| call_entry(self.table, entry, &given))?;
        match self.ty.result.kind {
            Kind::Void | Kind::LongDouble | Kind::Structure => Ok(0),
            Kind::Long | Kind::Double => read(guest, result),
            _ => Ok(read::<u32>(guest, result)?.into()),
        }
    }

    /// Finds the arguments behind the fixed ones, which the caller has put at an address.
    fn find_variadic(&self, start: u32, pointers: u32, stack: &mut Stack) -> Result<(), TrapCode> {
        let guest = self.table.guest();
        // Arguments are aligned in memory, wherever the first one is.
        let skipped = start % VARIADIC_ALIGNMENT_MAX;
        let base = start - skipped;
        for Variadic { index, ty, offset, .. } in self.ty.variadic(skipped) {
            let place = base.checked_add(offset).ok_or(TrapCode::MemoryOutOfBounds)?;
            let found = match ty.kind {
                Kind::Structure => stack.put_copy(read(guest, place)?, ty.bytes, ty.alignment)?,
                _ => place,
            };
            write(guest, element(pointers, index, POINTER_BYTES)?, found)?;
        }
        Ok(())
    }
}

/// Calls the closure that a further entry of the table is. See [`adder_abi::symbol::CALL_CLOSURE`].
///
/// # Safety
/// `context` is the extended table of the program, and `values` has slots for an index and for parameters and results of the type of
/// the entry with that index.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn adder_call_closure(context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: promised by the caller.
    let (table, index) = unsafe { (ExtendedTable::new(context.cast_const().cast()), values.read() as u32) };
    let called = || {
        let table = table.ok_or(TrapCode::UndefinedElement)?;
        let Entry::Closure { owner, type_number } = table.entry(index)? else {
            return Err(TrapCode::IndirectCallTypeMismatch);
        };
        let ty = table.ty(type_number).ok_or(TrapCode::IndirectCallTypeMismatch)?;
        let (parameters, results) = types(&ty.signature);
        let count = (1 + slot_count(parameters)).max(slot_count(results));
        // SAFETY: code that calls an entry has found it to be of this type.
        let slots = unsafe { slice::from_raw_parts_mut(values, count) };
        let closure = Closure::read(table, owner)?;
        if !closure.ty.signature().eq(text(&ty.signature).iter().copied()) {
            return Err(TrapCode::IndirectCallTypeMismatch);
        }
        let result = closure.call(&slots[1..=parameters.len()])?;
        if !results.is_empty() {
            slots[0] = result;
        }
        Ok(())
    };
    match called() {
        Ok(()) => 0,
        Err(code) => code as u32,
    }
}
