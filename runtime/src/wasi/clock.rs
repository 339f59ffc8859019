//! Clocks.

use super::errno::Errno;
use super::types::clockid;
use crate::fs::vectored::result;
use crate::guest::Guest;

/// The resolution of a clock, in nanoseconds.
pub fn clock_res_get(guest: Guest, clock: u32, resolution: u32) -> Result<(), Errno> {
    let place = guest.place::<u64>(resolution)?;
    let clock = host_clock(clock)?;
    place.write(read(|time| {
        // SAFETY: `time` is the room for the answer.
        unsafe { libc::clock_getres(clock, time) }
    })?);
    Ok(())
}

/// The time of a clock, in nanoseconds. The clocks of Linux are as precise at no cost as they can be, so the wanted
/// precision makes no difference.
pub fn clock_time_get(guest: Guest, clock: u32, _precision: u64, time: u32) -> Result<(), Errno> {
    let place = guest.place::<u64>(time)?;
    place.write(now(clock)?);
    Ok(())
}

/// The time of a clock of preview 1, in nanoseconds.
pub fn now(clock: u32) -> Result<u64, Errno> {
    let clock = host_clock(clock)?;
    read(|time| {
        // From libc, which asks the kernel's shared page instead of the kernel.
        // SAFETY: `time` is the room for the answer.
        unsafe { libc::clock_gettime(clock, time) }
    })
}

fn host_clock(clock: u32) -> Result<libc::clockid_t, Errno> {
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
