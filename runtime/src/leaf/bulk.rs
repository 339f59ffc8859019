//! `memory.copy` and `memory.fill`.
//!
//! musl's `memmove` copies backward a word at a time with the direction flag set, which no CPU is fast at, and its
//! `memset` is for short ranges. Here: up to 128 bytes, everything is loaded before anything is stored, so the direction
//! does not matter. Beyond, a loop over 64 bytes in either direction, and the string instructions, which move whole cache
//! lines, where they are at their best: long ranges that do not overlap.

use crate::arch::{Vector, fill_words, load, move_words, splat, store};

/// From where on the string instructions win over a loop, in bytes. They need some dozens of cycles to start.
const STRING_BYTES_MIN: usize = 1024;

/// 64 bytes in registers. Not an array: one is kept in memory, which takes several times as long.
#[derive(Clone, Copy)]
struct Line(Vector, Vector, Vector, Vector);

/// # Safety
/// 64 bytes are readable.
#[inline(always)]
unsafe fn load_line(from: *const u8) -> Line {
    // SAFETY: promised by the caller.
    unsafe { Line(load(from), load(from.add(16)), load(from.add(32)), load(from.add(48))) }
}

/// # Safety
/// 64 bytes are writable.
#[inline(always)]
unsafe fn store_line(to: *mut u8, line: Line) {
    // SAFETY: promised by the caller.
    unsafe {
        store(to, line.0);
        store(to.add(16), line.1);
        store(to.add(32), line.2);
        store(to.add(48), line.3);
    }
}

/// Moves by the first and the last integer of type `T`, both loaded first.
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
            16..=32 => {
                let (first, last) = (load(source), load(source.add(bytes - 16)));
                store(destination, first);
                store(destination.add(bytes - 16), last);
            }
            33..=64 => {
                let line = Line(
                    load(source),
                    load(source.add(16)),
                    load(source.add(bytes - 32)),
                    load(source.add(bytes - 16)),
                );
                store(destination, line.0);
                store(destination.add(16), line.1);
                store(destination.add(bytes - 32), line.2);
                store(destination.add(bytes - 16), line.3);
            }
            65..=128 => {
                let (first, last) = (load_line(source), load_line(source.add(bytes - 64)));
                store_line(destination, first);
                store_line(destination.add(bytes - 64), last);
            }
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
    // SAFETY: the loop stays within the range, of which more than 64 bytes remain each time, and so does the string
    // instruction; the last 64 bytes are loaded before what comes ahead of them may overwrite them.
    unsafe {
        let last = load_line(from.add(bytes - 64));
        let to_last = to.add(bytes - 64);
        // Where the source begins shortly behind the destination, the string instructions go byte by byte.
        if bytes >= STRING_BYTES_MIN && (from as usize).wrapping_sub(to as usize) >= bytes {
            // Stores that cross cache lines cost most: align the destination.
            store(to, load(from));
            let ahead = 16 - (to as usize & 15);
            move_words(to.add(ahead), from.add(ahead), (bytes - ahead) / 8);
        } else {
            while bytes > 64 {
                store_line(to, load_line(from));
                to = to.add(64);
                from = from.add(64);
                bytes -= 64;
            }
        }
        store_line(to_last, last);
    }
}

/// # Safety
/// As for [`adder_leaf_memory_move`], for more than 128 bytes.
unsafe fn move_backward(to: *mut u8, from: *const u8, mut bytes: usize) {
    // SAFETY: the loop stays within the range, of which more than 64 bytes remain each time; the first 64 bytes are
    // loaded before what comes behind them may overwrite them.
    unsafe {
        let first = load_line(from);
        while bytes > 64 {
            bytes -= 64;
            store_line(to.add(bytes), load_line(from.add(bytes)));
        }
        store_line(to, first);
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
        let vector = splat(pattern as u8);
        let to_last = to.add(bytes - 16);
        if bytes >= STRING_BYTES_MIN {
            store(to, vector);
            let ahead = 16 - (to as usize & 15);
            fill_words(to.add(ahead), pattern, (bytes - ahead) / 8);
        } else {
            while bytes > 64 {
                store_line(to, Line(vector, vector, vector, vector));
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
