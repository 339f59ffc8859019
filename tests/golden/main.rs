//! Golden tests of code shape: a module in the text format and what the compiler makes of it.
//!
//! A case is one file in `cases/`. Its first line says what it shows. Each line `;;! KIND OPTION...` asks for an output:
//! `clif` or `assembly`, with `memory=low|high|checked`, `cpu=NAME`, `globals=thread-relative|cell`,
//! `optimize=0|1|2`, `entry=command|library`, `interfaces=example`, `allow-missing`, `instrument`,
//! `profile` (given in lines `;;# FUNCTION: WORD...`) or `glue`. The outputs follow the module as comments, each under its request.
//! `ADDER_BLESS=1` writes them anew. That the code *works* is for the tests that run it.

mod case;

use std::fs;
use std::path::Path;

#[test]
fn generated_code_has_the_recorded_shape() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/cases");
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .expect("the folder of cases is readable")
        .map(|entry| entry.expect("the folder of cases is readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wat"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let mut differences = String::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a case is readable text");
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
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
