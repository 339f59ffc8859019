//! Bars, in groups one below the other, as SVG.

use std::fmt::Write;

use crate::html::escape;

/// Pixels, before the page scales them.
const WIDTH: f64 = 1000.0;
const NAMES_WIDTH: f64 = 210.0;
/// As many as have room in that, most of the time: letters differ.
const NAME_CHARACTERS: usize = 34;
const LABELS_WIDTH: f64 = 150.0;
const AXIS_HEIGHT: f64 = 22.0;
const GROUP_GAP: f64 = 12.0;

/// A chart whose values all have the same scale, from zero.
#[derive(Debug, Default)]
pub(crate) struct Chart {
    reference: Option<f64>,
    groups: Vec<(String, Vec<Bar>)>,
}

/// A value.
#[derive(Debug)]
pub(crate) struct Bar {
    /// Its length.
    pub value: f64,
    /// The least and the most, drawn as a line over its end.
    pub spread: Option<(f64, f64)>,
    /// Of CSS.
    pub colour: &'static str,
    /// What stands behind it.
    pub label: String,
}

impl Chart {
    /// One in which this value is marked by a line.
    pub fn with_reference(value: f64) -> Chart {
        Chart { reference: Some(value), groups: Vec::new() }
    }

    /// Adds a group; one without bars shows its name only.
    pub fn group(&mut self, name: &str, bars: Vec<Bar>) {
        self.groups.push((name.to_owned(), bars));
    }

    /// The picture.
    pub fn svg(&self) -> String {
        let bars = || self.groups.iter().flat_map(|(_, bars)| bars);
        // Labels of many thin bars would run into each other.
        let bar_height = if self.groups.iter().all(|(_, bars)| bars.len() <= 1) { 16.0 } else { 12.0 };
        let longest = bars().map(|bar| bar.spread.map_or(bar.value, |(_, most)| most.max(bar.value)));
        let step = step(longest.fold(self.reference.unwrap_or(0.0), f64::max));
        let end = longest_axis(bars().map(|bar| bar.value.max(bar.spread.map_or(0.0, |(_, most)| most))), step);
        let x = |value: f64| NAMES_WIDTH + value.min(end) / end * (WIDTH - NAMES_WIDTH - LABELS_WIDTH);
        let rows: f64 =
            self.groups.iter().map(|(_, bars)| bars.len().max(1) as f64 * bar_height + GROUP_GAP).sum::<f64>();
        let height = AXIS_HEIGHT + rows;
        let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\">\n");
        let mut put = |text: std::fmt::Arguments<'_>| writeln!(svg, "{text}").expect("a String takes everything");
        let mut mark = 0.0;
        while mark <= end * 1.0001 {
            let at = x(mark);
            put(format_args!(
                "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{AXIS_HEIGHT}\" y2=\"{height:.0}\"/>"
            ));
            put(format_args!(
                "<text class=\"soft\" x=\"{at:.1}\" y=\"14\" text-anchor=\"middle\">{}</text>",
                short(mark)
            ));
            mark += step;
        }
        let mut y = AXIS_HEIGHT + GROUP_GAP / 2.0;
        for (name, bars) in &self.groups {
            let middle = y + bars.len().max(1) as f64 * bar_height / 2.0 + 4.0;
            let anchor = NAMES_WIDTH - 8.0;
            let shown = escape(&ending(name));
            put(format_args!("<text x=\"{anchor}\" y=\"{middle:.1}\" text-anchor=\"end\">{shown}</text>"));
            for bar in bars {
                let (left, right, center) = (x(0.0), x(bar.value), y + bar_height / 2.0);
                put(format_args!(
                    "<rect x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"><title>{}</title></rect>",
                    y + 1.0,
                    (right - left).max(0.5),
                    bar_height - 2.0,
                    bar.colour,
                    escape(&format!("{name}: {}", bar.label)),
                ));
                let mut behind = right;
                if let Some((least, most)) = bar.spread.filter(|(least, most)| least < most) {
                    behind = x(most);
                    put(format_args!(
                        "<line class=\"spread\" x1=\"{:.1}\" x2=\"{behind:.1}\" y1=\"{center:.1}\" y2=\"{center:.1}\"/>",
                        x(least)
                    ));
                }
                put(format_args!(
                    "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                    behind + 6.0,
                    center + 4.0,
                    escape(&bar.label)
                ));
                y += bar_height;
            }
            y += if bars.is_empty() { bar_height } else { 0.0 } + GROUP_GAP;
        }
        if let Some(reference) = self.reference {
            let at = x(reference);
            put(format_args!(
                "<line class=\"one\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{AXIS_HEIGHT}\" y2=\"{height:.0}\"/>"
            ));
        }
        svg.push_str("</svg>\n");
        svg
    }
}

/// The distance of the marks on an axis that reaches `longest`: 1, 2 or 5 times a power of ten, so that there are from
/// four to ten of them.
fn step(longest: f64) -> f64 {
    if !(longest.is_finite() && longest > 0.0) {
        return 1.0;
    }
    let power = 10f64.powf((longest / 4.0).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|factor| factor * power).find(|step| longest / step >= 4.0).unwrap_or(power)
}

/// The end of the axis: the mark at or behind the longest of all.
fn longest_axis(values: impl Iterator<Item = f64>, step: f64) -> f64 {
    let longest = values.filter(|value| value.is_finite()).fold(step, f64::max);
    (longest / step).ceil() * step
}

/// A name, or as much of its end as there is room for: the end of a path says more than its beginning.
fn ending(name: &str) -> String {
    let length = name.chars().count();
    if length <= NAME_CHARACTERS {
        return name.to_owned();
    }
    let end: String = name.chars().skip(length - NAME_CHARACTERS + 1).collect();
    format!("…{end}")
}

/// A number without digits that say nothing.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_marks() {
        for (longest, expected) in [(1.0, 0.2), (2.4, 0.5), (4.0, 1.0), (9.9, 2.0), (170.0, 20.0), (0.0, 1.0)] {
            assert!((step(longest) - expected).abs() < 1e-9, "{longest}: {}", step(longest));
        }
        assert_eq!(longest_axis([2.4, 1.0].into_iter(), 0.5), 2.5);
        assert_eq!(longest_axis([].into_iter(), 1.0), 1.0);
        assert_eq!([short(0.0), short(0.2), short(20.0), short(1.5)], ["0", "0.2", "20", "1.5"]);
    }

    #[test]
    fn long_names_lose_their_beginning() {
        assert_eq!(ending("short"), "short");
        assert_eq!(ending(&"é".repeat(NAME_CHARACTERS)), "é".repeat(NAME_CHARACTERS));
        assert_eq!(
            ending(&format!("{}end", "é".repeat(NAME_CHARACTERS))),
            format!("…{}end", "é".repeat(NAME_CHARACTERS - 4))
        );
    }

    #[test]
    fn bars_are_as_long_as_their_values() {
        let mut chart = Chart::default();
        let bar = |value| Bar { value, spread: None, colour: "red", label: String::new() };
        chart.group("one & two", vec![bar(2.0), bar(4.0)]);
        chart.group("none", Vec::new());
        let svg = chart.svg();
        let all = WIDTH - NAMES_WIDTH - LABELS_WIDTH;
        assert!(svg.contains(&format!("width=\"{:.1}\"", all / 2.0)), "{svg}");
        assert!(svg.contains(&format!("width=\"{all:.1}\"")), "{svg}");
        assert!(svg.contains(">one &amp; two</text>"), "{svg}");
    }
}
