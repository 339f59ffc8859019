//! `adder help`: how commands are called, and the pages of the documentation.

use crate::arguments::{self, HelpArguments};
use crate::failure::{Failure, Result};
use crate::terminal::markdown;
use crate::terminal::output::print;
use crate::topics;
use clap::Command;
use clap::error::ErrorKind;

/// Lines of running text are not longer, however wide the terminal is.
const WIDTH_MAX: usize = 100;

/// Prints what the arguments name: nothing (adder itself), a command, a page, or the list of pages.
pub fn help(arguments: &HelpArguments) -> Result<()> {
    let names: Vec<&str> = arguments.names.iter().map(String::as_str).collect();
    let adder = arguments::command();
    if is_command(&adder, &names) {
        // As the command says it itself.
        let line = ["adder"].iter().chain(&names).chain(&["--help"]);
        return match adder.clone().try_get_matches_from(line) {
            Err(text) if text.kind() == ErrorKind::DisplayHelp => print(text.render().to_string().as_bytes()),
            _ => Err(Failure::internal("a command has no --help")),
        };
    }
    match names[..] {
        ["topics"] => print(topics::list().as_bytes()),
        [name] | ["topics", name] if topics::find(name).is_some() => {
            let text = topics::find(name).map_or("", |topic| topic.text);
            print(markdown::plain(text, width(), &topics::how_to_print).as_bytes())
        }
        _ => {
            let commands = adder.get_subcommands().map(Command::get_name).collect::<Vec<_>>().join(", ");
            let pages = topics::TOPICS.iter().map(|topic| topic.name).collect::<Vec<_>>().join(", ");
            Err(Failure::usage(format!("there is no help on {}", names.join(" ")))
                .hint(format!("the commands are {commands}; the topics are {pages}")))
        }
    }
}

/// Whether a command is called by these names, one inside the other: adder itself by none.
fn is_command(adder: &Command, names: &[&str]) -> bool {
    names.iter().try_fold(adder, |command, name| command.find_subcommand(name)).is_some()
}

fn width() -> usize {
    terminal_size::terminal_size().map_or(WIDTH_MAX, |(width, _)| usize::from(width.0)).clamp(40, WIDTH_MAX)
}
