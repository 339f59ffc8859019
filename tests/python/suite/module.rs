//! One module of the test suite, run by a process of its own in a folder of its own, for a limited time.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use adder_compiler::host;
use adder_tests::target;

use crate::executable::{self, Variant};
use crate::outcome::{Outcome, Verdict};

/// Ten times what the longest module takes.
const LIMIT: Duration = Duration::from_secs(180);

/// How many times as long an emulator may take.
const EMULATED: u32 = 10;

/// What is kept of a module's run.
pub struct Run {
    /// The module.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took.
    pub elapsed: Duration,
    /// What it printed.
    pub log: PathBuf,
}

/// Runs a module without these of its tests.
pub fn run(variant: Variant, executable: &Path, name: &str, left_out: &[String]) -> Run {
    let fresh = tempfile::tempdir().expect("the temporary folder is writable");
    let logs = executable::folder().join("logs").join(variant.name());
    fs::create_dir_all(&logs).expect("the target folder is writable");
    let log = logs.join(format!("{name}.txt"));
    let output = File::create(&log).expect("the target folder is writable");
    let errors = output.try_clone().expect("a descriptor can be had");
    let mut command = executable::command(variant, executable, fresh.path());
    command.args(["-m", "test", "-v"]).stdout(output).stderr(errors);
    for test in left_out {
        command.args(["--ignore", test]);
    }
    command.arg(name);
    let start = Instant::now();
    let child = command.spawn().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    let limit = if target::architecture() == host() { LIMIT } else { LIMIT * EMULATED };
    let status = wait(child, limit);
    let elapsed = start.elapsed();
    let printed = fs::read(&log).expect("it was just written");
    let printed = String::from_utf8_lossy(&printed);
    let outcome = match status {
        None => Outcome::died(format!("did not end within {limit:?}")),
        Some(status) => match (status.code(), status.signal()) {
            (Some(code), _) => Outcome::read(name, code, &printed),
            (None, signal) => Outcome::died(format!("was ended by signal {}", signal.unwrap_or_default())),
        },
    };
    Run { name: name.to_owned(), outcome, elapsed, log }
}

/// Waits for a process; `None` if it took longer than `limit` and had to be ended.
fn wait(mut child: Child, limit: Duration) -> Option<ExitStatus> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait().expect("the child is ours to wait for") {
            return Some(status);
        }
        if start.elapsed() > limit {
            child.kill().expect("the child is ours to end");
            child.wait().expect("the child is ours to wait for");
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

impl Run {
    /// What a person wants to see of a failure: the end of what it printed.
    pub fn excerpt(&self) -> String {
        const LINES: usize = 40;
        let printed = fs::read(&self.log).unwrap_or_default();
        let printed = String::from_utf8_lossy(&printed);
        let lines: Vec<_> = printed.lines().filter(|line| !line.is_empty()).collect();
        let failed = matches!(self.outcome.verdict, Verdict::Failed(_) | Verdict::Died(_));
        let last = if failed { &lines[lines.len().saturating_sub(LINES)..] } else { &[] };
        let excerpt: String = last.iter().map(|line| format!("    | {line}\n")).collect();
        format!("{excerpt}    all of it: {}", self.log.display())
    }
}

#[test]
fn what_does_not_end_is_ended() {
    let start = |seconds: &str| std::process::Command::new("sleep").arg(seconds).spawn().expect("there is a sleep");
    assert_eq!(wait(start("600"), Duration::from_millis(50)), None);
    assert!(wait(start("0"), LIMIT).is_some_and(|status| status.success()));
}
