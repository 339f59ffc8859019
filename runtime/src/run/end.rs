//! The end of the process, when the guest was left. What is printed then, and what the process ends with, is here and nowhere
//! else.

use super::profile;
use crate::checkpoint::{make, trial};
use crate::guest::backtrace::write_backtrace;
use crate::guest::{border, trap};
use crate::process::output::{Output, write_guest_text};
use crate::process::{self, phase};
use adder_abi::status;
use adder_abi::trap::TrapCode;
use core::fmt::Write;
use core::sync::atomic::{AtomicBool, Ordering};

/// Whether a thread is ending the process. Relaxed: one of them is the first, and what it then says and returns is its
/// own.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Makes this the thread that ends the process. If another one does already, this one waits for that.
fn begin_end() {
    if ENDING.swap(true, Ordering::Relaxed) {
        loop {
            // SAFETY: `pause` has no conditions.
            unsafe { libc::pause() };
        }
    }
}

/// Ends the process for a guest that has returned.
pub fn exit_once(status: i32) -> ! {
    begin_end();
    exit(status)
}

fn exit(status: i32) -> ! {
    if phase::is_trial() {
        trial::write_changed();
    }
    profile::finish();
    process::exit(status)
}

/// Ends the process for a guest that was left by a trap, on the thread that it happened on.
pub fn end(code: TrapCode) -> ! {
    begin_end();
    if code == TrapCode::Checkpoint {
        make::write_under_way();
    }
    if code == TrapCode::Exit {
        exit(trap::exit_status() as i32);
    }
    let mut error = Output::error();
    // What nothing has caught is no trap, but nothing else can become of it here.
    let kind = if code == TrapCode::UncaughtException { "" } else { "trap: " };
    let _ = write!(error, "adder: {kind}{}", code.message());
    if code == TrapCode::MissingImport {
        error.bytes(b": ");
        write_guest_text(&mut error, trap::missing_import(), 200);
    }
    error.bytes(b"\n");
    write_backtrace(&mut error, &border::trap_place());
    drop(error);
    profile::finish();
    process::exit(status::ABORTED)
}
