//! The record of how every module ends.
//!
//! A line for each module says how it ended; a line for each test that failed, indented, says why. So does a line for each
//! test that is left out, because it would take others with it: `left out TEST: REASON`, written by hand. A module that is
//! left out as a whole has such a line for itself: `MODULE left out: REASON`. Lines that begin with `#` are for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use adder_tests::workspace;

use crate::executable::Variant;
use crate::module::Run;
use crate::outcome::Verdict;
use crate::report::Report;

/// What is recorded of a module.
#[derive(Debug, Default, PartialEq, Eq)]
struct Record {
    /// How it ended, as [`crate::outcome::Outcome`] is displayed.
    end: String,
    /// The tests that fail, and why.
    failures: BTreeMap<String, String>,
    /// The tests that are not run, and why. Names may have the wildcards of the shell.
    left_out: BTreeMap<String, String>,
}

/// What the end of a module that is not run begins with; the reason follows.
const MODULE_LEFT_OUT: &str = "left out: ";

/// What a line of a test that is not run begins with.
const TEST_LEFT_OUT: &str = "left out ";

/// All that is recorded of a variant.
pub struct Records(BTreeMap<String, Record>);

impl Records {
    /// What is recorded in this file; nothing if there is none.
    pub fn of(recorded: &Path) -> Records {
        read(&std::fs::read_to_string(recorded).unwrap_or_default())
    }

    /// Whether a module is not to be run.
    pub fn leaves_out(&self, module: &str) -> bool {
        self.0.get(module).is_some_and(|record| record.end.starts_with(MODULE_LEFT_OUT))
    }

    /// The tests of a module that are not to be run.
    pub fn left_out_of(&self, module: &str) -> Vec<String> {
        self.0.get(module).map(|record| record.left_out.keys().cloned().collect()).unwrap_or_default()
    }
}

/// The file in which a variant's ends are recorded.
pub fn path(variant: Variant) -> PathBuf {
    workspace::root().join(format!("tests/python/suite/expected-{}.txt", variant.name()))
}

/// What of a report is not as it is recorded, a text for each module; nothing if all is. A `complete` report has all
/// modules there are.
pub fn deviations(recorded: &Path, report: &Report, complete: bool) -> Vec<String> {
    let records = Records::of(recorded);
    let mut deviations: Vec<_> = report.runs.iter().filter_map(|run| deviation(&records, run)).collect();
    if complete {
        let names = records.0.keys().filter(|name| !records.leaves_out(name));
        let gone = names.filter(|name| report.runs.iter().all(|run| run.name != **name));
        deviations.extend(gone.map(|name| format!("{name} is recorded and did not run")));
    }
    deviations
}

fn deviation(records: &Records, run: &Run) -> Option<String> {
    let name = &run.name;
    let Some(record) = records.0.get(name) else {
        return Some(format!("{name} {}\n    (nothing is recorded)\n{}", run.outcome, run.excerpt()));
    };
    let end = run.outcome.to_string();
    let nothing = Default::default();
    let failed = if let Verdict::Failed(tests) = &run.outcome.verdict { tests } else { &nothing };
    if end == record.end && failed.iter().eq(record.failures.keys()) {
        let mut all = record.failures.iter().chain(&record.left_out);
        let silent = all.find(|(_, reason)| reason.is_empty());
        return silent.map(|(test, _)| format!("{name}: the record does not say why {test} fails"));
    }
    let mut text = format!("{name} {end}\n    (recorded: {})\n", record.end);
    for test in failed.iter().filter(|test| !record.failures.contains_key(*test)) {
        let _ = writeln!(text, "    fails: {test}");
    }
    for test in record.failures.keys().filter(|test| !failed.contains(*test)) {
        let _ = writeln!(text, "    does not fail any more: {test}");
    }
    text.push_str(&run.excerpt());
    Some(text)
}

/// Records a report, with the reasons that the record has already.
///
/// # Panics
/// If the report is not of all modules, or a process died: there is no reason to expect that.
pub fn bless(recorded: &Path, report: &Report, complete: bool) {
    assert!(complete, "only all modules together can be recorded: ADDER_BLESS=1 without ADDER_SUITE");
    let earlier = Records::of(recorded);
    let mut text =
        String::from("# How the modules of CPython's test suite end. ADDER_BLESS=1 writes all but the reasons.\n#\n");
    for line in report.table().lines() {
        let _ = writeln!(text, "# {line}");
    }
    let mut lines = BTreeMap::new();
    for (name, record) in earlier.0.iter().filter(|(name, _)| earlier.leaves_out(name)) {
        lines.insert(name, format!("{name} {}\n", record.end));
    }
    for Run { name, outcome, .. } in &report.runs {
        assert!(!matches!(outcome.verdict, Verdict::Died(_)), "{name} {outcome}");
        let mut line = format!("{name} {outcome}\n");
        let earlier = earlier.0.get(name);
        for (test, reason) in earlier.iter().flat_map(|record| &record.left_out) {
            let _ = writeln!(line, "    {TEST_LEFT_OUT}{test}: {reason}");
        }
        if let Verdict::Failed(tests) = &outcome.verdict {
            for test in tests {
                let reason = earlier.and_then(|record| record.failures.get(test));
                let _ = writeln!(line, "    {test}: {}", reason.map_or("", String::as_str));
            }
        }
        lines.insert(name, line);
    }
    text.extend(lines.into_values());
    std::fs::write(recorded, text).expect("the repository is writable");
}

fn read(text: &str) -> Records {
    let mut records = BTreeMap::<String, Record>::new();
    let mut last = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(failure) = line.strip_prefix("    ") {
            let (test, reason) = failure.split_once(':').unwrap_or((failure, ""));
            let record = records.entry(last.clone()).or_default();
            let (tests, test) = match test.strip_prefix(TEST_LEFT_OUT) {
                Some(test) => (&mut record.left_out, test),
                None => (&mut record.failures, test),
            };
            tests.insert(test.to_owned(), reason.trim().to_owned());
        } else if let Some((name, end)) = line.split_once(' ') {
            name.clone_into(&mut last);
            records.entry(last.clone()).or_default().end = end.to_owned();
        }
    }
    Records(records)
}

#[test]
fn any_difference_is_a_deviation() {
    use crate::outcome::Outcome;
    let records = read(
        "# a comment\ntest_a passes: 3 tests, 1 skipped\ntest_b fails: 2 tests\n    B.one: because\n    B.two:\n\
         test_c fails: 2 tests\n    C.one: so\n",
    );
    let found = |name: &str, verdict: Verdict, tests, skipped| {
        let outcome = Outcome { verdict, tests, skipped };
        deviation(&records, &Run { name: name.to_owned(), outcome, elapsed: Default::default(), log: PathBuf::new() })
    };
    let failed = |tests: &[&str]| Verdict::Failed(tests.iter().map(|&test| test.to_owned()).collect());
    assert_eq!(found("test_a", Verdict::Passed, 3, 1), None);
    assert_eq!(found("test_c", failed(&["C.one"]), 2, 0), None);
    for (name, verdict, tests, skipped, part) in [
        ("test_a", Verdict::Passed, 4, 1, "recorded: passes: 3 tests, 1 skipped"),
        ("test_a", Verdict::Passed, 3, 2, "passes: 3 tests, 2 skipped"),
        ("test_a", Verdict::Skipped("why".to_owned()), 0, 0, "skips itself: why"),
        ("test_a", Verdict::Died("trapped".to_owned()), 3, 1, "trapped"),
        ("test_a", failed(&["A.x"]), 3, 1, "fails: A.x"),
        ("test_b", failed(&["B.one", "B.two"]), 2, 0, "does not say why B.two fails"),
        ("test_b", failed(&["B.one"]), 2, 0, "does not fail any more: B.two"),
        ("test_c", failed(&["C.two"]), 2, 0, "fails: C.two"),
        ("test_c", Verdict::Passed, 2, 0, "does not fail any more: C.one"),
        ("test_d", Verdict::Passed, 2, 0, "nothing is recorded"),
    ] {
        let text = found(name, verdict, tests, skipped).unwrap_or_default();
        assert!(text.contains(part), "{name}: {text}");
    }
}

#[test]
fn what_is_left_out_is_not_run_and_stays_recorded() {
    use crate::executable::Variant;
    use crate::outcome::Outcome;
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let recorded = folder.path().join("record");
    let text =
        "test_a left out: no such thing\ntest_b fails: 2 tests\n    left out B.one: it hangs\n    B.two: because\n";
    std::fs::write(&recorded, text).expect("the folder is writable");
    let records = Records::of(&recorded);
    assert!(records.leaves_out("test_a") && !records.leaves_out("test_b") && !records.leaves_out("test_c"));
    assert_eq!(records.left_out_of("test_b"), ["B.one"]);
    assert!(records.left_out_of("test_c").is_empty());

    let outcome = Outcome { verdict: Verdict::Failed(["B.two".to_owned()].into()), tests: 2, skipped: 0 };
    let run = Run { name: "test_b".to_owned(), outcome, elapsed: Default::default(), log: PathBuf::new() };
    let report = Report::new(Variant::Confined, vec![run], Default::default());
    assert!(deviations(&recorded, &report, true).is_empty());
    bless(&recorded, &report, true);
    let blessed = std::fs::read_to_string(&recorded).expect("it was just written");
    assert!(blessed.ends_with(text), "{blessed}");
}
