//! Watches a build: times its phases, and draws a bar on a terminal when a compile takes long.

use adder_compiler::{Observer, Phase};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Write;
use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A compile that is over sooner shows no bar.
const BAR_AFTER: Duration = Duration::from_millis(500);

/// How often the time is drawn of a phase that has no measure.
const TICK: Duration = Duration::from_millis(200);

/// The clock and the bar of a build. The phases are those of the compiler, then `bytecode`, `link` and
/// `checkpoint`, as far as there are any.
pub struct Progress {
    state: Mutex<State>,
    terminal: bool,
}

struct State {
    /// Phases that have begun, and when.
    phases: Vec<(&'static str, Instant)>,
    finished: Option<Instant>,
    /// What is drawn at the moment.
    bar: Option<ProgressBar>,
    /// Whether there was a bar: then whoever waits is told of the phases behind it too.
    is_long: bool,
}

impl Progress {
    /// Starts the clock.
    pub fn start() -> Progress {
        let state = State { phases: Vec::new(), finished: None, bar: None, is_long: false };
        Progress { state: Mutex::new(state), terminal: stderr().is_terminal() }
    }

    /// A panic in another thread does not make times wrong.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The phase with this name begins.
    pub fn begin(&self, name: &'static str) {
        let mut state = self.state();
        state.remove_bar();
        state.phases.push((name, Instant::now()));
        if state.is_long {
            state.bar = unmeasured(name);
        }
    }

    /// The last phase is over. Nothing more is drawn.
    pub fn finish(&self) {
        let mut state = self.state();
        state.remove_bar();
        state.finished.get_or_insert_with(Instant::now);
    }

    /// The table of `--time`: a line for every phase with its time and what `sizes` says about it.
    pub fn table(&self, sizes: &[(&str, String)]) -> String {
        let state = self.state();
        let end = state.finished.unwrap_or_else(Instant::now);
        let mut table = String::new();
        let mut line = |name: &str, time: Duration, size: &str| {
            let milliseconds = time.as_secs_f64() * 1000.0;
            let text = format!("{name:<10}{milliseconds:>10.1} ms  {size}");
            writeln!(table, "{}", text.trim_end()).expect("a String takes everything");
        };
        for (index, (name, begin)) in state.phases.iter().enumerate() {
            let next = state.phases.get(index + 1).map_or(end, |(_, begin)| *begin);
            let size = sizes.iter().find(|(phase, _)| phase == name).map_or("", |(_, size)| size);
            line(name, next.duration_since(*begin), size);
        }
        if let Some((_, first)) = state.phases.first() {
            line("total", end.duration_since(*first), "");
        }
        table
    }
}

impl State {
    fn remove_bar(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.state().remove_bar();
    }
}

impl Observer for Progress {
    fn phase(&self, phase: Phase) {
        self.begin(match phase {
            Phase::Parse => "parse",
            Phase::Analyze => "analyze",
            Phase::Compile => "compile",
            Phase::Emit => "emit",
        });
    }

    fn progress(&self, done_bytes: u64, total_bytes: u64) {
        if !self.terminal {
            return;
        }
        let mut state = self.state();
        let Some(&("compile", begin)) = state.phases.last() else { return };
        if state.bar.is_none() {
            if begin.elapsed() < BAR_AFTER {
                return;
            }
            let bar = ProgressBar::with_draw_target(Some(total_bytes), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template(
                "compiling [{bar:40}] {percent}% of {total_bytes} of wasm code, {eta} left",
            );
            bar.set_style(style.expect("the template is a constant").progress_chars("=> "));
            state.bar = Some(bar);
            state.is_long = true;
        }
        if let Some(bar) = &state.bar {
            // Threads report in any order.
            bar.set_position(done_bytes.max(bar.position()));
            if done_bytes == total_bytes {
                // Draws it once more, however short ago it was drawn.
                bar.abandon();
            }
        }
    }
}

/// What is drawn during a phase behind the compile, which does not know how much of it is left: its name and its time.
fn unmeasured(name: &str) -> Option<ProgressBar> {
    let what = match name {
        "emit" => "writing the object file",
        "bytecode" => "compiling Python files",
        "link" => "linking",
        "checkpoint" => "running the program up to its checkpoint",
        _ => return None,
    };
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template("{msg}, {elapsed}").expect("the template is a constant"));
    bar.set_message(what);
    bar.tick();
    bar.enable_steady_tick(TICK);
    Some(bar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_phase_with_its_size() {
        let progress = Progress::start();
        progress.phase(Phase::Parse);
        progress.phase(Phase::Compile);
        progress.begin("link");
        progress.finish();
        let table = progress.table(&[("compile", "12 functions".to_owned())]);
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines.iter().map(|line| line[0]).collect::<Vec<_>>(), ["parse", "compile", "link", "total"]);
        assert_eq!(lines[1][2..], ["ms", "12", "functions"]);
    }
}
