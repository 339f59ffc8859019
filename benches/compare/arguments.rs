//! The options after `cargo bench -p adder-benches --`.

use std::path::PathBuf;

pub const HELP: &str = "\
Usage: cargo bench -p adder-benches -- [OPTION]...
  --rounds N       rounds of the ten-part benchmark and of compiling (default 7)
  --starts N       process starts in each round (default 30)
  --only PART      measure this only, out of compile, ten-parts and starts; repeatable
  --markdown       print the tables for benches/README.md
  --instructions   count instructions with valgrind instead of measuring time
  --adder FILE     an adder binary to use (default: a release build of this checkout)
  --help           print this
";

/// A part of the benchmark that can be run without the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Compiling python.wasm.
    Compile,
    /// Running Python.
    TenParts,
    /// Starting Python and smaller programs: time, memory, sizes, system calls.
    Starts,
}

/// What was asked for.
#[derive(Debug)]
pub struct Arguments {
    /// None means all.
    pub only: Vec<Part>,
    pub rounds: usize,
    pub starts: usize,
    pub markdown: bool,
    pub instructions: bool,
    pub adder: Option<PathBuf>,
}

/// Reads the options; `None` if only the help was asked for.
pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Arguments>, String> {
    let mut arguments =
        Arguments { only: Vec::new(), rounds: 7, starts: 30, markdown: false, instructions: false, adder: None };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--rounds" => arguments.rounds = number(&value()?)?,
            "--starts" => arguments.starts = number(&value()?)?,
            "--only" => arguments.only.push(part(&value()?)?),
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

impl Arguments {
    /// Whether this part is to be measured.
    pub fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

fn part(name: &str) -> Result<Part, String> {
    match name {
        "compile" => Ok(Part::Compile),
        "ten-parts" => Ok(Part::TenParts),
        "starts" => Ok(Part::Starts),
        _ => Err(format!("{name} is no part of the benchmark")),
    }
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or(format!("{text} is not a number from 1"))
}
