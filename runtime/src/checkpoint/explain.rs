//! Says how the process has started, where the environment asks for that: one line on standard error.

use crate::guest::pointer::GuestRange;
use crate::process::lock::Lock;
use crate::process::output::{Output, write_guest_text};
use adder_abi::checkpoint::STARTED_COLD;
use adder_abi::variable;
use core::ffi::CStr;
use core::sync::atomic::{AtomicBool, Ordering};

/// Whether the environment asks, and nothing was said yet.
static WANTED: AtomicBool = AtomicBool::new(false);

/// So many bytes are kept of a reason.
const REASON_BYTES_MAX: usize = 400;

/// Why the guest starts without the checkpoint, in its own words, and their size in bytes.
static REASON: Lock<([u8; REASON_BYTES_MAX], usize)> = Lock::new(([0; REASON_BYTES_MAX], 0));

/// Whether this is the variable of the environment that asks. The guest does not see it.
pub fn is_variable(text: &CStr) -> bool {
    value(text).is_some()
}

/// Whether it asks for how the process starts.
pub fn asks(text: &CStr) -> bool {
    value(text) == Some(b"start")
}

fn value(text: &CStr) -> Option<&[u8]> {
    variable::value(text.to_bytes(), variable::EXPLAIN)
}

/// Says that the environment asks.
pub fn is_wanted() {
    WANTED.store(true, Ordering::Relaxed);
}

/// Keeps what the guest writes, if it was asked for. Returns its size in bytes.
pub fn keep_reason(pieces: &[GuestRange]) -> usize {
    REASON.with(|(text, used)| {
        for piece in pieces {
            *used += piece.read(&mut text[*used..]);
        }
    });
    pieces.iter().map(|piece| piece.len()).sum()
}

/// The process goes on from the checkpoint.
pub fn went_on() {
    say("went on from the checkpoint", &[]);
}

/// The process starts without the checkpoint, for a reason of the runtime's, in pieces.
pub fn started(reason: [&str; 2]) {
    say(STARTED_COLD, &reason.map(str::as_bytes));
}

/// The process starts without the checkpoint, because the guest wants that.
pub fn guest_starts() {
    let (text, used) = REASON.with(|reason| *reason);
    match &text[..used] {
        [] => started(["the program asks for that", ""]),
        reason => say(STARTED_COLD, &[reason]),
    }
}

fn say(what: &str, reason: &[&[u8]]) {
    if WANTED.swap(false, Ordering::Relaxed) {
        let mut error = Output::error();
        error.bytes(b"adder: ");
        error.bytes(what.as_bytes());
        for piece in reason {
            write_guest_text(&mut error, piece, REASON_BYTES_MAX);
        }
        error.bytes(b"\n");
    }
}
