//! `adder bench`: pythons of the user's own, with a script of the user's own, run in turns.

use crate::arguments::{self, BenchArguments};
use crate::failure::{Failure, Place, Result};
use crate::target::Target;
use crate::terminal::output::{OutputFile, print_text, say};
use adder_bench::machine::Machine;
use adder_bench::peak::{self, Seen};
use adder_bench::{Comparison, Measurement, Samples, Subject, Unit, measure, turn};
use adder_compiler::abi::checkpoint::STARTED_COLD;
use adder_compiler::abi::variable;
use adder_compiler::host;
use object::LittleEndian;
use object::elf::FileHeader64;
use object::read::elf::FileHeader;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A python to measure.
#[derive(Debug)]
struct Python {
    name: String,
    /// As a command: a path, or a name that is looked up.
    command: String,
    /// Its file.
    path: PathBuf,
}

/// What is measured of a process.
#[derive(Clone, Debug, Default)]
struct Figures {
    wall: Samples,
    processor: Samples,
    peak: Samples,
}

/// Runs the script with all pythons in turns, and reports.
pub fn bench(arguments: &BenchArguments) -> Result<()> {
    let pythons = pythons(arguments)?;
    // Before minutes of measuring, not behind them.
    let create = |path: &Option<PathBuf>, option| {
        path.as_deref().map(|path| OutputFile::create(path, false, Place::Option(option))).transpose()
    };
    warn_of_options_behind(&arguments.script);
    let (json, html) = (create(&arguments.json, "--json")?, create(&arguments.html, "--html")?);
    let comparison = compare(&pythons, arguments)?;
    for (file, contents) in [(json, comparison.json()), (html, comparison.html())] {
        if let Some(file) = file {
            file.write(contents.as_bytes())?;
        }
    }
    print_text(comparison.text().as_bytes())
}

/// Warns of words behind the script that look like options of `adder bench`: they are the script's.
fn warn_of_options_behind(script: &[OsString]) {
    let adder = arguments::command();
    let bench = adder.find_subcommand("bench");
    let options: Vec<&str> =
        bench.into_iter().flat_map(clap::Command::get_arguments).filter_map(clap::Arg::get_long).collect();
    for word in script.iter().skip(1).map(|word| word.to_string_lossy()) {
        let name = word.strip_prefix("--").and_then(|rest| rest.split('=').next());
        if name.is_some_and(|name| options.contains(&name)) {
            say(format_args!("warning: {word} stands behind the script, so it is an argument of the script"));
            say("hint: options of adder bench come before the script");
        }
    }
}

/// What the arguments name; the one that the others are measured by comes first.
fn pythons(arguments: &BenchArguments) -> Result<Vec<Python>> {
    let named = arguments.native.iter().chain(&arguments.pythons);
    let pythons = named.map(|text| python(text)).collect::<Result<Vec<Python>>>()?;
    if pythons.is_empty() {
        return Err(Failure::usage("there is nothing to measure")
            .hint("name a python: adder bench --python ./python --native python3.11 script.py"));
    }
    for (at, python) in pythons.iter().enumerate() {
        if pythons[..at].iter().any(|other| other.name == python.name) {
            return Err(Failure::usage(format!("two pythons are called {}", python.name))
                .hint("give them names: --python new=./python --python old=./other/python"));
        }
    }
    Ok(pythons)
}

/// `[NAME=]FILE`.
fn python(text: &str) -> Result<Python> {
    let (name, command) = match text.split_once('=') {
        // A path may have the sign, too; a name has no slash.
        Some((name, command)) if !name.is_empty() && !name.contains('/') => (name, command),
        _ => (text, text),
    };
    let path = if command.contains('/') { Some(PathBuf::from(command)) } else { find(command) };
    match path.filter(|path| path.is_file()) {
        Some(path) => {
            check_machine(command, &path)?;
            Ok(Python { name: name.to_owned(), command: command.to_owned(), path })
        }
        None => {
            let failure = Failure::environment(format!("there is no python {command}"));
            let here = Path::new(command).is_file();
            Err(if here { failure.hint(format!("it is in this folder: ./{command}")) } else { failure })
        }
    }
}

/// Refuses an executable for another machine. Where this one can run it, that is an emulator's work, and so are the times.
fn check_machine(command: &str, path: &Path) -> Result<()> {
    let head = head(path, size_of::<FileHeader64<LittleEndian>>())?;
    let machine = FileHeader64::<LittleEndian>::parse(&*head).ok().map(|header| header.e_machine(LittleEndian));
    match machine.and_then(Target::of_file).filter(|target| !target.is_host()) {
        None => Ok(()),
        Some(target) => Err(Failure::refused(format!(
            "{command} is for {}, which this machine is not: times under an emulator say nothing of it",
            target.name
        ))
        .hint(format!(
            "measure it on such a machine, or build one for this: adder python --target {}",
            Target::of(host()).name
        ))),
    }
}

/// The first bytes of a file.
fn head(path: &Path, bytes_max: usize) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(bytes_max as u64).read_to_end(&mut head));
    read.map_err(|error| Failure::file("read", path, &error))?;
    Ok(head)
}

/// A program of the caller's path.
fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn compare(pythons: &[Python], arguments: &BenchArguments) -> Result<Comparison> {
    let machine = Machine::this();
    let rounds = usize::from(arguments.rounds);
    let mut script = vec![Figures::default(); pythons.len()];
    let mut start = vec![Figures::default(); pythons.len()];
    let mut notes = Vec::new();
    let pass = ["-c", "pass"];
    // What a first run leaves for the next, in the kernel's memory and beside scripts, is not measured. It also is the one
    // whose output is looked at.
    let mut expected = None;
    for python in pythons {
        let output = run(python, &arguments.script, None)?;
        if let Some(reason) = why_cold(python, &pass)? {
            notes.push(format!("{} starts from the beginning: {reason}", python.name));
        }
        let (first, expected) = expected.get_or_insert_with(|| (python.name.clone(), output.clone()));
        if *expected != output {
            notes.push(format!("{} prints something else than {first}: do they do the same?", python.name));
        }
    }
    for round in 0..rounds {
        say(format_args!("round {} of {rounds}", round + 1));
        for at in turn(round, pythons.len()) {
            run(&pythons[at], &arguments.script, Some(&mut script[at]))?;
        }
        for at in turn(round, pythons.len()) {
            run(&pythons[at], &pass, Some(&mut start[at]))?;
        }
    }

    let measurement = |name: &str, unit, samples: Vec<Samples>| Measurement {
        name: name.to_owned(),
        unit,
        samples: samples.into_iter().map(Some).collect(),
    };
    let all = |of: &[Figures], figure: fn(&Figures) -> &Samples| of.iter().map(|of| figure(of).clone()).collect();
    let mut small = Vec::new();
    let mut sizes = Vec::new();
    for python in pythons {
        let seen = peak::look(|| command(python, &pass)).map_err(Failure::environment)?;
        let program = program(python, &seen)?;
        if is_script(python)? {
            notes.push(about_script(python, program.as_deref()));
        }
        let size = program.as_deref().map(size).transpose()?;
        sizes.push(size.map(|size| Samples::from_iter([size as f64])));
        // Of a script that starts a python beside itself, this would be the memory of a shell.
        small.push(program.map(|_| seen.peaks));
    }
    let script_name = Path::new(&arguments.script[0]).file_name().unwrap_or(&arguments.script[0]).to_string_lossy();
    let words: Vec<String> = arguments.script.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    Ok(Comparison {
        title: format!("Whole processes of {}", words.join(" ")),
        machine,
        rounds,
        subjects: pythons
            .iter()
            .map(|python| Subject { name: python.name.clone(), what: python.path.display().to_string() })
            .collect(),
        tests: vec![measurement(&script_name, Unit::Seconds, all(&script, |figures| &figures.wall))],
        figures: vec![
            measurement("processor time of the script", Unit::Seconds, all(&script, |figures| &figures.processor)),
            measurement("whole process of `-c pass`", Unit::Seconds, all(&start, |figures| &figures.wall)),
            measurement("peak memory of the script", Unit::Bytes, all(&script, |figures| &figures.peak)),
            Measurement { name: "peak memory of `-c pass`".to_owned(), unit: Unit::Bytes, samples: small },
            Measurement { name: "file".to_owned(), unit: Unit::Bytes, samples: sizes },
        ],
        notes,
    })
}

/// Whether what was named as a python is a script that finds it (a version manager's, for instance).
fn is_script(python: &Python) -> Result<bool> {
    Ok(head(&python.path, 2)? == b"#!")
}

/// The file of the python itself: a script may have become another program. `None` if it has started one instead.
fn program(python: &Python, seen: &Seen) -> Result<Option<PathBuf>> {
    Ok(match (is_script(python)?, &seen.ended_as) {
        (true, ended_as) if *ended_as == seen.began_as => None,
        (_, Some(ended_as)) => Some(ended_as.clone()),
        (_, None) => Some(python.path.clone()),
    })
}

fn size(program: &Path) -> Result<u64> {
    fs::metadata(program).map(|found| found.len()).map_err(|error| Failure::file("read", program, &error))
}

fn about_script(python: &Python, program: Option<&Path>) -> String {
    let name = python.path.display();
    match program {
        Some(program) => {
            format!(
                "{name} is a script: what it takes to find the python counts; the file is that of {}",
                program.display()
            )
        }
        None => format!(
            "{name} is a script that starts the python as another process: what that takes counts; its memory at start and its file \
             are not known"
        ),
    }
}

/// Starts a python once, and returns why it did not go on from its checkpoint, if it is one of adder's that says so.
fn why_cold(python: &Python, arguments: &[impl AsRef<OsStr>]) -> Result<Option<String>> {
    let ended = command(python, arguments).env(variable::EXPLAIN, "start").stdin(Stdio::null()).output();
    match ended {
        Ok(ended) if ended.status.success() => {
            let said = String::from_utf8_lossy(&ended.stderr);
            let reason = said.lines().find_map(|line| line.strip_prefix("adder: ")?.strip_prefix(STARTED_COLD));
            Ok(reason.map(str::to_owned))
        }
        // Says what is wrong.
        _ => run(python, arguments, None).map(|_| None),
    }
}

fn command(python: &Python, arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(&python.command);
    command.args(arguments);
    command
}

/// Runs a python, which has to end with 0; returns what it printed.
fn run(python: &Python, arguments: &[impl AsRef<OsStr>], figures: Option<&mut Figures>) -> Result<String> {
    let run = measure::run(&mut command(python, arguments)).map_err(|why| {
        let name = if python.name == python.command { String::new() } else { format!("{}: ", python.name) };
        Failure::environment(format!("{name}{why}")).hint("a script that is measured has to end with status 0")
    })?;
    if let Some(figures) = figures {
        figures.wall.push(run.wall.as_secs_f64());
        figures.processor.push(run.processor.as_secs_f64());
        figures.peak.push(run.peak_bytes as f64);
    }
    Ok(run.output)
}
