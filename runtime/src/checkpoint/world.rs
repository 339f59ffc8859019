//! What the guest sees of time and chance while a checkpoint is made: always the same, so that the same input gives the
//! same executable. A time goes on whenever it is asked for, because programs wait for that.

use crate::guest::pointer::GuestRange;
use crate::guest::program::program;
use crate::process::configuration::Configuration;
use crate::process::lock::Lock;
use adder_abi::checkpoint::{MONOTONIC_TIMES_MAX, Resume};
use core::sync::atomic::{AtomicU64, Ordering};
use libc::{CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_REALTIME, clockid_t};

/// How far a clock goes on each time it is read, in nanoseconds.
const TICK: u64 = 1_000;

/// What the wall clock shows at first: 2000 begins. Nanoseconds since 1970.
const FIRST_SECOND: u64 = 946_684_800_000_000_000;

// Relaxed, both: every look at a clock changes it, and changes of one variable have one order for all threads. So
// whoever looks after another one, by whatever he knows that, sees more. Nothing else is known by them.

/// How long the world exists, in nanoseconds: what the monotonic clock shows.
static AGE: AtomicU64 = AtomicU64::new(0);

/// What the clocks of processor time show, in nanoseconds. Whoever sleeps does not use any.
static WORK: AtomicU64 = AtomicU64::new(0);

/// Where the guest was given the time of the monotonic clock, and which.
static MONOTONIC_TIMES: Lock<[(u64, u64); MONOTONIC_TIMES_MAX]> = Lock::new([(0, 0); MONOTONIC_TIMES_MAX]);

/// The guest's addresses of what it was told of the time zone in the world of the checkpoint.
static ZONE_PLACES: Lock<Option<[u32; 4]>> = Lock::new(None);

/// The state of the generator of random numbers, once it is known. It begins as a digest of the program, so whoever has the
/// executable can compute what it gave out.
static CHANCE: Lock<Option<u64>> = Lock::new(None);

/// What a clock of the host counts in, and what it shows when that is 0.
fn clock(clock: clockid_t) -> (&'static AtomicU64, u64) {
    match clock {
        CLOCK_REALTIME => (&AGE, FIRST_SECOND),
        CLOCK_MONOTONIC => (&AGE, 0),
        _ => (&WORK, 0),
    }
}

/// The time of a clock, by its number on the host, in nanoseconds.
pub fn now(id: clockid_t) -> u64 {
    let (counter, start) = clock(id);
    start + counter.fetch_add(TICK, Ordering::Relaxed) + TICK
}

/// How long it is until a clock shows a time, in nanoseconds.
pub fn time_left(id: clockid_t, time: u64) -> u64 {
    let (counter, start) = clock(id);
    time.saturating_sub(start).saturating_sub(counter.load(Ordering::Relaxed))
}

/// Lets time pass until a clock shows at least this.
pub fn wait_until(id: clockid_t, time: u64) {
    let (counter, start) = clock(id);
    counter.fetch_max(time.saturating_sub(start), Ordering::Relaxed);
}

/// Takes down that the guest was given a time of the monotonic clock at this address.
pub fn note_monotonic_time(address: u64, time: u64) {
    MONOTONIC_TIMES.with(|times| {
        if let Some(place) = times.iter_mut().find(|(known, _)| *known == address || *known == 0) {
            *place = (address, time);
        }
    });
}

/// Where the guest was given times of the monotonic clock that it still has there: those addresses whose eight bytes `is_saved` says
/// to be in a memory that the checkpoint holds. Others were in a memory of a thread that has ended.
///
/// # Safety
/// The guest does not run, and what `is_saved` says yes to can be read.
pub unsafe fn kept_monotonic_times(is_saved: impl Fn(u64) -> bool) -> [u64; MONOTONIC_TIMES_MAX] {
    MONOTONIC_TIMES.with(|times| {
        times.map(|(address, time)| {
            // SAFETY: promised by the caller.
            let is_kept = is_saved(address) && unsafe { (address as *const u64).read_unaligned() } == time;
            if is_kept { address } else { 0 }
        })
    })
}

/// Takes down where the guest was told of the time zone.
pub fn note_zone_places(places: [u32; 4]) {
    ZONE_PLACES.with(|noted| *noted = (places != [0; 4]).then_some(places));
}

/// The addresses where the guest was told of the time zone in the world of the checkpoint; once.
pub fn take_zone_places() -> Option<[u32; 4]> {
    ZONE_PLACES.with(Option::take)
}

/// Lets the world of a checkpoint go on.
pub fn go_on_from(resume: &Resume) {
    wait_until(CLOCK_MONOTONIC, resume.monotonic_nanoseconds);
    wait_until(CLOCK_PROCESS_CPUTIME_ID, resume.processor_nanoseconds);
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
        for clock in [CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_PROCESS_CPUTIME_ID] {
            let first = now(clock);
            assert!(now(clock) > first);
            assert!(time_left(clock, first + 50 * TICK) > 0);
            wait_until(clock, first + 50 * TICK);
            assert_eq!(time_left(clock, first + 50 * TICK), 0);
            let later = now(clock);
            assert!(later > first + 50 * TICK);
            wait_until(clock, 0);
            assert!(now(clock) > later);
        }
    }

    #[test]
    fn times_that_are_kept_are_known() {
        let mut memory = [0_u64; 3];
        let address = |index: usize| (&raw const memory[index]) as u64;
        let addresses = [address(0), address(1), address(2)];
        for (address, time) in addresses.into_iter().zip([5, 6, 7]) {
            note_monotonic_time(address, time);
        }
        note_monotonic_time(addresses[2], 8);
        memory = [5, 0, 8];
        // SAFETY: all of them are words of the array.
        let kept = unsafe { kept_monotonic_times(|address| addresses.contains(&address)) };
        assert_eq!(kept[..4], [addresses[0], 0, addresses[2], 0]);
        // SAFETY: as above.
        let kept = unsafe { kept_monotonic_times(|address| address == addresses[2]) };
        assert_eq!(kept[..4], [0, 0, addresses[2], 0]);
        assert_eq!(core::hint::black_box(memory)[0], 5);
    }
}
