//! `--target` and `--cpu`.

use crate::failure::{Failure, Result};
use crate::target::{TARGETS, Target, native};
use adder_compiler::{CpuLevel, host};
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// What `--cpu` takes for the highest level that this machine has.
const NATIVE: &str = "native";

/// The values of `--target`.
pub fn targets() -> impl TypedValueParser<Value = &'static Target> {
    let find = |name: String| TARGETS.iter().find(|target| target.name == name).expect("it is one of the names");
    PossibleValuesParser::new(TARGETS.each_ref().map(|target| target.name)).map(find)
}

/// The values of `--cpu`.
pub fn cpus() -> impl TypedValueParser<Value = CpuLevel> {
    let levels = || TARGETS.iter().rev().flat_map(|target| target.architecture.levels());
    let find = move |name: String| match &*name {
        NATIVE => native(),
        name => *levels().find(|level| level.name() == name).expect("it is one of the names"),
    };
    PossibleValuesParser::new(levels().map(|level| level.name()).chain([NATIVE])).map(find)
}

/// The CPU that `--target` and `--cpu` mean. Each implies the other.
///
/// # Errors
/// If the one is of another architecture than the other.
pub fn cpu(target: Option<&'static Target>, cpu: Option<CpuLevel>) -> Result<CpuLevel> {
    let Some(level) = cpu else {
        return Ok(target.map_or(host(), |target| target.architecture).baseline());
    };
    match target {
        Some(target) if target.architecture != level.architecture() => {
            let levels = target.architecture.levels();
            let names = levels.iter().map(|level| level.name()).collect::<Vec<_>>().join(", ");
            // It may have been asked for as `native`.
            let here = if level == native() { " (a CPU of this machine)" } else { "" };
            let message = format!("--cpu {}{here}: no CPU of {}", level.name(), target.name);
            Err(Failure::usage(message).hint(format!("those of {} are {names}", target.name)))
        }
        _ => Ok(level),
    }
}

/// The machine that `--target` means.
pub fn target(target: Option<&'static Target>) -> &'static Target {
    target.unwrap_or_else(|| Target::of(host()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use adder_compiler::Architecture;

    #[test]
    fn a_cpu_is_one_of_its_target() {
        for target in &TARGETS {
            let levels = target.architecture.levels();
            assert_eq!(cpu(Some(target), None).expect("all of them"), levels[0]);
            for level in levels {
                assert_eq!(cpu(None, Some(*level)).expect("it says the target, too"), *level);
                assert_eq!(cpu(Some(target), Some(*level)).expect("it is one"), *level);
            }
        }
        let [one, other] = Architecture::ALL.map(Target::of);
        let failure = cpu(Some(one), Some(other.architecture.baseline())).expect_err("it is none").to_string();
        assert!(failure.contains(&format!("no CPU of {}", one.name)), "{failure}");
    }

    #[test]
    fn this_machine_has_a_level_of_its_own() {
        assert!(host().levels().contains(&native()));
    }
}
