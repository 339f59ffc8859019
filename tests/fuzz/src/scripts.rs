//! Scripts in the specification's format, executed by wasmtime alone: Adder's own scripts say what wasmtime agrees with,
//! and not what Adder happens to do.

use std::path::{Path, PathBuf};

use wasmtime_wast::{Async, SpectestConfig, WastContext};
use wast::parser::{self, ParseBuffer};

use crate::oracle::{Kind, Oracle};

/// Adder's own scripts, in the order of their names.
fn own() -> Result<Vec<PathBuf>, String> {
    let folder = adder_tests::workspace::root().join("tests/spec/own");
    let error = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in folder.read_dir().map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.extension().is_some_and(|extension| extension == "wast") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Executes scripts, Adder's own if none are given, in each way that wasmtime has. Prints how many commands each has, or
/// where wasmtime disagrees first. `false` if it does with any.
pub fn run(paths: &[PathBuf]) -> Result<bool, String> {
    let paths = if paths.is_empty() { own()? } else { paths.to_vec() };
    let oracles = Kind::ALL.map(|kind| Oracle::new(kind).map(|oracle| (kind, oracle)));
    let oracles = oracles.into_iter().collect::<Result<Vec<_>, _>>()?;
    let (mut commands, mut disagreements) = (0, 0);
    for path in &paths {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let count = count(&text).map_err(|message| format!("{}: {message}", path.display()))?;
        commands += count;
        let results: Vec<_> = oracles.iter().map(|(kind, oracle)| (kind, execute(oracle, path, &text))).collect();
        if results.iter().all(|(_, result)| result.is_ok()) {
            println!("{count:>6}  {}", path.display());
        }
        for (kind, result) in results {
            if let Err(message) = result {
                disagreements += 1;
                println!("wasmtime ({}) disagrees: {message}", kind.name());
            }
        }
    }
    let ways = oracles.len();
    println!("{commands} commands in {} scripts, each {ways} times: {disagreements} disagreements", paths.len());
    if commands == 0 {
        return Err("nothing was done".to_owned());
    }
    Ok(disagreements == 0)
}

/// How many commands a script has.
fn count(text: &str) -> Result<usize, String> {
    let count = |text| Ok(parser::parse::<wast::Wast>(&ParseBuffer::new(text)?)?.directives.len());
    count(text).map_err(|error: wast::Error| error.to_string())
}

/// Executes a script up to the first command that does not do what it says; gives that one's place and what happened.
fn execute(oracle: &Oracle, path: &Path, text: &str) -> Result<(), String> {
    let mut context = WastContext::new(oracle.engine(), Async::No, |_| {});
    let spectest = SpectestConfig { use_shared_memory: false, suppress_prints: true };
    context
        .register_spectest(&spectest)
        .and_then(|()| context.run_wast(&path.to_string_lossy(), text.as_bytes()))
        .map_err(|error| format!("{error:#}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "(module (memory i64 1) (func (export \"load\") (param i64) (result i32)
           (i32.load (local.get 0))))
         (assert_return (invoke \"load\" (i64.const 0xfffc)) (i32.const 0))
         (assert_trap (invoke \"load\" (i64.const 0xfffd)) \"out of bounds memory access\")";

    fn execute_with_all(text: &str) -> Vec<Result<(), String>> {
        let oracles = Kind::ALL.map(|kind| Oracle::new(kind).expect("wasmtime is there"));
        oracles.iter().map(|oracle| execute(oracle, Path::new("test.wast"), text)).collect()
    }

    #[test]
    fn a_true_script_is_agreed_with() {
        assert_eq!(count(SCRIPT), Ok(3));
        assert_eq!(execute_with_all(SCRIPT), [Ok(()), Ok(()), Ok(())]);
    }

    #[test]
    fn a_wrong_value_and_a_wrong_trap_are_disagreed_with() {
        let mistakes =
            [("(i32.const 0)", "(i32.const 1)", ":3"), ("0xfffd", "0xfffc", ":4"), ("memory access", "x", ":4")];
        for (right, wrong, place) in mistakes {
            for result in execute_with_all(&SCRIPT.replace(right, wrong)) {
                let message = result.expect_err(wrong);
                assert!(message.contains(&format!("test.wast{place}")), "{message}");
            }
        }
    }

    #[test]
    fn there_are_own_scripts() {
        let paths = own().expect("the folder can be read");
        assert!(paths.iter().any(|path| path.ends_with("table64.wast")), "{paths:?}");
    }
}
