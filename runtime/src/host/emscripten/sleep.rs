//! Sleeping. Without threads, Emscripten's C library does it by asking the time again and again, with nothing in between.
//!
//! Where the functions of the library are known by their names, the runtime sleeps in their place, and a signal ends that. Else
//! it sees from the questions that the program waits, and sleeps before it answers: for a part of what the waiting has already
//! taken, so that it is not much longer than it was to be.

use super::errno::number;
use super::file::{timespec, write_timespec};
use super::library::fail;
use super::signal;
use crate::arch::waiting_system_call;
use crate::checkpoint::world;
use crate::guest::pointer::Guest;
use crate::host::wasi::clock;
use crate::host::wasi::witx::types::clockid;
use crate::process::{pending, phase};
use adder_abi::trap::TrapCode;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use rustix::io::Errno;

const NANOSECONDS: u64 = 1_000_000_000;

/// How late a changed wall clock may be noticed, in nanoseconds.
const SET_CLOCK_LATENCY: u64 = NANOSECONDS;

/// Sleeps for this many nanoseconds of the monotonic clock at most.
fn sleep_once(nanoseconds: u64) -> Result<(), Errno> {
    let time =
        libc::timespec { tv_sec: (nanoseconds / NANOSECONDS) as i64, tv_nsec: (nanoseconds % NANOSECONDS) as i64 };
    let arguments = [libc::CLOCK_MONOTONIC as usize, 0, &raw const time as usize, 0];
    // SAFETY: the kernel reads the time.
    unsafe { waiting_system_call(libc::SYS_clock_nanosleep, arguments) }.map(drop)
}

/// Sleeps until a clock shows at least this, in nanoseconds. Fails with how long that still is if a signal ends it.
fn sleep_until(clock: u32, deadline: u64) -> Result<(), u64> {
    if phase::is_at_build() {
        if let Ok(clock) = clock::host_clock(clock) {
            world::wait_until(clock, deadline);
        }
        return Ok(());
    }
    let left = || deadline.saturating_sub(clock::now(clock).unwrap_or(u64::MAX));
    let limit = if clock == clockid::REALTIME { SET_CLOCK_LATENCY } else { u64::MAX };
    while left() > 0 {
        if pending::interrupted(|| sleep_once(left().min(limit))).is_err() {
            return Err(left());
        }
    }
    Ok(())
}

/// `CLOCK_MONOTONIC_RAW`, which is the monotonic one here.
const MONOTONIC_RAW: u32 = 4;
/// The time is one of the clock, and not one from now.
const ABSOLUTE: u32 = 1;

/// Sleeps as `clock_nanosleep` of POSIX: returns 0, or the number of an error.
pub fn clock_nanosleep(guest: Guest, clock: u32, flags: u32, time: u32, remaining: u32) -> u32 {
    sleep_by(guest, clock, flags, time, remaining).map_or_else(number, |()| 0)
}

/// Sleeps as `nanosleep` of POSIX: returns 0, or -1 with `errno` set.
pub fn nanosleep(guest: Guest, time: u32, remaining: u32) -> Result<u32, TrapCode> {
    sleep_by(guest, clockid::REALTIME, 0, time, remaining).map_or_else(|error| fail(guest, error), |()| Ok(0))
}

/// Waits for a signal as `pause` of POSIX: returns -1 with `errno` set.
pub fn pause(guest: Guest) -> Result<u32, TrapCode> {
    // While a checkpoint is made, no signal comes.
    if phase::is_at_build() {
        return fail(guest, Errno::INTR);
    }
    loop {
        // SAFETY: without descriptors and a time, the kernel reads nothing.
        let wait = || unsafe { waiting_system_call(libc::SYS_ppoll, [0; 5]) };
        if let Err(error) = pending::interrupted(wait) {
            return fail(guest, error);
        }
    }
}

fn sleep_by(guest: Guest, clock: u32, flags: u32, time: u32, remaining: u32) -> Result<(), Errno> {
    let clock = match clock {
        MONOTONIC_RAW => clockid::MONOTONIC,
        clockid::THREAD_CPUTIME_ID => return Err(Errno::INVAL),
        clock => clock,
    };
    let (seconds, part) = timespec(guest, time)?;
    let seconds = u64::try_from(seconds).map_err(|_| Errno::INVAL)?;
    let part = u64::from(part);
    if part >= NANOSECONDS {
        return Err(Errno::INVAL);
    }
    let time = seconds.saturating_mul(NANOSECONDS).saturating_add(part);
    if flags & ABSOLUTE != 0 {
        clock::now(clock).map_err(|_| Errno::INVAL)?;
        return sleep_until(clock, time).map_err(|_| Errno::INTR);
    }
    // A time from now does not change when somebody sets the clock.
    let clock = if clock == clockid::REALTIME { clockid::MONOTONIC } else { clock };
    let deadline = clock::now(clock).map_err(|_| Errno::INVAL)?.saturating_add(time);
    sleep_until(clock, deadline).map_err(|left| {
        // Whoever does not want to know gives no address.
        match remaining {
            0 => Errno::INTR,
            _ => write_timespec(guest, remaining, left / NANOSECONDS, left % NANOSECONDS)
                .map_or_else(|error| error, |()| Errno::INTR),
        }
    })
}

/// Sleeps for a time, or until a signal comes.
pub fn thread_sleep(_guest: Guest, milliseconds: f64) {
    // What is no time is none.
    let nanoseconds = (milliseconds * 1e6) as u64;
    let now = clock::now(clockid::MONOTONIC).unwrap_or(0);
    // The library's function does not say how it ended.
    let _ = sleep_until(clockid::MONOTONIC, now.saturating_add(nanoseconds));
}

/// A question that comes so soon after the last answer had nothing before it.
const SOON_NANOSECONDS: u64 = 500;

/// So many of these questions are those of somebody who waits; more than the most do not make it surer.
const QUESTIONS: core::ops::RangeInclusive<u32> = 64..=1024;

/// The part of the time since the first question that is slept before an answer.
const PART: u64 = 64;

/// The longest sleep.
const SLEEP_NANOSECONDS_MAX: u64 = 900_000;

/// How much longer than it was to be a sleep can be: what the kernel allows itself for timers, and the way there and back.
const LATENESS_NANOSECONDS: u64 = 60_000;

/// How long the next question can take after a sleep.
const AWAKE_NANOSECONDS: u64 = 20_000;

// Relaxed, all of them: programs of Emscripten have one thread, and it is only about how long that sleeps.

/// When the first of the questions was asked, when the last was answered, where on the guest's stack they come from, and how sure it
/// is that somebody waits.
static FIRST_ASKED: AtomicU64 = AtomicU64::new(0);
static LAST_ANSWERED: AtomicU64 = AtomicU64::new(0);
static ASKED_FROM: AtomicU64 = AtomicU64::new(0);
static ASKED: AtomicU32 = AtomicU32::new(0);

/// How many signals the guest had been told of when the last was answered.
static TOLD: AtomicU32 = AtomicU32::new(0);

/// Returns the time of the monotonic clock in milliseconds, for somebody who may be waiting for a later one: whoever waits and is told
/// of a signal meanwhile, has waited long enough. So a signal ends a sleep here, too.
pub fn now_for_waiting() -> f64 {
    let now = clock::now(clockid::MONOTONIC).unwrap_or(0);
    if phase::is_at_build() {
        return milliseconds(now);
    }
    let from = signal::place_on_stack();
    let (asked_from, was_asked) = (ASKED_FROM.load(Ordering::Relaxed), ASKED.load(Ordering::Relaxed));
    if from != asked_from {
        // A handler asks on behalf of itself, further down on the stack.
        if from > asked_from || was_asked < *QUESTIONS.start() {
            begin(now, from);
        }
        return milliseconds(now);
    }
    let told = signal::told();
    if TOLD.swap(told, Ordering::Relaxed) != told && was_asked >= *QUESTIONS.start() {
        begin(now, from);
        return f64::INFINITY;
    }
    let is_soon = now.saturating_sub(LAST_ANSWERED.swap(now, Ordering::Relaxed)) <= SOON_NANOSECONDS;
    // Somebody who waits may have had to wait for a processor, too.
    let asked = if is_soon { (was_asked + 1).min(*QUESTIONS.end()) } else { was_asked / 2 };
    ASKED.store(asked, Ordering::Relaxed);
    if asked < *QUESTIONS.start() && !is_soon {
        begin(now, from);
    }
    let passed = now.saturating_sub(FIRST_ASKED.load(Ordering::Relaxed));
    let part = (passed / PART).min(SLEEP_NANOSECONDS_MAX);
    if asked < *QUESTIONS.start() || !is_soon || part < 2 * LATENESS_NANOSECONDS {
        return milliseconds(now);
    }
    // A signal that ends this is told before the next question.
    let _ = sleep_once(part - LATENESS_NANOSECONDS);
    let later = clock::now(clockid::MONOTONIC).unwrap_or(now);
    // What was asleep needs a moment to be as fast again.
    LAST_ANSWERED.store(later.saturating_add(AWAKE_NANOSECONDS), Ordering::Relaxed);
    milliseconds(later)
}

/// The first question that is answered by this time.
fn begin(now: u64, from: u64) {
    FIRST_ASKED.store(now, Ordering::Relaxed);
    LAST_ANSWERED.store(now, Ordering::Relaxed);
    ASKED_FROM.store(from, Ordering::Relaxed);
    ASKED.store(0, Ordering::Relaxed);
    TOLD.store(signal::told(), Ordering::Relaxed);
}

fn milliseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e6
}
