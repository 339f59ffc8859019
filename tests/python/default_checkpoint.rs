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
    let why = "there is no checkpoint: the python has not found its standard library in the executable\n";
    assert!(said.starts_with(&format!("warning: {why}")), "{said}");
    assert!(said.contains("No module named 'encodings'"), "{said}");
    assert!(said.contains("hint: --stdlib FOLDER puts the library there"), "{said}");
    assert!(said.contains("hint: the executable starts from the beginning every time"), "{said}");
    check_has_none(&executable);

    let output = build(&executable, module, &["--env", &home, "--checkpoint"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with(&format!("error: {why}")), "{said}");
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

/// A Python 3.11 with a prelude and preloaded modules, in a folder.
fn prepared(prelude: &str, preload: &str) -> (tempfile::TempDir, PathBuf, Output) {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let (executable, file) = (folder.path().join("python"), folder.path().join("prelude.py"));
    std::fs::write(&file, prelude).expect("ours");
    let checkpoint = format!("--checkpoint={}", file.display());
    let output = build(&executable, "3.11", &[&checkpoint, "--preload", preload]);
    (folder, executable, output)
}

/// Runs it with these variables besides PATH; returns what it prints.
fn run_with(executable: &Path, directory: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(executable);
    command.args(arguments).env_clear().env("PATH", "/usr/bin").envs(variables.iter().copied());
    crate::process::finish(command.current_dir(directory)).success().to_owned()
}

#[test]
fn a_prelude_runs_before_what_is_preloaded_and_in_a_cold_start_too() {
    let prelude = "import sys\nprint('prepared')\nkept = sys.stdout\nsys.prepared = ['json' in sys.modules, __name__, __file__]\n\
                   sys.say = lambda: print('later', file=kept, flush=True)\n\
                   sys.__adder_restored__ = lambda: sys.prepared.append('refreshed')\n";
    let (folder, executable, output) = prepared(prelude, "json");
    assert!(output.status.success(), "{output:?}");
    let program = "import os, sys, gc\nprint(sys.prepared, sys.path, sorted(os.environ), 'sitecustomize' in sys.modules)\n\
                   print([name for name in sys.path_importer_cache if 'adder' in name], hasattr(sys, '__adder_restored__'))\n\
                   sys.stdout.flush()\nsys.say()\nprint(gc.get_freeze_count() > 1000, file=sys.stderr)";
    let run = |variables: &[(&str, &str)]| {
        let text = run_with(&executable, folder.path(), &["-c", program], variables);
        assert!(text.starts_with("[False, '__adder_prelude__', '/.adder/prelude.py', 'refreshed'] "), "{text}");
        assert!(text.ends_with("False\n[] False\nlater\n"), "{text}");
        text
    };
    let others = "/no/such/folder:/another";
    assert_eq!(run(&[("ADDER_COLD_START", "1")]), run(&[]));
    assert_eq!(run(&[("ADDER_COLD_START", "1"), ("PYTHONPATH", others)]), run(&[("PYTHONPATH", others)]));
    run(&[("PYTHONHASHSEED", "0")]);

    // The user's own comes first, as when the executable was made.
    let own = folder.path().join("own");
    std::fs::create_dir(&own).expect("ours");
    std::fs::write(own.join("sitecustomize.py"), "import sys\nsys.own = hasattr(sys, 'prepared')\n").expect("ours");
    let path = [("PYTHONPATH", own.to_str().expect("text"))];
    let seen = run_with(&executable, folder.path(), &["-c", "import sys; print(sys.own, sys.prepared[0])"], &path);
    assert_eq!(seen, "False False\n");
}

/// `bin/json`, a program, is no module; `bin/json.py` would be.
#[test]
fn a_program_may_be_called_like_a_preloaded_module() {
    let (folder, executable, output) = prepared("", "json");
    assert!(output.status.success(), "{output:?}");
    let program = "import gc, json; print(gc.get_freeze_count() > 1000, hasattr(json, 'loads'))";
    for name in ["json", "other"] {
        std::fs::write(folder.path().join(name), program).expect("ours");
        assert_eq!(run_with(&executable, folder.path(), &[name], &[]), "True True\n");
    }
    std::fs::write(folder.path().join("json.py"), "").expect("ours");
    assert_eq!(run_with(&executable, folder.path(), &["json"], &[]), "False False\n");
}

#[test]
fn what_cannot_be_preloaded_is_named() {
    for (name, missing) in [("nosuch", "nosuch"), ("json.nosuch", "json.nosuch"), ("nosuch.part", "nosuch")] {
        let (_folder, executable, output) = prepared("", name);
        let said = String::from_utf8_lossy(&output.stderr);
        let why =
            format!("error: there is no checkpoint: --preload {name}: this python has no module {missing}\nhint: ");
        assert!(output.status.code() == Some(1) && said.starts_with(&why), "{said}");
        assert_eq!(said.lines().count(), 2, "{said}");
        assert!(!executable.exists());
    }
}

#[test]
fn what_goes_wrong_in_a_prelude_is_told_by_its_name() {
    for (prelude, what, trace) in [
        ("def f():\n    raise ValueError('mine')\nf()\n", " failed", "line 3, in <module>\n"),
        ("import sys\nsys.exit(3)\n", " called sys.exit", "line 2, in <module>\n"),
        ("if:\n", " failed", "line 1\n"),
    ] {
        let (folder, executable, output) = prepared(prelude, "json");
        let said = String::from_utf8_lossy(&output.stderr);
        let file = folder.path().join("prelude.py").display().to_string();
        assert_eq!(output.status.code(), Some(1), "{said}");
        let message = format!("error: there is no checkpoint: {file}{what}\n  its standard error:\n");
        assert!(said.starts_with(&message) && said.contains("\nhint: what --preload and PRELUDE.py do "), "{said}");
        assert!(said.contains(&format!("  File \"{file}\", {trace}")), "{said}");
        assert!(!said.contains("runpy") && !said.contains("adder/") && !said.contains("_adder"), "{said}");
        assert!(!executable.exists());
    }
    let (_folder, _, output) = prepared("import sys\nsys.modules['json'] = None\n", "json");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("error: there is no checkpoint: --preload json"), "{said}");
}

/// Whoever wants addresses that the system chooses gets a checkpoint only when asking for one.
#[test]
fn a_memory_at_any_address_can_have_one() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let executable = folder.path().join("python");
    let output = build(&executable, "3.11", &["--memory", "high", "--preload", "json"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("warning"), "{said}");
    assert!(inspect(&executable).contains("checkpoint: "));
    let program = "import gc, json; print(gc.get_freeze_count() > 1000, json.dumps([1]))";
    assert_eq!(run_with(&executable, folder.path(), &["-c", program], &[]), "True [1]\n");
}
