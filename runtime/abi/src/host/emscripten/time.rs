//! Clocks and calendars.

use super::super::signature::function;
use super::{Interface, Signature, call, interface, variant};
use crate::callback::Callback;
use crate::value::ValueType::{F64, I32, I64};

/// The interface.
pub const INTERFACE: Interface = interface("adder_emscripten_time_", &FUNCTIONS);

/// A function of the C library: returns -1 and sets `errno` if it fails.
const fn of_c(name: &'static str, parameters: &'static [crate::value::ValueType]) -> Signature {
    Signature { callbacks: &[Callback::ErrnoLocation], enters_guest: true, ..call(name, parameters) }
}

/// Its functions. Source: `src/library.js`, `src/lib/libcore.js`.
pub const FUNCTIONS: [Signature; 23] = [
    of_c("__clock_gettime", &[I32, I32]),
    of_c("clock_gettime", &[I32, I32]),
    of_c("clock_getres", &[I32, I32]),
    call("clock", &[]),
    call("gettimeofday", &[I32, I32]),
    call("time", &[I32]),
    function("_gmtime_js", &[I64, I32], &[]),
    variant("gmtime_status", call("_gmtime_js", &[I64, I32])),
    variant("gmtime_32", function("_gmtime_js", &[I32, I32], &[])),
    function("_localtime_js", &[I64, I32], &[]),
    variant("localtime_status", call("_localtime_js", &[I64, I32])),
    variant("localtime_32", function("_localtime_js", &[I32, I32], &[])),
    function("_mktime_js", &[I32], &[I64]),
    variant("mktime_32", call("_mktime_js", &[I32])),
    function("_timegm_js", &[I32], &[I64]),
    variant("timegm_32", call("_timegm_js", &[I32])),
    function("_tzset_js", &[I32, I32, I32, I32], &[]),
    Signature {
        callbacks: &[Callback::Malloc],
        enters_guest: true,
        ..variant("tzset_32", function("_tzset_js", &[I32, I32, I32], &[]))
    },
    function("emscripten_date_now", &[], &[F64]),
    function("emscripten_get_now", &[], &[F64]),
    call("strftime", &[I32, I32, I32, I32]),
    call("strftime_l", &[I32, I32, I32, I32, I32]),
    call("strptime", &[I32, I32, I32]),
];
