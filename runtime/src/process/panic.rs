//! What happens when the runtime itself has a defect: one line, and an end that cannot be mistaken for an exit.

use crate::process::output::Output;
use adder_abi::status;
use core::fmt::Write;
use core::panic::PanicInfo;

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    let mut error = Output::error();
    // Writing to `Output` does not fail.
    let _ = match info.location() {
        Some(place) => {
            writeln!(error, "adder: internal error at {}:{}: {}", place.file(), place.line(), info.message())
        }
        None => writeln!(error, "adder: internal error: {}", info.message()),
    };
    drop(error);
    crate::process::exit(status::ABORTED)
}
