//! The pages of the documentation, inside adder: `adder help TOPIC` prints them. `build.rs` lists whatever is in `docs`.

use crate::arguments::Arguments;
use clap::CommandFactory;
use std::fmt::Write;

/// A page.
#[derive(Debug)]
pub struct Topic {
    /// Its file's name without `.md`.
    pub name: &'static str,
    /// Its Markdown.
    pub text: &'static str,
}

/// All pages, by their names.
pub const TOPICS: &[Topic] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

impl Topic {
    /// What it is about, which its first line says.
    pub fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches('#').trim()
    }
}

/// The page with this name.
pub fn find(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}

/// What prints the page with this name. A command of the same name comes before it.
pub fn how_to_print(name: &str) -> String {
    if is_command(name) { format!("adder help topics {name}") } else { format!("adder help {name}") }
}

/// A line for each page, its name and what it is about; and how pages are printed.
pub fn list() -> String {
    let width = TOPICS.iter().map(|topic| topic.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for topic in TOPICS {
        writeln!(text, "  {:<width$}  {}", topic.name, topic.title()).expect("a String takes everything");
    }
    text.push_str("\nadder help TOPIC prints a page.");
    for topic in TOPICS.iter().filter(|topic| is_command(topic.name)) {
        write!(text, " {} is a command, too: {} prints the page.", topic.name, how_to_print(topic.name))
            .expect("a String takes everything");
    }
    text + "\n"
}

fn is_command(name: &str) -> bool {
    Arguments::command().find_subcommand(name).is_some()
}
