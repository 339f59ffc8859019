//! Whether a program printed what a page shows.
//!
//! * A line that is only `...` stands for any number of lines, also for none; `...` within a line for any text.
//! * A size (a number before `bytes`, `kB`, `KB`, `MB`, `GB` or `%`) may be off by a fifth. A time (before `s`, `ms`, `us`)
//!   may be anything.
//! * On request, every number may be anything; then also how tables are filled up with blanks and rules.
//! * Blanks at the end of a line, and empty lines at the end of the output, do not count.
//! * Nor do lines that say that something is fetched: that happens once for each cache.

/// What stands for a number that was taken out of a line.
const NUMBER: char = '\u{1}';

/// Any text.
const ANYTHING: &str = "...";

/// What lines begin with that say that something is fetched.
const FETCHING: &str = "fetching ";

/// Whether `printed` is what `shown` says. `figures`: every number may be anything.
pub fn agrees(shown: &[String], printed: &[String], figures: bool) -> bool {
    let counts = |line: &&String| !line.starts_with(FETCHING);
    let without = |lines: &[String]| lines.iter().filter(counts).cloned().collect::<Vec<_>>();
    lines_agree(&without(shown), &without(printed), figures)
}

fn lines_agree(shown: &[String], printed: &[String], figures: bool) -> bool {
    let shown = without_end(shown);
    let printed = without_end(printed);
    let Some((first, rest)) = shown.split_first() else { return printed.is_empty() };
    if first.trim() == ANYTHING {
        return (0..=printed.len()).any(|skipped| lines_agree(rest, &printed[skipped..], figures));
    }
    match printed.split_first() {
        Some((line, others)) => line_agrees(first, line, figures) && lines_agree(rest, others, figures),
        None => false,
    }
}

fn without_end(lines: &[String]) -> &[String] {
    let length = lines.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1);
    &lines[..length]
}

fn line_agrees(shown: &str, printed: &str, figures: bool) -> bool {
    if figures {
        return matches(&loose(shown), &loose(printed));
    }
    let (shown, sizes) = measures(shown.trim_end());
    let (printed, others) = measures(printed.trim_end());
    // Behind `...`, nobody knows which number is which.
    let same_sizes =
        || sizes.len() == others.len() && sizes.iter().zip(&others).all(|(one, other)| is_close(*one, *other));
    matches(&shown, &printed) && (shown.contains(ANYTHING) || same_sizes())
}

fn is_close(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= one.max(other) / 5.0,
        _ => true,
    }
}

/// Whether a text is a pattern with [`ANYTHING`] in it.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once(ANYTHING) {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            rest.char_indices().map(|(index, _)| index).chain([rest.len()]).any(|index| matches(tail, &rest[index..]))
        }),
    }
}

/// A line with its sizes and times taken out, and the sizes; `None` for a time.
fn measures(line: &str) -> (String, Vec<Option<f64>>) {
    let mut text = String::new();
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let number = &number[..digits(number)];
        let behind = &rest[start + number.len()..];
        let is_part = before.ends_with(|letter: char| letter.is_alphanumeric() || "._-".contains(letter));
        text += before;
        match unit(behind) {
            Some(is_time) if !is_part => {
                text.push(NUMBER);
                found.push(if is_time { None } else { number.replace(',', "").parse().ok() });
            }
            _ => text += number,
        }
        rest = behind;
    }
    (text + rest, found)
}

/// The length of the number that a text begins with: digits, with a dot or commas in between.
fn digits(text: &str) -> usize {
    let is_part = |letter: char| letter.is_ascii_digit() || letter == '.' || letter == ',';
    let length = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    text[..length].trim_end_matches(['.', ',']).len()
}

/// Whether a text begins with the unit of a time (`true`) or of a size.
fn unit(text: &str) -> Option<bool> {
    let text = text.strip_prefix(' ').unwrap_or(text);
    let length = text.find(|letter: char| !letter.is_alphanumeric() && letter != '%').unwrap_or(text.len());
    match &text[..length] {
        "s" | "ms" | "us" | "µs" | "seconds" => Some(true),
        "bytes" | "kB" | "KB" | "KiB" | "MB" | "MiB" | "GB" | "GiB" | "%" => Some(false),
        _ => None,
    }
}

/// A line without its numbers, and with one blank where there are several.
fn loose(line: &str) -> String {
    let mut text = String::new();
    for letter in line.trim().chars() {
        let letter = if letter.is_ascii_digit() { NUMBER } else { letter };
        let repeats = text.ends_with(letter) && [NUMBER, ' ', '-', '─'].contains(&letter);
        // A fraction is part of its number.
        if !(repeats || letter == '.' && text.ends_with(NUMBER)) {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(shown: &str, printed: &str, figures: bool) -> bool {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        agrees(&lines(shown), &lines(printed), figures)
    }

    #[test]
    fn what_is_the_same_agrees() {
        for (shown, printed) in [
            ("a\nb", "a\nb\n"),
            ("a  ", "a"),
            ("a", "fetching b with npm\na"),
            ("a\n...\nd", "a\nb\nc\nd"),
            ("a\n...\nd", "a\nd"),
            ("...", ""),
            ("a ... c", "a b b c"),
            ("... c", "/tmp/x c"),
            ("wrote x (20.0 MB) in 9 s", "wrote x (22.5 MB) in 123.4 s"),
            ("1,000 bytes", "1100 bytes"),
            ("3.12.0", "3.12.0"),
        ] {
            assert!(compared(shown, printed, false), "{shown:?} {printed:?}");
        }
    }

    #[test]
    fn what_differs_does_not() {
        for (shown, printed) in [
            ("a\nb", "a"),
            ("a", "a\nb"),
            ("", "a"),
            ("a\n...\nd", "a\nb\nc"),
            ("a ... c", "a b"),
            ("3.12.0", "3.12.1"),
            ("7", "8"),
            ("20 MB", "30 MB"),
            ("20 MB", "20 kB"),
            ("py3 ms", "py4 ms"),
        ] {
            assert!(!compared(shown, printed, false), "{shown:?} {printed:?}");
        }
    }

    #[test]
    fn figures_of_tables_may_differ() {
        assert!(compared("python   1.20 (1.0-1.3)  x", "python  13.5 (10.0-11.25) x", true));
        assert!(!compared("python 1.20", "native 1.20", true));
        assert!(!compared("python 1.20 2", "python 1.20", true));
    }
}
