//! The rules of the house that a machine can check, for every text file of the repository.

mod architecture;
mod imports;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use adder_tests::workspace;

/// The crates that have rooms, by their folders.
const CRATES: [&str; 4] = ["cli/src", "compiler/src", "runtime/abi/src", "runtime/src"];

/// Lines beyond which a file holds a second subject.
const LINES_MAX: usize = 500;

/// Files beyond which a folder of a crate's source is no single room any more.
const FILES_MAX: usize = 15;

/// Every file with one of these endings, its path from the root and its text.
fn files(endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![workspace::root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the repository can be read") {
            let path = entry.expect("the repository can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let hidden = name.starts_with('.') && name != ".ci" && name != ".gitignore";
            if path.is_dir() && !path.is_symlink() {
                if !hidden && name != "target" {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let path = path.strip_prefix(workspace::root()).expect("it was found there");
                found.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

/// Fails with all findings at once.
fn report(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

#[test]
fn files_have_one_subject() {
    let too_long = |(path, text): (String, String)| {
        let lines = text.lines().count();
        (lines > LINES_MAX).then(|| format!("{path}: {lines} lines; look for the second subject in it"))
    };
    report(&files(&[".rs"]).into_iter().filter_map(too_long).collect::<Vec<_>>());
}

#[test]
fn folders_have_one_subject() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (path, _) in
        files(&[".rs"]).into_iter().filter(|(path, _)| CRATES.iter().any(|source| path.starts_with(source)))
    {
        let folder = Path::new(&path).parent().expect("a file lies in a folder").to_string_lossy().into_owned();
        *counts.entry(folder).or_default() += 1;
    }
    let too_many = counts.into_iter().filter(|(_, count)| *count > FILES_MAX);
    report(
        &too_many.map(|(folder, count)| format!("{folder}: {count} files; some belong together")).collect::<Vec<_>>(),
    );
}

#[test]
fn files_begin_by_saying_what_they_are() {
    let silent = |(path, text): (String, String)| {
        let first = text.lines().find(|line| !line.starts_with("#![") && !line.is_empty()).unwrap_or_default();
        (!first.starts_with("//! ")).then(|| format!("{path}: the first line is no module documentation"))
    };
    report(&files(&[".rs"]).into_iter().filter_map(silent).collect::<Vec<_>>());
}

#[test]
fn text_is_clean() {
    let mut findings = Vec::new();
    for (path, text) in files(&[".rs", ".toml", ".wat", ".c", ".md"]) {
        for (number, line) in text.lines().enumerate() {
            // Two spaces at the end of a line mean something in Markdown.
            if line.ends_with([' ', '\t']) && !path.ends_with(".md") {
                findings.push(format!("{path}:{}: blanks at the end of the line", number + 1));
            }
            if path.ends_with(".rs") && line.contains('\t') {
                findings.push(format!("{path}:{}: a tab", number + 1));
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            findings.push(format!("{path}: the last line does not end"));
        }
    }
    report(&findings);
}

/// `unwrap` outside of tests stands only where the line above proves it, which takes a comment to say.
#[test]
fn unwraps_are_explained() {
    let mut findings = Vec::new();
    let sources = files(&[".rs"]).into_iter().filter(|(path, _)| path.contains("/src/") || path.ends_with("build.rs"));
    for (path, text) in sources {
        let mut above = "";
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("#[cfg(test)]") {
                break;
            }
            let code = line.split("//").next().unwrap_or_default();
            if code.contains(".unwrap()") && !above.trim_start().starts_with("//") {
                findings.push(format!("{path}:{}: an unwrap without a comment above it", number + 1));
            }
            above = line;
        }
    }
    report(&findings);
}

/// An emulator does not show what is wrong with the order of memory accesses. So whoever asks for none says why none is needed.
#[test]
fn relaxed_accesses_are_explained() {
    let mut findings = Vec::new();
    let is_source =
        |path: &str| path.starts_with("runtime/src/") && !path.contains("/tests/") && !path.ends_with("/tests.rs");
    for (path, text) in files(&[".rs"]).into_iter().filter(|(path, _)| is_source(path)) {
        let mut is_used = false;
        let mut is_explained = false;
        for line in text.lines() {
            let (code, comment) = line.split_once("//").unwrap_or((line, ""));
            is_used |= code.contains("Relaxed");
            is_explained |= comment.contains("Relaxed");
        }
        if is_used && !is_explained {
            findings.push(format!("{path}: a relaxed access without a comment that says why it may be one"));
        }
    }
    report(&findings);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut findings = Vec::new();
    for (path, text) in files(&[".md"]) {
        let folder = workspace::root().join(Path::new(&path).parent().unwrap_or(Path::new("")));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") && !folder.join(target).exists() {
                findings.push(format!("{path}: the link to {target} leads nowhere"));
            }
        }
    }
    report(&findings);
}
