//! What a debugger sees of a process. Needs gdb.

use std::path::Path;
use std::process::{Command, Stdio};

/// The functions on the stack of a program when it makes a system call for the `occurrence`th time, innermost first, as gdb names
/// them; and what gdb says if it does not find the way to the end.
///
/// # Panics
/// If gdb is not there, or the program does not come to the call.
pub fn backtrace(program: &Path, system_call: i64, occurrence: usize) -> Vec<String> {
    let mut command = Command::new("gdb");
    command.args(["-nx", "-batch", "-ex", "set debuginfod enabled off", "-ex", "set width 0"]);
    command.args(["-ex", &format!("catch syscall {system_call}"), "-ex", "run"]);
    // A call is caught when it is made and when it returns.
    for _ in 1..occurrence {
        command.args(["-ex", "continue", "-ex", "continue"]);
    }
    command.args(["-ex", "bt", "-ex", "kill"]).arg(program).stdin(Stdio::null());
    let output = command.output().unwrap_or_else(|error| panic!("cannot run gdb: {error}\nhint: apt install gdb"));
    let printed = String::from_utf8_lossy(&output.stdout);
    let function = |line: &str| {
        let name = line.split_once(" in ").map_or(line, |(_, name)| name);
        // A frame that is said to be that of a signal has no address.
        name.trim_start_matches(|character: char| character == '#' || character.is_ascii_digit()).trim().to_owned()
    };
    let frames = printed.lines().filter(|line| line.starts_with('#') || line.starts_with("Backtrace stopped"));
    let frames: Vec<String> = frames.map(function).collect();
    assert!(!frames.is_empty(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    frames
}
