//! `cargo bench -p adder-benches`: CPython 3.11.2 as a native program, as this project makes it, and under wasmtime.
//!
//! Everything is run in turns, round by round, so that what else the machine does falls on all of them alike, and
//! ratios are taken within a round. See benches/README.md.

mod arguments;
mod engines;
mod hello;
mod instructions;
mod report;
mod rounds;
mod starts;
mod system_calls;
mod tools;
mod workshop;

use std::process::ExitCode;

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

fn run(arguments: &arguments::Arguments) -> Result<(), String> {
    let workshop = workshop::Workshop::open(arguments.adder.as_deref())?;
    if arguments.instructions {
        return instructions::compare(&workshop);
    }
    let table = rounds::compare(&workshop, arguments)?;
    print!("{}", if arguments.markdown { table.markdown() } else { table.text() });
    Ok(())
}
