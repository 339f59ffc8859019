//! The options after `cargo bench -p adder-benches --`.

use std::path::PathBuf;

pub const HELP: &str = "\
Usage: cargo bench -p adder-benches -- [OPTION]...
  --rounds N       rounds of the ten-part benchmark and of compiling (default 7)
  --starts N       process starts in each round (default 30)
  --markdown       print the tables for benches/README.md
  --instructions   count instructions with valgrind instead of measuring time
  --adder FILE     an adder binary to use (default: a release build of this checkout)
  --help           print this
";

/// What was asked for.
#[derive(Debug)]
pub struct Arguments {
    pub rounds: usize,
    pub starts: usize,
    pub markdown: bool,
    pub instructions: bool,
    pub adder: Option<PathBuf>,
}

/// Reads the options; `None` if only the help was asked for.
pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Arguments>, String> {
    let mut arguments = Arguments { rounds: 7, starts: 30, markdown: false, instructions: false, adder: None };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--rounds" => arguments.rounds = number(&value()?)?,
            "--starts" => arguments.starts = number(&value()?)?,
            "--adder" => arguments.adder = Some(value()?.into()),
            "--markdown" => arguments.markdown = true,
            "--instructions" => arguments.instructions = true,
            "--help" => return Ok(None),
            // cargo adds it.
            "--bench" => {}
            _ => return Err(format!("unknown option {word}")),
        }
    }
    Ok(Some(arguments))
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or(format!("{text} is not a number from 1"))
}
