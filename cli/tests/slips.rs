//! Slips of the hand, and habits from other programs: adder says what was probably meant.

mod common;

use common::{NOTHING, USAGE, Workshop};

#[test]
fn words_that_were_meant_for_an_option() {
    let workshop = Workshop::new();
    workshop.module("a.wasm", NOTHING);
    workshop.file("prelude.py", "");
    let prelude = "hint: a value of --checkpoint stands behind = and without a blank: --checkpoint=prelude.py\n";
    let profile = "hint: a value of --instrument stands behind = and without a blank: --instrument=NAME\n";
    let arguments =
        "hint: every argument of the program needs an --argument of its own: --argument -m --argument greet\n";
    let network = |host: &str| {
        format!(
            "hint: --net connect:{host} to connect to it, --net listen:{host}:* to listen there; --net alone grants everything\n"
        )
    };
    let (localhost, domain) = (network("localhost"), network("example.org"));
    let modules = "hint: several modules have commas between them, and no blanks: --preload json,re\n";
    for (words, complaint, hint) in [
        ("python --checkpoint prelude.py", "error: prelude.py is a Python script, not a python\n", prelude),
        ("python 3.11 --checkpoint prelude.py", "error: unexpected argument 'prelude.py' found\n", prelude),
        ("python --instrument NAME", "error: there is no python NAME\n", profile),
        ("build a.wasm --instrument NAME", "error: there is no module NAME\n", profile),
        ("python --argument -m greet", "error: there is no python greet\n", arguments),
        ("python 3.11 --argument -m greet", "error: unexpected argument 'greet' found\n", arguments),
        ("python --net localhost", "error: there is no python localhost\n", &localhost),
        ("python 3.11 --net localhost", "error: unexpected argument 'localhost' found\n", &localhost),
        ("python --net=localhost", "error: --net localhost: says neither connect: nor listen:\n", &localhost),
        ("build --net example.org a.wasm", "error: there is no module example.org\n", &domain),
        ("python --preload json re", "error: there is no python re\n", modules),
        ("python 3.11 --preload json, re", "error: unexpected argument 're' found\n", modules),
    ] {
        let words: Vec<&str> = words.split(' ').chain(["-o", "out"]).collect();
        let outcome = workshop.adder(&words);
        assert_eq!(outcome.status, USAGE, "{words:?}: {outcome:?}");
        assert!(outcome.stderr.starts_with(complaint) && outcome.stderr.ends_with(hint), "{}", outcome.stderr);
        assert_eq!(workshop.names(), ["a.wasm", "prelude.py"], "{words:?}");
    }
    let outcome = workshop.adder(&["run", "a.wasm", "--net", "localhost"]);
    assert_eq!((outcome.status, outcome.stderr.ends_with(&localhost)), (USAGE, true), "{}", outcome.stderr);
}

#[test]
fn variables_without_a_value() {
    let workshop = Workshop::new();
    workshop.module("a.wasm", NOTHING);
    let expected = "error: --env FOO: must be NAME=VALUE\n\
                    hint: --env FOO=VALUE sets it, --env FOO=\"$FOO\" to the value that it has now; --inherit-env lets the program see \
                    the environment that it is started in\n";
    for words in [&["run", "a.wasm"][..], &["build", "a.wasm", "-o", "out"], &["python", "-o", "out"]] {
        for no_name in ["", "=1", "A B;rm", "1A"] {
            let outcome = workshop.adder(&[words, &["--env", no_name]].concat());
            assert_eq!(outcome.stderr, format!("error: --env {no_name}: must be NAME=VALUE\n"));
        }
        let outcome = workshop.adder(&[words, &["--env", "FOO"]].concat());
        assert_eq!((outcome.status, outcome.stderr.as_str()), (USAGE, expected), "{words:?}");
    }
}

#[test]
fn files_in_place_of_a_command() {
    let workshop = Workshop::new();
    for (file, hint) in [
        ("a.wasm", "hint: adder build a.wasm -o a\n"),
        ("a.py", "hint: adder puts a script into a python: adder python --embed a.py::/app/a.py "),
    ] {
        let outcome = workshop.adder(&[file]);
        assert_eq!(outcome.status, USAGE, "{outcome:?}");
        assert!(outcome.stderr.contains(hint), "{}", outcome.stderr);
    }
    assert!(!workshop.adder(&["biuld"]).stderr.contains("hint: "));
}

#[test]
fn source_code_in_place_of_a_module() {
    let workshop = Workshop::new();
    for (file, what, how) in [
        ("slow.c", "C", "clang --target=wasm32-wasi -O2 slow.c -o slow.wasm"),
        ("a b.cpp", "C++", "clang++ --target=wasm32-wasi -O2 'a b.cpp' -o 'a b.wasm'"),
        ("main.rs", "Rust", "cargo build --release --target wasm32-wasip1"),
        ("main.go", "Go", "GOOS=wasip1 GOARCH=wasm go build -o main.wasm main.go"),
    ] {
        workshop.file(file, "int main(void) {}");
        let outcome = workshop.run(common::ADDER, &["build", file, "-o", "out"]);
        let expected = format!(
            "error: {file}: is source code in {what}, not a WebAssembly module\nhint: compile it first: {how}\n"
        );
        assert_eq!((outcome.status, outcome.stderr), (1, expected));
    }
    // Whatever it is called, a module is one.
    workshop.module("module.c", NOTHING);
    assert_eq!(workshop.adder(&["build", "module.c", "-o", "out"]).status, 0);
}

#[test]
fn folders_that_are_not_granted_as_meant() {
    let workshop = Workshop::new();
    workshop.module("a.wasm", NOTHING);
    workshop.file("data/file", "");
    for command in ["build", "run"] {
        let adder = |dir: &str| {
            let output: &[&str] = if command == "build" { &["-o", "out"] } else { &[] };
            workshop.adder(&[&[command, "a.wasm", "--dir", dir], output].concat())
        };
        for (dir, complaint) in [
            (
                "data:/data",
                "error: --dir data:/data: there is no folder data:/data\n\
                 hint: two colons stand between a folder and the program's name for it: --dir data::/data\n",
            ),
            (
                "data=/data:ro",
                "error: --dir data=/data:ro: there is no folder data=/data\n\
                 hint: two colons stand between a folder and the program's name for it: --dir data::/data:ro\n",
            ),
            (
                "data/file",
                "error: --dir data/file: is not a folder\n\
                 hint: --dir data grants the folder that it is in; --embed data/file::/file puts a copy of a file into the \
                 executable\n",
            ),
        ] {
            let outcome = adder(dir);
            assert_eq!((outcome.status, outcome.stderr.as_str()), (USAGE, complaint), "{command}");
            assert_eq!(workshop.names(), ["a.wasm", "data"]);
        }
    }
    // It may be there where the executable is run. A relative one always may.
    let built = workshop.adder(&["build", "a.wasm", "-o", "out", "--dir", "/no/where::/x", "--dir", "nowhere"]);
    let warning =
        "warning: --dir /no/where: there is no such folder here; the executable looks for it where it is run\n";
    assert!(built.status == 0 && built.stderr.starts_with(&format!("{warning}granted: ")), "{built:?}");
}

#[test]
fn the_working_directory_is_granted_only_inside_of_what_is() {
    let workshop = Workshop::new();
    workshop.module("a.wasm", NOTHING);
    let granted = |dir: &str| {
        let outcome = workshop.adder(&["build", "a.wasm", "-o", "out", "--dir", dir]);
        outcome.stderr.lines().next().map(str::to_owned).unwrap_or_default()
    };
    assert_eq!(granted("/etc"), "granted: /etc (read and write), the working directory if it is inside");
    assert_eq!(granted("/"), "granted: / (read and write), the working directory");
}
