//! What the guest sees of time and chance while a checkpoint is made: always the same, so that the same input gives the
//! same executable. A time goes on whenever it is asked for, because programs wait for that.

use crate::configuration::Configuration;
use crate::guest::GuestRange;
use crate::program::program;
use crate::sync::Lock;
use core::sync::atomic::{AtomicU64, Ordering};

/// How far a clock goes on each time it is read, in nanoseconds.
const TICK: u64 = 1_000;

/// What the wall clock shows at first: 2000 begins. Nanoseconds since 1970.
const FIRST_SECOND: u64 = 946_684_800_000_000_000;

/// How long the world exists, in nanoseconds. All clocks but the wall clock show this.
static AGE: AtomicU64 = AtomicU64::new(0);

/// The state of the generator of random numbers, once it is known. It begins as a digest of the program, so whoever has the
/// executable can compute what it gave out.
static CHANCE: Lock<Option<u64>> = Lock::new(None);

/// Nanoseconds since the world began.
pub fn age() -> u64 {
    AGE.fetch_add(TICK, Ordering::Relaxed) + TICK
}

/// Nanoseconds since 1970.
pub fn wall_clock() -> u64 {
    FIRST_SECOND + age()
}

/// Lets time pass until the world has this age.
pub fn wait_until(age: u64) {
    AGE.fetch_max(age, Ordering::Relaxed);
}

/// The age at which the wall clock shows this.
pub fn age_at(wall_clock: u64) -> u64 {
    wall_clock.saturating_sub(FIRST_SECOND)
}

/// Fills guest memory with numbers that only look random.
pub fn random(into: GuestRange) {
    let mut done = 0;
    while done < into.len() {
        done += into.part(done, 8).write(&next().to_le_bytes());
    }
}

/// A digest of the program and of the variables that are baked in: FNV-1a over words, as its authors published it.
fn digest() -> u64 {
    let words = program().code_bytes as usize / size_of::<u64>();
    let code = match words {
        0 => &[],
        // SAFETY: generated code is constant, and starts at an aligned address.
        _ => unsafe { core::slice::from_raw_parts(program().code.cast::<u64>(), words) },
    };
    let environment = Configuration::of_executable().environment().flatten().map(|byte| u64::from(*byte));
    let fold = |digest: u64, word: u64| (digest ^ word).wrapping_mul(0x0000_0100_0000_01b3);
    environment.fold(code.iter().copied().fold(0xcbf2_9ce4_8422_2325, fold), fold)
}

/// SplitMix64, as its author Sebastiano Vigna published it.
fn next() -> u64 {
    let state = CHANCE.with(|chance| {
        let state = chance.get_or_insert_with(digest).wrapping_add(0x9e37_79b9_7f4a_7c15);
        *chance = Some(state);
        state
    });
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_on_and_never_back() {
        let first = age();
        assert!(age() > first);
        wait_until(first + 5 * TICK);
        let later = age();
        assert!(later > first + 5 * TICK);
        wait_until(0);
        assert!(age() > later);
        assert!(age_at(wall_clock()) > later);
    }
}
