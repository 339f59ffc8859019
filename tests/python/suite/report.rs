//! All modules of a variant together: totals, and which took long.

use std::fmt::Write as _;
use std::time::Duration;

use crate::executable::Variant;
use crate::module::Run;
use crate::outcome::Verdict;

/// How all modules ended.
pub struct Report {
    variant: Variant,
    /// By name.
    pub runs: Vec<Run>,
    elapsed: Duration,
}

impl Report {
    /// A report of these runs, which took so long together.
    pub fn new(variant: Variant, mut runs: Vec<Run>, elapsed: Duration) -> Report {
        runs.sort_by(|one, other| one.name.cmp(&other.name));
        Report { variant, runs, elapsed }
    }

    /// A line for each module, which took longest, and the totals.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for Run { name, outcome, .. } in &self.runs {
            let _ = writeln!(text, "{name} {outcome}");
        }
        let mut longest: Vec<_> = self.runs.iter().collect();
        longest.sort_by_key(|run| std::cmp::Reverse(run.elapsed));
        let longest = longest.iter().take(24).map(|run| format!("{} {:.1} s", run.name, run.elapsed.as_secs_f64()));
        let longest: Vec<_> = longest.collect();
        let (variant, seconds) = (self.variant.name(), self.elapsed.as_secs_f64());
        let _ = writeln!(text, "{variant}: {seconds:.0} s; the longest: {}", longest.join(", "));
        text + &self.table()
    }

    /// The totals as a Markdown table.
    pub fn table(&self) -> String {
        let (mut passed, mut skipped, mut failed, mut failures) = (0, 0, 0, 0);
        for run in &self.runs {
            match &run.outcome.verdict {
                Verdict::Passed => passed += 1,
                Verdict::Skipped(_) => skipped += 1,
                Verdict::Failed(tests) => {
                    failed += 1;
                    failures += tests.len();
                }
                Verdict::Died(_) => failed += 1,
            }
        }
        let tests: u32 = self.runs.iter().map(|run| run.outcome.tests).sum();
        let tests_skipped: u32 = self.runs.iter().map(|run| run.outcome.skipped).sum();
        let modules = self.runs.len();
        format!(
            "| Modules | Passed | Skipped themselves | Failed | Tests | Of these skipped | Of these failed |\n\
             |---:|---:|---:|---:|---:|---:|---:|\n\
             | {modules} | {passed} | {skipped} | {failed} | {tests} | {tests_skipped} | {failures} |\n"
        )
    }
}
