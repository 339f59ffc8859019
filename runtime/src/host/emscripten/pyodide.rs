//! What Pyodide's C library leaves to others.

use super::super::interface;
use super::library::fail;
use crate::guest::pointer::Guest;
use crate::process::phase;
use adder_abi::trap::TrapCode;

interface! {
    emscripten::pyodide;
    adder_emscripten_pyodide_times = times(Guest, result: u32);
}

/// Writes the processor time that the process and its children have used, and returns the time that has passed, all in hundredths
/// of a second, as the guest's `sysconf` says.
fn times(guest: Guest, result: u32) -> Result<u32, TrapCode> {
    let mut used = libc::tms { tms_utime: 0, tms_stime: 0, tms_cutime: 0, tms_cstime: 0 };
    // A checkpoint has no time.
    // SAFETY: the kernel writes to what is given.
    let passed = if phase::is_at_build() { 0 } else { unsafe { libc::times(&raw mut used) } };
    let fields = [used.tms_utime, used.tms_stime, used.tms_cutime, used.tms_cstime];
    if result != 0 {
        let place = match guest.range(result, 4 * fields.len() as u64) {
            Ok(place) => place,
            Err(error) => return fail(guest, error),
        };
        let bytes: [[u8; 4]; 4] = fields.map(|ticks| (ticks as u32).to_le_bytes());
        place.write(bytes.as_flattened());
    }
    Ok(passed as u32)
}
