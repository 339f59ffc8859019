//! Counts the targets of calls, in instrumented programs.

use adder_abi::profile::{SITE_TARGETS, SITE_WORDS, TARGET};
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts a call of a function. The last place is for candidates: a target that is there goes when others come more
/// often. See [`adder_abi::symbol::LEAF_COUNT_TARGET`].
///
/// # Safety
/// `site` points to [`SITE_WORDS`] words. Other threads may write them at the same time: then counts get lost.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_leaf_count_target(site: *mut u64, id: u32) {
    let target = TARGET | u64::from(id);
    // Relaxed: counts may get lost and stand beside a target that has come meanwhile, but no word is ever half of one.
    // SAFETY: promised by the caller; generated code counts in words, too.
    let word = |word: usize| unsafe { AtomicU64::from_ptr(site.add(word)) };
    let read = |place: usize| word(place).load(Relaxed);
    let put = |place: usize, value: u64| word(place).store(value, Relaxed);
    for place in (0..2 * SITE_TARGETS).step_by(2) {
        let found = read(place);
        if found == target || found == 0 {
            put(place, target);
            put(place + 1, read(place + 1).wrapping_add(1));
            return;
        }
    }
    const LAST: usize = 2 * (SITE_TARGETS - 1);
    const OTHERS: usize = SITE_WORDS - 1;
    match read(LAST + 1) {
        0 | 1 => {
            put(OTHERS, read(OTHERS).wrapping_add(read(LAST + 1)));
            put(LAST, target);
            put(LAST + 1, 1);
        }
        count => {
            put(LAST + 1, count - 1);
            put(OTHERS, read(OTHERS).wrapping_add(2));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_targets_keep_a_place() {
        let mut site = [0; SITE_WORDS];
        let mut count = |id: u32| {
            // SAFETY: the site has its words.
            unsafe { adder_leaf_count_target(site.as_mut_ptr(), id) }
        };
        for id in 1..=SITE_TARGETS as u32 {
            count(id);
        }
        for _ in 0..100 {
            count(77);
            count(1);
        }
        let total: u64 = (0..SITE_TARGETS).map(|place| site[2 * place + 1]).sum::<u64>() + site[SITE_WORDS - 1];
        assert_eq!(total, SITE_TARGETS as u64 + 200);
        assert_eq!((site[0], site[1]), (TARGET | 1, 101));
        assert_eq!(site[2 * (SITE_TARGETS - 1)], TARGET | 77);
    }
}
