//! A comparison for a terminal, and for a document.

use crate::table::{self, Table};
use crate::{Comparison, Mean, Measurement, Unit};

impl Comparison {
    /// Tables with columns for a terminal.
    pub fn text(&self) -> String {
        self.write(|table| format!("\n{}\n{}", table.title, table.text()))
    }

    /// The same as Markdown.
    pub fn markdown(&self) -> String {
        self.write(|table| format!("\n**{}**\n\n{}", table.title, table.markdown()))
    }

    fn write(&self, form: impl Fn(&Table) -> String) -> String {
        let mut text = format!("{}\nMachine: {}\n", self.title, self.machine);
        for note in &self.notes {
            text.push_str(note);
            text.push('\n');
        }
        for table in self.tables().iter().filter(|table| !table.is_empty()) {
            text.push_str(&form(table));
        }
        text
    }

    /// Everything that there is to see, as tables: what was compared, the tests, their means, and what else was measured.
    pub fn tables(&self) -> Vec<Table> {
        vec![self.subject_table(), self.test_table(), self.mean_table(), self.figure_table()]
    }

    fn names(&self) -> impl Iterator<Item = String> {
        self.subjects.iter().map(|subject| subject.name.clone())
    }

    fn subject_table(&self) -> Table {
        let mut table = Table::new("Compared".to_owned(), &["", "what it is"]);
        for subject in &self.subjects {
            table.row([subject.name.clone(), subject.what.clone()]);
        }
        table
    }

    fn test_table(&self) -> Table {
        let baseline = &self.subjects[0].name;
        let mut header = vec![String::new(), format!("{baseline}, ms")];
        header.extend(self.names().skip(1));
        let title = format!("Time over {baseline}'s: median and spread of {}", rounds(self.rounds));
        let mut table = Table::new(title, &header);
        for test in &self.tests {
            let mut row = vec![test.name.clone(), absolute(test, 0)];
            row.extend((1..self.subjects.len()).map(|of| ratio(test, of)));
            table.row(row);
        }
        if self.tests.len() > 1 {
            let mut row = vec!["**geometric mean**".to_owned(), "-".to_owned()];
            row.extend((1..self.subjects.len()).map(|of| self.mean_cell(of, 0)));
            table.row(row);
        }
        table
    }

    /// Every subject over every other: a row over a column.
    fn mean_table(&self) -> Table {
        let mut header = vec!["of the row over that of the column".to_owned()];
        header.extend(self.names());
        let mut table = Table::new(format!("Geometric means of {} tests: time", self.tests.len()), &header);
        if self.tests.len() > 1 && self.subjects.len() > 2 {
            for of in 0..self.subjects.len() {
                let mut row = vec![self.subjects[of].name.clone()];
                row.extend((0..self.subjects.len()).map(|over| self.mean_cell(of, over)));
                table.row(row);
            }
        }
        table
    }

    fn mean_cell(&self, of: usize, over: usize) -> String {
        if of == over {
            return "1".to_owned();
        }
        match self.mean(of, over) {
            None => "-".to_owned(),
            Some((mean, tests)) if tests == self.tests.len() => mean_text(&mean, self.rounds),
            Some((mean, tests)) => format!("{} of {tests} tests", mean_text(&mean, self.rounds)),
        }
    }

    fn figure_table(&self) -> Table {
        let mut header = vec![String::new()];
        header.extend(self.names());
        let mut table = Table::new("What else was measured, and over the first".to_owned(), &header);
        for figure in &self.figures {
            let unit = match figure.unit {
                Unit::Seconds => "ms",
                Unit::Bytes => "MB",
            };
            let mut row = vec![format!("{}, {unit}", figure.name)];
            row.extend((0..self.subjects.len()).map(|of| {
                let absolute = absolute(figure, of);
                match figure.ratio(of, 0) {
                    Some(ratio) if of > 0 => format!("{absolute}: {:.2}", ratio.median()),
                    _ => absolute,
                }
            }));
            table.row(row);
        }
        table
    }
}

/// A mean with what it was in single rounds, if there are several.
pub(crate) fn mean_text(mean: &Mean, rounds: usize) -> String {
    let Mean { mean, least, most } = mean;
    if rounds > 1 { format!("{mean:.2} ({least:.2}-{most:.2})") } else { format!("{mean:.2}") }
}

/// Samples in the unit that tables have.
pub(crate) fn absolute(measurement: &Measurement, of: usize) -> String {
    match (&measurement.samples[of], measurement.unit) {
        (None, _) => "-".to_owned(),
        (Some(samples), Unit::Bytes) => table::megabytes(samples),
        // Three places, whatever the size: tests take from microseconds to seconds.
        (Some(samples), Unit::Seconds) => {
            let median = samples.median() * 1e3;
            let digits = if median >= 100.0 {
                0
            } else if median >= 1.0 {
                2
            } else {
                4
            };
            table::milliseconds(samples, digits)
        }
    }
}

fn ratio(test: &Measurement, of: usize) -> String {
    test.ratio(of, 0).map_or("-".to_owned(), |samples| table::ratio(&samples))
}

fn rounds(count: usize) -> String {
    if count == 1 { "one round".to_owned() } else { format!("{count} rounds") }
}

#[cfg(test)]
mod tests {
    use crate::comparison::tests::example;

    #[test]
    fn tables_tell_ratios_and_what_is_missing() {
        let text = example().text();
        for expected in [
            "something is missing\n",
            "Time over native's: median and spread of 2 rounds\n",
            "slower          150 (100-200)  2.00 (2.00-2.00)\n",
            "impossible      100 (100-100)  -\n",
            "geometric mean  -              1.00 (1.00-1.00) of 2 tests\n",
            "peak memory, MB  2.0     3.0: 1.50\n",
        ] {
            assert!(text.contains(expected), "no {expected:?} in\n{text}");
        }
        assert!(example().markdown().contains("| **geometric mean** | - |"));
    }
}
