//! Random modules, executed natively and by others; broken modules, compiled; system interfaces, called with anything.
//!
//! Every subcommand that searches is a loop over numbered units, each made from the seed and its number alone: a finding
//! is seen again with `--seed` and the unit as `--first`, `--count 1`. How long it takes is up to `--seconds`.

mod case;
mod corpus;
mod differential;
mod edge;
mod expressions;
mod finding;
mod generate;
mod imports;
mod layout;
mod minimise;
mod mutate;
mod native;
mod numbers;
mod oracle;
mod proposals;
mod report;
mod rewrite;
mod robustness;
mod scripts;
mod supervise;
mod throws;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use clap::{Args, Parser, Subcommand};

use corpus::Corpus;
use differential::{Differential, Verdict};
use finding::Finding;
use imports::Imports;
use report::Counts;
use robustness::Robustness;
use supervise::{Run, Share};

#[derive(Parser)]
#[command(about = "Random modules, executed natively and by others; broken modules, compiled")]
struct Arguments {
    #[command(subcommand)]
    command: Mode,
}

#[derive(Subcommand)]
enum Mode {
    /// Compares programs with what wasmtime does
    Differential(Search),
    /// Compiles broken modules
    Robustness(Search),
    /// Calls what programs made by Emscripten import with random arguments
    Imports(Search),
    /// Compares the sides on a finding once more
    Repeat {
        /// The finding's folder
        finding: PathBuf,
    },
    /// Makes a finding smaller, and prints it as a test
    Minimise {
        /// The finding's folder
        finding: PathBuf,
    },
    /// Lets wasmtime execute scripts in the specification's format
    Scripts {
        /// The scripts; tests/spec/own if none are given
        files: Vec<PathBuf>,
    },
}

#[derive(Args, Clone)]
struct Search {
    /// What all random choices depend on
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How long to search
    #[arg(long)]
    seconds: Option<u64>,
    /// The first unit
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// How many units, at most
    #[arg(long)]
    count: Option<u64>,
    /// How many processes; 0 for as many as there are processors
    #[arg(short, long, default_value_t = 0)]
    jobs: u64,
    /// Where to put findings
    #[arg(long)]
    findings: Option<PathBuf>,
    /// Work in this process, on every so many units (used internally)
    #[arg(long, hide = true)]
    step: Option<u64>,
}

impl Search {
    fn findings(&self) -> PathBuf {
        let default = || adder_tests::workspace::target_directory().join("findings");
        self.findings.clone().unwrap_or_else(default)
    }

    fn end(&self) -> u64 {
        self.count.map_or(u64::MAX, |count| self.first.saturating_add(count))
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    native::silence_panics();
    let result = match &arguments.command {
        Mode::Differential(search) => match search.step {
            Some(step) => on_large_stack(|| work_differential(search, step)).map(|()| true),
            None => supervise("differential", search),
        },
        Mode::Robustness(search) => match search.step {
            Some(step) => on_large_stack(|| work_robustness(search, step)).map(|()| true),
            None => supervise_robustness(search),
        },
        Mode::Imports(search) => match search.step {
            Some(step) => on_large_stack(|| work_imports(search, step)).map(|()| true),
            None => supervise("imports", search),
        },
        Mode::Repeat { finding } => on_large_stack(|| repeat(finding)),
        Mode::Minimise { finding } => on_large_stack(|| minimise::run(finding)).map(|()| true),
        Mode::Scripts { files } => on_large_stack(|| scripts::run(files)),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// wasmtime executes wasm code on the stack of its caller.
fn on_large_stack<T: Send>(work: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(oracle::STACK_BYTES + (16 << 20));
        let thread = thread.spawn_scoped(scope, || native::guarded(work)).map_err(|error| error.to_string())?;
        let result = thread.join().map_err(|_| "a thread panicked".to_owned())?;
        result.map_err(|message| format!("the fuzzer panicked: {message}"))?
    })
}

/// Searches with several processes and reports. `false` if anything was found.
fn supervise(mode: &str, search: &Search) -> Result<bool, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    // Built once, not by every process at the same time.
    adder_tests::workspace::script_runtime(adder_tests::target::architecture());
    let jobs = match search.jobs {
        0 => std::thread::available_parallelism().map_or(1, |number| number.get() as u64),
        jobs => jobs,
    };
    let run = Run { jobs, first: search.first, end: search.end(), duration: search.seconds.map(Duration::from_secs) };
    let names: Vec<&str> = proposals::supported().iter().map(|proposal| proposal.name).collect();
    println!("{mode} fuzzing, seed {}, proposals: {}", search.seed, names.join(", "));
    let command = |share: &Share| {
        let mut command = Command::new(&program);
        command.arg(mode).arg("--seed").arg(search.seed.to_string());
        command.arg("--first").arg(share.first.to_string()).arg("--step").arg(share.step.to_string());
        command.arg("--count").arg((share.end - share.first.min(share.end)).to_string());
        command.arg("--findings").arg(search.findings());
        if let Some(deadline) = share.deadline {
            let left = deadline.saturating_duration_since(Instant::now());
            command.arg("--seconds").arg(left.as_secs().to_string());
        }
        command
    };
    let outcome = supervise::run(&run, command).map_err(|error| format!("{}: {error}", program.display()))?;
    print!("{}", outcome.counts);
    println!("{} findings, in {}", outcome.findings.len(), search.findings().display());
    for finding in &outcome.findings {
        println!("{finding}");
    }
    if outcome.counts.get("units") == 0 {
        return Err("nothing was done".to_owned());
    }
    Ok(outcome.findings.is_empty())
}

/// Collects the corpus, searches, and keeps the modules that a process did not survive.
fn supervise_robustness(search: &Search) -> Result<bool, String> {
    let corpus = Corpus::collect(&corpus_folder())?;
    println!("corpus: {}", corpus.summary());
    supervise("robustness", search)
}

/// Where the corpus of a run is.
fn corpus_folder() -> PathBuf {
    adder_tests::workspace::target_directory().join("corpus")
}

fn work_robustness(search: &Search, step: u64) -> Result<(), String> {
    let robustness = Robustness::new(Corpus::read(&corpus_folder())?)?;
    let folder = temporary()?;
    let mut counts = Counts::default();
    for unit in share(search, step).units() {
        counts.add("units", 1);
        if let Some(problem) = robustness.unit(search.seed, unit, folder.path(), &mut counts) {
            let path = search.findings().join(format!("robustness-seed-{}-unit-{unit}.wasm", search.seed));
            std::fs::create_dir_all(search.findings())
                .and_then(|()| std::fs::write(&path, &problem.bytes))
                .map_err(|error| format!("cannot keep a finding: {error}"))?;
            supervise::tell_finding(&format!("{} ({}): {}", path.display(), problem.build.text(), problem.kind));
        }
        supervise::tell_counts(&mut counts);
    }
    Ok(())
}

fn work_imports(search: &Search, step: u64) -> Result<(), String> {
    let folder = temporary()?;
    let imports = Imports::new(folder.path())?;
    let mut counts = Counts::default();
    for unit in share(search, step).units() {
        counts.add("units", 1);
        if let Some(problem) = imports.unit(search.seed, unit, &mut counts)? {
            let path = search.findings().join(format!("imports-seed-{}-unit-{unit}.txt", search.seed));
            std::fs::create_dir_all(search.findings())
                .and_then(|()| std::fs::write(&path, format!("{}\n{}", problem.what, problem.text)))
                .and_then(|()| std::fs::write(path.with_extension("script"), &problem.script))
                .map_err(|error| format!("cannot keep a finding: {error}"))?;
            supervise::tell_finding(&format!("{}: {}\n{}", path.display(), problem.what, problem.text));
        }
        supervise::tell_counts(&mut counts);
    }
    Ok(())
}

/// The units of a worker.
fn share(search: &Search, step: u64) -> Share {
    let deadline = search.seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    Share { first: search.first, step, end: search.end(), deadline }
}

fn work_differential(search: &Search, step: u64) -> Result<(), String> {
    let differential = Differential::new()?;
    let folder = temporary()?;
    let mut counts = Counts::default();
    for batch in share(search, step).units() {
        counts.add("units", 1);
        for finding in differential.batch(search.seed, batch, folder.path(), &mut counts) {
            let place = finding.write(&search.findings()).map_err(|error| format!("cannot keep a finding: {error}"))?;
            supervise::tell_finding(&format!(
                "{}: {}\n{}",
                place.display(),
                finding.difference.kind,
                finding.difference.details
            ));
        }
        supervise::tell_counts(&mut counts);
    }
    Ok(())
}

fn repeat(folder: &Path) -> Result<bool, String> {
    let finding = Finding::read(folder)?;
    let differential = Differential::new()?;
    let folder = temporary()?;
    let mut counts = Counts::default();
    let verdicts = differential.compare(&[&finding.case], finding.build, finding.oracle, folder.path(), &mut counts);
    print!("{counts}");
    match &verdicts[..] {
        [Verdict::Differs(difference)] => {
            println!("{}\n{}", difference.kind, difference.details);
            Ok(false)
        }
        [other] => {
            println!("{other:?}");
            Ok(true)
        }
        _ => Err("there is not one verdict for one case".to_owned()),
    }
}

/// A folder for programs.
fn temporary() -> Result<tempfile::TempDir, String> {
    tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))
}
