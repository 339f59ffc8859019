//! The options after `cargo bench -p adder-benches --`.

use std::path::PathBuf;

pub const HELP: &str = "\
Usage: cargo bench -p adder-benches -- [OPTION]...
  --rounds N       rounds of the ten-part benchmark and of compiling (default 7), of pyperformance (5; --quick: 1)
  --starts N       process starts in each round (default 30)
  --only PART      measure this only, out of compile, ten-parts and starts; repeatable
  --only pyperformance
                   run pyperformance; for that, there are these options besides --rounds, --markdown and --adder:
    --quick                  without the long benchmarks, each timed once
    --programs NAME,...      only these programs
    --variant NAME=OPTIONS   a Python that `adder python` makes with these options, instead of the one without any;
                             repeatable. NAME=@FILE OPTIONS: by another adder binary
    --module tuned           the python.wasm of the recipe's target wasi-tuned, for all engines
    --json FILE              write everything that was measured
    --html FILE              write a page with charts
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
    /// Programs of pyperformance. Only where it is asked for, and then nothing else.
    Pyperformance,
}

/// A build of CPython for WASI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Module {
    /// Upstream's configuration.
    #[default]
    Plain,
    /// The one that is nearer to native Python's.
    Tuned,
}

/// A Python that adder makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    pub name: String,
    /// Another adder than that of the run.
    pub adder: Option<PathBuf>,
    /// Options of `adder python`.
    pub options: Vec<String>,
}

/// What was asked for.
#[derive(Debug)]
pub struct Arguments {
    /// None means all.
    pub only: Vec<Part>,
    /// None means what the part has by default.
    pub rounds: Option<usize>,
    pub starts: usize,
    pub markdown: bool,
    pub instructions: bool,
    pub adder: Option<PathBuf>,
    pub quick: bool,
    /// Folders of programs; none means all.
    pub programs: Vec<String>,
    pub variants: Vec<Variant>,
    pub module: Module,
    pub json: Option<PathBuf>,
    pub html: Option<PathBuf>,
}

/// Reads the options; `None` if only the help was asked for.
pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Arguments>, String> {
    let mut arguments = Arguments {
        only: Vec::new(),
        rounds: None,
        starts: 30,
        markdown: false,
        instructions: false,
        adder: None,
        quick: false,
        programs: Vec::new(),
        variants: Vec::new(),
        module: Module::Plain,
        json: None,
        html: None,
    };
    let mut special = None;
    while let Some(word) = words.next() {
        if ["--quick", "--programs", "--variant", "--module", "--json", "--html"].contains(&word.as_str()) {
            special.get_or_insert(word.clone());
        }
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--rounds" => arguments.rounds = Some(number(&value()?)?),
            "--starts" => arguments.starts = number(&value()?)?,
            "--only" => arguments.only.push(part(&value()?)?),
            "--adder" => arguments.adder = Some(value()?.into()),
            "--quick" => arguments.quick = true,
            "--programs" => arguments.programs.extend(value()?.split(',').map(str::to_owned)),
            "--variant" => arguments.variants.push(variant(&value()?)?),
            "--module" => arguments.module = module(&value()?)?,
            "--json" => arguments.json = Some(value()?.into()),
            "--html" => arguments.html = Some(value()?.into()),
            "--markdown" => arguments.markdown = true,
            "--instructions" => arguments.instructions = true,
            "--help" => return Ok(None),
            // cargo adds it.
            "--bench" => {}
            _ => return Err(format!("unknown option {word}")),
        }
    }
    let pyperformance = arguments.only.contains(&Part::Pyperformance);
    if pyperformance && (arguments.only.len() > 1 || arguments.instructions) {
        return Err("pyperformance is run by itself".to_owned());
    }
    if let Some(option) = special.filter(|_| !pyperformance) {
        return Err(format!("{option} is for --only pyperformance"));
    }
    Ok(Some(arguments))
}

impl Arguments {
    /// Whether this part is to be measured.
    pub fn wants(&self, part: Part) -> bool {
        self.only.contains(&part) || (self.only.is_empty() && part != Part::Pyperformance)
    }
}

fn part(name: &str) -> Result<Part, String> {
    match name {
        "compile" => Ok(Part::Compile),
        "ten-parts" => Ok(Part::TenParts),
        "starts" => Ok(Part::Starts),
        "pyperformance" => Ok(Part::Pyperformance),
        _ => Err(format!("{name} is no part of the benchmark")),
    }
}

fn module(name: &str) -> Result<Module, String> {
    match name {
        "plain" => Ok(Module::Plain),
        "tuned" => Ok(Module::Tuned),
        _ => Err(format!("{name} is neither plain nor tuned")),
    }
}

/// `NAME=OPTIONS` or `NAME=@FILE OPTIONS`.
fn variant(text: &str) -> Result<Variant, String> {
    let (name, options) = text.split_once('=').ok_or(format!("--variant {text}: must be NAME=OPTIONS"))?;
    let mut options: Vec<String> = options.split_whitespace().map(str::to_owned).collect();
    let adder = options.first().and_then(|first| first.strip_prefix('@')).map(PathBuf::from);
    if adder.is_some() {
        options.remove(0);
    }
    Ok(Variant { name: name.to_owned(), adder, options })
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or(format!("{text} is not a number from 1"))
}
