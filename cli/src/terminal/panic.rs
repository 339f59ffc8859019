//! A panic is a fault of adder: it is reported like every other failure, with its place, and nothing is left behind.

use crate::failure::{Failure, Result};
use crate::terminal::output::say;
use std::backtrace::Backtrace;
use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::{Mutex, PoisonError};

/// The first panic, from whatever thread: later ones follow from it.
static FIRST: Mutex<Option<String>> = Mutex::new(None);

/// Runs `command` and makes a failure out of a panic in it. With `RUST_BACKTRACE` set, the panic is printed in full too.
pub fn caught(command: impl FnOnce() -> Result<()>) -> Result<()> {
    set_hook(Box::new(move |panic| {
        let mut first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
        let place = panic.location().map_or_else(String::new, |place| format!(" ({}:{})", place.file(), place.line()));
        let message = panic.payload_as_str().unwrap_or("a panic without a message");
        first.get_or_insert_with(|| format!("{}{place}", message.replace('\n', " ")));
        if env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            // Not the standard hook: a name in the message may hold terminal control sequences.
            say(format_args!("{panic}\n{}", Backtrace::force_capture()));
        }
    }));
    catch_unwind(AssertUnwindSafe(command)).unwrap_or_else(|_| {
        let first = FIRST.lock().unwrap_or_else(PoisonError::into_inner).take();
        Err(Failure::internal(first.unwrap_or_else(|| "a panic without a message".to_owned())))
    })
}
