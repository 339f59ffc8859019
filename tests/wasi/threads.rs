//! Programs with threads (wasi-threads), by the standard library of Rust.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use adder::configuration::tree::EVERYTHING;
use adder::configuration::{Configuration, Grant};
use adder_compiler::{MemoryPlan, Options};
use adder_tests::guest;

use crate::sandbox::{Sandbox, describe, succeed};

/// The executable of the guest with threads, with this folder embedded as `/embedded`.
fn guest(memory: MemoryPlan, embedded: Option<&Path>) -> PathBuf {
    let mut configuration = Configuration {
        grants: vec![Grant { host: "box".to_owned(), guest: "/box".to_owned(), read_only: false }],
        ..Configuration::default()
    };
    if let Some(folder) = embedded {
        configuration.tree.embed(folder, "/embedded", EVERYTHING).expect("the folder can be read");
    }
    let options = Options { memory, ..Options::default() };
    let module = guest::rust_with_threads("wasi/threads/main.rs");
    guest::executable(&format!("wasi-threads-{memory:?}"), &module, &configuration, &options)
}

fn run(arguments: &[&str]) -> String {
    let sandbox = Sandbox::new();
    let output = succeed(sandbox.command(&guest(MemoryPlan::Low, None), arguments));
    sandbox.assert_outside_untouched();
    output
}

#[test]
fn the_standard_library_works_with_threads() {
    for memory in [MemoryPlan::Low, MemoryPlan::High, MemoryPlan::Checked] {
        let sandbox = Sandbox::new();
        assert_eq!(succeed(sandbox.command(&guest(memory, None), &["library"])), "done\n");
    }
}

/// Threads that count at the same time lose counts, and nothing else.
#[test]
fn threads_count_what_they_execute() {
    let sandbox = Sandbox::new();
    let configuration = Configuration {
        grants: vec![Grant { host: "box".to_owned(), guest: "/box".to_owned(), read_only: false }],
        ..Configuration::default()
    };
    let module = guest::rust_with_threads("wasi/threads/main.rs");
    let options = Options { instrument: Some("threads.profile".to_owned()), ..Options::default() };
    let counting = guest::executable("wasi-threads-counting", &module, &configuration, &options);
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let path = folder.path().join("profile");
    let mut command = sandbox.command(&counting, &["library"]);
    command.env("ADDER_PROFILE", &path);
    assert_eq!(succeed(command), "done\n");
    let bytes = std::fs::read(&path).expect("the executable has written its profile");
    let profile = adder_compiler::Profile::read(&bytes).unwrap_or_else(|error| panic!("{error}"));
    let options = Options { profile: Some(std::sync::Arc::new(profile)), ..Options::default() };
    let by_profile = guest::executable("wasi-threads-profile", &module, &configuration, &options);
    assert_eq!(succeed(sandbox.command(&by_profile, &["library"])), "done\n");
}

#[test]
fn threads_come_and_go() {
    assert_eq!(run(&["many"]), format!("{}\n", (0..100).sum::<u32>()));
}

#[test]
fn a_thread_that_waits_for_input_does_not_keep_the_process() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&guest(MemoryPlan::Low, None), &["input"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the executable can be run");
    // Nothing is ever written to it, and it stays open.
    let pipe = child.stdin.take().expect("stdin is piped");
    let output = adder_tests::outcome::wait_with_output(child);
    drop(pipe);
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(0), &b"14\n"[..]), "{}", describe(&output));
}

#[test]
fn a_thread_ends_the_process() {
    let sandbox = Sandbox::new();
    let output = sandbox.command(&guest(MemoryPlan::Low, None), &["exit"]).output().expect("it can be run");
    assert_eq!(output.status.code(), Some(42), "{}", describe(&output));
    let output = sandbox.command(&guest(MemoryPlan::Low, None), &["panic"]).output().expect("it can be run");
    assert_eq!(output.status.code(), Some(134), "{}", describe(&output));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("what went wrong"), "{message}");
    assert!(message.contains("adder: trap: unreachable"), "{message}");
    assert!(message.trim_end().ends_with(": wasi_thread_start"), "{message}");
}

#[test]
fn threads_use_files_of_their_own() {
    assert_eq!(run(&["own-files"]), "done\n");
    assert_eq!(run(&["descriptors"]), "done\n");
    assert_eq!(run(&["append"]), "1800\n");
}

#[test]
fn threads_share_a_descriptor() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("box/many")).expect("the sandbox is writable");
    for number in 0..150 {
        std::fs::write(sandbox.path(&format!("box/many/entry-{number:04}")), "x").expect("the sandbox is writable");
    }
    let bytes: Vec<u8> = (0..40_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    std::fs::write(sandbox.path("box/many/file"), &bytes).expect("the sandbox is writable");
    let executable = guest(MemoryPlan::Low, Some(&sandbox.path("box/many")));
    // On the host, and in the executable.
    for folder in ["/box/many", "/embedded"] {
        assert_eq!(succeed(sandbox.command(&executable, &["one-directory", folder])), "153\n", "{folder}");
        let file = format!("{folder}/file");
        assert_eq!(succeed(sandbox.command(&executable, &["one-file", &file])), "40000\n", "{file}");
    }
}
