//! `cargo bench -p adder-benches`: CPython 3.11.2 as a native program, as this project makes it, and under wasmtime.
//!
//! Everything is run in turns, round by round, so that what else the machine does falls on all of them alike, and
//! ratios are taken within a round. See benches/README.md.

mod arguments;
mod engines;
mod hello;
mod instructions;
mod pyperformance;
mod report;
mod rounds;
mod starts;
mod system_calls;
mod tools;
mod workshop;

use std::process::ExitCode;

use crate::arguments::{Arguments, Part};

fn main() -> ExitCode {
    let arguments = match arguments::parse(std::env::args().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            print!("{}", arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("error: {message}\n\n{}", arguments::HELP);
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let workshop = workshop::Workshop::open(arguments.adder.as_deref())?;
    if arguments.instructions {
        return instructions::compare(&workshop);
    }
    if arguments.wants(Part::Pyperformance) {
        return compare_pyperformance(&workshop, arguments);
    }
    let table = rounds::compare(&workshop, arguments)?;
    print!("{}", if arguments.markdown { table.markdown() } else { table.text() });
    Ok(())
}

fn compare_pyperformance(workshop: &workshop::Workshop, arguments: &Arguments) -> Result<(), String> {
    let comparison = pyperformance::compare(workshop, arguments)?;
    print!("{}", if arguments.markdown { comparison.markdown() } else { comparison.text() });
    for (path, contents) in [(&arguments.json, comparison.json()), (&arguments.html, comparison.html())] {
        if let Some(path) = path {
            std::fs::write(path, contents).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        }
    }
    Ok(())
}
