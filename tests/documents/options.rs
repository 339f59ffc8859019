//! Options: those that adder has are described on a page, and those that pages name are there.

use std::collections::BTreeSet;
use std::process::Command;

use adder_tests::{outcome, workspace};

use crate::pages;

/// The commands whose options are looked at.
const COMMANDS: [&[&str]; 7] =
    [&["build"], &["python"], &["run"], &["inspect"], &["bench"], &["profile", "merge"], &[]];

/// Options that need no page, because every program has them.
const COMMON: [&str; 2] = ["--help", "--version"];

/// Options that pages name and other programs have, by the program.
const OTHERS: [(&str, &[&str]); 6] = [
    (
        "cargo",
        &[
            "--release",
            "--locked",
            "--bin",
            "--no-fail-fast",
            "--test",
            "--manifest-path",
            "--path",
            "--seconds",
            "--seed",
        ],
    ),
    ("pip", &["--target", "--only-binary", "--platform", "--python-version", "--implementation", "--abi"]),
    ("npm", &["--offline"]),
    ("ld", &["--gc-sections"]),
    ("tests/fuzz", &["--first", "--count"]),
    ("cc", &["--target"]),
];

/// The options that a text names: words that begin with two dashes, and go on with a letter.
fn options(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("--") {
        let behind = &text[at + 2..];
        let is_begin = !text[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '-');
        let length = behind.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
        let name = behind[..length.unwrap_or(behind.len())].trim_end_matches('-');
        if is_begin && name.starts_with(|letter: char| letter.is_ascii_lowercase()) {
            found.insert(format!("--{name}"));
        }
    }
    found
}

/// The options of adder.
fn own() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for command in COMMANDS {
        let help = outcome::finish(Command::new(workspace::adder()).args(command).arg("--help"), b"");
        // Their descriptions name options, too, but only those that there are.
        all.extend(options(help.printed()));
    }
    all
}

/// A page without its blocks, whose commands are run anyway.
fn prose(text: &str) -> String {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            lines.push(line);
        }
    }
    lines.join("\n")
}

#[test]
fn every_option_has_a_page() {
    let topics = pages().into_iter().filter(|page| page.path.starts_with("docs/"));
    let described: BTreeSet<String> = topics.flat_map(|page| options(&page.text)).collect();
    let missing: Vec<String> = own().into_iter().filter(|option| !described.contains(option)).collect();
    let missing: Vec<&String> = missing.iter().filter(|option| !COMMON.contains(&option.as_str())).collect();
    assert!(missing.is_empty(), "no page of docs/ names {missing:?}");
}

#[test]
fn options_that_pages_name_are_there() {
    let own = own();
    let is_known =
        |option: &String| own.contains(option) || OTHERS.iter().any(|(_, options)| options.contains(&option.as_str()));
    let mut findings = Vec::new();
    for page in pages() {
        let unknown = options(&prose(&page.text)).into_iter().filter(|option| !is_known(option));
        findings.extend(unknown.map(|option| format!("{}: adder has no option {option}", page.path)));
    }
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

#[test]
fn options_are_found() {
    let found = options("`--dir HOST`, --env=X a--b --- --1 --no-checkpoint. (--memory high)");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["--dir", "--env", "--memory", "--no-checkpoint"]);
}
