//! What a run of the benchmark shows: tables, and what was asked for beside what came out.

use std::fmt::Write;

use adder_bench::Table;
use adder_bench::machine::Machine;

/// The result of a run of the benchmark.
#[derive(Debug)]
pub struct Report {
    machine: Machine,
    targets: Vec<Target>,
    tables: Vec<Table>,
    notes: Vec<String>,
}

/// What was asked for, and what came out.
#[derive(Debug)]
struct Target {
    what: &'static str,
    at_most: f64,
    measured: f64,
    digits: usize,
}

impl Report {
    pub fn new() -> Report {
        Report { machine: Machine::this(), targets: Vec::new(), tables: Vec::new(), notes: Vec::new() }
    }

    pub fn push(&mut self, table: Table) {
        self.tables.push(table);
    }

    /// Something that was asked for: `measured` has to be at most `at_most`. Both are shown with so many decimals.
    pub fn target(&mut self, what: &'static str, at_most: f64, measured: f64, digits: usize) {
        self.targets.push(Target { what, at_most, measured, digits });
    }

    /// Something about the whole report.
    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Columns for a terminal.
    pub fn text(&self) -> String {
        self.write(|table| format!("\n{}\n{}", table.title, table.text()))
    }

    /// For a document.
    pub fn markdown(&self) -> String {
        self.write(|table| format!("\n**{}**\n\n{}", table.title, table.markdown()))
    }

    fn write(&self, form: impl Fn(&Table) -> String) -> String {
        let mut targets = Table::new("Asked for, and measured".to_owned(), &["", "at most", "measured", ""]);
        for &Target { what, at_most, measured, digits } in &self.targets {
            let verdict = if measured <= at_most { "" } else { "missed" };
            targets.row([
                what.to_owned(),
                format!("{at_most:.digits$}"),
                format!("{measured:.digits$}"),
                verdict.to_owned(),
            ]);
        }
        let mut text = format!("Machine: {}. Figures are medians and, in brackets, their spread.\n", self.machine);
        for note in &self.notes {
            writeln!(text, "{note}").expect("a String takes everything");
        }
        for table in [&targets].into_iter().filter(|table| !table.is_empty()).chain(&self.tables) {
            text.push_str(&form(table));
        }
        text
    }
}
