//! Counts verdicts, prints what needs attention, and keeps the recorded totals.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::features;
use crate::run::Verdict;

/// How the steps of a script (or a folder of them) ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// As the script says.
    pub passed: usize,
    /// How many of `passed` the parser of the text format decided.
    pub passed_as_text: usize,
    /// Otherwise.
    pub failed: usize,
    /// Not tried.
    pub skipped: usize,
}

impl Totals {
    fn count(verdicts: impl Iterator<Item = Verdict>) -> Totals {
        let mut totals = Totals::default();
        for verdict in verdicts {
            match verdict {
                Verdict::Passed => totals.passed += 1,
                Verdict::PassedAsText => {
                    totals.passed += 1;
                    totals.passed_as_text += 1;
                }
                Verdict::Failed(_) => totals.failed += 1,
                Verdict::Skipped(_) => totals.skipped += 1,
            }
        }
        totals
    }

    fn add(&mut self, other: Totals) {
        self.passed += other.passed;
        self.passed_as_text += other.passed_as_text;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The verdicts of one script.
pub struct FileReport {
    /// Its folder.
    pub folder: &'static str,
    /// Its name.
    pub name: String,
    /// Line and verdict of each step.
    pub verdicts: Vec<(usize, Verdict)>,
}

/// All scripts under one memory plan.
pub struct Report {
    /// Sorted by folder and name.
    pub files: Vec<FileReport>,
}

impl Report {
    /// A line for each file, the reasons of its skips, its failures; then the totals of each folder.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for file in &self.files {
            let totals = Totals::count(file.verdicts.iter().map(|(_, verdict)| verdict.clone()));
            let Totals { passed, failed, skipped, .. } = totals;
            let path = format!("{}/{}", file.folder, file.name);
            let _ = writeln!(text, "{path}: {passed} passed, {failed} failed, {skipped} skipped");
            let mut reasons: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (line, verdict) in &file.verdicts {
                match verdict {
                    Verdict::Failed(message) => _ = writeln!(text, "  FAILED {path}:{line}: {message}"),
                    Verdict::Skipped(reason) => reasons.entry(reason).or_default().push(*line),
                    Verdict::Passed | Verdict::PassedAsText => {}
                }
            }
            for (reason, lines) in reasons {
                let _ = writeln!(text, "  skipped {}: {reason} (line {} and on)", lines.len(), lines[0]);
            }
        }
        for (folder, reason) in features::FOLDERS_SKIPPED {
            let _ = writeln!(text, "{folder}: not run: {reason}");
        }
        text.push_str(&self.table());
        text
    }

    /// The totals of each folder as a Markdown table.
    pub fn table(&self) -> String {
        let mut table = String::from(
            "| Scripts | Files | Passed | of these refused by the text parser | Failed | Skipped |\n\
             |---|---:|---:|---:|---:|---:|\n",
        );
        let mut sum = Totals::default();
        let mut row = |name: &str, files: usize, totals: Totals| {
            let Totals { passed, passed_as_text, failed, skipped } = totals;
            let _ = writeln!(table, "| {name} | {files} | {passed} | {passed_as_text} | {failed} | {skipped} |");
        };
        for folder in features::FOLDERS {
            let files: Vec<_> = self.files.iter().filter(|file| file.folder == folder.name).collect();
            if files.is_empty() {
                continue;
            }
            let verdicts = files.iter().flat_map(|file| file.verdicts.iter().map(|(_, verdict)| verdict.clone()));
            let totals = Totals::count(verdicts);
            sum.add(totals);
            row(folder.name, files.len(), totals);
        }
        row("all", self.files.len(), sum);
        table
    }

    /// How many steps failed.
    pub fn failures(&self) -> usize {
        let failed = |(_, verdict): &&(usize, Verdict)| matches!(verdict, Verdict::Failed(_));
        self.files.iter().map(|file| file.verdicts.iter().filter(failed).count()).sum()
    }
}

/// The file in which the totals of a memory plan are recorded.
pub fn recorded_path(plan: &str) -> PathBuf {
    adder_tests::workspace::root().join(format!("tests/spec/totals-{plan}.md"))
}
