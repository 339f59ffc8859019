//! How a module ended, as `python -m test -v MODULE` (`test.libregrtest`) prints it.

use std::collections::BTreeSet;
use std::fmt;

/// How a module ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub verdict: Verdict,
    /// How many tests `unittest` ran, skipped ones included.
    pub tests: u32,
    /// How many of them were skipped.
    pub skipped: u32,
}

/// Whether a module passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All its tests passed or were skipped.
    Passed,
    /// It skipped itself as a whole, for this reason.
    Skipped(String),
    /// These of its tests failed.
    Failed(BTreeSet<String>),
    /// The process did not get to its end.
    Died(String),
}

/// What stands for a test where a module failed outside of its tests.
const OUTSIDE: &str = "(outside of its tests)";

impl Outcome {
    /// A process that did not get to its end.
    pub fn died(how: String) -> Outcome {
        Outcome { verdict: Verdict::Died(how), tests: 0, skipped: 0 }
    }

    /// Reads what a process printed that ended with `code`.
    pub fn read(module: &str, code: i32, printed: &str) -> Outcome {
        let says = |line: &str| printed.lines().any(|printed| printed == line);
        let verdict = match code {
            0 if says("1 test OK.") => Verdict::Passed,
            // A module that left something behind in its process, which ends here.
            0 if ["", " (env changed)"]
                .iter()
                .any(|end| says(&format!("1 test altered the execution environment{end}:"))) =>
            {
                Verdict::Passed
            }
            0 if says("1 test skipped:") => Verdict::Skipped(reason_of_skip(module, printed)),
            4 if says("1 test skipped (resource denied):") => Verdict::Skipped(reason_of_skip(module, printed)),
            2 if says("1 test failed:") => Verdict::Failed(failures(printed)),
            code => Verdict::Died(format!("ended with {code} and without a result")),
        };
        let (tests, skipped) = count(printed);
        Outcome { verdict, tests, skipped }
    }
}

/// `test_x skipped -- because`
fn reason_of_skip(module: &str, printed: &str) -> String {
    let reason = printed.lines().find_map(|line| line.strip_prefix(module)?.strip_prefix(" skipped -- "));
    reason.unwrap_or("without a reason").to_owned()
}

/// The tests under the headings `ERROR: test_name (package.module.Class.test_name) (i=1)`; of several parts of a test
/// only the test.
fn failures(printed: &str) -> BTreeSet<String> {
    let headings = printed.lines().filter_map(|line| line.strip_prefix("FAIL: ").or(line.strip_prefix("ERROR: ")));
    let tests = headings.map(|heading| {
        let inside = heading.split_once(" (").and_then(|(_, rest)| rest.split_once(')'));
        inside.map_or(heading, |(test, _)| test).to_owned()
    });
    let tests: BTreeSet<_> = tests.collect();
    if tests.is_empty() { BTreeSet::from([OUTSIDE.to_owned()]) } else { tests }
}

/// Adds up `Ran 3 tests in 0.012s` and `OK (skipped=1, expected failures=1)` or `FAILED (errors=1, skipped=2)`. Modules
/// that run `unittest` several times print them several times.
fn count(printed: &str) -> (u32, u32) {
    let (mut tests, mut skipped) = (0, 0);
    for line in printed.lines() {
        if let Some((number, rest)) = line.strip_prefix("Ran ").and_then(|rest| rest.split_once(' '))
            && (rest.starts_with("tests in ") || rest.starts_with("test in "))
        {
            tests += number.parse().unwrap_or(0);
        }
        let details = line.strip_prefix("OK (").or(line.strip_prefix("FAILED ("));
        let details = details.and_then(|details| details.strip_suffix(')')).unwrap_or_default();
        let number = details.split(", ").find_map(|detail| detail.strip_prefix("skipped="));
        skipped += number.and_then(|number| number.parse().ok()).unwrap_or(0);
    }
    (tests, skipped)
}

impl fmt::Display for Outcome {
    /// As it is recorded, without the tests that failed.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Skipped(reason) => return write!(formatter, "skips itself: {reason}"),
            Verdict::Died(how) => return formatter.write_str(how),
            Verdict::Passed => write!(formatter, "passes")?,
            Verdict::Failed(_) => write!(formatter, "fails")?,
        }
        write!(formatter, ": {} tests", self.tests)?;
        if self.skipped != 0 {
            write!(formatter, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[test]
fn results_are_read() {
    let passed = "test_a (test.test_x.C.test_a) ... ok\n\nRan 3 tests in 0.1s\n\nOK (skipped=1, expected failures=1)\n\
                  Ran 1 test in 0.1s\n\nOK\nRan away\n\n1 test OK.\n";
    let outcome = Outcome::read("test_x", 0, passed);
    assert_eq!(outcome, Outcome { verdict: Verdict::Passed, tests: 4, skipped: 1 });
    assert_eq!(outcome.to_string(), "passes: 4 tests, 1 skipped");

    let skipped = "test_x skipped -- No module named '_x'\n\n1 test skipped:\n    test_x\n";
    let outcome = Outcome::read("test_x", 0, skipped);
    assert_eq!(outcome.verdict, Verdict::Skipped("No module named '_x'".to_owned()));
    let denied =
        "test_x skipped -- Use of the 'y' resource not enabled\n1 test skipped (resource denied):\n    test_x\n";
    let outcome = Outcome::read("test_x", 4, denied);
    assert_eq!(outcome.verdict, Verdict::Skipped("Use of the 'y' resource not enabled".to_owned()));
    let altered = "Ran 2 tests in 0.1s\n\nOK\n1 test altered the execution environment (env changed):\n    test_x:\n";
    let outcome = Outcome::read("test_x", 0, altered);
    assert_eq!(outcome, Outcome { verdict: Verdict::Passed, tests: 2, skipped: 0 });

    let failed = "ERROR: test_a (test.test_x.C.test_a) (i=1)\nFAIL: test_a (test.test_x.C.test_a) (i=2)\n\
                  ERROR: setUpClass (test.test_x.D)\nRan 2 tests in 1s\nFAILED (errors=3, skipped=1)\n1 test failed:\n";
    let outcome = Outcome::read("test_x", 2, failed);
    let tests = ["test.test_x.C.test_a", "test.test_x.D"].map(str::to_owned);
    assert_eq!(outcome, Outcome { verdict: Verdict::Failed(tests.into()), tests: 2, skipped: 1 });

    let outcome = Outcome::read("test_x", 2, "Traceback (most recent call last):\n1 test failed:\n    test_x\n");
    assert_eq!(outcome.verdict, Verdict::Failed([OUTSIDE.to_owned()].into()));
    for (code, printed) in [(0, ""), (134, "1 test OK.\n"), (2, "1 test OK.\n"), (0, "1 test failed:\n")] {
        assert!(matches!(Outcome::read("test_x", code, printed).verdict, Verdict::Died(_)), "{code} {printed}");
    }
}
