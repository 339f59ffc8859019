//! One run of a process: time, peak memory, output.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// A process that ended well.
#[derive(Debug)]
pub struct Run {
    /// When it was started.
    pub started: SystemTime,
    /// From before it was started until it was gone.
    pub wall: Duration,
    /// Time on a processor, its own and the kernel's for it: not longer when the machine is busy.
    pub processor: Duration,
    /// Most memory that it had at one time. Never less than what this benchmark's own process has, a few MB: that is
    /// how Linux accounts for a process that is started by `vfork`. `peak.rs` measures small processes.
    pub peak_bytes: u64,
    /// Pages that it used for the first time, each of which the kernel was called for.
    pub page_faults: f64,
    /// What it printed.
    pub output: String,
}

/// Runs a command, which has to end with 0.
pub fn run(command: &mut Command) -> Result<Run, String> {
    let program = command.get_program().to_owned();
    let fail = |what: String| format!("{program:?} {what}");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let started = SystemTime::now();
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| fail(format!("cannot be run: {error}")))?;
    let mut output = String::new();
    child
        .stdout
        .take()
        .expect("it was asked for")
        .read_to_string(&mut output)
        .map_err(|error| fail(format!("printed no text: {error}")))?;
    let (status, usage) = wait(child.id());
    let wall = start.elapsed();
    if !status.success() {
        return Err(fail(format!("ended with {status} after printing {output:?}")));
    }
    let duration = |time: libc::timeval| Duration::from_micros((time.tv_sec * 1_000_000 + time.tv_usec).unsigned_abs());
    Ok(Run {
        started,
        wall,
        processor: duration(usage.ru_utime) + duration(usage.ru_stime),
        // In KiB, on Linux.
        peak_bytes: usage.ru_maxrss.unsigned_abs() * 1024,
        page_faults: (usage.ru_minflt + usage.ru_majflt) as f64,
        output,
    })
}

/// Waits for a child that nobody has waited for yet.
fn wait(identifier: u32) -> (ExitStatus, libc::rusage) {
    let identifier = libc::pid_t::try_from(identifier).expect("it was a process number before it was unsigned");
    let mut status = 0;
    // SAFETY: all-zero is a value of this structure of numbers.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    loop {
        // SAFETY: both pointers are to values of the right types that outlive the call.
        let waited = unsafe { libc::wait4(identifier, &mut status, 0, &mut usage) };
        if waited == identifier {
            return (ExitStatus::from_raw(status), usage);
        }
        let error = std::io::Error::last_os_error();
        assert_eq!(error.kind(), std::io::ErrorKind::Interrupted, "the child is ours to wait for: {error}");
    }
}
