//! One run of a process: time, peak memory, output.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// A process that has ended.
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

/// Runs a command, which has to end with 0. It has no input, and says its errors to whoever looks at this process.
///
/// # Errors
/// If it cannot be run, ends otherwise, or prints no text.
pub fn run(command: &mut Command) -> Result<Run, String> {
    let (run, status) = observe(command.stderr(Stdio::inherit()))?;
    if !status.success() {
        return Err(format!("{} {}", command.get_program().display(), failed(status, &run.output)));
    }
    Ok(run)
}

/// How a process failed that printed `output`, in words.
fn failed(status: ExitStatus, output: &str) -> String {
    let ended = match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with status {code}"),
        (None, signal) => format!("was ended by signal {}", signal.unwrap_or_default()),
    };
    match output.lines().last() {
        Some(line) => format!("{ended}; the last line that it printed is {line:?}"),
        None => format!("{ended} and printed nothing"),
    }
}

/// Runs a command without input, and tells how it ended.
///
/// # Errors
/// If it cannot be run, or prints no text.
pub fn observe(command: &mut Command) -> Result<(Run, ExitStatus), String> {
    let program = command.get_program().to_owned();
    let fail = |what: String| format!("{program:?} {what}");
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let started = SystemTime::now();
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| fail(format!("cannot be run: {error}")))?;
    let mut output = Vec::new();
    let read = child.stdout.take().expect("it was asked for").read_to_end(&mut output);
    let (status, usage) = wait(child.id());
    let wall = start.elapsed();
    read.map_err(|error| fail(format!("cannot be listened to: {error}")))?;
    let output = String::from_utf8(output).map_err(|_| fail("printed no text".to_owned()))?;
    let duration = |time: libc::timeval| Duration::from_micros((time.tv_sec * 1_000_000 + time.tv_usec).unsigned_abs());
    let run = Run {
        started,
        wall,
        processor: duration(usage.ru_utime) + duration(usage.ru_stime),
        // In KiB, on Linux.
        peak_bytes: usage.ru_maxrss.unsigned_abs() * 1024,
        page_faults: (usage.ru_minflt + usage.ru_majflt) as f64,
        output,
    };
    Ok((run, status))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_process_is_observed() {
        let run =
            run(&mut shell("echo hello; cat; i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done")).expect("it runs");
        assert_eq!(run.output, "hello\n");
        assert!(run.processor > Duration::ZERO, "{run:?}");
        // On several processors it could be more, but a shell has one thread.
        assert!(run.wall + Duration::from_millis(20) > run.processor, "{run:?}");
        assert!(run.peak_bytes > 100_000 && run.page_faults > 10.0, "{run:?}");
    }

    #[test]
    fn failures_are_told() {
        let failure = run(&mut shell("echo before; exit 3")).expect_err("it ends with 3");
        assert_eq!(failure, "/bin/sh ended with status 3; the last line that it printed is \"before\"");
        let failure = run(&mut shell("kill -9 $$")).expect_err("it does not end by itself");
        assert_eq!(failure, "/bin/sh was ended by signal 9 and printed nothing");
        let (run, status) = observe(&mut shell("echo before; exit 3")).expect("it runs");
        assert_eq!((run.output.as_str(), status.code()), ("before\n", Some(3)));
        assert!(observe(&mut Command::new("/nowhere")).expect_err("there is none").contains("cannot be run"));
        assert!(observe(&mut shell("printf '\\377'")).expect_err("no text").contains("printed no text"));
    }
}
