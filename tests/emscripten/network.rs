//! Sockets and names: as natively where everything is granted, and refused where it is not.

mod grants;
mod names;
mod sockets;

use std::path::PathBuf;
use std::process::Command;

use adder::configuration::{Configuration, Grant, NetworkGrant, NetworkUse};
use adder::request::network;
use adder_compiler::Options;
use adder_tests::emscripten::{self, Emscripten};
use adder_tests::guest;
use adder_tests::outcome::{Outcome, finish};

/// A program that was granted the folder that it is started in, and this of the network.
fn program(emscripten: &Emscripten, name: &str, network: &[&str]) -> PathBuf {
    let network = network.iter().map(|text| network::grant(text).expect(text)).collect();
    let grants = vec![Grant { host: ".".to_owned(), guest: "/".to_owned(), read_only: false }];
    let configuration = Configuration { grants, network, inherit_working_directory: true, ..Configuration::default() };
    let module = emscripten.module(&source(name));
    guest::executable(name, &module, &configuration, &Options::default())
}

/// Everything.
const ALL: &[&str] = &[""];

fn source(name: &str) -> String {
    format!("emscripten/c/{name}.c")
}

/// Runs it in a folder of its own.
fn run(program: &PathBuf, arguments: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    finish(Command::new(program).args(arguments).current_dir(folder.path()), b"")
}

/// What the same program prints natively.
fn natively(name: &str, arguments: &[&str]) -> String {
    run(&emscripten::native(&source(name)), arguments).printed().to_owned()
}

#[test]
fn grants_are_what_the_option_says() {
    let all = NetworkGrant { used: NetworkUse::All, host: String::new(), port: None };
    assert_eq!(network::grant("").expect("everything"), all);
}
