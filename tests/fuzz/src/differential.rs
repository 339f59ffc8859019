//! Compares what Adder's programs do with what wasmtime does: answers to calls, traps, memories, tables and globals.

use std::path::Path;

use wasmparser::{ValType, WasmFeatures};

use crate::case::{Answer, Case, Command, Export, ExportKind, exports, is_external, slots};
use crate::finding::Finding;
use crate::generate;
use crate::native::{self, Build, guarded};
use crate::numbers::Numbers;
use crate::oracle::{Kind, Oracle};
use crate::proposals::{self, Proposal};
use crate::report::Counts;

/// Cases that share a program. Only the first memory of a program is the one with the low address.
const BATCH_LOW: u64 = 4;
const BATCH: u64 = 12;
/// The distance between the first cases of two batches.
pub const BATCH_MAX: u64 = 12;

/// What is needed to compare.
pub struct Differential {
    /// What cases may use.
    pub supported: Vec<&'static Proposal>,
    features: WasmFeatures,
    oracles: Vec<(Kind, Oracle)>,
}

/// How a case ended.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Both sides agree on this many answers.
    Agreed,
    /// They agree as far as they can be compared.
    Inconclusive(String),
    /// They do not agree, or one side failed.
    Differs(Difference),
}

/// How the sides differ.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Without details; the same for a smaller case with the same cause.
    pub kind: String,
    /// With details.
    pub details: String,
}

impl Difference {
    fn new(kind: impl Into<String>, details: impl Into<String>) -> Difference {
        Difference { kind: kind.into(), details: details.into() }
    }
}

/// A case with what wasmtime answered.
pub struct Expected<'a> {
    case: &'a Case,
    exports: Vec<Vec<Export>>,
    /// Positions of the commands that can be compared.
    commands: Vec<usize>,
    /// The answers to them.
    answers: Vec<Answer>,
    /// Why there are no more.
    end: Option<String>,
}

impl Expected<'_> {
    /// The answers, with the positions of their commands.
    pub fn answers(&self) -> impl Iterator<Item = (usize, &Answer)> {
        self.commands.iter().copied().zip(&self.answers)
    }
}

impl Differential {
    /// Prepares for everything that Adder supports.
    pub fn new() -> Result<Differential, String> {
        let supported = proposals::supported();
        let features = proposals::features(&supported);
        let oracle = |kind| Oracle::new(kind).map(|oracle| (kind, oracle));
        let oracles = Kind::ALL.into_iter().map(oracle).collect::<Result<_, _>>()?;
        Ok(Differential { supported, features, oracles })
    }

    /// Makes and compares the cases of a batch. Findings are complete enough to be repeated.
    pub fn batch(&self, seed: u64, batch: u64, folder: &Path, counts: &mut Counts) -> Vec<Finding> {
        let mut numbers = Numbers::new(seed ^ 0x6261_7463, batch);
        let build = Build::choose(&mut numbers);
        let oracle = *numbers.pick(&Kind::ALL);
        let size = if build.memory == adder_compiler::MemoryPlan::Low { BATCH_LOW } else { BATCH };
        let positions = batch * BATCH_MAX..batch * BATCH_MAX + size;
        let cases: Vec<(u64, Case)> = positions
            .filter_map(|position| {
                let case = generate::case(seed, position, &self.supported);
                match &case {
                    Ok(_) => counts.add("cases", 1),
                    Err(reason) => counts.add(&format!("no case: {reason}"), 1),
                }
                Some((position, case.ok()?))
            })
            .collect();
        let list: Vec<&Case> = cases.iter().map(|(_, case)| case).collect();
        let verdicts = self.compare(&list, build, oracle, folder, counts);
        let mut findings = Vec::new();
        for ((position, case), verdict) in cases.iter().zip(verdicts) {
            match verdict {
                Verdict::Agreed => counts.add("agreed", 1),
                Verdict::Inconclusive(reason) => counts.add(&format!("inconclusive: {reason}"), 1),
                Verdict::Differs(difference) => findings.push(Finding {
                    name: format!("seed-{seed}-batch-{batch}-case-{position}"),
                    case: case.clone(),
                    build,
                    oracle,
                    difference,
                }),
            }
        }
        findings
    }

    /// Compares cases that share a program. Where that fails as a whole, each gets a program of its own.
    pub fn compare(
        &self,
        cases: &[&Case],
        build: Build,
        oracle: Kind,
        folder: &Path,
        counts: &mut Counts,
    ) -> Vec<Verdict> {
        let expected: Vec<_> = cases.iter().map(|case| self.expect(case, oracle)).collect();
        let good: Vec<&Expected> = expected.iter().filter_map(|one| one.as_ref().ok()).collect();
        let mut verdicts = self.compare_expected(&good, build, folder);
        let is_broken = |verdict: &Verdict| matches!(verdict, Verdict::Differs(_));
        if good.len() > 1 && verdicts.iter().any(is_broken) {
            // One case can take the others with it, and one that fails only among others says so.
            let together = verdicts;
            let alone = good.iter().flat_map(|one| self.compare_expected(&[one], build, folder));
            verdicts = alone
                .zip(together)
                .map(|(alone, together)| match (alone, together) {
                    (Verdict::Agreed | Verdict::Inconclusive(_), Verdict::Differs(difference))
                        if !difference.kind.starts_with("native program") =>
                    {
                        let kind = format!("only among others: {}", difference.kind);
                        Verdict::Differs(Difference { kind, ..difference })
                    }
                    (alone, _) => alone,
                })
                .collect();
        }
        for one in &good {
            for answer in &one.answers {
                counts.add(&format!("answer: {}", answer.kind()), 1);
            }
        }
        let mut verdicts = verdicts.into_iter();
        let verdict = |one: &Result<Expected, Difference>| match one {
            Ok(_) => verdicts.next().expect("there is a verdict for each case"),
            Err(difference) => Verdict::Differs(difference.clone()),
        };
        expected.iter().map(verdict).collect()
    }

    /// Lets wasmtime execute a case.
    pub fn expect<'a>(&self, case: &'a Case, oracle: Kind) -> Result<Expected<'a>, Difference> {
        let without_threads = self.features.difference(WasmFeatures::THREADS);
        let has_threads = case.modules.iter().any(|module| exports(&module.bytes, without_threads).is_err());
        let oracle = if has_threads { oracle.with_threads() } else { oracle };
        let oracle = &self.oracles.iter().find(|(kind, _)| *kind == oracle).expect("all kinds are prepared").1;
        let exports: Result<Vec<_>, String> =
            case.modules.iter().map(|module| exports(&module.bytes, self.features)).collect();
        let exports = exports.map_err(|message| Difference::new("a module is not valid", message))?;
        let answers = guarded(|| oracle.run(case))
            .map_err(|message| Difference::new("wasmtime panicked", message))?
            .map_err(|message| Difference::new("wasmtime failed", message))?;
        let mut expected = Expected { case, exports, commands: Vec::new(), answers: Vec::new(), end: None };
        for (command, answer) in answers.into_iter().enumerate() {
            match answer {
                Some(Answer::Inconclusive(reason)) => {
                    expected.end = Some(reason);
                    break;
                }
                Some(answer) => {
                    expected.commands.push(command);
                    expected.answers.push(answer);
                }
                None => {}
            }
        }
        Ok(expected)
    }

    fn compare_expected(&self, expected: &[&Expected], build: Build, folder: &Path) -> Vec<Verdict> {
        if expected.is_empty() {
            return Vec::new();
        }
        let cases: Vec<&Case> = expected.iter().map(|one| one.case).collect();
        let program = native::program_path(folder);
        if let Err(message) = native::build(&cases, build, &program) {
            let difference = Difference::new(build_failure(&message), message);
            return vec![Verdict::Differs(difference); expected.len()];
        }
        let commands: Vec<_> = expected.iter().map(|one| (one.case, one.commands.clone())).collect();
        let answers = native::run(&program, &commands);
        expected.iter().zip(answers).map(|(one, answers)| verdict(one, answers)).collect()
    }
}

/// The kind of a failed build: its message without the numbers and names, which differ between cases.
fn build_failure(message: &str) -> String {
    let words = message.split(' ').filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
    format!("native program: {}", words.take(12).collect::<Vec<_>>().join(" "))
}

fn verdict(expected: &Expected, answers: Vec<Answer>) -> Verdict {
    for ((command, wanted), answer) in expected.answers().zip(answers) {
        let command = &expected.case.commands[command];
        let answer = normalised(expected, command, answer);
        if let Answer::Inconclusive(reason) = answer {
            return Verdict::Inconclusive(reason);
        }
        // An atomic access can be both, and nobody says which of the two is looked at first.
        let both =
            (Answer::Trap("unaligned atomic".to_owned()), Answer::Trap("out of bounds memory access".to_owned()));
        if answer != *wanted && (&answer, wanted) != (&both.0, &both.1) {
            let verb = command.line(0).split(' ').next().unwrap_or_default().to_owned();
            let kind = format!("{verb}: {} instead of {}", answer.kind(), wanted.kind());
            let details = format!("`{}` ({command:?})\n  wasmtime: {wanted}\n  adder:    {answer}", command.line(0));
            return Verdict::Differs(Difference { kind, details });
        }
    }
    match &expected.end {
        Some(reason) => Verdict::Inconclusive(reason.clone()),
        None => Verdict::Agreed,
    }
}

/// The answer with references to functions as 1, because only being null is the same everywhere.
fn normalised(expected: &Expected, command: &Command, answer: Answer) -> Answer {
    let Answer::Values(mut values) = answer else { return answer };
    let (Command::Invoke(instance, name, _) | Command::Get(instance, name)) = command else {
        return Answer::Values(values);
    };
    let export = expected.exports[*instance].iter().find(|export| export.name == *name);
    let kinds: &[ValType] = match export.map(|export| &export.kind) {
        Some(ExportKind::Function(_, results)) => results,
        Some(ExportKind::Global(kind)) => &[kind.content_type],
        _ => &[],
    };
    let mut position = 0;
    for kind in kinds {
        if matches!(kind, ValType::Ref(_)) && !is_external(*kind) {
            values.iter_mut().skip(position).take(1).for_each(|value| *value = u64::from(*value != 0));
        }
        position += slots(*kind);
    }
    Answer::Values(values)
}
