//! Tables, for a terminal and for a document, and how figures are written in them.

use std::fmt::Write;

use crate::Samples;

/// Rows of text under a header.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it shows.
    pub title: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// One without rows but its header.
    pub fn new<T: ToString>(title: String, header: &[T]) -> Table {
        Table { title, rows: vec![header.iter().map(ToString::to_string).collect()] }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If it has not as many cells as the header.
    pub fn row(&mut self, cells: impl Into<Vec<String>>) {
        let cells = cells.into();
        assert_eq!(cells.len(), self.rows[0].len(), "every row has a cell for every column");
        self.rows.push(cells);
    }

    /// The header, and what was added.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// Whether it has only a header.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 1
    }

    /// Columns for a terminal, without the title. Stars that make a word bold in a document are left out.
    pub fn text(&self) -> String {
        let rows: Vec<Vec<String>> =
            self.rows.iter().map(|row| row.iter().map(|cell| cell.replace("**", "")).collect()).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
        let mut text = String::new();
        for row in &rows {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        text
    }

    /// For a document, without the title.
    pub fn markdown(&self) -> String {
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

/// Seconds with two decimals, and their spread.
pub fn seconds(samples: &Samples) -> String {
    spread(samples, 1.0, 2)
}

/// Seconds, written as milliseconds with so many decimals, and their spread.
pub fn milliseconds(samples: &Samples, digits: usize) -> String {
    spread(samples, 1e3, digits)
}

/// Seconds, written as microseconds, and their spread.
pub fn microseconds(samples: &Samples) -> String {
    spread(samples, 1e6, 0)
}

/// Bytes as megabytes, the median only: memory hardly varies.
pub fn megabytes(samples: &Samples) -> String {
    format!("{:.1}", samples.median() / 1e6)
}

/// Median and spread, or the one sample that there is.
fn spread(samples: &Samples, scale: f64, digits: usize) -> String {
    let (least, most) = samples.spread();
    let [median, least, most] = [samples.median(), least, most].map(|value| value * scale);
    if samples.values().len() == 1 {
        return format!("{median:.digits$}");
    }
    format!("{median:.digits$} ({least:.digits$}-{most:.digits$})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new("a title".to_owned(), &["", "much"]);
        assert!(table.is_empty());
        table.row(["**all**".to_owned(), "1".to_owned()]);
        table.row(["ä".to_owned(), "22".to_owned()]);
        assert!(!table.is_empty());
        assert_eq!(table.text(), "     much\nall  1\nä    22\n");
        assert_eq!(table.markdown(), "|  | much |\n|---|---|\n| **all** | 1 |\n| ä | 22 |\n");
    }

    #[test]
    fn figures() {
        let samples = |values: &[f64]| values.iter().copied().collect::<Samples>();
        assert_eq!(ratio(&samples(&[1.0, 1.0])), "1");
        assert_eq!(ratio(&samples(&[1.5])), "1.50");
        assert_eq!(ratio(&samples(&[1.5, 1.0, 1.25])), "1.25 (1.00-1.50)");
        assert_eq!(milliseconds(&samples(&[0.0015, 0.0025]), 1), "2.0 (1.5-2.5)");
        assert_eq!(microseconds(&samples(&[0.0015])), "1500");
        assert_eq!(megabytes(&samples(&[1e6, 3e6])), "2.0");
    }
}
