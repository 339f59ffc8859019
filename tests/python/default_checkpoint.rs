//! `adder python` makes a checkpoint unless told not to, and says so where there cannot be one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use adder_tests::python::{adder, recipe_output};

use crate::executables::{Flavor, Variant, python};
use crate::process::run;

crate::for_each_flavor! {
    it_has_one,
}

/// Builds a Python 3.11 quickly.
fn build(output: &Path, module: &str, options: &[&str]) -> Output {
    recipe_output();
    let mut command = Command::new(adder());
    command.args(["python", module, "-O", "0", "-o"]).arg(output).args(options);
    command.stdin(Stdio::null()).output().expect("adder was built")
}

fn inspect(executable: &Path) -> String {
    let output = Command::new(adder()).arg("inspect").arg(executable).output().expect("adder was built");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[track_caller]
fn check_has_none(executable: &Path) {
    let facts = inspect(executable);
    assert!(!facts.contains("checkpoint: "), "{facts}");
    let outcome = run(executable, Path::new("/"), ["-c", "import gc; print(gc.get_freeze_count())"]);
    assert_eq!(outcome.success(), "0\n");
}

fn module() -> PathBuf {
    recipe_output().join("python.wasm")
}

fn it_has_one(flavor: Flavor) {
    let facts = inspect(&python(flavor, Variant::Default));
    let line = facts.lines().find(|line| line.starts_with("checkpoint: ")).unwrap_or_else(|| panic!("{facts}"));
    // The trial has found pages: a start changes more than a hundred of them.
    let changed = line.rsplit("; ").next().and_then(|part| part.split(' ').next()).expect("it says how many");
    let changed: u64 = changed.parse().expect("a number");
    assert!((400_000..4_000_000).contains(&changed), "{line}");
}

#[test]
fn a_library_on_the_host_excludes_it() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let executable = folder.path().join("python");
    let module = module();
    let module = module.to_str().expect("text");
    let home = format!("PYTHONHOME={}", recipe_output().display());
    let output = build(&executable, module, &["--env", &home]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.starts_with("warning: there is no checkpoint: the program ended (status 1)"), "{said}");
    assert!(said.contains("No module named 'encodings'"), "{said}");
    assert!(said.contains("hint: the executable starts from the beginning every time"), "{said}");
    check_has_none(&executable);

    let output = build(&executable, module, &["--env", &home, "--checkpoint"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error: there is no checkpoint: the program ended (status 1)"), "{said}");
}

#[test]
fn variables_that_always_start_cold_exclude_it() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let executable = folder.path().join("python");
    let options = ["--env", "PYTHONDEVMODE=1"];
    let output = build(&executable, "3.11", &options);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let why = "the checkpoint is of no use: the program starts cold, whatever it is started with\n";
    assert!(said.starts_with(&format!("warning: {why}")), "{said}");
    assert!(!inspect(&executable).contains("checkpoint: "));

    let output = build(&executable, "3.11", &[&options[..], &["--preload", "json"]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with(&format!("error: {why}hint: variables PYTHON* ")), "{said}");
}

#[test]
fn options_exclude_it_without_a_word() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let executable = folder.path().join("python");
    for options in [&["--no-checkpoint"][..], &["--memory", "high"]] {
        let output = build(&executable, "3.11", options);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains("warning"), "{said}");
        check_has_none(&executable);
    }
}

#[test]
fn what_a_prelude_prints_is_shown() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let (executable, prelude) = (folder.path().join("python"), folder.path().join("prelude.py"));
    std::fs::write(&prelude, "import sys\nprint('prepared')\nprint('with care', file=sys.stderr)\n").expect("ours");
    let checkpoint = format!("--checkpoint={}", prelude.display());
    let output = build(&executable, "3.11", &[&checkpoint, "-v"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("\n  prepared\n") && said.contains("\n  with care\n"), "{said}");
    assert_eq!(run(&executable, Path::new("/"), ["-c", "print(1)"]).success(), "1\n");
}
