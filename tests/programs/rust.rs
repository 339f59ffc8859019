//! Programs made of crates that people use (`rust/`), compiled by cargo for `wasm32-wasip1`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use adder_tests::workspace::{self, cargo};

use crate::built::{executable, folder};
use adder_tests::outcome::{finish, run_with};

/// The executable of a program of `rust/`, with grants.
fn program(name: &str, grants: &[&str]) -> PathBuf {
    static MODULES: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let target = folder().join("rust-target");
        let manifest = workspace::root().join("tests/programs/rust/Cargo.toml");
        let mut command = cargo();
        command.args(["build", "--release", "--locked", "--quiet", "--target", "wasm32-wasip1", "--target-dir"]);
        workspace::run(command.arg(&target).arg("--manifest-path").arg(manifest));
        target.join("wasm32-wasip1/release")
    };
    let module = MODULES.get_or_init(build).join(format!("{name}.wasm"));
    executable(name, &[&["build", &module.display().to_string()], grants].concat(), &[&module])
}

/// Runs `search` on a folder, which it sees as `/tree`.
fn search(tree: &Path, pattern: &str) -> (Option<i32>, String, String) {
    let program = program("search", &["--dir", ".::/tree:ro"]);
    let outcome = finish(Command::new(program).args([pattern, "/tree"]).current_dir(tree), b"");
    (outcome.status, outcome.stdout, outcome.stderr)
}

#[test]
fn the_core_of_ripgrep_searches_a_tree() {
    let tree = tempfile::tempdir().expect("the temporary folder is writable");
    let write = |name: &str, contents: &[u8]| {
        let path = tree.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder is ours");
        fs::write(path, contents).expect("the folder is ours");
    };
    write(".gitignore", b"*.log\nbuilt/\n!kept.log\n");
    write("a.txt", "first needle\nnothing\nNeedle in a haystack, größer\n".as_bytes());
    write("deep/er/b.txt", b"needles: 12\nneedle-34 and needle-56\n");
    write("deep/.ignore", b"*.tmp\n");
    write("deep/c.tmp", b"needle\n");
    write("built/d.txt", b"needle\n");
    write("other.log", b"needle\n");
    write("kept.log", b"a needle\n");
    write(".hidden", b"needle\n");
    write("binary", b"needle\0needle\n");
    let large: String = (0..50_000).map(|line| format!("line {line} of many\n")).collect();
    write("large.txt", large.as_bytes());

    let (status, stdout, stderr) = search(tree.path(), "needle");
    let expected = "/tree/a.txt:1:first needle\n\
                    /tree/a.txt:3:Needle in a haystack, größer\n\
                    /tree/binary:1:needle\0needle\n\
                    /tree/deep/er/b.txt:1:needles: 12\n\
                    /tree/deep/er/b.txt:2:needle-34 and needle-56\n\
                    /tree/kept.log:1:a needle\n";
    assert_eq!((status, stdout.as_str(), stderr.as_str()), (Some(0), expected, ""));

    // An upper case letter makes the case matter.
    let (_, stdout, _) = search(tree.path(), "Needle");
    assert_eq!(stdout, "/tree/a.txt:3:Needle in a haystack, größer\n");
    let (_, stdout, _) = search(tree.path(), r"\b4999[5-9]\b");
    assert_eq!(stdout.lines().count(), 5, "{stdout}");
    assert!(stdout.starts_with("/tree/large.txt:49996:line 49995 of many\n"), "{stdout}");
    assert_eq!(search(tree.path(), r"n\p{Ll}{4}e-(?:34|56) and").1.lines().count(), 1);
    assert_eq!(search(tree.path(), "nowhere to be found"), (Some(1), String::new(), String::new()));
    let (status, stdout, stderr) = search(tree.path(), "(unclosed");
    assert_eq!((status, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("unclosed group"), "{stderr}");
}

#[test]
fn json_is_formatted() {
    let program = program("format-json", &[]);
    let document = r#"{"b": [1, 2.5, -0, 1e400, {"x": null}], "a": "\u00fc\ud83d\ude00\n", "a b": {}}"#;
    let outcome = run_with(&program, &[], document.replace("1e400", "12345678901234567890").as_bytes());
    let expected = "{\n  \"b\": [\n    1,\n    2.5,\n    -0.0,\n    12345678901234567890,\n    {\n      \"x\": null\n    }\n  \
                    ],\n  \"a\": \"ü😀\\n\",\n  \"a b\": {}\n}\n";
    assert_eq!(outcome.printed(), expected);
    assert_eq!(run_with(&program, &["--compact"], b"[1 ,\n2]").printed(), "[1,2]\n");
    for (document, message) in [
        (document, "format-json: number out of range at line 1 column 25\n"),
        ("{\"b\":", "format-json: EOF while parsing a value at line 1 column 5\n"),
        ("[1,\n2,]", "format-json: trailing comma at line 2 column 3\n"),
        (&"[".repeat(1000), "format-json: recursion limit exceeded at line 1 column 128\n"),
    ] {
        let outcome = run_with(&program, &[], document.as_bytes());
        assert_eq!((outcome.status, outcome.stdout.as_str()), (Some(1), ""), "{outcome:#?}");
        assert_eq!(outcome.stderr, message);
    }
    // A large one, in pieces of a pipe.
    let numbers: Vec<String> = (0..200_000).map(|number| number.to_string()).collect();
    let outcome = run_with(&program, &["--compact"], format!("[ {} ]", numbers.join(" , ")).as_bytes());
    assert_eq!(outcome.printed(), format!("[{}]\n", numbers.join(",")));
}
