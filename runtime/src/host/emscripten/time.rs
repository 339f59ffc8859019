//! Clocks and calendars.

use super::super::interface;
use super::calendar;
use super::file::write_timespec;
use super::library::{FAILED, allocate_text, fail, text, write_text};
use super::sleep;
use crate::checkpoint::world;
use crate::guest::pointer::Guest;
use crate::host::wasi::clock;
use crate::host::wasi::witx::types::clockid;
use crate::process::phase;
use adder_abi::trap::TrapCode;
use calendar::Calendar;
use rustix::io::Errno;

interface! {
    emscripten::time;
    adder_emscripten_time___clock_gettime = clock_gettime(Guest, clock: u32, result: u32);
    adder_emscripten_time_clock_gettime = clock_gettime(Guest, clock: u32, result: u32);
    adder_emscripten_time_clock_getres = clock_getres(Guest, clock: u32, result: u32);
    adder_emscripten_time_clock = clock(Guest);
    adder_emscripten_time_gettimeofday = gettimeofday(Guest, result: u32, zone: u32);
    adder_emscripten_time_time = time(Guest, result: u32);
    adder_emscripten_time__gmtime_js = gmtime(Guest, seconds: i64, result: u32);
    adder_emscripten_time_gmtime_status = gmtime_status(Guest, seconds: i64, result: u32);
    adder_emscripten_time_gmtime_32 = gmtime_32(Guest, seconds: u32, result: u32);
    adder_emscripten_time__localtime_js = localtime(Guest, seconds: i64, result: u32);
    adder_emscripten_time_localtime_status = localtime_status(Guest, seconds: i64, result: u32);
    adder_emscripten_time_localtime_32 = localtime_32(Guest, seconds: u32, result: u32);
    adder_emscripten_time__mktime_js = mktime(Guest, calendar: u32);
    adder_emscripten_time_mktime_32 = mktime_32(Guest, calendar: u32);
    adder_emscripten_time__timegm_js = timegm(Guest, calendar: u32);
    adder_emscripten_time_timegm_32 = timegm_32(Guest, calendar: u32);
    adder_emscripten_time__tzset_js = tzset(Guest, west: u32, daylight: u32, standard: u32, summer: u32);
    adder_emscripten_time_tzset_32 = tzset_32(Guest, west: u32, daylight: u32, names: u32);
    adder_emscripten_time_emscripten_date_now = emscripten_date_now(Guest);
    adder_emscripten_time_emscripten_get_now = emscripten_get_now(Guest);
    adder_emscripten_time_strftime = strftime(Guest, buffer: u32, bytes: u32, format: u32, calendar: u32);
    adder_emscripten_time_strftime_l = strftime_l(
        Guest, buffer: u32, bytes: u32, format: u32, calendar: u32, locale: u32
    );
    adder_emscripten_time_strptime = strptime(Guest, buffer: u32, format: u32, calendar: u32);
}

const NANOSECONDS: u64 = 1_000_000_000;

/// The clock of WASI that a number of the C library means. Its raw clock is the monotonic one here.
fn clock_of(clock: u32) -> Result<u32, Errno> {
    const MONOTONIC_RAW: u32 = 4;
    match clock {
        MONOTONIC_RAW => Ok(clockid::MONOTONIC),
        clockid::REALTIME | clockid::MONOTONIC | clockid::PROCESS_CPUTIME_ID | clockid::THREAD_CPUTIME_ID => Ok(clock),
        _ => Err(Errno::INVAL),
    }
}

/// The time of a clock in nanoseconds; 0 if there is no such clock.
fn nanoseconds(clock: u32) -> u64 {
    clock::now(clock).unwrap_or(0)
}

fn clock_gettime(guest: Guest, clock: u32, result: u32) -> Result<u32, TrapCode> {
    let told = clock_of(clock).and_then(|clock| {
        let now = nanoseconds(clock);
        write_timespec(guest, result, now / NANOSECONDS, now % NANOSECONDS)
    });
    told.map_or_else(|error| fail(guest, error), |()| Ok(0))
}

fn clock_getres(guest: Guest, clock: u32, result: u32) -> Result<u32, TrapCode> {
    let told = clock_of(clock).and_then(|_| if result == 0 { Ok(()) } else { write_timespec(guest, result, 0, 1) });
    told.map_or_else(|error| fail(guest, error), |()| Ok(0))
}

/// The processor time of the process, in microseconds.
fn clock(_guest: Guest) -> u32 {
    (nanoseconds(clockid::PROCESS_CPUTIME_ID) / 1000) as u32
}

fn gettimeofday(guest: Guest, result: u32, _zone: u32) -> u32 {
    let now = nanoseconds(clockid::REALTIME);
    let told = write_timespec(guest, result, now / NANOSECONDS, now % NANOSECONDS / 1000);
    told.map_or(FAILED, |()| 0)
}

fn time(guest: Guest, result: u32) -> u32 {
    let now = (nanoseconds(clockid::REALTIME) / NANOSECONDS) as u32;
    if result != 0
        && let Ok(place) = guest.place::<u32>(result)
    {
        place.write(now);
    }
    now
}

/// The wall clock, in milliseconds since 1970.
fn emscripten_date_now(_guest: Guest) -> f64 {
    nanoseconds(clockid::REALTIME) as f64 / 1e6
}

/// The monotonic clock, in milliseconds.
fn emscripten_get_now(_guest: Guest) -> f64 {
    sleep::now_for_waiting()
}

/// Writes what becomes of a time, as this function has it. An address out of bounds is a trap: the function cannot fail.
fn write_calendar(guest: Guest, result: u32, calendar: Option<Calendar>) -> Result<(), TrapCode> {
    let place = guest.place::<Calendar>(result).map_err(|_| TrapCode::MemoryOutOfBounds)?;
    place.write(calendar.unwrap_or_default());
    Ok(())
}

/// The same for a function that says 0, or the number of an error.
fn write_calendar_or_error(guest: Guest, result: u32, calendar: Option<Calendar>) -> Result<u32, TrapCode> {
    let error = super::errno::number(Errno::OVERFLOW);
    let fits = calendar.is_some();
    write_calendar(guest, result, calendar)?;
    Ok(if fits { 0 } else { error })
}

fn gmtime(guest: Guest, seconds: i64, result: u32) -> Result<(), TrapCode> {
    write_calendar(guest, result, Calendar::universal(seconds))
}

fn gmtime_status(guest: Guest, seconds: i64, result: u32) -> Result<u32, TrapCode> {
    write_calendar_or_error(guest, result, Calendar::universal(seconds))
}

fn localtime(guest: Guest, seconds: i64, result: u32) -> Result<(), TrapCode> {
    tell_zone_again(guest)?;
    write_calendar(guest, result, Calendar::local(seconds))
}

fn localtime_status(guest: Guest, seconds: i64, result: u32) -> Result<u32, TrapCode> {
    tell_zone_again(guest)?;
    write_calendar_or_error(guest, result, Calendar::local(seconds))
}

/// The time of 32 bits at an address.
fn seconds_at(guest: Guest, address: u32) -> Result<i64, TrapCode> {
    let place = guest.place::<u32>(address).map_err(|_| TrapCode::MemoryOutOfBounds)?;
    Ok(i64::from(place.read() as i32))
}

fn gmtime_32(guest: Guest, seconds: u32, result: u32) -> Result<(), TrapCode> {
    write_calendar(guest, result, Calendar::universal(seconds_at(guest, seconds)?))
}

fn localtime_32(guest: Guest, seconds: u32, result: u32) -> Result<(), TrapCode> {
    write_calendar(guest, result, Calendar::local(seconds_at(guest, seconds)?))
}

/// Makes a time of a calendar, and writes back what the calendar is as it has to be.
fn seconds_of(guest: Guest, calendar: u32, is_local: bool) -> Result<i64, TrapCode> {
    let place = guest.place::<Calendar>(calendar).map_err(|_| TrapCode::MemoryOutOfBounds)?;
    Ok(match place.read().seconds(is_local) {
        Some((seconds, normal)) => {
            place.write(normal);
            seconds
        }
        None => -1,
    })
}

fn mktime(guest: Guest, calendar: u32) -> Result<i64, TrapCode> {
    seconds_of(guest, calendar, true)
}

fn mktime_32(guest: Guest, calendar: u32) -> Result<u32, TrapCode> {
    Ok(i32::try_from(seconds_of(guest, calendar, true)?).unwrap_or(-1) as u32)
}

fn timegm(guest: Guest, calendar: u32) -> Result<i64, TrapCode> {
    seconds_of(guest, calendar, false)
}

fn timegm_32(guest: Guest, calendar: u32) -> Result<u32, TrapCode> {
    Ok(i32::try_from(seconds_of(guest, calendar, false)?).unwrap_or(-1) as u32)
}

/// Bytes that the C library has for the name of a zone.
const ZONE_NAME_BYTES: u64 = 17;

/// Says how far west of Greenwich the zone is in seconds, whether it has a summer time, and what both times are called.
fn tzset(guest: Guest, west: u32, daylight: u32, standard: u32, summer: u32) -> Result<(), TrapCode> {
    if phase::is_making() {
        world::note_zone_places([west, daylight, standard, summer]);
    }
    tell_zone(guest, [west, daylight, standard, summer])
}

/// Tells the guest again if that was done before its checkpoint: it asks only once, and takes names of zones from there.
fn tell_zone_again(guest: Guest) -> Result<(), TrapCode> {
    // It may be told while the checkpoint is still to come.
    if phase::is_making() {
        return Ok(());
    }
    world::take_zone_places().map_or(Ok(()), |places| tell_zone(guest, places))
}

fn tell_zone(guest: Guest, [west, daylight, standard, summer]: [u32; 4]) -> Result<(), TrapCode> {
    let outside = |_| TrapCode::MemoryOutOfBounds;
    let zone = calendar::Zone::now();
    guest.place::<u32>(west).map_err(outside)?.write(zone.west as u32);
    guest.place::<u32>(daylight).map_err(outside)?.write(u32::from(zone.has_summer));
    write_text(guest.range(standard, ZONE_NAME_BYTES).map_err(outside)?, zone.standard.to_bytes());
    write_text(guest.range(summer, ZONE_NAME_BYTES).map_err(outside)?, zone.summer.to_bytes());
    Ok(())
}

/// The same where the C library keeps the addresses of two names that it never gives back.
fn tzset_32(guest: Guest, west: u32, daylight: u32, names: u32) -> Result<(), TrapCode> {
    let outside = |_| TrapCode::MemoryOutOfBounds;
    let zone = calendar::Zone::now();
    guest.place::<u32>(west).map_err(outside)?.write(zone.west as u32);
    guest.place::<u32>(daylight).map_err(outside)?.write(u32::from(zone.has_summer));
    let names = guest.array::<u32>(names, 2).map_err(outside)?;
    for (place, name) in names.places().zip([zone.standard, zone.summer]) {
        // The names of an earlier call are still there, and are the same.
        if place.read() == 0 {
            place.write(allocate_text(guest, name.to_bytes())?);
        }
    }
    Ok(())
}

/// Bytes that a format can have.
const FORMAT_BYTES_MAX: usize = 1 << 16;

/// Formats a time, as C's `strftime`: returns how many bytes that are without the NUL, or 0 if they do not fit.
fn strftime(guest: Guest, buffer: u32, bytes: u32, format: u32, calendar: u32) -> Result<u32, TrapCode> {
    let outside = |_| TrapCode::MemoryOutOfBounds;
    let calendar = guest.place::<Calendar>(calendar).map_err(outside)?.read();
    let format = text(guest, format, FORMAT_BYTES_MAX, Errno::OVERFLOW).map_err(outside)?;
    let room = guest.range(buffer, bytes.into()).map_err(outside)?;
    let formatted = calendar.format(&format);
    if formatted.len() >= room.len() {
        return Ok(0);
    }
    write_text(room, &formatted);
    Ok(formatted.len() as u32)
}

fn strftime_l(
    guest: Guest,
    buffer: u32,
    bytes: u32,
    format: u32,
    calendar: u32,
    _locale: u32,
) -> Result<u32, TrapCode> {
    strftime(guest, buffer, bytes, format, calendar)
}

/// Reads a time by a format, as `strptime` of POSIX: returns the address behind what was read, or 0.
fn strptime(guest: Guest, buffer: u32, format: u32, calendar: u32) -> Result<u32, TrapCode> {
    let outside = |_| TrapCode::MemoryOutOfBounds;
    let place = guest.place::<Calendar>(calendar).map_err(outside)?;
    let read = text(guest, buffer, FORMAT_BYTES_MAX, Errno::OVERFLOW).map_err(outside)?;
    let format = text(guest, format, FORMAT_BYTES_MAX, Errno::OVERFLOW).map_err(outside)?;
    Ok(match place.read().parse(read, format) {
        Some((used, calendar)) => {
            place.write(calendar);
            buffer.wrapping_add(used as u32)
        }
        None => 0,
    })
}
