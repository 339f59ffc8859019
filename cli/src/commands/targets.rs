//! `adder targets`: the machines that executables are made for.

use crate::failure::Result;
use crate::run;
use crate::target::{TARGETS, Target};
use crate::terminal::output::print;

/// Prints a line for each: its name, its CPUs, and what runs its executables here.
pub fn targets() -> Result<()> {
    let lines = TARGETS.iter().map(|target| {
        let levels: Vec<&str> = target.architecture.levels().iter().map(|level| level.name()).collect();
        format!("{:<14} {:<34} {}\n", target.name, levels.join(", "), how_to_run(target))
    });
    print(lines.collect::<String>().as_bytes())
}

/// What runs executables for a target on this machine.
fn how_to_run(target: &Target) -> String {
    match run::emulator(target) {
        _ if target.is_host() => "this machine".to_owned(),
        Some(_) => format!("here by {}", target.emulator),
        None => format!("not here: there is no {}", target.emulator),
    }
}
