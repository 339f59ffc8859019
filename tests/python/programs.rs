//! Whole programs, from the folder `programs`: each is run by the executable and by native Python in an empty folder;
//! both must print the same, end the same way and leave the same files.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use adder_tests::workspace;

use crate::executables::{Flavor, Variant, native, python};
use crate::process::{Outcome, run};

crate::for_each_flavor! {
    files,
    directories,
    working_directory,
    large_files,
    many_descriptors,
    clocks,
    text_encodings,
    arithmetic,
    standard_library,
    language,
    archives,
    training,
}

fn files(flavor: Flavor) {
    compare(flavor, "files");
}

fn directories(flavor: Flavor) {
    compare(flavor, "directories");
}

fn working_directory(flavor: Flavor) {
    compare(flavor, "working_directory");
}

fn large_files(flavor: Flavor) {
    compare(flavor, "large_files");
}

fn many_descriptors(flavor: Flavor) {
    compare(flavor, "many_descriptors");
}

fn clocks(flavor: Flavor) {
    compare(flavor, "clocks");
}

fn text_encodings(flavor: Flavor) {
    compare(flavor, "text_encodings");
}

fn arithmetic(flavor: Flavor) {
    compare(flavor, "arithmetic");
}

fn standard_library(flavor: Flavor) {
    compare(flavor, "standard_library");
}

fn language(flavor: Flavor) {
    compare(flavor, "language");
}

fn archives(flavor: Flavor) {
    compare(flavor, "archives");
}

/// What profiles are made with has to do the same everywhere, or it would train something else.
fn training(flavor: Flavor) {
    let folder = workspace::root().join("benches/training");
    let entries = fs::read_dir(folder).expect("the repository can be read");
    let mut scripts: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    scripts.sort();
    assert!(scripts.len() >= 12, "{scripts:?}");
    for script in scripts {
        compare_script(flavor, &script);
    }
}

#[track_caller]
fn compare(flavor: Flavor, program: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/programs");
    compare_script(flavor, &folder.join(format!("{program}.py")));
}

#[track_caller]
fn compare_script(flavor: Flavor, script: &Path) {
    let program = script.file_stem().unwrap_or_default().to_string_lossy();
    let parent = tempfile::tempdir().expect("the system's temporary folder is writable");
    let (expected, expected_files) = run_in_empty_folder(native(), parent.path(), script);
    assert!(expected.status.success(), "{program}.py does not work with native Python: {expected:?}");
    let (actual, actual_files) = run_in_empty_folder(&python(flavor, Variant::Default), parent.path(), script);
    let expected_lines: Vec<_> = expected.stdout_text().lines().map(str::to_owned).collect();
    for (number, line) in actual.stdout_text().lines().enumerate() {
        let expected_line = expected_lines.get(number).map_or("(nothing)", String::as_str);
        assert_eq!(line, expected_line, "line {} of what {program}.py prints; all of it: {actual:?}", number + 1);
    }
    assert_eq!(actual, expected, "{program}.py");
    assert_eq!(actual_files, expected_files, "{program}.py leaves other files");
}

/// Always under the same name, so that paths in the output are the same.
fn run_in_empty_folder(executable: &Path, parent: &Path, script: &Path) -> (Outcome, BTreeMap<PathBuf, String>) {
    let folder = parent.join("work");
    fs::create_dir(&folder).expect("it was removed before");
    let outcome = run(executable, &folder, [script]);
    let mut files = BTreeMap::new();
    describe(&folder, &mut files);
    fs::remove_dir_all(&folder).expect("the folder is ours");
    (outcome, files)
}

/// What lies below a folder: kinds, sizes and contents.
fn describe(folder: &Path, files: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).expect("the folder is ours") {
        let path = entry.expect("the folder is ours").path();
        let metadata = fs::symlink_metadata(&path).expect("it was listed");
        let description = if metadata.is_symlink() {
            let target = fs::read_link(&path).expect("it is a link");
            format!("link to {}", String::from_utf8_lossy(target.as_os_str().as_bytes()))
        } else if metadata.is_dir() {
            describe(&path, files);
            "folder".to_owned()
        } else {
            // Contents of sparse giants would only be zeros.
            let contents = if metadata.len() < 1 << 20 { fs::read(&path).expect("it was listed") } else { Vec::new() };
            format!("{} bytes, {} links: {}", metadata.len(), metadata.nlink(), contents.escape_ascii())
        };
        files.insert(path, description);
    }
}
