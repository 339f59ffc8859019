//! Golden tests of code shape: a module in the text format and what the compiler makes of it.
//!
//! A case is one file in `cases/`. Its first line says what it shows. Each line `;;! KIND OPTION...` asks for an output:
//! `clif` or `assembly`, with `memory=low|high|checked`, `cpu=NAME`, `globals=thread-relative|cell`,
//! `optimize=0|1|2`, `entry=command|library|c-library`, `interfaces=example`, `allow-missing`, `instrument`,
//! `profile` (given in lines `;;# FUNCTION: WORD...`) or `glue`. The outputs follow the module as comments, each under its request.
//! Without `cpu` they are for `x86-64`. A case that shows machine code shows that of every architecture: `cpu=armv8-a` is
//! aarch64.
//! `ADDER_BLESS=1` writes them anew. That the code *works* is for the tests that run it.

mod case;

use std::fs;
use std::path::{Path, PathBuf};

use adder_compiler::Architecture;

/// Every case: its name, its file and the text of it.
fn cases() -> Vec<(String, PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/cases");
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .expect("the folder of cases is readable")
        .map(|entry| entry.expect("the folder of cases is readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wat"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a case is readable text");
        (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), path, text)
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn generated_code_has_the_recorded_shape() {
    let mut differences = String::new();
    for (name, path, text) in cases() {
        let now = case::render(&text).unwrap_or_else(|message| panic!("{name}: {message}"));
        if now == text {
            continue;
        }
        if adder_tests::workspace::bless() {
            fs::write(&path, now).expect("the repository is writable");
        } else {
            differences.push_str(&format!("{name}: {}\n", case::first_difference(&text, &now)));
        }
    }
    assert!(differences.is_empty(), "ADDER_BLESS=1 accepts these changes:\n{differences}");
}

/// So that none is forgotten: what is good for one machine may be wasteful or wrong on another.
#[test]
fn machine_code_is_shown_for_every_architecture() {
    let mut missing = String::new();
    for (name, _, text) in cases() {
        let shown = case::architectures(&text).unwrap_or_else(|message| panic!("{name}: {message}"));
        if shown.is_empty() {
            continue;
        }
        for architecture in Architecture::ALL {
            if !shown.contains(&architecture) {
                missing.push_str(&format!("{name}: no `assembly` for {}\n", architecture.triple()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing}");
}
