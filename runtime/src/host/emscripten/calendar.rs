//! Calendars, by the C library of the runtime.

use crate::guest::pointer::Record;
use crate::process::phase;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char, c_int, c_long};
use core::mem::MaybeUninit;
use core::ptr::null;

unsafe extern "C" {
    fn strptime(text: *const c_char, format: *const c_char, calendar: *mut libc::tm) -> *const c_char;
    fn tzset();
    static timezone: c_long;
    static daylight: c_int;
    static tzname: [*const c_char; 2];
}

/// `struct tm`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Calendar {
    second: i32,
    minute: i32,
    hour: i32,
    day: i32,
    month: i32,
    year: i32,
    day_of_week: i32,
    day_of_year: i32,
    is_summer: i32,
    /// Seconds east of Greenwich.
    east: i32,
    /// The address of the name of the zone, which is the guest's affair.
    zone: u32,
}

// SAFETY: integers without padding between them.
unsafe impl Record for Calendar {}

/// Lets the C library read the zone of the process; that is UTC while a checkpoint is made.
fn set_zone() {
    static ONCE: crate::process::lock::Lock<bool> = crate::process::lock::Lock::new(false);
    ONCE.with(|was_set| {
        if !core::mem::replace(was_set, true) {
            if phase::is_at_build() {
                // SAFETY: only this thread reads or writes the environment of the C library, under the lock.
                unsafe { libc::setenv(c"TZ".as_ptr(), c"UTC0".as_ptr(), 1) };
            }
            // SAFETY: it has no conditions.
            unsafe { tzset() };
        }
    });
}

impl Calendar {
    fn of_host(tm: &libc::tm, zone: u32) -> Calendar {
        Calendar {
            second: tm.tm_sec,
            minute: tm.tm_min,
            hour: tm.tm_hour,
            day: tm.tm_mday,
            month: tm.tm_mon,
            year: tm.tm_year,
            day_of_week: tm.tm_wday,
            day_of_year: tm.tm_yday,
            is_summer: tm.tm_isdst,
            east: tm.tm_gmtoff as i32,
            zone,
        }
    }

    fn to_host(self) -> libc::tm {
        libc::tm {
            tm_sec: self.second,
            tm_min: self.minute,
            tm_hour: self.hour,
            tm_mday: self.day,
            tm_mon: self.month,
            tm_year: self.year,
            tm_wday: self.day_of_week,
            tm_yday: self.day_of_year,
            tm_isdst: self.is_summer,
            tm_gmtoff: self.east.into(),
            // Formats ask for it. A calendar without summer time knows the first name.
            tm_zone: Zone::now().name(self.is_summer > 0).as_ptr(),
        }
    }

    /// The calendar of a time in seconds since 1970, in UTC; nothing if its year is too far away.
    pub fn universal(seconds: i64) -> Option<Calendar> {
        let mut tm = MaybeUninit::<libc::tm>::uninit();
        // SAFETY: both are places for what the function reads and writes.
        let done = unsafe { libc::gmtime_r(&seconds, tm.as_mut_ptr()) };
        // SAFETY: the function has written it.
        (!done.is_null()).then(|| Calendar::of_host(unsafe { tm.assume_init_ref() }, 0))
    }

    /// The same in the zone of the process.
    pub fn local(seconds: i64) -> Option<Calendar> {
        set_zone();
        let mut tm = MaybeUninit::<libc::tm>::uninit();
        // SAFETY: as above.
        let done = unsafe { libc::localtime_r(&seconds, tm.as_mut_ptr()) };
        // SAFETY: as above.
        (!done.is_null()).then(|| Calendar::of_host(unsafe { tm.assume_init_ref() }, 0))
    }

    /// The time that it says, and how it is written normally; nothing if there is no such time.
    pub fn seconds(self, is_local: bool) -> Option<(i64, Calendar)> {
        set_zone();
        let mut tm = self.to_host();
        // SAFETY: a calendar, which the function changes.
        let seconds = unsafe { if is_local { libc::mktime(&mut tm) } else { libc::timegm(&mut tm) } };
        // The second before 1970 is no failure: a failure changes nothing.
        let failed = seconds == -1 && Calendar::of_host(&tm, self.zone) == self && self.second != 59;
        (!failed).then(|| (seconds, Calendar::of_host(&tm, self.zone)))
    }

    /// Its text by a format of `strftime`, in the locale C.
    pub fn format(self, format: &[u8]) -> Vec<u8> {
        set_zone();
        // A character before the format, so that an empty text can be told from one that does not fit.
        let mut whole = vec![b' '];
        whole.extend_from_slice(format);
        whole.push(0);
        let tm = self.to_host();
        let mut room = vec![0_u8; 256 + 4 * whole.len()];
        loop {
            // SAFETY: there is room for so many bytes, the format ends with NUL, and the calendar's name lives as long as the
            // process.
            let bytes = unsafe { libc::strftime(room.as_mut_ptr().cast(), room.len(), whole.as_ptr().cast(), &tm) };
            if bytes > 0 || room.len() > 1 << 20 {
                room.truncate(bytes);
                return room.into_iter().skip(1).collect();
            }
            room = vec![0; room.len() * 4];
        }
    }

    /// Reads a text by a format of `strptime`. Returns how many bytes of it were read, and the calendar with what they say.
    pub fn parse(self, mut text: Vec<u8>, mut format: Vec<u8>) -> Option<(usize, Calendar)> {
        text.push(0);
        format.push(0);
        let mut tm = self.to_host();
        tm.tm_zone = null();
        // SAFETY: both end with NUL.
        let end = unsafe { strptime(text.as_ptr().cast(), format.as_ptr().cast(), &mut tm) };
        if end.is_null() {
            return None;
        }
        Some((end as usize - text.as_ptr() as usize, Calendar::of_host(&tm, self.zone)))
    }
}

/// The zone of the process.
pub struct Zone {
    /// Seconds west of Greenwich, without summer time.
    pub west: i32,
    /// Whether it has a summer time.
    pub has_summer: bool,
    /// What its time is called.
    pub standard: &'static CStr,
    /// What its summer time is called.
    pub summer: &'static CStr,
}

impl Zone {
    /// Returns that of now.
    pub fn now() -> Zone {
        set_zone();
        // SAFETY: the C library has set these, and sets them no more; its names live as long as the process.
        unsafe {
            let name = |index: usize| if tzname[index].is_null() { c"" } else { CStr::from_ptr(tzname[index]) };
            // Without a summer time both names are the same, as other C libraries have it.
            let has_summer = daylight != 0;
            Zone { west: timezone as i32, has_summer, standard: name(0), summer: name(usize::from(has_summer)) }
        }
    }

    fn name(&self, is_summer: bool) -> &'static CStr {
        if is_summer { self.summer } else { self.standard }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendars_there_and_back() {
        for seconds in [0, 951_782_400, -1, 4_102_444_800, 253_402_300_799, -62_135_596_800] {
            let calendar = Calendar::universal(seconds).expect("a year in reach");
            assert_eq!(calendar.seconds(false).expect("it is a time").0, seconds);
        }
        assert_eq!(Calendar::universal(i64::MAX), None);
    }

    #[test]
    fn texts_by_formats() {
        let calendar = Calendar::universal(951_782_400).expect("a year in reach");
        assert_eq!(calendar.format(b"%Y-%m-%d %H:%M:%S %a %j"), b"2000-02-29 00:00:00 Tue 060");
        assert_eq!(calendar.format(b""), b"");
        let (used, parsed) =
            Calendar::default().parse(b"2001-03-04 rest".to_vec(), b"%Y-%m-%d".to_vec()).expect("it fits");
        assert_eq!((used, parsed.year, parsed.month, parsed.day), (10, 101, 2, 4));
        assert_eq!(Calendar::default().parse(b"x".to_vec(), b"%Y".to_vec()), None);
    }
}
