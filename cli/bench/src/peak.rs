//! The most memory that a process had at one time, of that process alone.
//!
//! What `wait4` says about a child begins with what the parent's memory was, which hides processes that are smaller than
//! this benchmark. So the process is traced, stopped when it is about to end, and the kernel asked about its memory then.

use std::ffi::c_void;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::ptr::null_mut;

use crate::Samples;

/// How many processes are looked at: their memory hardly varies.
const RUNS: usize = 7;

/// What was seen of several processes of one command.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The most memory that each of them had, in bytes.
    pub peaks: Samples,
    /// The file of the program that they began as: of a script, its interpreter.
    pub began_as: Option<PathBuf>,
    /// The file of the program that they ended as: another, where a script became the program that it had looked for.
    pub ended_as: Option<PathBuf>,
}

/// Bytes of several processes of one command, which have to end with 0.
///
/// # Errors
/// If they cannot be run or traced, or end otherwise.
pub fn samples(command: impl Fn() -> Command) -> Result<Samples, String> {
    look(command).map(|seen| seen.peaks)
}

/// Looks at several processes of one command, which have to end with 0.
///
/// # Errors
/// As [`samples`].
pub fn look(command: impl Fn() -> Command) -> Result<Seen, String> {
    let mut seen = Seen::default();
    for _ in 0..RUNS {
        let process = trace(&mut command())?;
        seen.peaks.push(process.peak_bytes as f64);
        (seen.began_as, seen.ended_as) = (process.began_as, process.ended_as);
    }
    Ok(seen)
}

/// A process that was traced to its end.
struct Traced {
    peak_bytes: u64,
    began_as: Option<PathBuf>,
    ended_as: Option<PathBuf>,
}

fn trace(command: &mut Command) -> Result<Traced, String> {
    let program = command.get_program().to_owned();
    let fail = |what: &dyn std::fmt::Display| format!("the memory of {program:?} cannot be measured: {what}");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    // SAFETY: a single system call, between fork and exec.
    unsafe {
        command.pre_exec(|| match libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        });
    }
    let child = command.spawn().map_err(|error| fail(&error))?;
    let process = libc::pid_t::try_from(child.id()).expect("it was a process number before it was unsigned");
    let options = libc::PTRACE_O_TRACEEXIT | libc::PTRACE_O_TRACEEXEC | libc::PTRACE_O_EXITKILL;
    let file = || fs::read_link(format!("/proc/{process}/exe")).ok();
    let mut prepared = false;
    let mut began_as = None;
    let mut end = None;
    loop {
        let status = wait(process).map_err(|error| fail(&error))?;
        if !libc::WIFSTOPPED(status) {
            return match end {
                Some((peak_bytes, ended_as)) if status == 0 => Ok(Traced { peak_bytes, began_as, ended_as }),
                _ => Err(fail(&format!("it ended with status {status:#x}"))),
            };
        }
        let mut signal = libc::WSTOPSIG(status);
        match status >> 16 {
            libc::PTRACE_EVENT_EXIT => {
                end = Some((peak_now(process).map_err(|error| fail(&error))?, file()));
                signal = 0;
            }
            libc::PTRACE_EVENT_EXEC => signal = 0,
            // The stop after its first exec.
            _ if !prepared => {
                prepared = true;
                began_as = file();
                signal = 0;
                ask(libc::PTRACE_SETOPTIONS.into(), process, options).map_err(|error| fail(&error))?;
            }
            _ => {}
        }
        ask(libc::PTRACE_CONT.into(), process, signal).map_err(|error| fail(&error))?;
    }
}

fn wait(process: libc::pid_t) -> io::Result<i32> {
    let mut status = 0;
    loop {
        // SAFETY: the pointer is to a value of the right type that outlives the call.
        if unsafe { libc::waitpid(process, &mut status, 0) } == process {
            return Ok(status);
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// A request without an address. Its type is another one in each C library.
fn ask(request: i64, process: libc::pid_t, data: i32) -> io::Result<()> {
    // SAFETY: neither of the two requests uses the memory of this process.
    match unsafe { libc::ptrace(request as _, process, null_mut::<c_void>(), libc::c_long::from(data)) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Of a process that is stopped. Kernels before 6.16 keep the peak by processor and may tell too little, but walk through
/// the pages for the other figure.
fn peak_now(process: libc::pid_t) -> Result<u64, String> {
    let figure = |file: &str, name: &str| {
        let path = format!("/proc/{process}/{file}");
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)).ok_or(format!("{path} has no {name}"))?;
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().map_err(|_| format!("{path}: {line}"))?;
        Ok::<u64, String>(kibibytes * 1024)
    };
    Ok(figure("status", "VmHWM:")?.max(figure("smaps_rollup", "Rss:")?))
}
