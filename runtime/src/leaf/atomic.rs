//! Atomic operators, for code that may not assume instructions for them: on aarch64 they came with LSE. Whether the CPU has it is
//! found out at start, by the compiler's own library, which these functions call for each operation.
//!
//! All are sequentially consistent, and return what was there before.

use core::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering::SeqCst};

/// Performs an operation on so many bytes.
macro_rules! for_width {
    ($bytes:ident, $address:ident, |$cell:ident: $int:ident| $change:expr) => {
        // SAFETY: promised by the callers; what is shared is only accessed atomically, or by guests that have a race.
        unsafe {
            match $bytes {
                1 => {
                    type $int = u8;
                    let $cell = AtomicU8::from_ptr($address);
                    u64::from($change)
                }
                2 => {
                    type $int = u16;
                    let $cell = AtomicU16::from_ptr($address.cast());
                    u64::from($change)
                }
                4 => {
                    type $int = u32;
                    let $cell = AtomicU32::from_ptr($address.cast());
                    u64::from($change)
                }
                _ => {
                    type $int = u64;
                    let $cell = AtomicU64::from_ptr($address.cast());
                    $change
                }
            }
        }
    };
}

macro_rules! define_leaf {
    ($name:ident, $method:ident, $see:literal) => {
        #[doc = $see]
        ///
        /// # Safety
        /// So many bytes (1, 2, 4 or 8) are readable and writable at the address, which is a multiple of their number.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(address: *mut u8, value: u64, bytes: u32) -> u64 {
            for_width!(bytes, address, |cell: Int| cell.$method(value as Int, SeqCst))
        }
    };
}
define_leaf!(adder_leaf_atomic_add, fetch_add, "See [`adder_abi::symbol::LEAF_ATOMIC_ADD`].");
define_leaf!(adder_leaf_atomic_and, fetch_and, "See [`adder_abi::symbol::LEAF_ATOMIC_AND`].");
define_leaf!(adder_leaf_atomic_or, fetch_or, "See [`adder_abi::symbol::LEAF_ATOMIC_OR`].");
define_leaf!(adder_leaf_atomic_xor, fetch_xor, "See [`adder_abi::symbol::LEAF_ATOMIC_XOR`].");
define_leaf!(adder_leaf_atomic_exchange, swap, "See [`adder_abi::symbol::LEAF_ATOMIC_EXCHANGE`].");

/// See [`adder_abi::symbol::LEAF_ATOMIC_COMPARE`].
///
/// # Safety
/// As for the others.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_leaf_atomic_compare(address: *mut u8, expected: u64, value: u64, bytes: u32) -> u64 {
    for_width!(bytes, address, |cell: Int| {
        match cell.compare_exchange(expected as Int, value as Int, SeqCst, SeqCst) {
            Ok(former) | Err(former) => former,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORD: u64 = 0x8182_8384_8586_8788;
    const VALUE: u64 = 0xf1f2_f3f4_f5f6_f7f8;

    /// What is there afterwards, and what was returned.
    fn after(bytes: u32, leaf: impl FnOnce(*mut u8) -> u64) -> (u64, u64) {
        let mut word = WORD;
        let former = leaf((&raw mut word).cast());
        assert_eq!(former, WORD & (u64::MAX >> (64 - 8 * bytes)));
        (word, former)
    }

    #[test]
    fn operations_change_so_many_bytes() {
        for bytes in [1, 2, 4, 8] {
            let mask = u64::MAX >> (64 - 8 * bytes);
            let changed = |value: u64| WORD & !mask | value & mask;
            // SAFETY: eight bytes are there, and aligned.
            unsafe {
                let add = |address: *mut u8| adder_leaf_atomic_add(address, VALUE, bytes);
                assert_eq!(after(bytes, add).0, changed(WORD.wrapping_add(VALUE)));
                assert_eq!(
                    after(bytes, |address| adder_leaf_atomic_and(address, VALUE, bytes)).0,
                    changed(WORD & VALUE)
                );
                assert_eq!(
                    after(bytes, |address| adder_leaf_atomic_or(address, VALUE, bytes)).0,
                    changed(WORD | VALUE)
                );
                assert_eq!(
                    after(bytes, |address| adder_leaf_atomic_xor(address, VALUE, bytes)).0,
                    changed(WORD ^ VALUE)
                );
                let exchange = |address: *mut u8| adder_leaf_atomic_exchange(address, VALUE, bytes);
                assert_eq!(after(bytes, exchange).0, changed(VALUE));
                // The bytes beyond do not count.
                let equal = |address: *mut u8| adder_leaf_atomic_compare(address, WORD ^ !mask, VALUE, bytes);
                assert_eq!(after(bytes, equal).0, changed(VALUE));
                let other = |address: *mut u8| adder_leaf_atomic_compare(address, WORD ^ 1, VALUE, bytes);
                assert_eq!(after(bytes, other).0, WORD);
            }
        }
    }
}
