//! pyperformance's programs, unchanged, under native CPython and every engine of WebAssembly that is there.
//!
//! Every program runs in a process of its own, one Python after the other, and takes its own time by the stand-in for
//! pyperf in `benches/pyperformance`.

mod contestants;
mod packages;
mod programs;
mod wasm2c;

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::Path;

use adder_bench::machine::Machine;
use adder_bench::{Comparison, Measurement, Samples, Unit, measure, peak, turn};
use serde::Deserialize;
use tempfile::TempDir;

use self::contestants::Contestants;
use self::programs::{LEFT_OUT, PROGRAMS, Program};
use crate::arguments::Arguments;
use crate::engines::Engine;
use crate::tools::root;
use crate::workshop::Workshop;

/// What the stand-in prints before each of its lines.
const REPORT: &str = "@bench ";

/// What it prints about a benchmark.
#[derive(Debug, Deserialize)]
struct Line {
    name: String,
    /// Of one loop; one for each time that it was timed.
    seconds: Vec<f64>,
    /// A digest of what the benchmark returned, where it is something that can be compared.
    result: Option<String>,
}

/// Samples of everything, by name and by Python; `None` from where a Python has failed on.
type Table = HashMap<String, Vec<Option<Samples>>>;

/// Runs what was asked for.
pub fn compare(workshop: &Workshop, arguments: &Arguments) -> Result<Comparison, String> {
    let machine = Machine::this();
    let folder = tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))?;
    let contestants = Contestants::prepare(workshop, arguments, &folder)?;
    let packages = packages::packages(workshop.cache(), workshop.native())?;
    let engines = contestants.with_packages(&packages)?;
    let programs = packages.join("pyperformance/data-files/benchmarks");
    let rounds = arguments.rounds.unwrap_or(if arguments.quick { 1 } else { 5 });
    let chosen = chosen(arguments)?;

    let mut run = Run::new(&engines, &folder, arguments.quick);
    let mut figures = Figures::new(engines.len());
    for round in 0..rounds {
        figures.round(round, &contestants)?;
        for (at, program) in chosen.iter().enumerate() {
            eprintln!("round {} of {rounds}: {} {}", round + 1, program.folder, program.options.join(" "));
            // The order changes with the program, too, for those who run but one round.
            for engine in turn(round + at, engines.len()) {
                run.program(engine, program, &programs)?;
            }
        }
    }

    let mut notes = contestants.missing.clone();
    notes.push(contestants::module_note(arguments.module).to_owned());
    let (tests, compared) = run.measurements(&chosen);
    notes.extend(run.failures);
    notes.push(format!(
        "{} programs of pyperformance 1.14.0 with {} benchmarks; results were compared in {compared} of these.",
        chosen.len(),
        tests.len()
    ));
    if arguments.programs.is_empty() {
        notes.extend(LEFT_OUT.iter().map(|(names, why)| format!("Not run: {names}: {why}.")));
    }
    let mut title = "CPython 3.11.2: pyperformance, natively and under engines of WebAssembly".to_owned();
    if arguments.quick {
        title += " (quick)";
    }
    Ok(Comparison {
        title,
        machine,
        rounds,
        subjects: contestants.all.iter().map(|contestant| contestant.subject.clone()).collect(),
        tests,
        figures: figures.measurements(&contestants)?,
        notes,
    })
}

/// The programs that were asked for, as far as the kind of run has benchmarks of them.
fn chosen(arguments: &Arguments) -> Result<Vec<&'static Program>, String> {
    for name in &arguments.programs {
        if !PROGRAMS.iter().any(|program| program.folder == name) {
            let names: Vec<&str> = PROGRAMS.iter().map(|program| program.folder).collect();
            return Err(format!("there is no program {name}; there are {}", names.join(", ")));
        }
    }
    let wanted = |program: &Program| {
        arguments.programs.is_empty() || arguments.programs.iter().any(|name| name == program.folder)
    };
    let has_any = |program: &Program| program.chosen(arguments.quick).next().is_some();
    let chosen: Vec<&Program> = PROGRAMS.iter().filter(|program| wanted(program) && has_any(program)).collect();
    if chosen.is_empty() { Err("--quick leaves out all of these programs".to_owned()) } else { Ok(chosen) }
}

/// The programs, being run.
#[derive(Debug)]
struct Run<'a> {
    engines: &'a [Engine],
    folder: &'a TempDir,
    quick: bool,
    samples: Table,
    /// The first result of each benchmark.
    results: HashMap<String, String>,
    failures: Vec<String>,
}

impl<'a> Run<'a> {
    fn new(engines: &'a [Engine], folder: &'a TempDir, quick: bool) -> Run<'a> {
        Run { engines, folder, quick, samples: Table::new(), results: HashMap::new(), failures: Vec::new() }
    }

    /// Runs a program with one Python. That one fails is no error: it has no samples then, and a note says so.
    fn program(&mut self, engine: usize, program: &Program, programs: &Path) -> Result<(), String> {
        let names: Vec<&str> = program.chosen(self.quick).map(|benchmark| benchmark.name).collect();
        for name in &names {
            let count = self.engines.len();
            self.samples.entry((*name).to_owned()).or_insert_with(|| vec![Some(Samples::default()); count]);
        }
        if names.iter().all(|name| self.samples[*name][engine].is_none()) {
            return Ok(());
        }
        let lines = match self.lines(engine, program, programs)? {
            Ok(lines) => lines,
            Err(why) => {
                let title = [&[program.folder], program.options].concat().join(" ");
                self.fail(engine, &names, &format!("cannot run {title}: {why}"));
                return Ok(());
            }
        };
        for name in names {
            let Some(line) = lines.iter().find(|line| line.name == name) else {
                self.fail(engine, &[name], &format!("says nothing about {name}"));
                continue;
            };
            if let Some(result) = &line.result {
                let expected = self.results.entry(name.to_owned()).or_insert_with(|| result.clone());
                if expected != result {
                    self.fail(engine, &[name], &format!("computes something else in {name} than Pythons before it"));
                    continue;
                }
            }
            let samples = self.samples.get_mut(name).and_then(|samples| samples[engine].as_mut());
            if let (Some(samples), false) = (samples, line.seconds.is_empty()) {
                samples.push(line.seconds.iter().copied().collect::<Samples>().median());
            }
        }
        Ok(())
    }

    /// What the stand-in said, or why there is nothing of it.
    fn lines(&self, engine: usize, program: &Program, programs: &Path) -> Result<Result<Vec<Line>, String>, String> {
        let script = programs.join(format!("bm_{}/run_benchmark.py", program.folder));
        let script = script.to_str().ok_or("the path of the cache is not UTF-8")?.to_owned();
        let mut words = vec![script];
        words.extend(program.arguments(self.quick, if self.quick { 1 } else { 3 }));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let errors = self.folder.path().join("errors");
        let file = File::create(&errors).map_err(|error| format!("{}: {error}", errors.display()))?;
        let (run, status) = measure::observe(self.engines[engine].command(&words).stderr(file))?;
        if !status.success() {
            let said = fs::read(&errors).map_err(|error| format!("{}: {error}", errors.display()))?;
            let said = String::from_utf8_lossy(&said);
            let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim();
            return Ok(Err(format!("{status}, {last}")));
        }
        let reports = run.output.lines().filter_map(|line| line.strip_prefix(REPORT));
        Ok(reports
            .map(|line| serde_json::from_str(line).map_err(|error| format!("it prints {line}: {error}")))
            .collect())
    }

    fn fail(&mut self, engine: usize, names: &[&str], why: &str) {
        let failure = format!("{} {why}", self.engines[engine].name);
        eprintln!("{failure}");
        self.failures.push(failure);
        for name in names {
            if let Some(samples) = self.samples.get_mut(*name) {
                samples[engine] = None;
            }
        }
    }

    /// In the order of the programs, and in how many of them results were compared.
    fn measurements(&mut self, chosen: &[&Program]) -> (Vec<Measurement>, usize) {
        let names = chosen.iter().flat_map(|program| program.chosen(self.quick)).map(|benchmark| benchmark.name);
        let mut compared = 0;
        let mut measurements = Vec::new();
        for name in names {
            let samples = self.samples.remove(name).expect("every benchmark has one name, and all were run");
            compared += usize::from(self.results.contains_key(name));
            measurements.push(Measurement { name: name.to_owned(), unit: Unit::Seconds, samples });
        }
        (measurements, compared)
    }
}

/// What else is measured in every round.
#[derive(Debug)]
struct Figures {
    starts: Vec<Samples>,
    million: Vec<Samples>,
    compiling: Vec<Samples>,
}

/// Starts in every round.
const STARTS: usize = 10;

impl Figures {
    fn new(count: usize) -> Figures {
        let none = || vec![Samples::default(); count];
        Figures { starts: none(), million: none(), compiling: none() }
    }

    fn round(&mut self, round: usize, contestants: &Contestants) -> Result<(), String> {
        let all = &contestants.all;
        eprintln!("compiling, starting, memory");
        for at in turn(round, all.len()) {
            all[at].compile_again(&mut self.compiling[at])?;
        }
        for start in 0..STARTS {
            for at in turn(round + start, all.len()) {
                let run = measure::run(&mut all[at].engine.command(&["-c", "pass"]))?;
                self.starts[at].push(run.wall.as_secs_f64());
            }
        }
        let program = root().join("benches/programs/million_objects.py");
        let program = program.to_str().ok_or("the path of this checkout is not UTF-8")?;
        for at in turn(round, all.len()) {
            let run = measure::run(&mut all[at].engine.command(&[program]))?;
            self.million[at].push(run.peak_bytes as f64);
        }
        Ok(())
    }

    fn measurements(self, contestants: &Contestants) -> Result<Vec<Measurement>, String> {
        let all = &contestants.all;
        let mut peaks = Vec::new();
        let mut sizes = Vec::new();
        let mut compiling = Vec::new();
        for (contestant, measured) in all.iter().zip(self.compiling) {
            peaks.push(Some(peak::samples(|| contestant.engine.command(&["-c", "pass"]))?));
            sizes.push(Some(Samples::from_iter([contestant.size()? as f64])));
            compiling.push(match contestant.compile_seconds {
                Some(once) => Some(Samples::from_iter([once])),
                None => contestant.compiler.is_some().then_some(measured),
            });
        }
        let some = |samples: Vec<Samples>| samples.into_iter().map(Some).collect();
        let measurement = |name: &str, unit, samples| Measurement { name: name.to_owned(), unit, samples };
        Ok(vec![
            measurement("whole process of `-c pass`", Unit::Seconds, some(self.starts)),
            measurement("peak memory of `-c pass`", Unit::Bytes, peaks),
            measurement("peak memory of a million objects", Unit::Bytes, some(self.million)),
            measurement("compiling python.wasm", Unit::Seconds, compiling),
            measurement("file with the machine code", Unit::Bytes, sizes),
        ])
    }
}
