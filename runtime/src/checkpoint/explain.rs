//! Says how the process has started, where the environment asks for that: one line on standard error.

use crate::guest::pointer::GuestRange;
use crate::process::lock::Lock;
use crate::process::output::{Output, write_guest_text};
use adder_abi::checkpoint::STARTED_COLD;
use adder_abi::variable;
use core::ffi::CStr;
use core::sync::atomic::{AtomicBool, Ordering};

/// Whether the environment asks, and nothing was said yet. Relaxed: of several threads one takes it, and what is said
/// lies behind a lock.
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
    say("went on from the checkpoint", b"", b"");
}

/// Why a process starts without the checkpoint, if the guest does not say it.
#[derive(Clone, Copy)]
pub enum Cause {
    /// The executable has none.
    NoCheckpoint,
    /// Sockets are handed over, which a guest looks for when it starts.
    Sockets,
    /// The environment says so.
    Variable,
    /// The guest asks for that, for no reason.
    Guest,
}

/// The process starts without the checkpoint.
pub fn started(cause: Cause) {
    match cause {
        Cause::NoCheckpoint => say(STARTED_COLD, b"the executable has no checkpoint", b""),
        Cause::Sockets => say(STARTED_COLD, b"sockets are handed over (LISTEN_FDS)", b""),
        Cause::Variable => say(STARTED_COLD, variable::COLD_START.as_bytes(), b" is set"),
        Cause::Guest => say(STARTED_COLD, b"the program asks for that", b""),
    }
}

/// The process starts without the checkpoint, because the guest wants that.
pub fn guest_starts() {
    let (text, used) = REASON.with(|reason| *reason);
    match &text[..used] {
        [] => started(Cause::Guest),
        reason => say(STARTED_COLD, reason, b""),
    }
}

/// Says it, with a reason in two pieces.
fn say(what: &str, reason: &[u8], end: &[u8]) {
    if WANTED.swap(false, Ordering::Relaxed) {
        let mut error = Output::error();
        error.bytes(b"adder: ");
        error.bytes(what.as_bytes());
        write_guest_text(&mut error, reason, REASON_BYTES_MAX);
        error.bytes(end);
        error.bytes(b"\n");
    }
}
