//! What all pages look like: as Markdown and, printed by `adder help`, as plain text.

use std::fs;

use adder_tests::workspace;

use crate::{Page, pages};

/// The longest line of a page, in letters. Only links may be longer.
const COLUMNS_MAX: usize = 120;
/// The front page is read in a few minutes.
const README_LINES_MAX: usize = 120;
/// So is how it all works.
const ARCHITECTURE_WORDS_MAX: usize = 1500;

/// Fails with all findings at once.
fn report(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

/// What a table says that shows it.
#[test]
fn tests_that_pages_name_are_there() {
    let mut findings = Vec::new();
    for Page { path, text } in topics() {
        let tables = text.split("\n\n").filter(|part| part.starts_with('|') && part.contains("in `tests` |"));
        for row in tables.flat_map(|table| table.lines().skip(2)) {
            let file = row.trim_end_matches([' ', '|', '`']).rsplit('`').next().unwrap_or_default();
            if !workspace::root().join("tests").join(file).is_file() {
                findings.push(format!("{path}: there is no tests/{file}: {row}"));
            }
        }
    }
    report(&findings);
}

fn topics() -> impl Iterator<Item = Page> {
    pages().into_iter().filter(|page| page.path.starts_with("docs/"))
}

#[test]
fn pages_begin_by_saying_what_they_are_for() {
    let mut findings = Vec::new();
    for Page { path, text } in topics() {
        let mut parts = text.split("\n\n");
        let title = parts.next().unwrap_or_default();
        if !title.starts_with("# ") || title.contains('\n') {
            findings.push(format!("{path}:1: no title"));
        }
        let sentence = parts.next().unwrap_or_default().trim_end();
        // A dot inside of a name or a number is not the end of a sentence.
        let is_one = sentence.ends_with('.') && !sentence[..sentence.len() - 1].replace('\n', " ").contains(". ");
        if !is_one || sentence.starts_with(['#', '-', '|', '`']) {
            findings
                .push(format!("{path}:3: the title is not followed by one sentence that says what the page is for"));
        }
    }
    report(&findings);
}

#[test]
fn lines_fit_a_terminal() {
    let mut findings = Vec::new();
    for Page { path, text } in pages() {
        for (index, line) in text.lines().enumerate() {
            if line.chars().count() > COLUMNS_MAX && !line.contains("](") {
                findings.push(format!("{path}:{}: more than {COLUMNS_MAX} letters", index + 1));
            }
        }
    }
    report(&findings);
}

#[test]
fn the_front_page_leads_to_all_others() {
    let readme = fs::read_to_string(workspace::root().join("README.md")).expect("the repository has one");
    let mut findings: Vec<String> = topics()
        .filter(|page| !readme.contains(&format!("]({})", page.path)))
        .map(|page| format!("README.md has no link to {}", page.path))
        .collect();
    let lines = readme.lines().count();
    if lines > README_LINES_MAX {
        findings.push(format!("README.md has {lines} lines, more than {README_LINES_MAX}: move something into docs/"));
    }
    report(&findings);
}

#[test]
fn the_architecture_is_short() {
    let text = fs::read_to_string(workspace::root().join("ARCHITECTURE.md")).expect("the repository has one");
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    assert!(words <= ARCHITECTURE_WORDS_MAX, "ARCHITECTURE.md has {words} words, more than {ARCHITECTURE_WORDS_MAX}");
}
