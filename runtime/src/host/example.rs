//! The interface of the tests ([`adder_abi::host::example`]): what it does is as little as shows that it is called rightly.

use super::callback::{GuestFunction, callback};
use super::import::{Forwarded, Import, Indirect};
use super::interface;
use super::value::Value;
use crate::guest::pointer::Guest;
use adder_abi::callback::Callback;
use adder_abi::trap::TrapCode;

interface! {
    example;
    adder_example_sum = sum(Guest, a: i32, b: i64, c: f32, d: f64);
    adder_example_split = split(Guest, number: u64);
    adder_example_negate = negate(Guest, number: f32);
    adder_example_negate_i64 = negate_i64(Guest, number: i64);
    adder_example_fail = fail(Guest);
    adder_example_allocate = allocate(Guest, bytes: u32);
    adder_example_apply = apply(Indirect<(u32, u32), u32>, index: u32, argument: u32);
    adder_example_name = name(Import);
    adder_example_invoke = invoke(Forwarded);
}

fn sum(_guest: Guest, a: i32, b: i64, c: f32, d: f64) -> f64 {
    f64::from(a) + b as f64 + f64::from(c) + d
}

fn split(_guest: Guest, number: u64) -> (u32, u32) {
    (number as u32, (number >> 32) as u32)
}

fn negate(_guest: Guest, number: f32) -> f32 {
    -number
}

fn negate_i64(_guest: Guest, number: i64) -> i64 {
    number.wrapping_neg()
}

fn fail(_guest: Guest) -> Result<(), TrapCode> {
    Err(TrapCode::IntegerOverflow)
}

fn allocate(_guest: Guest, bytes: u32) -> Result<u32, TrapCode> {
    let malloc: Option<GuestFunction<u32, u32>> = callback(Callback::Malloc);
    malloc.map_or(Ok(0), |malloc| malloc.call(bytes))
}

fn apply(table: Indirect<(u32, u32), u32>, index: u32, argument: u32) -> Result<u32, TrapCode> {
    table.call((index, argument))
}

fn name(mut import: Import) -> Result<(), TrapCode> {
    if import.types() != (b"i", b"i") {
        return Err(TrapCode::LinkError);
    }
    let name = import.name().strip_prefix(b"name_").unwrap_or_default();
    let room = import.guest().range(u32::from_slot(import.slots()[0]), name.len() as u64);
    let room = room.map_err(|_| TrapCode::MemoryOutOfBounds)?;
    import.slots()[0] = room.write(name) as u64;
    Ok(())
}

fn invoke(mut call: Forwarded) -> Result<(), TrapCode> {
    call.call()
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::ptr::null_mut;

    #[test]
    fn slots_become_parameters_of_every_type_and_results() {
        let wide = |low: u64| u64::from(u32::MAX) << 32 | low;
        let mut values =
            [wide(u64::from((-1_i32) as u32)), (-2_i64) as u64, 0.5_f32.to_bits().into(), 4.25_f64.to_bits()];
        // SAFETY: an instance without memory, and a slot for each parameter.
        assert_eq!(unsafe { adder_example_sum(null_mut(), values.as_mut_ptr()) }, 0);
        assert_eq!(f64::from_bits(values[0]), 1.75);
        let mut values = [7 << 32 | 9, 1];
        // SAFETY: as above, and a slot for each result.
        assert_eq!(unsafe { adder_example_split(null_mut(), values.as_mut_ptr()) }, 0);
        assert_eq!(values, [9, 7]);
        let mut values = [1.5_f32.to_bits().into()];
        // SAFETY: as above.
        assert_eq!(unsafe { adder_example_negate(null_mut(), values.as_mut_ptr()) }, 0);
        assert_eq!(values, [u64::from((-1.5_f32).to_bits())], "the slot is zero-extended");
        let mut values = [5];
        // SAFETY: as above.
        assert_eq!(unsafe { adder_example_negate_i64(null_mut(), values.as_mut_ptr()) }, 0);
        assert_eq!(values, [(-5_i64) as u64]);
    }

    #[test]
    fn a_trap_is_returned_by_its_number() {
        // SAFETY: an instance without memory, and neither parameters nor results.
        let code = unsafe { adder_example_fail(null_mut(), null_mut()) };
        assert_eq!(code, TrapCode::IntegerOverflow as u32);
    }

    #[test]
    fn a_program_without_malloc_allocates_nothing() {
        let mut values = [16];
        // SAFETY: an instance without memory, and a slot.
        assert_eq!(unsafe { adder_example_allocate(null_mut(), values.as_mut_ptr()) }, 0);
        assert_eq!(values, [0]);
    }
}
