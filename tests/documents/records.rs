//! Tables of the documents that other tests have recorded: the same figures, or the page is old.

use std::fs;

use adder_tests::workspace;

/// Files with a table, and what is in front of its lines there; lines that are no part of the table are left out. The page may have
/// more columns in front.
const RECORDS: [(&str, &str); 4] = [
    ("tests/spec/totals-low.md", ""),
    ("tests/python/suite/expected-confined.txt", "# "),
    ("tests/python/suite/expected-3.14.txt", "# "),
    ("tests/python/suite/expected-emscripten.txt", "# "),
];

/// The page with the tables.
const PAGE: &str = "docs/compatibility.md";

fn read(path: &str) -> String {
    fs::read_to_string(workspace::root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn tables_are_what_tests_have_recorded() {
    let page = read(PAGE);
    let lines: Vec<&str> = page.lines().collect();
    let mut findings = Vec::new();
    for (path, prefix) in RECORDS {
        let record = read(path);
        let rows: Vec<&str> = record.lines().filter_map(|line| line.strip_prefix(prefix)).collect();
        let rows: Vec<&str> = rows.into_iter().filter(|line| line.starts_with('|')).collect();
        assert!(!rows.is_empty(), "{path} has a table");
        let missing = rows.into_iter().filter(|row| !lines.iter().any(|line| line.ends_with(row)));
        findings.extend(missing.map(|row| format!("{PAGE} lacks a line of {path}: {row}")));
    }
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}
