//! `search PATTERN FOLDER`: prints the lines that match, in the files that version control would not ignore, by the core of
//! ripgrep. Ends like grep: 0 if something was found, 1 if not, 2 after an error.

use std::error::Error;
use std::process::ExitCode;

use grep_printer::StandardBuilder;
use grep_regex::RegexMatcherBuilder;
use grep_searcher::SearcherBuilder;
use ignore::WalkBuilder;

fn main() -> ExitCode {
    match search() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("search: {error}");
            ExitCode::from(2)
        }
    }
}

fn search() -> Result<bool, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, pattern, folder] = arguments.as_slice() else { return Err("usage: search PATTERN FOLDER".into()) };
    let matcher = RegexMatcherBuilder::new().case_smart(true).build(pattern)?;
    let mut searcher = SearcherBuilder::new().line_number(true).build();
    let mut printer = StandardBuilder::new().build_no_color(std::io::stdout().lock());
    let mut found = false;
    let walk = WalkBuilder::new(folder).require_git(false).sort_by_file_path(Ord::cmp).build();
    for entry in walk {
        let entry = entry?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            let mut sink = printer.sink_with_path(&matcher, entry.path());
            searcher.search_path(&matcher, entry.path(), &mut sink)?;
            found |= sink.has_match();
        }
    }
    Ok(found)
}
