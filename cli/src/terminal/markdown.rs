//! Markdown as plain text for a terminal: as much of it as the pages of the documentation have.
//!
//! Headings are underlined, code is indented, tables get columns, paragraphs and list items are wrapped. Stars around bold words and
//! addresses of other pages go; what stands between backticks stays as it is.

use std::fmt::Write;

/// How far code is indented.
const CODE_INDENT: &str = "    ";

/// No column of a table gets narrower, however many there are.
const COLUMN_WIDTH_MIN: usize = 8;

/// What prints another page, by its name.
pub type HowToPrint<'a> = &'a dyn Fn(&str) -> String;

/// `markdown` in lines of at most `width` characters, but for code and words that are longer. `page` says how other pages, to which
/// it may link, are printed.
pub fn plain(markdown: &str, width: usize, page: HowToPrint) -> String {
    let inline = |text: &str| inline(text, page);
    let cells = |row: &str| cells(row).iter().map(|cell| inline(cell)).collect::<Vec<_>>();
    let mut text = String::new();
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        let begins_with = |line: &str, sign: &str| line.trim_start().starts_with(sign);
        if begins_with(line, "```") {
            for code in lines.by_ref().take_while(|line| !begins_with(line, "```")) {
                push_line(&mut text, &format!("{CODE_INDENT}{code}"));
            }
        } else if let Some(title) = line.strip_prefix('#') {
            let underline = if title.starts_with('#') { "-" } else { "=" };
            let title = inline(title.trim_start_matches('#').trim());
            push_line(&mut text, &title);
            push_line(&mut text, &underline.repeat(title.chars().count()));
        } else if begins_with(line, "|") {
            let mut rows = vec![cells(line)];
            while let Some(row) = lines.next_if(|line| begins_with(line, "|")) {
                rows.push(cells(row));
            }
            push_table(&mut text, &rows, width);
        } else if line.trim().is_empty() {
            push_line(&mut text, "");
        } else {
            let (marker, first) = list_item(line);
            let mut paragraph = first.to_owned();
            let goes_on = |line: &&str| {
                let special = ["```", "#", "|"].iter().any(|sign| begins_with(line, sign));
                !line.trim().is_empty() && !special && list_item(line).0.is_empty()
            };
            while let Some(next) = lines.next_if(goes_on) {
                paragraph.push(' ');
                paragraph.push_str(next.trim());
            }
            let indent = " ".repeat(marker.chars().count());
            for (index, part) in wrap(&inline(&paragraph), width.saturating_sub(indent.len())).iter().enumerate() {
                push_line(&mut text, &format!("{}{part}", if index == 0 { marker } else { &indent }));
            }
        }
    }
    text
}

fn push_line(text: &mut String, line: &str) {
    writeln!(text, "{}", line.trim_end()).expect("a String takes everything");
}

/// The marker of a list item with what stands before it, or nothing, and the text behind that.
fn list_item(line: &str) -> (&str, &str) {
    let start = line.len() - line.trim_start().len();
    let rest = &line[start..];
    let digits = rest.len() - rest.trim_start_matches(|sign: char| sign.is_ascii_digit()).len();
    let marker = match rest {
        _ if ["- ", "* ", "> "].iter().any(|sign| rest.starts_with(sign)) => 2,
        _ if digits > 0 && rest[digits..].starts_with(". ") => digits + 2,
        _ => return ("", rest),
    };
    line.split_at(start + marker)
}

/// Text without what is only for typesetting.
fn inline(text: &str, page: HowToPrint) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let code = rest.strip_prefix('`').and_then(|behind| behind.find('`')).map(|end| end + 2);
        if let Some(end) = code {
            plain.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if let Some(behind) = rest.strip_prefix("**") {
            rest = behind;
        } else if let Some((label, address, behind)) = link(rest) {
            plain.push_str(&inline(label, page));
            match address.strip_suffix(".md").filter(|name| !name.contains('/')) {
                Some(name) => plain.push_str(&format!(" ({})", page(name))),
                None if address.starts_with('#') || address == label => {}
                None => plain.push_str(&format!(" ({address})")),
            }
            rest = behind;
        } else {
            plain.push(sign);
            rest = &rest[sign.len_utf8()..];
        }
    }
    plain
}

/// `[LABEL](ADDRESS)` and what comes behind.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (label, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, behind) = rest.split_once(')')?;
    (!label.contains('[')).then_some((label, address, behind))
}

/// Lines of at most `width` characters, broken between words.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is always one");
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// The cells of a table's row. A bar behind a backslash is text.
fn cells(row: &str) -> Vec<String> {
    let row = row.trim().replace("\\|", "\0");
    let row = row.strip_prefix('|').unwrap_or(&row);
    let row = row.strip_suffix('|').unwrap_or(row);
    row.split('|').map(|cell| cell.replace('\0', "|").trim().to_owned()).collect()
}

/// A table: its second row only says how the columns are aligned.
fn push_table(text: &mut String, rows: &[Vec<String>], width: usize) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let is_ruler =
        |row: &Vec<String>| row.iter().all(|cell| !cell.is_empty() && cell.chars().all(|sign| "-: ".contains(sign)));
    let longest = |column: usize| {
        let cells = rows.iter().filter(|row| !is_ruler(row)).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let mut widths: Vec<usize> = (0..columns).map(longest).collect();
    let gaps = 2 * columns.saturating_sub(1);
    // The widest gives room first, so narrow columns stay whole.
    while widths.iter().sum::<usize>() + gaps > width {
        let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > COLUMN_WIDTH_MIN) else { break };
        *widest -= 1;
    }
    for row in rows {
        if is_ruler(row) {
            let rulers: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            push_line(text, &rulers.join("  "));
            continue;
        }
        let wrapped: Vec<Vec<String>> = row.iter().zip(&widths).map(|(cell, width)| wrap(cell, *width)).collect();
        for at in 0..wrapped.iter().map(Vec::len).max().unwrap_or_default() {
            let part = |(cell, width): (&Vec<String>, &usize)| {
                format!("{:<width$}", cell.get(at).map_or("", String::as_str), width = *width)
            };
            push_line(text, &wrapped.iter().zip(&widths).map(part).collect::<Vec<_>>().join("  "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(name: &str) -> String {
        format!("adder help {name}")
    }

    #[test]
    fn blocks() {
        let page = "# A **title**\n\nA paragraph that is\nbroken [here](python.md) and [there](https://x.example/a).\n\n## Part\n\n\
                    ```sh\nadder  build # | **as it is**\n```\n- one\n  item `a *  b`\n- two\n10. ten\n";
        let expected = "A title\n=======\n\nA paragraph that is broken here (adder\nhelp python) and there\n(https://x.example/a).\n\n\
                        Part\n----\n\n    adder  build # | **as it is**\n- one item `a * b`\n- two\n10. ten\n";
        assert_eq!(plain(page, 40, &command), expected);
    }

    #[test]
    fn tables_have_columns_and_wrap_the_widest() {
        let table =
            "| name | what |\n|---|:--|\n| `a\\|b` | short |\n| c | a text that is longer than the line |\n\nbehind\n";
        let expected = "name   what\n-----  -----------------\n`a|b`  short\nc      a text that is\n       longer than the\n       \
                        line\n\nbehind\n";
        assert_eq!(plain(table, 24, &command), expected);
    }

    #[test]
    fn what_is_unusual_stays() {
        for text in ["2 * 3 ** 4", "a [b] c", "[x](", "`open", "| only |", "ü 名前"] {
            let shown = plain(text, 60, &command);
            assert!(!shown.trim().is_empty(), "{text}");
        }
        assert_eq!(plain("a [b] (c)", 60, &command), "a [b] (c)\n");
    }
}
