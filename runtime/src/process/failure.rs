//! Ends a process that cannot do what it was started for, with what happened and what to do about it.

use super::exit;
use super::output::Output;
use core::fmt::{Display, Write};

/// Says what happened and, in a second line, what to do; then ends the process with a status of [`adder_abi::status`].
pub fn fail(status: i32, message: &dyn Display, hint: Option<&dyn Display>) -> ! {
    let mut error = Output::error();
    let _ = writeln!(error, "adder: {message}");
    if let Some(hint) = hint {
        let _ = writeln!(error, "hint: {hint}");
    }
    drop(error);
    exit(status)
}
