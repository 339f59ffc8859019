//! `memory.copy` and `memory.fill`.
//!
//! musl's `memmove` copies backward a word at a time with the direction flag set, which no CPU is fast at, and its
//! `memset` is for short ranges. Here: up to 128 bytes, everything is loaded before anything is stored, so the direction
//! does not matter. Beyond, a loop over 64 bytes in either direction, and the string instructions, which move whole cache
//! lines, where they are at their best: long ranges that do not overlap.

use core::arch::asm;
use core::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_set1_epi8, _mm_storeu_si128};

/// From where on the string instructions win over a loop, in bytes. They need some dozens of cycles to start.
const STRING_BYTES_MIN: usize = 2048;

/// # Safety
/// 16 bytes are readable.
#[inline(always)]
unsafe fn load(from: *const u8) -> __m128i {
    // SAFETY: promised by the caller.
    unsafe { _mm_loadu_si128(from.cast()) }
}

/// # Safety
/// 16 bytes are writable.
#[inline(always)]
unsafe fn store(to: *mut u8, value: __m128i) {
    // SAFETY: promised by the caller.
    unsafe { _mm_storeu_si128(to.cast(), value) }
}

/// Moves `2 * N * 16` bytes or fewer, but at least `N * 16`: the first and the last `N` vectors, all loaded first.
///
/// # Safety
/// `bytes` is between those bounds, and so many bytes are readable and writable.
#[inline(always)]
unsafe fn move_both_ends<const N: usize>(to: *mut u8, from: *const u8, bytes: usize) {
    let back = bytes - N * 16;
    // SAFETY: all vectors lie within the range, whose size was promised by the caller.
    unsafe {
        let first: [__m128i; N] = core::array::from_fn(|index| load(from.add(index * 16)));
        let last: [__m128i; N] = core::array::from_fn(|index| load(from.add(back + index * 16)));
        for (index, value) in first.into_iter().enumerate() {
            store(to.add(index * 16), value);
        }
        for (index, value) in last.into_iter().enumerate() {
            store(to.add(back + index * 16), value);
        }
    }
}

/// The same for fewer than 16 bytes, with integers of type `T`.
///
/// # Safety
/// `bytes` is between the size of `T` and twice that, and so many bytes are readable and writable.
#[inline(always)]
unsafe fn move_both_ends_of<T>(to: *mut u8, from: *const u8, bytes: usize) {
    let back = bytes - size_of::<T>();
    // SAFETY: both integers lie within the range, whose size was promised by the caller.
    unsafe {
        let first = from.cast::<T>().read_unaligned();
        let last = from.add(back).cast::<T>().read_unaligned();
        to.cast::<T>().write_unaligned(first);
        to.add(back).cast::<T>().write_unaligned(last);
    }
}

/// See [`adder_abi::symbol::LEAF_MEMORY_MOVE`].
///
/// # Safety
/// So many bytes are readable at `source` and writable at `destination`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_leaf_memory_move(destination: *mut u8, source: *const u8, bytes: u64) {
    let bytes = bytes as usize;
    // SAFETY: each helper gets a size between its bounds; the rest is promised by the caller.
    unsafe {
        match bytes {
            0 => {}
            1 => *destination = *source,
            2..4 => move_both_ends_of::<u16>(destination, source, bytes),
            4..8 => move_both_ends_of::<u32>(destination, source, bytes),
            8..16 => move_both_ends_of::<u64>(destination, source, bytes),
            16..=32 => move_both_ends::<1>(destination, source, bytes),
            33..=64 => move_both_ends::<2>(destination, source, bytes),
            65..=128 => move_both_ends::<4>(destination, source, bytes),
            // The destination begins inside the source: from the end.
            _ if (destination as usize).wrapping_sub(source as usize) < bytes => {
                move_backward(destination, source, bytes)
            }
            _ => move_forward(destination, source, bytes),
        }
    }
}

/// # Safety
/// As for [`adder_leaf_memory_move`], for more than 128 bytes whose destination does not begin inside the source.
unsafe fn move_forward(mut to: *mut u8, mut from: *const u8, mut bytes: usize) {
    // SAFETY: the loop stays within the range, of which 64 bytes remain each time, and so do the string instruction and
    // the last 64 bytes, which are loaded before what comes ahead of them may overwrite them.
    unsafe {
        let last: [__m128i; 4] = core::array::from_fn(|index| load(from.add(bytes - 64 + index * 16)));
        let to_last = to.add(bytes - 64);
        // Where the source begins shortly behind the destination, the string instructions go byte by byte.
        if bytes >= STRING_BYTES_MIN && (from as usize).wrapping_sub(to as usize) >= bytes {
            // Stores that cross cache lines cost most: align the destination.
            let head = load(from);
            let ahead = 16 - (to as usize & 15);
            store(to, head);
            let words = (bytes - ahead) / 8;
            asm!(
                "rep movsq",
                inout("rcx") words => _,
                inout("rdi") to.add(ahead) => _,
                inout("rsi") from.add(ahead) => _,
                options(nostack, preserves_flags)
            );
        } else {
            while bytes > 64 {
                let four: [__m128i; 4] = core::array::from_fn(|index| load(from.add(index * 16)));
                for (index, value) in four.into_iter().enumerate() {
                    store(to.add(index * 16), value);
                }
                to = to.add(64);
                from = from.add(64);
                bytes -= 64;
            }
        }
        for (index, value) in last.into_iter().enumerate() {
            store(to_last.add(index * 16), value);
        }
    }
}

/// # Safety
/// As for [`adder_leaf_memory_move`], for more than 128 bytes.
unsafe fn move_backward(to: *mut u8, from: *const u8, mut bytes: usize) {
    // SAFETY: the loop stays within the range, of which 64 bytes remain each time; the first 64 bytes are loaded before
    // what comes behind them may overwrite them.
    unsafe {
        let first: [__m128i; 4] = core::array::from_fn(|index| load(from.add(index * 16)));
        while bytes > 64 {
            bytes -= 64;
            let four: [__m128i; 4] = core::array::from_fn(|index| load(from.add(bytes + index * 16)));
            for (index, value) in four.into_iter().enumerate() {
                store(to.add(bytes + index * 16), value);
            }
        }
        for (index, value) in first.into_iter().enumerate() {
            store(to.add(index * 16), value);
        }
    }
}

/// See [`adder_abi::symbol::LEAF_MEMORY_FILL`].
///
/// # Safety
/// So many bytes are writable at `destination`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_leaf_memory_fill(destination: *mut u8, value: u32, bytes: u64) {
    let bytes = bytes as usize;
    let pattern = u64::from(value as u8) * 0x0101_0101_0101_0101;
    // SAFETY: every store lies within the range that the caller promises.
    unsafe {
        match bytes {
            0 => {}
            1 => *destination = pattern as u8,
            2..4 => {
                destination.cast::<u16>().write_unaligned(pattern as u16);
                destination.add(bytes - 2).cast::<u16>().write_unaligned(pattern as u16);
            }
            4..8 => {
                destination.cast::<u32>().write_unaligned(pattern as u32);
                destination.add(bytes - 4).cast::<u32>().write_unaligned(pattern as u32);
            }
            8..16 => {
                destination.cast::<u64>().write_unaligned(pattern);
                destination.add(bytes - 8).cast::<u64>().write_unaligned(pattern);
            }
            _ => fill_vectors(destination, pattern, bytes),
        }
    }
}

/// # Safety
/// As for [`adder_leaf_memory_fill`], for at least 16 bytes.
unsafe fn fill_vectors(mut to: *mut u8, pattern: u64, mut bytes: usize) {
    // SAFETY: every store lies within the range that the caller promises.
    unsafe {
        let vector = _mm_set1_epi8(pattern as i8);
        let to_last = to.add(bytes - 16);
        if bytes >= STRING_BYTES_MIN {
            store(to, vector);
            let ahead = 16 - (to as usize & 15);
            asm!(
                "rep stosq",
                inout("rcx") (bytes - ahead) / 8 => _,
                inout("rdi") to.add(ahead) => _,
                in("rax") pattern,
                options(nostack, preserves_flags)
            );
        } else {
            while bytes > 64 {
                for index in 0..4 {
                    store(to.add(index * 16), vector);
                }
                to = to.add(64);
                bytes -= 64;
            }
            while bytes > 16 {
                store(to, vector);
                to = to.add(16);
                bytes -= 16;
            }
        }
        store(to_last, vector);
    }
}
