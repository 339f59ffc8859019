//! The format of a case, and how its outputs are made.

use std::sync::Arc;

use adder_compiler::abi::host::{Interfaces, example};
use adder_compiler::abi::profile::TARGET;
use adder_compiler::{
    Architecture, CpuLevel, Emit, Entry, GlobalPlacement, Input, MemoryPlan, Optimization, Options, Overrides, Profile,
    Unobserved,
};

/// What starts the first recorded output; everything from here on is generated.
const OUTPUT: &str = ";;= ";

/// The word that asks for generated glue too: entry wrappers and the start of the code. They are the same in all cases.
const GLUE: &str = "glue";

/// The word that asks for optimising by the profile of the case.
const PROFILE: &str = "profile";

/// The profile of a case: each line `;;# FUNCTION: WORD...` has the first counters of a function, by its place among those with
/// bodies; all others are zero. `@NUMBER` is the target with that number in the program.
fn profile(source: &str, input: Input<'_>, options: &Options) -> Profile {
    let lines: Vec<(usize, Vec<u64>)> = source
        .lines()
        .filter_map(|line| line.strip_prefix(";;# "))
        .map(|line| {
            let (function, words) = line.split_once(": ").expect("a function and its counters");
            let number = |text: &str| text.parse::<u64>().expect("a number");
            let words = words
                .split(' ')
                .map(|word| word.strip_prefix('@').map_or_else(|| number(word), |target| TARGET | number(target)));
            (function.parse().expect("a number"), words.collect())
        })
        .collect();
    adder_tests::profile::made_up(&[input], options, |function, count| {
        let known = lines.iter().find(|(known, _)| *known == function);
        let mut words = known.map_or_else(Vec::new, |(_, words)| words.clone());
        words.resize(count.max(words.len()), 0);
        words
    })
}

fn requests(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix(";;! ")).collect()
}

/// The architectures whose machine code a case shows.
pub fn architectures(text: &str) -> Result<Vec<Architecture>, String> {
    let mut found = Vec::new();
    for request in requests(text) {
        let options = options(request)?;
        if options.emit == Emit::Assembly {
            found.push(options.cpu.architecture());
        }
    }
    Ok(found)
}

/// The whole file of a case with its outputs made anew.
pub fn render(text: &str) -> Result<String, String> {
    let source = match text.find(&format!("\n{OUTPUT}")) {
        Some(position) => &text[..=position],
        None => text,
    };
    if !source.starts_with(";; ") {
        return Err("the first line does not say what the case shows".to_owned());
    }
    let requests = requests(source);
    if requests.is_empty() {
        return Err("nothing is asked for: there is no line `;;! clif` or `;;! assembly`".to_owned());
    }
    let bytes = adder_tests::text::assemble(source);
    let mut rendered = source.trim_end().to_owned() + "\n";
    for request in requests {
        let mut options = options(request)?;
        let input = Input { name: "case", bytes: &bytes };
        if request.split(' ').any(|word| word == PROFILE) {
            options.profile = Some(Arc::new(profile(source, input, &options)));
        }
        let output = adder_compiler::compile(&[input], &options, &Unobserved).map_err(|error| error.to_string())?;
        let output = String::from_utf8(output.bytes).map_err(|error| error.to_string())?;
        rendered += &format!("\n{OUTPUT}{request}\n");
        let output = if request.split(' ').any(|word| word == GLUE) { output } else { without_glue(&output) };
        for line in output.trim_end().lines() {
            rendered += format!(";; {line}").trim_end();
            rendered.push('\n');
        }
    }
    Ok(rendered)
}

/// An output without its parts that are glue. A part starts with a comment that says what it is.
fn without_glue(output: &str) -> String {
    let is_glue = |header: &str| header.starts_with("; entry of ") || header == "; start of code";
    let mut kept = String::new();
    let (mut keep, mut after_blank) = (true, true);
    for line in output.lines() {
        if after_blank && line.starts_with("; ") {
            keep = !is_glue(line);
        }
        after_blank = line.is_empty();
        if keep {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn options(request: &str) -> Result<Options, String> {
    let mut words = request.split_whitespace();
    let emit = match words.next() {
        Some("clif") => Emit::Clif,
        Some("assembly") => Emit::Assembly,
        other => return Err(format!("cannot emit {other:?}")),
    };
    let mut options = Options {
        cpu: CpuLevel::V1,
        entry: Entry::Library,
        emit,
        overrides: Overrides::verified(),
        ..Options::default()
    };
    for word in words {
        match word.split_once('=').unwrap_or((word, "")) {
            ("memory", "low") => options.memory = MemoryPlan::Low,
            ("memory", "high") => options.memory = MemoryPlan::High,
            ("memory", "checked") => options.memory = MemoryPlan::Checked,
            ("cpu", name) => {
                let mut levels = Architecture::ALL.iter().flat_map(|architecture| architecture.levels());
                let found = levels.find(|level| level.name() == name);
                options.cpu = *found.ok_or_else(|| format!("there is no CPU `{name}`"))?;
            }
            ("globals", "thread-relative") => options.overrides.globals = Some(GlobalPlacement::ThreadRelative),
            ("globals", "cell") => options.overrides.globals = Some(GlobalPlacement::Cell),
            ("optimize", "0") => options.optimization = Optimization::None,
            ("optimize", "1") => options.optimization = Optimization::Fast,
            ("assume", "c-abi") => options.assume_c_abi = true,
            ("cut", targets) => options.overrides.cut_loops_from = targets.parse().ok(),
            ("entry", "command") => options.entry = Entry::Command,
            ("entry", "library") => options.entry = Entry::Library,
            ("entry", "c-library") => options.entry = Entry::CLibrary("case".to_owned()),
            (GLUE | PROFILE, "") => {}
            ("instrument", "") => options.instrument = Some("profile".to_owned()),
            ("interfaces", "example") => options.interfaces = Interfaces(&[example::INTERFACE]),
            ("allow-missing", "") => options.allow_missing = true,
            _ => return Err(format!("there is no option `{word}`")),
        }
    }
    Ok(options)
}

/// The first line that is different, for a message.
pub fn first_difference(recorded: &str, now: &str) -> String {
    let mut number = 0;
    let (mut recorded, mut now) = (recorded.lines(), now.lines());
    loop {
        number += 1;
        match (recorded.next(), now.next()) {
            (None, None) => return "only the end of the file differs".to_owned(),
            (one, other) if one != other => {
                let show = |line: Option<&str>| line.unwrap_or("the end").trim_start_matches(";; ").to_owned();
                return format!("line {number}:\n  recorded: {}\n  now:      {}", show(one), show(other));
            }
            _ => {}
        }
    }
}
