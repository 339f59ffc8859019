//! What the library of the executable has for such tools: programs that print the same with the machine's own Python.

use std::process::Command;

use adder_tests::outcome::finish;
use adder_tests::workspace;

use crate::install::{native, python};

#[track_caller]
fn compare(program: &str) {
    let script = workspace::root().join("tests/tools/programs").join(program);
    let run = |python| finish(Command::new(python).arg(&script).env_clear(), b"");
    let expected = run(native());
    assert!(!expected.printed().is_empty(), "{expected:#?}");
    assert_eq!(run(python()), expected, "{program}");
}

#[test]
fn pools_of_threads() {
    compare("thread_pool.py");
}

#[test]
fn garbage_with_functions_of_operator() {
    compare("garbage.py");
}

#[test]
fn settings_of_tls() {
    compare("tls_settings.py");
}

#[test]
fn queries() {
    compare("queries.py");
}
