//! What is measured, in turns.

use adder_bench::measure::{self, Run};
use adder_bench::{Samples, Table, table, turn};

use crate::arguments::{Arguments, Part};
use crate::engines::{ADDER, Engine, WASMTIME};
use crate::report::Report;
use crate::workshop::{Workshop, ten_parts};
use crate::{hello, starts, system_calls};

/// How many there are if nobody says otherwise.
const ROUNDS: usize = 7;

/// Runs what was asked for and returns the tables.
pub fn compare(workshop: &Workshop, arguments: &Arguments) -> Result<Report, String> {
    let mut report = Report::new();
    let rounds = arguments.rounds.unwrap_or(ROUNDS);
    // First, because what it compiles is run by the rest.
    let compile = if arguments.wants(Part::Compile) { Some(compile(workshop, rounds)?) } else { None };
    if arguments.wants(Part::TenParts) {
        workshop.compile()?;
        let engines: Vec<Engine> = workshop.engines().into_iter().map(repeatable).collect();
        ten_parts_in_turns(&engines, rounds, &mut report)?;
    }
    if let Some((table, over_wasmtime)) = compile {
        if let Some(ratio) = over_wasmtime {
            report.target("compile time, over wasmtime", 1.2, ratio, 2);
        }
        report.push(table);
    }
    if arguments.wants(Part::Starts) {
        let count = rounds * arguments.starts;
        let mut subjects = starts::compare(workshop, count, &mut report)?;
        subjects.extend(hello::compare(workshop, count, &mut report)?);
        system_calls::compare(&subjects, &mut report)?;
    }
    Ok(report)
}

/// A Python that does the same in every process, and leaves nothing for the next. Not for starts: with such a variable a
/// Python goes on from no checkpoint.
pub fn repeatable(python: Engine) -> Engine {
    python.with("PYTHONDONTWRITEBYTECODE", "1").with("PYTHONHASHSEED", "0")
}

/// The table, and the median ratio to wasmtime's time if wasmtime is there.
fn compile(workshop: &Workshop, rounds: usize) -> Result<(Table, Option<f64>), String> {
    let compilers = workshop.compilers();
    let mut walls = vec![Samples::default(); compilers.len()];
    let mut peaks = vec![Samples::default(); compilers.len()];
    for round in 0..rounds {
        eprintln!("compiling: round {} of {rounds}", round + 1);
        for at in turn(round, compilers.len()) {
            let run = measure::run(&mut compilers[at].command())?;
            walls[at].push(run.wall.as_secs_f64());
            peaks[at].push(run.peak_bytes as f64);
        }
    }
    let mut table = Table::new(
        format!("Compile time of python.wasm on {} processors, {rounds} rounds", adder_bench::machine::processors()),
        &["", "seconds", "over wasmtime's", "peak memory, MB"],
    );
    // There is nothing to compare with where wasmtime is not installed.
    let reference = compilers.iter().position(|compiler| compiler.name == WASMTIME).map(|at| &walls[at]);
    for (at, compiler) in compilers.iter().enumerate() {
        let ratio = reference.map_or("-".to_owned(), |reference| table::ratio(&walls[at].over(reference)));
        table.row([compiler.name.to_owned(), table::seconds(&walls[at]), ratio, table::megabytes(&peaks[at])]);
    }
    Ok((table, reference.map(|reference| walls[0].over(reference).median())))
}

/// What one run of the ten parts printed: name, seconds and result of each.
fn parts(run: &Run) -> Result<Vec<(String, f64, String)>, String> {
    let parse = |line: &str| {
        let mut words = line.splitn(3, ' ');
        let name = words.next()?.to_owned();
        let seconds = words.next()?.parse().ok()?;
        Some((name, seconds, words.next()?.to_owned()))
    };
    let lines: Vec<_> = run.output.lines().map(parse).collect::<Option<_>>().ok_or("the ten parts print otherwise")?;
    if lines.len() == 10 { Ok(lines) } else { Err(format!("{} parts instead of ten", lines.len())) }
}

fn ten_parts_in_turns(engines: &[Engine], rounds: usize, report: &mut Report) -> Result<(), String> {
    let script = ten_parts();
    let script = script.to_str().ok_or("the path of this checkout is not UTF-8")?;
    let mut seconds = vec![vec![Samples::default(); 10]; engines.len()];
    let mut processor = vec![Samples::default(); engines.len()];
    let mut peaks = vec![Samples::default(); engines.len()];
    let mut expected: Option<Vec<(String, String)>> = None;
    for round in 0..rounds {
        eprintln!("ten parts: round {} of {rounds}", round + 1);
        for at in turn(round, engines.len()) {
            let run = measure::run(&mut engines[at].command(&[script]))?;
            processor[at].push(run.processor.as_secs_f64());
            peaks[at].push(run.peak_bytes as f64);
            let mut results = Vec::new();
            for (part, (name, time, result)) in parts(&run)?.into_iter().enumerate() {
                seconds[at][part].push(time);
                results.push((name, result));
            }
            let expected = expected.get_or_insert_with(|| results.clone());
            if *expected != results {
                return Err(format!("{} computes {results:?} where others compute {expected:?}", engines[at].name));
            }
        }
    }

    let mut header = vec![String::new(), format!("{}, ms", engines[0].name)];
    header.extend(engines[1..].iter().map(|engine| engine.name.to_owned()));
    let adder_over_wasmtime = engines[1].name == ADDER && engines.get(2).is_some_and(|engine| engine.name == WASMTIME);
    if adder_over_wasmtime {
        header.push("adder over wasmtime".to_owned());
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table =
        Table::new(format!("Ten parts of pure Python, {rounds} rounds; ratios to {}", engines[0].name), &header);
    let row = |name: &str, of: &dyn Fn(usize) -> Samples| {
        let native = of(0);
        let mut row = vec![name.to_owned(), table::milliseconds(&native, 1)];
        row.extend((1..engines.len()).map(|at| table::ratio(&of(at).over(&native))));
        if adder_over_wasmtime {
            row.push(table::ratio(&of(1).over(&of(2))));
        }
        row
    };
    let names: Vec<String> = expected.unwrap_or_default().into_iter().map(|(name, _)| name).collect();
    for (part, name) in names.iter().enumerate() {
        table.row(row(name, &|at| seconds[at][part].clone()));
    }
    let total = |at: usize| seconds[at].iter().fold(Samples::default(), |sum: Samples, part| sum.plus(part));
    table.row(row("**all**", &total));
    if adder_over_wasmtime {
        report.target("ten parts, over wasmtime", 0.9, total(1).over(&total(2)).median(), 2);
    }
    table.row(row("processor time, with start", &|at| processor[at].clone()));
    let mut memory = vec!["peak memory, MB".to_owned()];
    memory.extend(peaks.iter().map(table::megabytes));
    if adder_over_wasmtime {
        memory.push(table::ratio(&peaks[1].over(&peaks[2])));
    }
    table.row(memory);
    report.push(table);
    Ok(())
}
