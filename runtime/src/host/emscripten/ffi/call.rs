//! Calls of functions by libffi.

use super::closure::Closure;
use super::layout::{FunctionType, Kind, POINTER_BYTES, Type, VARIADIC_ALIGNMENT_MAX, Variadic};
use super::stack::Stack;
use super::value::{Value, to_slot};
use super::{copy, element, read, write};
use crate::guest::border;
use crate::guest::cell::this_cell;
use crate::guest::extended_table::{Entry, ExtendedTable};
use crate::guest::pointer::Guest;
use crate::guest::program::types;
use crate::host::import::Import;
use crate::run::values::slot_count;
use adder_abi::trap::TrapCode;
use alloc::vec::Vec;

/// Bytes of the host stack that calls in calls may take up. Most hosts give 8 MiB.
const HOST_STACK_BYTES_MAX: u64 = 4 << 20;

/// Calls the function with this index: arguments lie where the pointers say, and the result is written to its place.
pub fn call(import: Import, ty: u32, function: u32, result: u32, arguments: u32) -> Result<(), TrapCode> {
    let guest = import.guest();
    let table = import.extended_table().ok_or(TrapCode::UndefinedElement)?;
    let ty = FunctionType::read(guest, ty)?;
    let entry = table.entry(function)?;
    let argument = |index| read::<u32>(guest, element(arguments, index, POINTER_BYTES)?);
    let in_memory = ty.is_variadic() || ty.arguments.iter().any(|ty| ty.kind == Kind::Structure);
    let mut stack = if in_memory { Some(Stack::current(guest)?) } else { None };
    let mut given = Vec::with_capacity(ty.arguments.len() + 2);
    if ty.result.returns_by_pointer() {
        given.push(Value::Integer(result.into()));
    }
    for (index, ty) in ty.arguments[..ty.fixed].iter().enumerate() {
        push(guest, &mut given, *ty, argument(index)?, stack.as_mut())?;
    }
    if ty.is_variadic()
        && let Some(stack) = &mut stack
    {
        given.push(Value::Integer(put_variadic(guest, &ty, argument, stack)?.into()));
    }
    let returned = match stack {
        Some(stack) => stack.with(|| call_entry(table, entry, &given))?,
        None => call_entry(table, entry, &given)?,
    };
    store(guest, ty.result, returned, result)
}

/// Adds an argument that lies at an address.
fn push(
    guest: Guest,
    given: &mut Vec<Value>,
    ty: Type,
    address: u32,
    stack: Option<&mut Stack>,
) -> Result<(), TrapCode> {
    let value = match ty.kind {
        Kind::Word => Value::Integer(read::<u32>(guest, address)?.into()),
        Kind::Byte => Value::Integer(read::<u8>(guest, address)?.into()),
        Kind::SignedByte => Value::Integer((read::<u8>(guest, address)? as i8).into()),
        Kind::Half => Value::Integer(read::<u16>(guest, address)?.into()),
        Kind::SignedHalf => Value::Integer((read::<u16>(guest, address)? as i16).into()),
        Kind::Float => Value::Float(f32::from_bits(read(guest, address)?)),
        Kind::Double => Value::Double(f64::from_bits(read(guest, address)?)),
        Kind::Long => Value::Long(read(guest, address)?),
        Kind::LongDouble => {
            given.push(Value::Long(read(guest, address)?));
            Value::Long(read(guest, address.checked_add(8).ok_or(TrapCode::MemoryOutOfBounds)?)?)
        }
        Kind::Structure => {
            let stack = stack.ok_or(TrapCode::IndirectCallTypeMismatch)?;
            Value::Integer(stack.put_copy(address, ty.bytes, ty.alignment)?.into())
        }
        Kind::Void => return Err(TrapCode::IndirectCallTypeMismatch),
    };
    given.push(value);
    Ok(())
}

/// Puts the arguments behind the fixed ones on the stack, and returns where. Of structures there are pointers to copies.
///
/// libffi's port begins with the last one and goes down, so that an `int` between an `int64_t` and a `double` is not where C looks
/// for it. Here it is.
fn put_variadic(
    guest: Guest,
    ty: &FunctionType,
    argument: impl Fn(usize) -> Result<u32, TrapCode>,
    stack: &mut Stack,
) -> Result<u32, TrapCode> {
    let start = stack.take(ty.variadic(0).last().map_or(0, |last| last.end), VARIADIC_ALIGNMENT_MAX)?;
    for Variadic { index, ty, offset, .. } in ty.variadic(0) {
        let (from, place) = (argument(index)?, start + offset);
        match ty.kind {
            // C makes an `int` of them.
            Kind::Byte => write(guest, place, u32::from(read::<u8>(guest, from)?))?,
            Kind::SignedByte => write(guest, place, i32::from(read::<u8>(guest, from)? as i8) as u32)?,
            Kind::Half => write(guest, place, u32::from(read::<u16>(guest, from)?))?,
            Kind::SignedHalf => write(guest, place, i32::from(read::<u16>(guest, from)? as i16) as u32)?,
            Kind::Word | Kind::Float | Kind::Void => copy(guest, from, place, 4)?,
            Kind::Long | Kind::Double => copy(guest, from, place, 8)?,
            Kind::LongDouble => copy(guest, from, place, 16)?,
            Kind::Structure => write(guest, place, stack.put_copy(from, ty.bytes, ty.alignment)?)?,
        }
    }
    Ok(start)
}

/// Writes a result to its place.
fn store(guest: Guest, ty: Type, returned: Option<Value>, address: u32) -> Result<(), TrapCode> {
    match ty.kind {
        Kind::Void | Kind::LongDouble | Kind::Structure => Ok(()),
        Kind::Word => write(guest, address, to_slot(returned, b'i')? as u32),
        Kind::Byte | Kind::SignedByte => write(guest, address, to_slot(returned, b'i')? as u8),
        Kind::Half | Kind::SignedHalf => write(guest, address, to_slot(returned, b'i')? as u16),
        Kind::Float => write(guest, address, to_slot(returned, b'f')? as u32),
        Kind::Double => write(guest, address, to_slot(returned, b'd')?),
        Kind::Long => write(guest, address, to_slot(returned, b'l')?),
    }
}

/// Calls an entry of the table with these arguments, converted to what it takes.
pub fn call_entry(table: ExtendedTable, entry: Entry, given: &[Value]) -> Result<Option<Value>, TrapCode> {
    // SAFETY: the guest of this thread is under way, so the cell is there.
    let used = unsafe { (*this_cell()).host_frames() };
    if used.end - used.start > HOST_STACK_BYTES_MAX {
        return Err(TrapCode::CallStackExhausted);
    }
    match entry {
        Entry::Closure { owner, .. } => {
            let closure = Closure::read(table, owner)?;
            let signature: Vec<u8> = closure.ty.signature().collect();
            let (parameters, results) = split(&signature);
            let slots = converted(given, parameters)?;
            let slot = closure.call(&slots)?;
            Ok(results.first().and_then(|ty| Value::from_slot(*ty, slot)))
        }
        Entry::Function { code_offset, type_number } => {
            let ty = table.ty(type_number).ok_or(TrapCode::IndirectCallTypeMismatch)?;
            let call = ty.call.ok_or(TrapCode::IndirectCallTypeMismatch)?;
            let (parameters, results) = types(&ty.signature);
            if results.len() > 1 {
                return Err(TrapCode::IndirectCallTypeMismatch);
            }
            let mut slots = Vec::with_capacity(parameters.len() + 1);
            slots.push(code_offset.into());
            slots.extend(converted(given, parameters)?);
            slots.resize(slots.len().max(slot_count(results)), 0);
            // SAFETY: it is made for functions of the type with this number, of which this is one, and there is a slot for its
            // code offset, for each parameter and for the result. Everything is reserved before the guest runs.
            unsafe { border::enter(call, &mut slots) }?;
            Ok(results.first().and_then(|ty| Value::from_slot(*ty, slots[0])))
        }
    }
}

/// The types of parameters and results.
fn split(signature: &[u8]) -> (&[u8], &[u8]) {
    let colon = signature.iter().position(|letter| *letter == b':').unwrap_or(signature.len());
    (&signature[..colon], &signature[(colon + 1).min(signature.len())..])
}

fn converted(given: &[Value], parameters: &[u8]) -> Result<Vec<u64>, TrapCode> {
    parameters.iter().enumerate().map(|(index, ty)| to_slot(given.get(index).copied(), *ty)).collect()
}
