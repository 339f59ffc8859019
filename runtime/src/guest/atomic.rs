//! Waiting at an address of a shared memory, and waking who waits there: the atomic operators that generated code does not
//! do itself (proposal "threads", section "Wait and Notify operators").

use crate::guest::memory::{fits, is_shared, size_bytes};
use crate::guest::parking;
use adder_abi::program::Memory;
use adder_abi::trap::TrapCode;
use core::ffi::c_void;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// The host's address of `bytes` bytes at `index + offset`.
///
/// # Safety
/// `memory` is a memory of the program.
unsafe fn address(memory: *const Memory, index: u64, offset: u64, bytes: u64) -> Result<*mut u8, TrapCode> {
    let place = index.checked_add(offset).ok_or(TrapCode::MemoryOutOfBounds)?;
    if !place.is_multiple_of(bytes) {
        return Err(TrapCode::UnalignedAtomic);
    }
    // SAFETY: promised by the caller; the base is constant since the memory was reserved.
    let (base, size) = unsafe { ((*memory).base, size_bytes(memory)) };
    if !fits(place, bytes, size) {
        return Err(TrapCode::MemoryOutOfBounds);
    }
    Ok(base.wrapping_add(place as usize))
}

/// Waits at an address that holds a value of `bytes` bytes, as long as `is_expected` says that it is the right one.
///
/// # Safety
/// `context` is a memory of the program, `values` are index, offset, expected value and timeout.
unsafe fn wait(
    context: *mut c_void,
    values: *mut u64,
    bytes: u64,
    is_expected: impl FnOnce(*mut u8, u64) -> bool,
) -> u32 {
    let memory = context.cast::<Memory>();
    // SAFETY: promised by the caller.
    let [index, offset, expected, timeout] = unsafe { *values.cast::<[u64; 4]>() };
    // SAFETY: promised by the caller.
    let (place, shared) = unsafe { (address(memory, index, offset, bytes), is_shared(memory)) };
    let outcome = match place {
        Ok(_) if !shared => return TrapCode::ExpectedSharedMemory as u32,
        Ok(place) => {
            // A negative time is no limit.
            let nanoseconds = u64::try_from(timeout as i64).ok();
            parking::wait(place as usize, nanoseconds, || is_expected(place, expected))
        }
        Err(code) => return code as u32,
    };
    // SAFETY: promised by the caller.
    unsafe { values.write(outcome as u64) };
    0
}

/// `memory.atomic.wait32`. See [`adder_abi::symbol::MEMORY_WAIT32`].
///
/// # Safety
/// `context` is a [`Memory`] of the program; `values` are index, offset, expected value and timeout.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_memory_wait32(context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: promised by the caller; the place is one of guest memory, aligned and in bounds.
    unsafe {
        wait(context, values, 4, |place, expected| {
            AtomicU32::from_ptr(place.cast()).load(Ordering::SeqCst) == expected as u32
        })
    }
}

/// `memory.atomic.wait64`. See [`adder_abi::symbol::MEMORY_WAIT64`].
///
/// # Safety
/// As for [`adder_memory_wait32`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_memory_wait64(context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: as in `adder_memory_wait32`.
    unsafe {
        wait(context, values, 8, |place, expected| AtomicU64::from_ptr(place.cast()).load(Ordering::SeqCst) == expected)
    }
}

/// `memory.atomic.notify`. See [`adder_abi::symbol::MEMORY_NOTIFY`].
///
/// # Safety
/// `context` is a [`Memory`] of the program; `values` are index, offset and how many threads to wake at most.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_memory_notify(context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: promised by the caller.
    let [index, offset, count] = unsafe { *values.cast::<[u64; 3]>() };
    // SAFETY: as above.
    let woken = match unsafe { address(context.cast(), index, offset, 4) } {
        // Nobody can wait at an address of a memory that is not shared.
        Ok(place) => parking::wake(place as usize, count as u32),
        Err(code) => return code as u32,
    };
    // SAFETY: as above.
    unsafe { values.write(u64::from(woken)) };
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_program;
    use adder_abi::program::MEMORY_SHARED;

    fn memory(bytes: &mut [u64], flags: u64) -> Memory {
        test_program::memory(bytes.as_mut_ptr().cast(), size_of_val(bytes), flags)
    }

    /// What a function says to these slots: the first of them, or the number of a trap.
    fn call(
        function: unsafe extern "C" fn(*mut c_void, *mut u64) -> u32,
        memory: &mut Memory,
        mut values: [u64; 4],
    ) -> Result<u64, u32> {
        // SAFETY: a memory that lives as long as the test, and enough slots.
        match unsafe { function((&raw mut *memory).cast(), values.as_mut_ptr()) } {
            0 => Ok(values[0]),
            trap => Err(trap),
        }
    }

    #[test]
    fn alignment_comes_before_bounds_and_both_before_sharing() {
        let mut bytes = [0; 8];
        let mut memory = memory(&mut bytes, 0);
        let trap = |code: TrapCode| Err(code as u32);
        for function in [adder_memory_wait32, adder_memory_wait64] {
            assert_eq!(call(function, &mut memory, [0, 2, 0, 0]), trap(TrapCode::UnalignedAtomic));
            assert_eq!(call(function, &mut memory, [1000, 1, 0, 0]), trap(TrapCode::UnalignedAtomic));
            assert_eq!(call(function, &mut memory, [64, 0, 0, 0]), trap(TrapCode::MemoryOutOfBounds));
            assert_eq!(call(function, &mut memory, [u64::MAX - 7, 8, 0, 0]), trap(TrapCode::MemoryOutOfBounds));
            assert_eq!(call(function, &mut memory, [56, 0, 0, 0]), trap(TrapCode::ExpectedSharedMemory));
        }
        assert_eq!(call(adder_memory_wait64, &mut memory, [60, 0, 0, 0]), trap(TrapCode::UnalignedAtomic));
        assert_eq!(call(adder_memory_notify, &mut memory, [60, 0, 1, 0]), Ok(0));
        assert_eq!(call(adder_memory_notify, &mut memory, [62, 0, 1, 0]), trap(TrapCode::UnalignedAtomic));
        assert_eq!(call(adder_memory_notify, &mut memory, [0, 64, 1, 0]), trap(TrapCode::MemoryOutOfBounds));
    }

    #[test]
    fn all_bits_of_the_value_count_and_no_more() {
        let mut bytes = [0x1_0000_0002, 0];
        let mut memory = memory(&mut bytes, MEMORY_SHARED);
        let timed_out = parking::Outcome::TimedOut as u64;
        let different = parking::Outcome::Different as u64;
        assert_eq!(call(adder_memory_wait32, &mut memory, [0, 0, 2, 0]), Ok(timed_out));
        assert_eq!(call(adder_memory_wait32, &mut memory, [0, 4, 1, 0]), Ok(timed_out));
        assert_eq!(call(adder_memory_wait32, &mut memory, [0, 0, 1, 0]), Ok(different));
        assert_eq!(call(adder_memory_wait64, &mut memory, [0, 0, 2, 0]), Ok(different));
        assert_eq!(call(adder_memory_wait64, &mut memory, [0, 0, 0x1_0000_0002, 0]), Ok(timed_out));
    }
}
