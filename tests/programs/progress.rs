//! What somebody at a terminal sees of a long build.

use std::process::Command;

use adder_tests::workspace;

use adder_tests::outcome::finish;

/// The numbers before each `% of` on the screen.
fn percentages(screen: &str) -> Vec<u32> {
    let ends = screen.match_indices("% of ").map(|(end, _)| &screen[..end]);
    ends.map(|text| {
        let start = text.rfind(|character: char| !character.is_ascii_digit()).map_or(0, |index| index + 1);
        text[start..].parse().expect("digits")
    })
    .collect()
}

#[test]
fn the_bar_grows_to_its_end_and_linking_is_named() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let adder = workspace::adder().display();
    let output = folder.path().join("python");
    let build = |redirection: &str| {
        // `script` gives a command a terminal and shows what it writes there.
        let line = format!("'{adder}' python 3.12 -O 0 --jobs 2 -o '{}' {redirection}", output.display());
        finish(Command::new("script").args(["--quiet", "--return", "--command", &line, "/dev/null"]), b"")
    };
    let outcome = build("");
    let screen = outcome.printed();
    let percentages = percentages(screen);
    assert!(percentages.is_sorted() && percentages.first() < percentages.last(), "{percentages:?}");
    assert_eq!(percentages.last(), Some(&100), "{screen:?}");
    let bar = screen.rfind("% of ").expect("there is one");
    let linking = screen.find("linking, ").unwrap_or_else(|| panic!("{screen:?}"));
    assert!(bar < linking, "{screen:?}");
    // Nothing of it stays: the last thing that is drawn is the removal.
    assert!(screen[linking..].contains("\u{1b}[2K"), "{screen:?}");

    // No terminal, no bar.
    let outcome = build(&format!("2>'{}'", folder.path().join("errors").display()));
    assert_eq!(outcome.printed(), "");
    let errors = std::fs::read_to_string(folder.path().join("errors")).expect("the shell made it");
    let lines: Vec<&str> = errors.lines().collect();
    assert!(
        matches!(lines[..], [granted, wrote] if granted.starts_with("granted: ") && wrote.starts_with("wrote ")),
        "{errors:?}"
    );
}
