//! Executables of the programs in `c/` that may do what their native counterparts may.

use std::path::PathBuf;
use std::process::Command;

use adder::configuration::{Configuration, Grant, NetworkGrant, NetworkUse};
use adder_compiler::Options;
use adder_tests::emscripten::{self, Emscripten};
use adder_tests::guest;
use adder_tests::outcome::{Outcome, finish};

/// The executable of a program compiled with these options.
pub fn executable(emscripten: &Emscripten, source: &str, options: &[&str]) -> PathBuf {
    let configuration = Configuration {
        grants: vec![Grant { host: "/".to_owned(), guest: "/".to_owned(), read_only: false }],
        network: vec![NetworkGrant { used: NetworkUse::All, host: String::new(), port: None }],
        inherit_environment: true,
        inherit_working_directory: true,
        ..Configuration::default()
    };
    guest::executable(source, &module(emscripten, source, options), &configuration, &Options::default())
}

/// The module of a program compiled with these options.
pub fn module(emscripten: &Emscripten, source: &str, options: &[&str]) -> Vec<u8> {
    emscripten.module_with(&path(source), options)
}

/// The same program for this machine.
pub fn native(source: &str) -> PathBuf {
    emscripten::native(&path(source))
}

fn path(source: &str) -> String {
    format!("emscripten/c/{source}")
}

/// Runs a program in an empty folder, which has to be empty afterwards.
pub fn run(program: PathBuf, arguments: &[&str], environment: &[(&str, &str)], input: &[u8]) -> Outcome {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder.path()).env_remove("TZ").envs(environment.iter().copied());
    let outcome = finish(&mut command, input);
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("still there").flatten().collect();
    assert!(left.is_empty(), "{left:?} was left by {outcome:#?}");
    outcome
}

/// The option without which a program made by Emscripten calls nothing at its end, and flushes nothing.
pub const WITHOUT_END: &str = "-sEXIT_RUNTIME=0";

/// Whether the time has 64 bits, and the old limits are gone.
pub fn is_new(emscripten: &Emscripten) -> bool {
    emscripten.is_at_least((5, 0))
}
