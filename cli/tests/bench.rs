//! `adder bench`, with shell scripts for pythons: what it runs, reports and refuses.

mod common;

use common::Workshop;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// A workshop with programs by these names that do this with their arguments.
fn workshop(programs: &[(&str, &str)]) -> Workshop {
    let workshop = Workshop::new();
    for (name, script) in programs {
        let path = workshop.file(name, format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    workshop
}

/// Prints its arguments, unless it is `-c pass`.
const ECHO: &str = "[ \"$1\" = -c ] || echo \"$@\"";

#[test]
fn pythons_are_compared() {
    // The second one also writes down that it was called.
    let slow = format!("echo \"$@\" >> calls; sleep 0.05; {ECHO}");
    let workshop = workshop(&[("native", ECHO), ("slow", &slow)]);
    let arguments = ["bench", "--python", "mine=./slow", "--native", "./native", "--rounds", "3", "--json", "out.json"];
    let outcome = workshop.adder(&[&arguments[..], &["--html", "out.html", "script.py", "--rounds", "7"]].concat());
    assert_eq!(outcome.status, 0, "{outcome:?}");
    assert!(outcome.stdout.contains("Time over ./native's: median and spread of 3 rounds"), "{outcome:?}");
    assert!(!outcome.stdout.contains("something else"), "{outcome:?}");
    let warning = "warning: --rounds stands behind the script, so it is an argument of the script\n\
                   hint: options of adder bench come before the script\nround 1 of 3\n";
    assert!(outcome.stderr.starts_with(warning), "{outcome:?}");

    // A first time, three rounds, and seven processes whose memory is looked at.
    let calls = fs::read_to_string(workshop.work().join("calls")).expect("it was called");
    assert_eq!(calls.matches("script.py --rounds 7\n").count(), 4, "{calls}");
    assert_eq!(calls.matches("-c pass\n").count(), 4 + 7, "{calls}");

    let json = fs::read_to_string(workshop.work().join("out.json")).expect("it was written");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["subjects"][0]["name"], "./native");
    assert_eq!(json["subjects"][1]["name"], "mine");
    assert_eq!(json["rounds"], 3);
    let times: Vec<f64> = serde_json::from_value(json["tests"][0]["samples"][1].clone()).expect("three times");
    assert_eq!(times.len(), 3);
    assert!(times.iter().all(|time| (0.05..10.0).contains(time)), "{times:?}");
    assert_eq!(json["geometric_means"][0]["of"], "mine");
    let names: Vec<&str> =
        json["figures"].as_array().expect("a list").iter().filter_map(|figure| figure["name"].as_str()).collect();
    assert!(names.contains(&"peak memory of the script") && names.contains(&"file"), "{names:?}");

    let html = fs::read_to_string(workshop.work().join("out.html")).expect("it was written");
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("<svg ") && html.contains("mine"), "{html}");
    assert_eq!(workshop.names(), ["calls", "native", "out.html", "out.json", "slow"]);
}

#[test]
fn other_output_is_told() {
    let workshop = workshop(&[("one", ECHO), ("other", "[ \"$1\" = -c ] || echo else")]);
    let outcome = workshop.adder(&["bench", "--python", "./one", "--python", "./other", "--rounds", "1", "script.py"]);
    assert_eq!(outcome.status, 0, "{outcome:?}");
    assert!(outcome.stdout.contains("./other prints something else than ./one"), "{outcome:?}");
    assert!(outcome.stdout.contains("one is a script that starts the python as another process"), "{outcome:?}");
}

#[test]
fn a_python_says_why_it_starts_from_the_beginning() {
    let cold =
        format!("[ -z \"$ADDER_EXPLAIN\" ] || echo 'adder: started from the beginning: TEST is set' >&2; {ECHO}");
    let warm = format!("[ -z \"$ADDER_EXPLAIN\" ] || echo 'adder: went on from the checkpoint' >&2; {ECHO}");
    let workshop = workshop(&[("cold", &cold), ("warm", &warm)]);
    let outcome = workshop.adder(&["bench", "--python", "./cold", "--python", "./warm", "--rounds", "1", "script.py"]);
    assert_eq!(outcome.status, 0, "{outcome:?}");
    assert!(outcome.stdout.contains("./cold starts from the beginning: TEST is set\n"), "{outcome:?}");
    assert_eq!(outcome.stdout.matches("from the beginning").count(), 1, "{outcome:?}");
}

#[test]
fn sizes_are_of_pythons_and_not_of_what_finds_them() {
    // As version managers have it: a script that becomes the python, and one that starts it.
    let run = "./python -c '[ \"$1\" = -c ] || echo hello' x \"$@\"";
    let workshop = workshop(&[("becomes", &format!("exec {run}")), ("starts", &format!("{run}; exit 0"))]);
    // Another program than that of the scripts.
    let python = workshop.work().join("python");
    fs::copy("/bin/sh", &python).expect("there is one");
    let arguments = ["bench", "--rounds", "1", "--python", "./becomes", "--python", "./starts", "script.py"];
    let outcome = workshop.adder(&arguments);
    assert_eq!(outcome.status, 0, "{outcome:?}");
    let text = outcome.stdout;
    let megabytes = format!("{:.1}", fs::metadata(&python).expect("a file").len() as f64 / 1e6);
    let row = |name: &str| -> Vec<&str> {
        let cells =
            text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("no {name}: {text}"));
        cells.split_whitespace().collect()
    };
    assert_eq!(row("file, MB"), [megabytes.as_str(), "-"], "{text}");
    assert_eq!(row("peak memory of `-c pass`, MB")[1], "-", "{text}");
    let note = "becomes is a script: what it takes to find the python counts; the file is that of /";
    assert!(text.contains(note) && text.contains("/python\n"), "{text}");
}

#[test]
fn failures_have_a_status_and_a_hint() {
    let workshop = workshop(&[("fails", "exit 3"), ("works", ECHO)]);
    for (arguments, status, complaint) in [
        (&["script.py"][..], 2, "there is nothing to measure\nhint: name a python"),
        (&["--python", "./none", "script.py"], 3, "there is no python ./none"),
        (&["--python", "works", "script.py"], 3, "there is no python works\nhint: it is in this folder: ./works"),
        (
            &["--python", "./works", "--native", "./works", "x"],
            2,
            "two pythons are called ./works\nhint: give them names",
        ),
        (&["--python", "x=./fails", "script.py"], 3, "error: x: ./fails ended with status 3 and printed nothing\n"),
        (&["--python", "./fails", "script.py"], 3, "error: ./fails ended with status 3 and"),
        (&["--python", "./works", "--rounds", "ten", "script.py"], 2, "it must be a whole number, 1 or more"),
        (&["--python", "./works"], 2, "<SCRIPT.py>"),
        (&["--python", "./works", "--rounds", "0", "script.py"], 2, "--rounds"),
        (&["--python", "./works", "--json", "no/where", "script.py"], 3, "no/where"),
    ] {
        let outcome = workshop.adder(&[&["bench"][..], arguments].concat());
        assert_eq!(outcome.status, status, "{arguments:?} {outcome:?}");
        assert!(outcome.stderr.contains(complaint), "{arguments:?} {outcome:?}");
        assert_eq!(outcome.stdout, "", "{arguments:?}");
        assert_eq!(workshop.names(), ["fails", "works"], "{arguments:?}");
    }
}
