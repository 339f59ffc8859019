//! Tables, for a terminal and for a document.

use std::fmt::Write;
use std::fs;

use crate::statistics::Samples;

/// The result of a run of the benchmark.
#[derive(Debug)]
pub struct Report {
    machine: String,
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

/// Rows of text under a header.
#[derive(Debug)]
pub struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

impl Report {
    pub fn new() -> Report {
        Report { machine: machine(), targets: Vec::new(), tables: Vec::new(), notes: Vec::new() }
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
        let mut text = format!("{}\n", self.machine);
        for note in &self.notes {
            writeln!(text, "{note}").expect("a String takes everything");
        }
        for table in [&targets].into_iter().filter(|table| table.rows.len() > 1).chain(&self.tables) {
            text.push_str(&form(table));
        }
        text
    }
}

impl Table {
    pub fn new(title: String, header: &[&str]) -> Table {
        Table { title, rows: vec![header.iter().map(ToString::to_string).collect()] }
    }

    /// # Panics
    /// If it has not as many cells as the header.
    pub fn row(&mut self, cells: impl Into<Vec<String>>) {
        let cells = cells.into();
        assert_eq!(cells.len(), self.rows[0].len(), "every row has a cell for every column");
        self.rows.push(cells);
    }

    fn text(&self) -> String {
        let widths: Vec<usize> = (0..self.rows[0].len())
            .map(|column| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default())
            .collect();
        let mut text = String::new();
        for row in &self.rows {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        text.replace("**", "")
    }

    fn markdown(&self) -> String {
        let mut text = String::new();
        for (at, row) in self.rows.iter().enumerate() {
            writeln!(text, "| {} |", row.join(" | ")).expect("a String takes everything");
            if at == 0 {
                writeln!(text, "|{}", "---|".repeat(row.len())).expect("a String takes everything");
            }
        }
        text
    }
}

/// `1.23 (1.20-1.31)`: median and spread.
pub fn ratio(samples: &Samples) -> String {
    if samples.spread() == (1.0, 1.0) {
        return "1".to_owned();
    }
    spread(samples, 1.0, 2)
}

pub fn seconds(samples: &Samples) -> String {
    spread(samples, 1.0, 2)
}

pub fn milliseconds(samples: &Samples, digits: usize) -> String {
    spread(samples, 1e3, digits)
}

pub fn microseconds(samples: &Samples) -> String {
    spread(samples, 1e6, 0)
}

/// The median only: memory hardly varies.
pub fn megabytes(samples: &Samples) -> String {
    format!("{:.1}", samples.median() / 1e6)
}

fn spread(samples: &Samples, scale: f64, digits: usize) -> String {
    let (least, most) = samples.spread();
    let [median, least, most] = [samples.median(), least, most].map(|value| value * scale);
    format!("{median:.digits$} ({least:.digits$}-{most:.digits$})")
}

/// How many processors this process may use.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What the figures depend on.
fn machine() -> String {
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = information.lines().find(|line| line.starts_with(name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    let model = field("model name").unwrap_or_else(|| "unknown processor".to_owned());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    format!(
        "Machine: {model}, {} processors, Linux {}, load {load} at the start. Figures are medians and, in \
         brackets, their spread.",
        processors(),
        kernel.trim()
    )
}
