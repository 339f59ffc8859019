//! The documents: every command of every page is run, and prints what the page shows.
//!
//! A page is a file of [`PAGES`] or of `docs/`. Each has a fresh folder and a shell of its own, with `adder` in `PATH`; pages
//! run at the same time, and share `ADDER_CACHE`. `page.rs` says how blocks are marked, `compare.rs` what of the output may
//! differ.
//!
//! `ADDER_PAGE=TEXT cargo test --release -p adder-tests --test documents` runs only the pages whose path contains the text,
//! and prints how long each command took. `ADDER_BLESS=1` writes into the pages what was printed: read the difference.

mod compare;
mod options;
mod page;
mod records;
mod session;
mod shape;

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use adder_tests::{python, workspace};

use page::{Fault, Shown, Step};

/// What makes Python 3.11.
const RECIPE: &str = "recipes/python-3.11/build.sh";

/// The pages that lie in the root.
const PAGES: [&str; 3] = ["README.md", "CONTRIBUTING.md", "SECURITY.md"];

/// A page.
pub struct Page {
    /// From the root.
    pub path: String,
    /// The Markdown.
    pub text: String,
}

impl Page {
    fn file(&self) -> PathBuf {
        workspace::root().join(&self.path)
    }
}

/// All pages.
pub fn pages() -> Vec<Page> {
    let mut paths: Vec<String> = PAGES.map(str::to_owned).to_vec();
    let mut topics: Vec<String> = fs::read_dir(workspace::root().join("docs"))
        .expect("the repository has documents")
        .map(|entry| entry.expect("they can be read").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".md"))
        .collect();
    topics.sort();
    paths.extend(topics.into_iter().map(|name| format!("docs/{name}")));
    let read = |path: String| {
        let text = fs::read_to_string(workspace::root().join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        Page { path, text }
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn pages_do_what_they_show() {
    let wanted = std::env::var("ADDER_PAGE").unwrap_or_default();
    let pages: Vec<Page> = pages().into_iter().filter(|page| page.path.contains(&wanted)).collect();
    assert!(!pages.is_empty(), "no page has {wanted} in its path");
    let ci = fs::read_to_string(workspace::root().join(".ci/run")).expect("the repository has it");
    // Before the first page asks for it: what is built here takes longer than a page may.
    workspace::adder();
    if pages.iter().any(|page| page.text.contains(RECIPE)) {
        python::recipe_output();
    }
    let waiting = Mutex::new(pages.iter());
    let findings = Mutex::new(Vec::new());
    let work = || {
        loop {
            let next = waiting.lock().expect("nobody panics here").next();
            let Some(page) = next else { return };
            let begun = Instant::now();
            let faults = run(page, &ci);
            println!("{}: {:.1} s", page.path, begun.elapsed().as_secs_f64());
            let faults = faults.into_iter().map(|(line, why)| format!("{}:{line}: {why}", page.path));
            findings.lock().expect("nobody panics here").extend(faults);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut findings = findings.into_inner().expect("nobody panicked");
    findings.sort();
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// Runs a page and says what is wrong with it.
fn run(page: &Page, ci: &str) -> Vec<Fault> {
    let steps = match page::read(&page.text, ci) {
        Ok(steps) => steps,
        Err(faults) => return faults,
    };
    let scratch = tempfile::tempdir().expect("the temporary folder is writable");
    let endings = match session::run(&steps, scratch.path()) {
        Ok(endings) => endings,
        Err(why) => return vec![(1, why)],
    };
    let mut faults = Vec::new();
    let mut changes = Vec::new();
    let mut endings = endings.into_iter();
    for step in &steps {
        let Step::Command(command) = step else { continue };
        let Some(ending) = endings.next() else {
            faults.push((command.line, "was not run: the page ended before it".to_owned()));
            break;
        };
        if ending.status != 0 {
            let printed = ending.lines.join("\n    ");
            faults.push((command.line, format!("`{}` ended with {}:\n    {printed}", command.text, ending.status)));
            break;
        }
        if let Some(shown) = &command.output
            && !compare::agrees(&shown.lines, &ending.lines, shown.figures)
        {
            let (expected, printed) = (shown.lines.join("\n    "), ending.lines.join("\n    "));
            let what = format!(
                "`{}` prints something else.\n  shown:\n    {expected}\n  printed:\n    {printed}",
                command.text
            );
            faults.push((command.line, what));
            changes.push((shown, ending.lines));
        }
    }
    if workspace::bless() && !changes.is_empty() {
        bless(page, &changes);
    }
    faults
}

/// Writes what was printed into the page. The test fails all the same: the next run shows whether it is true again.
fn bless(page: &Page, changes: &[(&Shown, Vec<String>)]) {
    let mut lines: Vec<String> = page.text.lines().map(str::to_owned).collect();
    for (shown, printed) in changes.iter().rev() {
        let first = shown.line - 1;
        let printed = printed.iter().map(|line| line.trim_end().to_owned());
        lines.splice(first..first + shown.lines.len(), printed);
    }
    fs::write(page.file(), lines.join("\n") + "\n").unwrap_or_else(|error| panic!("{}: {error}", page.path));
}
