//! Executes cases natively: compiled by Adder, linked with the script driver of the runtime, and run.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

use adder::target::native;
use adder_compiler::{
    CpuLevel, Entry, GlobalPlacement, Input, MemoryPlan, Optimization, Options, Overrides, Unobserved, host,
};
use adder_tests::target::{architecture, make_startable};

use crate::case::{Answer, Case};
use crate::numbers::Numbers;

/// How long a program may run. The fuel of its instances ends it much earlier.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Build {
    /// Where memories lie.
    pub memory: MemoryPlan,
    /// How hard to optimise.
    pub optimization: Optimization,
    /// The CPUs to generate code for.
    pub cpu: CpuLevel,
    /// Whether every thread has globals, tables and segments of its own, as in a program that starts threads.
    pub per_thread: bool,
    /// Whether the intermediate code is checked.
    pub verify: bool,
}

impl Build {
    const MEMORIES: [(&str, MemoryPlan); 3] =
        [("low", MemoryPlan::Low), ("high", MemoryPlan::High), ("checked", MemoryPlan::Checked)];
    const OPTIMIZATIONS: [(&str, Optimization); 2] = [("0", Optimization::None), ("1", Optimization::Fast)];

    /// Any build.
    pub fn choose(numbers: &mut Numbers) -> Build {
        Build {
            memory: numbers.pick(&Self::MEMORIES).1,
            optimization: numbers.pick(&Self::OPTIMIZATIONS).1,
            cpu: *numbers.pick(architecture().levels()),
            per_thread: numbers.one_in(6),
            verify: numbers.one_in(4),
        }
    }

    /// All of it, as [`Build::parse`] reads it.
    pub fn text(&self) -> String {
        let memory = Self::MEMORIES.iter().find(|(_, plan)| *plan == self.memory).expect("all plans have names").0;
        let optimization = Self::OPTIMIZATIONS.iter().find(|(_, level)| *level == self.optimization);
        let optimization = optimization.expect("all levels have names").0;
        let state = if self.per_thread { "per-thread" } else { "shared" };
        let cpu = self.cpu.name();
        format!("{memory} {optimization} {cpu} {state} {}", if self.verify { "verified" } else { "unverified" })
    }

    /// The build that [`Build::text`] describes.
    pub fn parse(text: &str) -> Option<Build> {
        let mut words = text.split(' ');
        let memory = words.next()?;
        let memory = Self::MEMORIES.iter().find(|(name, _)| *name == memory)?.1;
        let optimization = words.next()?;
        let optimization = Self::OPTIMIZATIONS.iter().find(|(name, _)| *name == optimization)?.1;
        let cpu = words.next()?;
        let cpu = *architecture().levels().iter().find(|level| level.name() == cpu)?;
        let per_thread = words.next()? == "per-thread";
        Some(Build { memory, optimization, cpu, per_thread, verify: words.next()? == "verified" })
    }

    /// What the compiler is asked for.
    pub fn options(&self) -> Options {
        Options {
            memory: self.memory,
            optimization: self.optimization,
            cpu: if architecture() == host() { self.cpu.min(native()) } else { self.cpu },
            overrides: Overrides {
                verify: self.verify,
                globals: self.per_thread.then_some(GlobalPlacement::ThreadRelative),
                ..Overrides::default()
            },
            entry: Entry::Library,
            ..Options::default()
        }
    }
}

thread_local! {
    /// Where the last panic of this thread happened.
    static PANICKED_AT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps panics from being printed: [`guarded`] tells about them.
pub fn silence_panics() {
    std::panic::set_hook(Box::new(|information| {
        let place = information.location().map(|location| format!("{}:{}", location.file(), location.line()));
        PANICKED_AT.with_borrow_mut(|at| *at = place.unwrap_or_default());
    }));
}

/// Calls something that may panic; gives the message and the place if it does.
pub fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("without a message");
        format!("{text} (at {})", PANICKED_AT.with_borrow(|place| place.clone()))
    })
}

/// Builds one program of all cases. An error is the compiler's or the linker's.
pub fn build(cases: &[&Case], build: Build, output: &Path) -> Result<(), String> {
    let modules = cases.iter().flat_map(|case| &case.modules);
    let inputs: Vec<Input> = modules.map(|module| Input { name: &module.name, bytes: &module.bytes }).collect();
    let compiled = guarded(|| adder_compiler::compile(&inputs, &build.options(), &Unobserved))
        .map_err(|message| format!("the compiler panicked: {message}"))?;
    let object = compiled.map_err(|error| format!("the compiler refuses a valid module: {error}"))?;
    guarded(|| adder_tests::program::link_script(&object.bytes, architecture(), output))
        .map_err(|message| format!("the linker panicked: {message}"))?
        .map_err(|message| format!("the linker failed: {message}"))?;
    make_startable(output, architecture()).map_err(|error| format!("cannot write what starts the emulator: {error}"))
}

/// Runs a program of cases. For each case the commands to give and, afterwards, an answer to each; the last answer may
/// be [`Answer::Broken`], with none for what follows.
pub fn run(program: &Path, cases: &[(&Case, Vec<usize>)]) -> Vec<Vec<Answer>> {
    let mut lines = String::new();
    let mut first = 0;
    for (case, commands) in cases {
        for command in commands {
            lines += &case.commands[*command].line(first);
            lines.push('\n');
        }
        first += case.modules.len();
    }
    let (text, end) = exchange(program, lines);
    let mut answers = text.lines();
    let mut all = Vec::new();
    for (case, commands) in cases {
        let mut list = Vec::new();
        for command in commands {
            match answers.next() {
                Some(line) => list.push(answer(line)),
                None => {
                    let command = case.commands[*command].line(0);
                    list.push(Answer::Broken(format!("the program ended in `{command}`: {end}")));
                    break;
                }
            }
        }
        all.push(list);
    }
    all
}

/// Gives a program its input and returns what it answered and how it ended.
fn exchange(program: &Path, input: String) -> (String, String) {
    let spawned = Process::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => return (String::new(), format!("cannot start: {error}")),
    };
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let mut stdout = child.stdout.take().expect("stdout is piped");
    let mut output = Vec::new();
    let end = std::thread::scope(|scope| {
        // The program answers while commands are still being written.
        scope.spawn(move || stdin.write_all(input.as_bytes()));
        let reading = scope.spawn(|| stdout.read_to_end(&mut output));
        let end = wait(&mut child, || reading.is_finished());
        let _ = reading.join();
        end
    });
    (String::from_utf8_lossy(&output).into_owned(), end)
}

fn wait(child: &mut Child, is_finished: impl Fn() -> bool) -> String {
    let start = Instant::now();
    // Reading ends with the program; only one that hangs has to be waited for with a clock.
    while !is_finished() {
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return format!("it hung for {PATIENCE:?}");
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    match child.wait() {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    }
}

/// What a line of the script driver means.
fn answer(line: &str) -> Answer {
    let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
    match kind {
        "ok" => {
            let slots: Option<Vec<u64>> =
                rest.split_ascii_whitespace().map(|slot| u64::from_str_radix(slot, 16).ok()).collect();
            slots.map_or_else(|| Answer::Broken(format!("it answered `{line}`")), Answer::Values)
        }
        "trap" => match rest {
            "call stack exhausted" => Answer::Inconclusive("the native stack was used up".to_owned()),
            "undefined element" => Answer::Trap("out of bounds table access".to_owned()),
            "too many exceptions are alive" => {
                Answer::Inconclusive("the native arena of exceptions is full".to_owned())
            }
            "null function reference" | "null exception reference" => Answer::Trap("null reference".to_owned()),
            other => Answer::Trap(other.to_owned()),
        },
        "exception" => Answer::Exception,
        "unlinkable" => Answer::Unlinkable,
        _ => Answer::Broken(format!("it answered `{line}`")),
    }
}

/// A place for a program.
pub fn program_path(folder: &Path) -> PathBuf {
    folder.join("program")
}

#[test]
fn builds_are_read_as_they_are_written() {
    for position in 0..100 {
        let build = Build::choose(&mut Numbers::new(1, position));
        assert_eq!(Build::parse(&build.text()), Some(build));
    }
}

#[test]
fn answers_have_common_names() {
    assert_eq!(answer("ok 0000000000000001"), Answer::Values(vec![1]));
    assert_eq!(answer("trap undefined element"), Answer::Trap("out of bounds table access".to_owned()));
    assert!(matches!(answer("exit 3"), Answer::Broken(_)));
    assert!(matches!(answer("error what"), Answer::Broken(_)));
}
