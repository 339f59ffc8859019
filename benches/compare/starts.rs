//! How long Python takes to start: whole processes, and to the first bytecode of the program.

use std::process::Command;
use std::time::UNIX_EPOCH;

use adder_bench::{Samples, Table, measure, peak, table, turn};

use crate::engines::{ADDER, ADDER_CHECKPOINT, ADDER_COLD, ADDER_FULL_EXIT, DEBIAN, Engine, NATIVE, WASMTIME};
use crate::report::Report;
use crate::system_calls::Subject;
use crate::tools::size;
use crate::workshop::Workshop;

const PASS: &str = "pass";
/// Imports like those of many programs; what a checkpoint has imported before.
const PRELOAD: &str = "json,re,asyncio,argparse,dataclasses";
const IMPORTS: &str = "import json, re, asyncio, argparse, dataclasses";
/// Ends the process by its first bytecode, as nearly as Python can.
const END: &str = "import os; os._exit(0)";
/// Tells when the first bytecode ran. `time` is imported whenever Python has started.
const CLOCK: &str = "import time; print(time.time_ns())";
/// Asks for the checkpoint, and tells when it goes on.
const CLOCK_BEHIND_CHECKPOINT: &str = "import os, time
answer = os.open('/.adder/checkpoint', os.O_RDONLY)
os.read(answer, 100000)
now = time.time_ns()
print(now, flush=True)
os._exit(0)";

/// Adds the tables about starting Python, and returns whose system calls are worth counting.
pub fn compare(workshop: &Workshop, count: usize, report: &mut Report) -> Result<Vec<Subject>, String> {
    workshop.compile()?;
    let plain = workshop.starters();
    let preloaded = workshop.starters_with_imports(PRELOAD)?;
    whole(&plain, PASS, count, report)?;
    whole(&preloaded, IMPORTS, count, report)?;
    first_bytecode(&plain, &workshop.restored(CLOCK_BEHIND_CHECKPOINT)?, count, report)?;
    sizes(workshop, &plain, &preloaded, report)?;
    let subject = |engine: &Engine, code: &str| Subject {
        name: format!("{}: `-c \"{code}\"`", engine.name),
        command: engine.command(&["-c", code]),
        restored: engine.name == ADDER_CHECKPOINT && code == PASS,
    };
    let mut subjects: Vec<Subject> = plain.iter().map(|engine| subject(engine, PASS)).collect();
    subjects.extend(preloaded.iter().filter(|engine| engine.name != WASMTIME).map(|engine| subject(engine, IMPORTS)));
    Ok(subjects)
}

/// The figures of the engine of this name.
fn of<'a, T>(engines: &[Engine], figures: &'a [T], name: &str) -> Option<&'a T> {
    Some(&figures[engines.iter().position(|engine| engine.name == name)?])
}

fn whole(engines: &[Engine], code: &str, count: usize, report: &mut Report) -> Result<(), String> {
    eprintln!("starting -c \"{code}\": {count} times each");
    let arguments = ["-c", code];
    let mut walls = vec![Samples::default(); engines.len()];
    let mut processor = vec![Samples::default(); engines.len()];
    let mut faults = vec![Samples::default(); engines.len()];
    // What a first run leaves for the next, in the kernel's memory and beside the library, is not measured.
    for engine in engines {
        measure::run(&mut engine.command(&arguments))?;
    }
    for round in 0..count {
        for at in turn(round, engines.len()) {
            let run = measure::run(&mut engines[at].command(&arguments))?;
            walls[at].push(run.wall.as_secs_f64());
            processor[at].push(run.processor.as_secs_f64());
            faults[at].push(run.page_faults);
        }
    }
    let peaks: Vec<Samples> =
        engines.iter().map(|engine| peak::samples(|| engine.command(&arguments))).collect::<Result<_, _>>()?;

    let mut table = Table::new(
        format!("Whole process of `-c \"{code}\"`, {count} starts of each"),
        &[
            "",
            "milliseconds",
            "over native",
            "over Debian's",
            "over wasmtime",
            "processor time over native's",
            "page faults",
            "peak memory, MB",
        ],
    );
    for (at, engine) in engines.iter().enumerate() {
        let over =
            |name: &str| of(engines, &walls, name).map_or("-".to_owned(), |other| table::ratio(&walls[at].over(other)));
        table.row([
            engine.name.to_owned(),
            table::milliseconds(&walls[at], 2),
            over(NATIVE),
            over(DEBIAN),
            over(WASMTIME),
            table::ratio(&processor[at].over(&processor[0])),
            format!("{:.0}", faults[at].median()),
            table::megabytes(&peaks[at]),
        ]);
    }
    report.push(table);

    let native = &walls[0];
    let targets = match code {
        PASS => vec![
            ("start of `-c pass`, without a checkpoint, over native", 1.2, ADDER_COLD, native),
            ("start of `-c pass`, without fast exit, over native", 0.3, ADDER_FULL_EXIT, native),
            ("start of `-c pass`, over native", 0.15, ADDER_CHECKPOINT, native),
        ],
        _ => vec![("start with imports, preloaded, over native", 0.2, ADDER_CHECKPOINT, native)],
    };
    for (what, at_most, name, other) in targets {
        if let Some(samples) = of(engines, &walls, name) {
            report.target(what, at_most, samples.over(other).median(), 2);
        }
    }
    if code == PASS {
        if let (Some(adder), Some(wasmtime)) = (of(engines, &walls, ADDER_COLD), of(engines, &walls, WASMTIME)) {
            let what = "start of `-c pass`, without a checkpoint, over wasmtime";
            report.target(what, 0.6, adder.over(wasmtime).median(), 2);
        }
        if let Some(adder) = of(engines, &peaks, ADDER_CHECKPOINT) {
            report.target("peak memory of `-c pass`, over native", 1.0, adder.median() / peaks[0].median(), 3);
        }
    }
    Ok(())
}

fn first_bytecode(engines: &[Engine], restored: &Engine, count: usize, report: &mut Report) -> Result<(), String> {
    eprintln!("starting up to the first bytecode: {count} times each");
    // Neither of the two programs ends as Python does.
    let engines: Vec<&Engine> = engines.iter().filter(|engine| engine.name != ADDER_FULL_EXIT).collect();
    let mut ended = vec![Samples::default(); engines.len()];
    let mut told = vec![Samples::default(); engines.len()];
    let mut told_behind = Samples::default();
    for round in 0..count {
        for at in turn(round, engines.len() + 1) {
            let Some(engine) = engines.get(at) else {
                told_behind.push(until_told(&mut restored.command(&[]))?);
                continue;
            };
            ended[at].push(measure::run(&mut engine.command(&["-c", END]))?.wall.as_secs_f64());
            told[at].push(until_told(&mut engine.command(&["-c", CLOCK]))?);
        }
    }
    let mut table = Table::new(
        format!("To the first bytecode of the program, {count} starts of each"),
        &["", "until ended by os._exit, ms", "over native", "by the clock, ms", "over native"],
    );
    for (at, engine) in engines.iter().enumerate() {
        table.row([
            engine.name.to_owned(),
            table::milliseconds(&ended[at], 2),
            table::ratio(&ended[at].over(&ended[0])),
            table::milliseconds(&told[at], 2),
            table::ratio(&told[at].over(&told[0])),
        ]);
        if engine.name == ADDER_CHECKPOINT {
            let what = "to the first bytecode of the user's program, by the clock, over native";
            report.target(what, 0.1, told[at].over(&told[0]).median(), 2);
        }
    }
    let over_native = told_behind.over(&told[0]);
    table.row([
        restored.name.clone(),
        "-".to_owned(),
        "-".to_owned(),
        table::milliseconds(&told_behind, 2),
        table::ratio(&over_native),
    ]);
    report.target("to the first bytecode after restore, by the clock, over native", 0.1, over_native.median(), 2);
    report.push(table);
    Ok(())
}

/// Seconds from the start of a command to the time that it prints.
fn until_told(command: &mut Command) -> Result<f64, String> {
    let run = measure::run(command)?;
    let started = run.started.duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
    let now: i64 = run.output.trim().parse().map_err(|_| format!("{:?} is not a time", run.output))?;
    let started = i64::try_from(started.as_nanos()).map_err(|error| error.to_string())?;
    Ok((now - started) as f64 / 1e9)
}

fn sizes(workshop: &Workshop, plain: &[Engine], preloaded: &[Engine], report: &mut Report) -> Result<(), String> {
    let bytes = |engine: &Engine| size(&engine.executable.canonicalize().map_err(|error| error.to_string())?);
    let mut table = Table::new(
        "Size of the file with the machine code".to_owned(),
        &["", "MB", "of this the checkpoint", "standard library"],
    );
    let mut row = |engine: &Engine, name: String| {
        let is_adder = engine.name.starts_with(ADDER);
        let checkpoint = if is_adder { workshop.checkpoint_bytes(&engine.executable)? } else { None };
        table.row([
            name,
            megabytes(bytes(engine)?),
            checkpoint.map_or("-".to_owned(), megabytes),
            if is_adder { "inside" } else { "beside it" }.to_owned(),
        ]);
        Ok::<(), String>(())
    };
    for engine in plain.iter().filter(|engine| engine.name != ADDER_FULL_EXIT) {
        row(engine, engine.name.to_owned())?;
    }
    for engine in preloaded.iter().filter(|engine| engine.name == ADDER_CHECKPOINT) {
        row(engine, format!("{}, preloaded", engine.name))?;
    }
    report.push(table);

    let find = |name: &str| plain.iter().find(|engine| engine.name == name).ok_or(format!("there is no {name}"));
    let extra = bytes(find(ADDER_CHECKPOINT)?)? as f64 - bytes(find(ADDER_COLD)?)? as f64;
    report.target("extra file size of a checkpoint of plain Python, MB", 5.0, extra / 1e6, 1);
    Ok(())
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}
