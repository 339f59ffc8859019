//! `adder`: every mode at a glance.

use adder::arguments::{Arguments, Command, command};
use adder::request::network::join;
use adder::terminal::output::say;
use adder::{caught, commands, temporary};
use clap::FromArgMatches;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Usage errors and --help end the process here, with status 2 and 0.
    let matches =
        command().try_get_matches_from(join(std::env::args_os())).unwrap_or_else(|error| commands::stray::exit(&error));
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let outcome = caught(|| {
        temporary::handle_signals()?;
        match &arguments.command {
            Command::Build(arguments) => commands::build(arguments),
            Command::Python(arguments) => commands::python(arguments),
            Command::Run(arguments) => commands::run(arguments),
            Command::Inspect(arguments) => commands::inspect(arguments),
            Command::Bench(arguments) => commands::bench(arguments),
            Command::Targets => commands::targets(),
            Command::Runtime(arguments) => commands::runtime(arguments),
            Command::Help(arguments) => commands::help(arguments),
            Command::Profile(command) => commands::profile(command),
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&failure);
            ExitCode::from(failure.status as u8)
        }
    }
}
