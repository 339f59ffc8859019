//! Clocks.

use super::witx::errno::Errno;
use super::witx::types::clockid;
use crate::checkpoint::world;
use crate::guest::pointer::Guest;
use crate::process::phase;
use crate::vfs::open::vectored::result;
use adder_abi::checkpoint::Resume;
use core::sync::atomic::{AtomicU64, Ordering};

/// The resolution of a clock, in nanoseconds.
pub fn clock_res_get(guest: Guest, clock: u32, resolution: u32) -> Result<(), Errno> {
    let place = guest.place::<u64>(resolution)?;
    let clock = host_clock(clock)?;
    if phase::is_at_build() {
        place.write(1);
        return Ok(());
    }
    place.write(read(|time| {
        // SAFETY: `time` is the room for the answer.
        unsafe { libc::clock_getres(clock, time) }
    })?);
    Ok(())
}

/// The time of a clock, in nanoseconds. The clocks of Linux are as precise at no cost as they can be, so the wanted
/// precision makes no difference.
pub fn clock_time_get(guest: Guest, clock: u32, _precision: u64, time: u32) -> Result<(), Errno> {
    let range = guest.range(time, size_of::<u64>() as u64)?;
    let now = now(clock)?;
    range.write(&now.to_le_bytes());
    if clock == clockid::MONOTONIC && phase::is_making() {
        world::note_monotonic_time(range.as_mut_ptr() as u64, now);
    }
    Ok(())
}

// Relaxed: the first two are written before the guest runs, and so before there are threads. Of the third, all use the
// value of whoever was first to exchange it, and nothing else is known by it.

/// What the monotonic clock showed when the checkpoint was made that this process goes on from, in nanoseconds: it never shows
/// less.
static AGE: AtomicU64 = AtomicU64::new(0);

/// What the clocks of processor time showed then: the work that the new process goes on with.
static WORK: AtomicU64 = AtomicU64::new(0);

/// What the monotonic clock shows more than the host's, which may have been started after that; [`u64::MAX`] until it is read.
static LEAD: AtomicU64 = AtomicU64::new(u64::MAX);

/// Lets the clocks go on from what they showed when the checkpoint was made that this process goes on from.
///
/// The monotonic clock is the system's again, so what the guest has kept of it is put forward by as much as that has jumped: a
/// library that measures from such a time (`clock` of wasi-libc) goes on, too, as if the new process had followed at once.
///
/// # Safety
/// All state of the guest is restored, and the guest does not run.
pub unsafe fn go_on_from(resume: &Resume) {
    AGE.store(resume.monotonic_nanoseconds, Ordering::Relaxed);
    WORK.store(resume.processor_nanoseconds, Ordering::Relaxed);
    let mut kept = resume.monotonic_times.iter().filter(|address| **address != 0).peekable();
    if kept.peek().is_none() {
        return;
    }
    let jump = match phase::is_trial() {
        // The same pages are to change as in a start.
        true => 0,
        false => now(clockid::MONOTONIC).unwrap_or(0).saturating_sub(resume.monotonic_nanoseconds),
    };
    for address in kept {
        let place = *address as *mut u64;
        // SAFETY: the address lies in a memory of the guest; the rest is promised by the caller.
        unsafe { place.write_unaligned(place.read_unaligned().wrapping_add(jump)) };
    }
}

/// The time of a clock but the wall clock, from the host's. Those of processor time begin with the process; the monotonic clock
/// has a lead only where it must.
fn later(clock: u32, host: u64) -> u64 {
    if clock != clockid::MONOTONIC {
        return host.saturating_add(WORK.load(Ordering::Relaxed));
    }
    let age = AGE.load(Ordering::Relaxed);
    if age == 0 {
        return host;
    }
    let mut lead = LEAD.load(Ordering::Relaxed);
    if lead == u64::MAX {
        let first = age.saturating_sub(host);
        lead = LEAD.compare_exchange(lead, first, Ordering::Relaxed, Ordering::Relaxed).map_or_else(|it| it, |_| first);
    }
    host.saturating_add(lead)
}

/// The time of a clock of preview 1, in nanoseconds.
pub fn now(clock: u32) -> Result<u64, Errno> {
    let host = host_clock(clock)?;
    if phase::is_at_build() {
        return Ok(world::now(host));
    }
    let time = read(|time| {
        // From libc, which asks the kernel's shared page instead of the kernel.
        // SAFETY: `time` is the room for the answer.
        unsafe { libc::clock_gettime(host, time) }
    })?;
    Ok(if clock == clockid::REALTIME { time } else { later(clock, time) })
}

/// The host's number of a clock of preview 1. Fails with `EINVAL` if there is no such clock.
pub fn host_clock(clock: u32) -> Result<libc::clockid_t, Errno> {
    match clock {
        clockid::REALTIME => Ok(libc::CLOCK_REALTIME),
        clockid::MONOTONIC => Ok(libc::CLOCK_MONOTONIC),
        clockid::PROCESS_CPUTIME_ID => Ok(libc::CLOCK_PROCESS_CPUTIME_ID),
        clockid::THREAD_CPUTIME_ID => Ok(libc::CLOCK_THREAD_CPUTIME_ID),
        _ => Err(Errno::Inval),
    }
}

fn read(call: impl FnOnce(&mut libc::timespec) -> i32) -> Result<u64, Errno> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    result(call(&mut time) as isize)?;
    // A clock before 1970 or after 2554 has no number in preview 1.
    let seconds = u64::try_from(time.tv_sec).map_err(|_| Errno::Overflow)?;
    let nanoseconds = seconds.checked_mul(1_000_000_000).and_then(|whole| whole.checked_add(time.tv_nsec as u64));
    nanoseconds.ok_or(Errno::Overflow)
}
