//! One page's commands, run by one shell, so that what a command exports or where it goes holds for the next ones.

use std::fmt::Write;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use adder_tests::workspace;

use crate::page::{Place, Step};

/// How long a page may take; the longest takes about a minute.
const PAGE: Duration = Duration::from_secs(600);

/// How a command ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Ending {
    /// Its exit status.
    pub status: i32,
    /// What it wrote to standard output and standard error.
    pub lines: Vec<String>,
}

/// Runs the steps of a page in order, up to the first one that fails. There is an ending for each command that has ended.
///
/// # Errors
/// If the shell cannot be run, or does not end in time.
pub fn run(steps: &[Step], scratch: &Path) -> Result<Vec<Ending>, String> {
    let explain = |error: std::io::Error| error.to_string();
    let page = scratch.join("page");
    let notes = scratch.join("notes");
    for folder in [&page, &notes, &scratch.join("bin")] {
        fs::create_dir(folder).map_err(explain)?;
    }
    std::os::unix::fs::symlink(workspace::adder(), scratch.join("bin/adder")).map_err(explain)?;
    fs::write(scratch.join("script"), script(steps, &notes)?).map_err(explain)?;
    let shell = shell(scratch, &page).spawn().map_err(explain)?;
    let in_time = wait(shell, PAGE);
    let mut endings = Vec::new();
    while let Ok(status) = fs::read_to_string(notes.join(format!("{}.status", endings.len()))) {
        let output = fs::read(notes.join(format!("{}.output", endings.len()))).map_err(explain)?;
        let lines = String::from_utf8_lossy(&output).lines().map(str::to_owned).collect();
        endings.push(Ending { status: status.trim().parse().unwrap_or(-1), lines });
    }
    in_time.map(|()| endings)
}

/// What the shell runs: files are written when their turn comes, commands leave their output and status in `notes`.
fn script(steps: &[Step], notes: &Path) -> Result<String, String> {
    let mut script = String::new();
    let mut commands = 0;
    for (index, step) in steps.iter().enumerate() {
        let stored = notes.join(format!("step-{index}"));
        let stored_text = quoted(&stored);
        let line = match step {
            Step::File { name, text, .. } => {
                fs::write(&stored, text).map_err(|error| error.to_string())?;
                let name = quoted(Path::new(name));
                format!("mkdir -p \"$(dirname {name})\"; cp {stored_text} {name}")
            }
            Step::Command(command) => {
                fs::write(&stored, &command.text).map_err(|error| error.to_string())?;
                let note = quoted(&notes.join(commands.to_string()));
                commands += 1;
                let root = quoted(workspace::root());
                let (enter, leave) = match command.place {
                    Place::Page => (String::new(), ""),
                    Place::Root => (format!("adder_page=$PWD; cd {root}; "), "; cd \"$adder_page\""),
                };
                // What comes out of a pipe is compared; where nothing is, every part of it has to succeed.
                let pipes = if command.output.is_some() { "set +o pipefail" } else { "set -o pipefail" };
                format!(
                    "{pipes}; {enter}eval \"$(cat {stored_text})\" >{note}.output 2>&1 </dev/null; adder_status=$?{leave}; \
                     echo $adder_status >{note}.status; [ $adder_status = 0 ] || exit"
                )
            }
        };
        writeln!(script, "{line}").expect("a String takes everything");
    }
    Ok(script)
}

/// A path as a word of the shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

/// A shell that has of the caller's environment what is not about programs that are run here.
fn shell(scratch: &Path, page: &Path) -> Command {
    let mut shell = Command::new("bash");
    shell.args(["--noprofile", "--norc"]).arg(scratch.join("script")).current_dir(page);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let is_ours = text.starts_with("ADDER_") && text != "ADDER_CACHE";
        let is_cargos =
            text.starts_with("CARGO_") && text != "CARGO_HOME" || text == "RUSTFLAGS" || text == "RUSTC_WRAPPER";
        if is_ours || is_cargos || ["PYTHON", "LC_", "LD_", "LISTEN_"].iter().any(|start| text.starts_with(start)) {
            shell.env_remove(&name);
        }
    }
    let path = std::env::var("PATH").unwrap_or_default();
    shell.env("PATH", format!("{}:{path}", scratch.join("bin").display()));
    // What a page builds is what this test was built with.
    shell.env("CARGO_TARGET_DIR", workspace::target_directory());
    shell.envs([("CARGO_TERM_COLOR", "never"), ("LANG", "C.UTF-8"), ("COLUMNS", "100")]);
    // Where Debian's Emscripten finds its modules, whatever node there is.
    shell.env("NODE_PATH", "/usr/share/nodejs");
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    shell
}

/// Waits for the shell; ends it and what it started if that takes too long.
fn wait(mut shell: Child, limit: Duration) -> Result<(), String> {
    let begun = Instant::now();
    loop {
        match shell.try_wait() {
            Err(error) => return Err(error.to_string()),
            Ok(Some(_)) => return Ok(()),
            Ok(None) if begun.elapsed() < limit => std::thread::sleep(Duration::from_millis(20)),
            Ok(None) => {
                let group = rustix::process::Pid::from_child(&shell);
                let ended = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
                let reaped = shell.wait();
                return Err(format!("not done after {} s ({ended:?}, {reaped:?})", limit.as_secs()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page;

    fn endings(text: &str) -> Vec<(i32, String)> {
        let scratch = tempfile::tempdir().expect("the temporary folder is writable");
        let steps = page::read(text, "").expect("the page is right");
        let endings = run(&steps, scratch.path()).expect("it ends");
        endings.into_iter().map(|ending| (ending.status, ending.lines.join("|"))).collect()
    }

    #[test]
    fn commands_share_a_shell_and_a_folder() {
        let page = "`a/b.txt`:\n```text file=a/b.txt\nin it\n```\n```sh\nexport X=1\ncd a\n```\n\
            ```console\n$ echo $X; cat b.txt; echo wrong >&2\n```\n";
        assert_eq!(endings(page), [(0, String::new()), (0, String::new()), (0, "1|in it|wrong".to_owned())]);
    }

    #[test]
    fn a_failure_is_the_end() {
        assert_eq!(endings("```sh\ntrue\nfalse | true\ntrue\n```\n"), [(0, String::new()), (1, String::new())]);
        assert_eq!(endings("```console root\n$ ls Cargo.toml\n```\n"), [(0, "Cargo.toml".to_owned())]);
    }
}
