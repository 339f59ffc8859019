//! How often processes call the kernel, counted by strace.

use std::fs;
use std::process::Command;

use adder_bench::Table;
use tempfile::TempDir;

use crate::report::Report;
use crate::tools::{self, finish};

/// The last thing that the runtime does before a restored guest goes on: it lets the signals of traps through.
const LAST_OF_RESTORE: &str = "rt_sigprocmask(";

/// Kinds of calls that the table names.
const NAMED: usize = 6;

/// A process to count.
#[derive(Debug)]
pub struct Subject {
    pub name: String,
    pub command: Command,
    /// Whether it goes on from a checkpoint.
    pub restored: bool,
}

/// Adds the table of all of them.
pub fn compare(subjects: &[Subject], report: &mut Report) -> Result<(), String> {
    let Some(strace) = tools::find("strace") else {
        report.note("System calls are not counted: there is no strace.".to_owned());
        return Ok(());
    };
    eprintln!("counting system calls");
    let folder = tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))?;
    let under = |options: &[&str], subject: &Subject| traced(&folder, Command::new(&strace).args(options), subject);
    let mut table = Table::new(
        "System calls of a process (strace -c -f)".to_owned(),
        &["", "all", "before the guest goes on", "the most frequent"],
    );
    for subject in subjects {
        let (all, named) = summary(&under(&["-c", "-U", "calls,name", "-f"], subject)?)?;
        let mut before = "-".to_owned();
        if subject.restored {
            let count = before_guest(&under(&["-f"], subject)?)?;
            before = count.to_string();
            report.target("system calls before the first guest instruction after restore", 12.0, count as f64, 0);
        }
        table.row([subject.name.clone(), all.to_string(), before, named]);
    }
    report.push(table);
    Ok(())
}

/// What strace writes about a process.
fn traced(folder: &TempDir, strace: &mut Command, subject: &Subject) -> Result<String, String> {
    let output = folder.path().join("calls");
    strace.arg("-o").arg(&output);
    tools::under(strace, &subject.command);
    finish(strace)?;
    fs::read_to_string(&output).map_err(|error| format!("{}: {error}", output.display()))
}

/// The sum of a summary, and the most frequent calls in words.
fn summary(text: &str) -> Result<(u64, String), String> {
    let mut counts: Vec<(u64, &str)> = text
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?.parse().ok()?, words.next()?))
        })
        .collect();
    let total =
        counts.iter().position(|(_, name)| *name == "total").ok_or(format!("strace counts nothing:\n{text}"))?;
    let (total, _) = counts.swap_remove(total);
    counts.sort_by(|(one, name), (other, other_name)| other.cmp(one).then(name.cmp(other_name)));
    let named: Vec<String> = counts.iter().take(NAMED).map(|(count, name)| format!("{name} {count}")).collect();
    Ok((total, named.join(", ")))
}

/// The calls after the `execve` that started the process, up to and with the last one of restoring.
fn before_guest(text: &str) -> Result<usize, String> {
    text.lines()
        .position(|line| line.contains(LAST_OF_RESTORE))
        .ok_or(format!("no {LAST_OF_RESTORE}...) among the system calls:\n{text}"))
}
