//! What was compared, and what came out: the data behind all reports.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::machine::Machine;
use crate::{Mean, Samples};

/// Several subjects that did the same things in turns. The first one is what the others are measured by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// What is compared.
    pub title: String,
    /// Where and when.
    pub machine: Machine,
    /// How often everything was run.
    pub rounds: usize,
    /// Who did it; at least one.
    pub subjects: Vec<Subject>,
    /// How long it took; what the means are taken over.
    pub tests: Vec<Measurement>,
    /// What else was measured: starting, memory, sizes.
    pub figures: Vec<Measurement>,
    /// What a reader has to know: what was missing, what differs.
    pub notes: Vec<String>,
}

/// Something that was measured beside others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// What the reports call it.
    pub name: String,
    /// What it is: a path, a version, how it was made.
    pub what: String,
}

/// One thing that every subject did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// What they did.
    pub name: String,
    /// What the samples are.
    pub unit: Unit,
    /// Of each subject, in their order; `None` where one has no such figure.
    pub samples: Vec<Option<Samples>>,
}

/// What samples are. Less is better in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Time.
    Seconds,
    /// Memory, or size.
    Bytes,
}

impl Measurement {
    /// The ratios of one subject's samples to another's, if both have been measured in the same rounds.
    pub fn ratio(&self, of: usize, over: usize) -> Option<Samples> {
        let (of, over) = (self.samples.get(of)?.as_ref()?, self.samples.get(over)?.as_ref()?);
        (of.values().len() == over.values().len()).then(|| of.over(over))
    }
}

impl Comparison {
    /// Of those tests that both subjects have done.
    fn ratios(&self, of: usize, over: usize) -> Vec<Samples> {
        self.tests.iter().filter_map(|test| test.ratio(of, over)).collect()
    }

    /// The geometric mean of one subject's times over another's, and of how many tests that is.
    pub fn mean(&self, of: usize, over: usize) -> Option<(Mean, usize)> {
        let ratios = self.ratios(of, over);
        Some((Mean::geometric(&ratios)?, ratios.len()))
    }

    /// The comparison as JSON: all samples, and the means of every subject over every other.
    pub fn json(&self) -> String {
        let mut value = serde_json::to_value(self).expect("a structure of texts and numbers is JSON");
        let mut means = Vec::new();
        for (over, reference) in self.subjects.iter().enumerate() {
            for (of, subject) in self.subjects.iter().enumerate().filter(|(of, _)| *of != over) {
                if let Some((Mean { mean, least, most }, tests)) = self.mean(of, over) {
                    means.push(json!({
                        "of": subject.name, "over": reference.name, "tests": tests,
                        "mean": mean, "least": least, "most": most,
                    }));
                }
            }
        }
        value["geometric_means"] = Value::Array(means);
        let mut text = serde_json::to_string_pretty(&value).expect("a value is JSON");
        text.push('\n');
        text
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Two subjects; the second takes twice the time in one test, half of it in the other, and cannot do the third.
    pub(crate) fn example() -> Comparison {
        let samples = |values: &[f64]| Some(values.iter().copied().collect());
        let test = |name: &str, one, other| Measurement {
            name: name.to_owned(),
            unit: Unit::Seconds,
            samples: vec![one, other],
        };
        let subject = |name: &str, what: &str| Subject { name: name.to_owned(), what: what.to_owned() };
        Comparison {
            title: "an <example>".to_owned(),
            machine: Machine {
                model: "a processor".to_owned(),
                processors: 2,
                kernel: "6.1".to_owned(),
                load: 0.25,
                started: 0,
            },
            rounds: 2,
            subjects: vec![subject("native", "/bin/a"), subject("other & more", "/bin/b")],
            tests: vec![
                test("slower", samples(&[0.1, 0.2]), samples(&[0.2, 0.4])),
                test("faster", samples(&[0.1, 0.1]), samples(&[0.05, 0.05])),
                test("impossible", samples(&[0.1, 0.1]), None),
            ],
            figures: vec![Measurement {
                name: "peak memory".to_owned(),
                unit: Unit::Bytes,
                samples: vec![samples(&[2e6]), samples(&[3e6])],
            }],
            notes: vec!["something is missing".to_owned()],
        }
    }

    #[test]
    fn means_are_of_what_both_have_done() {
        let (mean, tests) = example().mean(1, 0).expect("two tests");
        assert_eq!(tests, 2);
        for value in [mean.mean, mean.least, mean.most] {
            assert!((value - 1.0).abs() < 1e-12, "{mean:?}");
        }
        assert_eq!(example().tests[2].ratio(1, 0), None);
    }

    #[test]
    fn json_has_everything_again() {
        let text = example().json();
        let again: Comparison = serde_json::from_str(&text).expect("the same structure");
        assert_eq!(again, example());
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let means = value["geometric_means"].as_array().expect("a list");
        assert_eq!(means.len(), 2);
        assert_eq!(means[0]["of"], "other & more");
        assert_eq!(means[0]["over"], "native");
        assert_eq!(means[0]["tests"], 2);
    }
}
