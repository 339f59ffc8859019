//! `adder help`: the pages of the documentation, and how commands are called.

mod common;

use common::Workshop;
use std::fs;
use std::path::Path;

/// Names and texts of the pages in `docs`.
fn pages() -> Vec<(String, String)> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let entries = fs::read_dir(docs).expect("the pages are there").map(|entry| entry.expect("an entry").path());
    let pages = entries.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let mut pages: Vec<(String, String)> = pages
        .map(|path| {
            let name = path.file_stem().and_then(|name| name.to_str()).expect("text").to_owned();
            (name, fs::read_to_string(&path).expect("text"))
        })
        .collect();
    pages.sort();
    pages
}

#[test]
fn every_page_is_a_topic() {
    let workshop = Workshop::new();
    let listed = workshop.adder(&["help", "topics"]);
    assert_eq!((listed.status, listed.stderr.as_str()), (0, ""));
    let pages = pages();
    assert!(!pages.is_empty());
    let (list, how_to_print) = listed.stdout.split_once("\n\n").expect("there is a line behind the list");
    assert_eq!(list.lines().count(), pages.len(), "{list}");
    assert_eq!(
        how_to_print,
        "adder help TOPIC prints a page. python is a command, too: adder help topics python prints the page.\n"
    );
    for (name, text) in &pages {
        let title = text.lines().next().and_then(|line| line.strip_prefix("# ")).expect("a page begins with its title");
        let plain_title = title.replace("**", "");
        let line = listed.stdout.lines().find(|line| line.split_whitespace().next() == Some(name)).expect(name);
        assert!(line.ends_with(title), "{line}");
        let page = workshop.adder(&["help", "topics", name]);
        assert_eq!((page.status, page.stderr.as_str()), (0, ""), "{name}");
        assert!(page.stdout.starts_with(&format!("{plain_title}\n=")), "{}", page.stdout);
        assert!(!page.stdout.contains("```") && !page.stdout.contains("|--"), "{}", page.stdout);
        // Code is there as it is, but indented.
        let code = text.split("```").skip(1).step_by(2).flat_map(|block| block.lines().skip(1));
        for line in code.filter(|line| !line.trim().is_empty()) {
            assert!(page.stdout.lines().any(|shown| shown == format!("    {}", line.trim_end())), "{name}: {line}");
        }
    }
}

#[test]
fn commands_are_explained_as_by_their_own_option() {
    let workshop = Workshop::new();
    for command in
        [&["build"][..], &["python"], &["run"], &["inspect"], &["bench"], &["profile"], &["profile", "merge"]]
    {
        let outcome = workshop.adder(&[&["help"][..], command].concat());
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{command:?}");
        assert_eq!(outcome.stdout, workshop.adder(&[command, &["--help"]].concat()).stdout, "{command:?}");
        let usage = format!("Usage: adder {} ", command.join(" "));
        assert!(outcome.stdout.contains(&usage), "{}", outcome.stdout);
    }
    let all = workshop.adder(&["help"]);
    assert_eq!(all.stdout, workshop.adder(&["--help"]).stdout);
    assert!(all.stdout.contains("adder help topics"), "{}", all.stdout);
}

#[test]
fn a_page_is_printed_by_its_name_unless_a_command_has_it() {
    let workshop = Workshop::new();
    for (name, text) in pages() {
        let (page, named) = (workshop.adder(&["help", "topics", &name]), workshop.adder(&["help", &name]));
        if named.stdout.contains("Usage: adder") {
            let pointer = format!("A page about it: adder help topics {name}\n");
            assert!(named.stdout.contains(&pointer), "{}", named.stdout);
        } else {
            assert_eq!(named.stdout, page.stdout);
            assert_eq!(named.status, 0, "{text}");
        }
    }
}

#[test]
fn what_there_is_no_help_on_is_a_usage_error_with_a_list() {
    let workshop = Workshop::new();
    for names in [&["cooking"][..], &["build", "cooking"], &["embedding", "build"]] {
        let outcome = workshop.adder(&[&["help"][..], names].concat());
        assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""), "{names:?}");
        let message = format!("error: there is no help on {}\nhint: ", names.join(" "));
        assert!(outcome.stderr.starts_with(&message), "{}", outcome.stderr);
        for (name, _) in pages() {
            assert!(outcome.stderr.contains(&name), "{}", outcome.stderr);
        }
        assert!(outcome.stderr.contains("build, python, run"), "{}", outcome.stderr);
    }
}

#[test]
fn options_stand_in_groups_with_the_common_ones_first() {
    let workshop = Workshop::new();
    for (command, headings) in [
        ("build", ["Output", "Access", "Checkpoint", "Compilation", "Entry", "Profiles", "Messages"]),
        ("python", ["Output", "Access", "Checkpoint", "Compilation", "Entry", "Profiles", "Messages"]),
    ] {
        let (short, long) = (workshop.adder(&[command, "-h"]).stdout, workshop.adder(&[command, "--help"]).stdout);
        for text in [&short, &long] {
            let is_heading = |line: &&str| line.ends_with(':') && line.starts_with(char::is_uppercase);
            let found: Vec<&str> = text.lines().filter(is_heading).map(|line| line.trim_end_matches(':')).collect();
            assert_eq!(found[0], "Arguments", "{text}");
            assert_eq!(found[1..=headings.len()], headings, "{text}");
        }
        // Every option is in both, and says more in one of them.
        let options = |text: &str| -> Vec<String> {
            let words = text.lines().filter_map(|line| line.split_whitespace().find(|word| word.starts_with("--")));
            words.map(|word| word.split(['=', '[']).next().unwrap_or_default().to_owned()).collect()
        };
        for option in options(&short) {
            assert!(long.contains(&option), "{option}");
        }
        assert!(long.len() > short.len() * 5 / 4, "{} {}", long.len(), short.len());
    }
}

/// The script that builds what nobody publishes answers the same question.
#[test]
fn the_recipe_explains_itself() {
    let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../recipes/python-3.11/build.sh");
    let outcome = Workshop::new().run(&recipe, &["--help"]);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    assert!(outcome.stdout.starts_with("Builds CPython 3.11.2 "), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("\nTargets (default: wasi):\n  wasi "), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("set -eu"), "{}", outcome.stdout);
    let unknown = Workshop::new().run(&recipe, &["cooking"]);
    assert_eq!(unknown.status, 1);
    assert!(unknown.stderr.contains("hint: ") && unknown.stderr.contains("build.sh --help"), "{}", unknown.stderr);
}
