//! A comparison as one HTML page that needs no other file: charts as inline SVG, and the tables behind them.

use std::fmt::Write;

use crate::chart::{Bar, Chart};
use crate::text::{absolute, mean_text};
use crate::{Comparison, Measurement, Table, Unit};

const STYLE: &str = "\
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #68707a; --line: #d5dae0; --paper: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #98a1ab; --line: #3a4149; --paper: #14171a; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
  max-width: 68rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.4rem; }
p, li { max-width: 46rem; } .soft { color: var(--soft); }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
th, td { text-align: left; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .soft { fill: var(--soft); }
svg .grid { stroke: var(--line); } svg .one { stroke: var(--soft); stroke-dasharray: 3 3; }
svg .spread { stroke: var(--ink); stroke-width: 1.5; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; padding: 0; list-style: none; }
.legend i { display: inline-block; width: 0.8rem; height: 0.8rem; border-radius: 2px; margin-right: 0.4rem; }
";

/// Colours that people who see fewer of them can tell apart too (Okabe and Ito), the baseline's first.
const COLOURS: [&str; 8] = ["#8a9099", "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#b8a900"];

/// The colour of a subject; with more than there are colours, they come again.
pub(crate) fn colour(subject: usize) -> &'static str {
    if subject < COLOURS.len() { COLOURS[subject] } else { COLOURS[1 + (subject - 1) % (COLOURS.len() - 1)] }
}

impl Comparison {
    /// The page.
    pub fn html(&self) -> String {
        let title = escape(&self.title);
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p class=\"soft\">{}</p>\n",
            escape(&self.machine.to_string())
        );
        let mut put = |text: &str| page.push_str(text);
        if !self.notes.is_empty() {
            put("<ul>\n");
            for note in &self.notes {
                put(&format!("<li>{}</li>\n", escape(note)));
            }
            put("</ul>\n");
        }
        put(&self.legend());
        if self.tests.len() > 1 {
            put(&section(
                &format!("Geometric mean of {} tests", self.tests.len()),
                &format!("Time over that of {}. Less is better.", self.subjects[0].name),
                &self.mean_chart(),
            ));
        }
        put(&section(
            "Every test",
            &format!(
                "Time over that of {}, median; the line shows the least and the most of {} rounds. Less is better.",
                self.subjects[0].name, self.rounds
            ),
            &self.test_chart(),
        ));
        for figure in &self.figures {
            let unit = match figure.unit {
                Unit::Seconds => "Milliseconds",
                Unit::Bytes => "Megabytes",
            };
            put(&section(&capital(&figure.name), &format!("{unit}. Less is better."), &self.figure_chart(figure)));
        }
        put("<h2>Tables</h2>\n");
        for table in self.tables().iter().filter(|table| !table.is_empty()) {
            put(&html_table(table));
        }
        put("</body>\n</html>\n");
        page
    }

    fn legend(&self) -> String {
        let mut text = "<ul class=\"legend\">\n".to_owned();
        for (at, subject) in self.subjects.iter().enumerate() {
            let name = escape(&subject.name);
            writeln!(text, "<li><i style=\"background:{}\"></i>{name}</li>", colour(at)).expect("it grows");
        }
        text.push_str("</ul>\n");
        text
    }

    fn mean_chart(&self) -> String {
        let mut chart = Chart::with_reference(1.0);
        for (of, subject) in self.subjects.iter().enumerate() {
            let (value, spread, label) = match self.mean(of, 0) {
                _ if of == 0 => (1.0, None, "1".to_owned()),
                None => continue,
                Some((mean, _)) => (mean.mean, Some((mean.least, mean.most)), mean_text(&mean, self.rounds)),
            };
            chart.group(&subject.name, vec![Bar { value, spread, colour: colour(of), label }]);
        }
        chart.svg()
    }

    fn test_chart(&self) -> String {
        let mut chart = Chart::with_reference(1.0);
        for test in &self.tests {
            let bar = |of: usize| {
                let ratio = test.ratio(of, 0)?;
                let label = if of == 0 { absolute(test, 0) + " ms" } else { format!("{:.2}", ratio.median()) };
                Some(Bar { value: ratio.median(), spread: Some(ratio.spread()), colour: colour(of), label })
            };
            chart.group(&test.name, (0..self.subjects.len()).filter_map(bar).collect());
        }
        chart.svg()
    }

    fn figure_chart(&self, figure: &Measurement) -> String {
        let scale = match figure.unit {
            Unit::Seconds => 1e3,
            Unit::Bytes => 1e-6,
        };
        let mut chart = Chart::default();
        for (of, subject) in self.subjects.iter().enumerate() {
            let Some(samples) = &figure.samples[of] else { continue };
            let (least, most) = samples.spread();
            let bar = Bar {
                value: samples.median() * scale,
                spread: Some((least * scale, most * scale)),
                colour: colour(of),
                label: absolute(figure, of),
            };
            chart.group(&subject.name, vec![bar]);
        }
        chart.svg()
    }
}

fn section(title: &str, explanation: &str, chart: &str) -> String {
    format!("<h2>{}</h2>\n<p class=\"soft\">{}</p>\n{chart}", escape(title), escape(explanation))
}

fn html_table(table: &Table) -> String {
    let mut text = format!("<h3>{}</h3>\n<div class=\"wide\"><table>\n", escape(&table.title));
    for (at, row) in table.rows().iter().enumerate() {
        let tag = if at == 0 { "th" } else { "td" };
        let cell = |cell: &String| format!("<{tag}>{}</{tag}>", escape(&cell.replace("**", "")));
        writeln!(text, "<tr>{}</tr>", row.iter().map(cell).collect::<String>()).expect("it grows");
    }
    text.push_str("</table></div>\n");
    text
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Text that is nothing but text in HTML and SVG, in attributes too.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::tests::example;

    #[test]
    fn the_page_has_everything_and_needs_nothing() {
        let page = example().html();
        for expected in ["<svg ", "an &lt;example&gt;", "other &amp; more", "impossible", "something is missing"] {
            assert!(page.contains(expected), "no {expected:?} in\n{page}");
        }
        for outside in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
            assert!(!page.contains(outside), "{outside:?} in\n{page}");
        }
        // Three tests, of which one subject did two: 3 + 2 bars, two means and two figures.
        assert_eq!(page.matches("<rect ").count(), 9);
        for tag in ["svg", "table", "ul", "div", "g"] {
            let open = page.matches(&format!("<{tag} ")).count() + page.matches(&format!("<{tag}>")).count();
            assert_eq!(open, page.matches(&format!("</{tag}>")).count(), "{tag}");
        }
    }

    #[test]
    fn colours_come_again() {
        assert_eq!(colour(0), COLOURS[0]);
        assert_eq!(colour(7), COLOURS[7]);
        assert_eq!(colour(8), COLOURS[1]);
        assert_eq!(colour(15), COLOURS[1]);
    }
}
