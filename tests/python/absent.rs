//! What Python 3.14 says of what is not there, and what adder says of which Python it is.

use std::fs;
use std::path::Path;
use std::process::Command;

use adder::cache;
use adder_tests::python::adder;
use adder_tests::workspace;

use crate::executables::{Flavor, Variant, python};
use crate::process::{command, finish};

/// What `adder inspect` prints.
fn inspected(options: &[&str], executable: &Path) -> String {
    let printed = workspace::run(Command::new(adder()).arg("inspect").args(options).arg(executable));
    String::from_utf8(printed).expect("text")
}

#[test]
fn inspect_says_which_python_it_is() {
    let executable = python(Flavor::Python314, Variant::Default);
    let facts = inspected(&[], &executable);
    assert!(facts.lines().any(|line| line == "python: CPython 3.14.2, flavor 3.14"), "{facts}");
    let version = finish(command(&executable).args(["-c", "import platform; print(platform.python_version())"]));
    assert_eq!(version.success(), "3.14.2\n");

    // As many functions are listed as are counted, and nothing is longer than a reader likes.
    let imports = inspected(&["--imports"], &executable);
    let of = |module: &str| imports.lines().filter(|line| line.split(' ').next() == Some(module)).count();
    let (env, wasi, all) = (of("env"), of("wasi_snapshot_preview1"), imports.lines().count());
    assert!(env > 50 && wasi > 10 && env + wasi == all, "{imports}");
    let line =
        format!("imports: {all} functions: {env} of env, {wasi} of wasi_snapshot_preview1; --imports lists them");
    assert!(facts.lines().any(|found| found == line), "{facts}");
    assert!(facts.lines().all(|line| line.len() < 200), "{facts}");
}

/// Of a file that has no name, the library says the version.
#[test]
fn inspect_says_what_is_known_of_a_python_without_a_name() {
    python(Flavor::Python314, Variant::Default);
    let files = cache::folder().expect("tests have a cache").join("python-3.14-npm");
    let folder = tempfile::tempdir().expect("the system's temporary folder is writable");
    let executable = folder.path().join("own");
    let mut build = Command::new(adder());
    build.arg("python").arg(files.join("python.wasm")).arg("--stdlib").arg(files.join("python_stdlib.zip"));
    workspace::run(build.args(["--no-checkpoint", "-O", "0", "-o"]).arg(&executable));
    let facts = inspected(&[], &executable);
    assert!(facts.lines().any(|line| line == "python: CPython 3.14, not one of adder's flavors"), "{facts}");
}

#[test]
fn javascript_is_not_there_in_every_way_to_ask() {
    let executable = python(Flavor::Python314, Variant::Default);
    for (module, meaning) in [("js", "the JavaScript of a browser"), ("pyodide_js", "Pyodide's own JavaScript")] {
        let text =
            format!("{module}.thing is not there: {module} is {meaning}, and this Python runs as a native executable");
        for (code, error) in [
            (format!("import {module}\n{module}.thing"), "AttributeError"),
            (format!("from {module} import thing"), "ImportError"),
            (format!("def f():\n from {module} import thing as other\nf()"), "ImportError"),
        ] {
            let outcome = finish(command(&executable).args(["-c", &code]));
            let said = outcome.stderr_text();
            let last = said.lines().last().unwrap_or_default();
            assert!(last.starts_with(&format!("{error}: {text}")), "{code}: {said}");
        }
        let code = format!(
            "import {module}\nfrom {module} import *\n\
             print(hasattr({module}, 'thing'), getattr({module}, 'thing', 'else'), [name for name in dir() if name[0] != '_'])"
        );
        assert_eq!(finish(command(&executable).args(["-c", &code])).success(), format!("False else ['{module}']\n"));
    }
}

/// Modules of the program's own go before those of the library.
#[test]
fn javascript_is_not_there_beside_modules_of_the_programs_own() {
    let executable = python(Flavor::Python314, Variant::Default);
    let folder = tempfile::tempdir().expect("the system's temporary folder is writable");
    let run = |own: &str, code: &str| {
        fs::write(folder.path().join(own), "thing = 'mine'\n").expect("the folder is writable");
        fs::write(folder.path().join("main.py"), code).expect("the folder is writable");
        let printed = finish(command(&executable).arg("main.py").current_dir(&folder)).success();
        fs::remove_file(folder.path().join(own)).expect("the folder is writable");
        printed
    };
    let asks = "import opcode, js, pyodide_js\nprint(opcode.thing, hasattr(js, 'fetch'), hasattr(pyodide_js, 'fetch'))\n\
                try:\n from js import fetch\nexcept ImportError as error: print(str(error)[:21])\n";
    assert_eq!(run("opcode.py", asks), "mine False False\njs.fetch is not there\n");
    let asks = "import js, pyodide_js\nprint(js.thing, hasattr(pyodide_js, 'fetch'))\n";
    assert_eq!(run("js.py", asks), "mine False\n");
}

/// Programs ask whether pip is there, to go on without it.
#[test]
fn pip_is_not_there_in_every_way_to_ask() {
    let executable = python(Flavor::Python314, Variant::Default);
    let code = "import importlib.util\nprint(importlib.util.find_spec('pip'))\nimport pip";
    let outcome = finish(command(&executable).args(["-c", code]));
    assert_eq!(outcome.stdout_text(), "None\n");
    assert!(outcome.stderr_text().ends_with("ModuleNotFoundError: No module named 'pip'\n"), "{outcome:?}");
}
