//! Compiles the modules of a script, runs its steps and compares.

use std::path::Path;
use std::sync::Arc;

use adder_compiler::{Input, MemoryPlan, Options, Unobserved};

use crate::process::{Answer, Process};
use crate::script::{Action, Outcome, Script};
use crate::spectest::Part;
use crate::value;

/// How a step ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// As the script says.
    Passed,
    /// As the script says, decided by the parser of the text format before Adder was involved.
    PassedAsText,
    /// Otherwise, in this way.
    Failed(String),
    /// It was not tried, for this reason.
    Skipped(String),
}

/// A program made of instances of a script.
struct Unit {
    /// The instances of the script, in order.
    instances: Vec<usize>,
}

/// How programs are built and where they run.
pub struct Setting {
    /// How they are built.
    pub options: Options,
    /// The CPU that qemu emulates for them; `None` for this machine's.
    pub cpu: Option<&'static str>,
    /// Whether they are optimised by a profile that lies.
    pub lies: bool,
}

/// Runs a script; gives a verdict for every step.
pub fn run(script: &Script, setting: &Setting, folder: &Path) -> Vec<Verdict> {
    let mut verdicts: Vec<Verdict> = script.steps.iter().map(|step| decide(&step.action, &setting.options)).collect();
    for unit in units(script, setting.options.memory) {
        run_unit(script, &unit, setting, folder, &mut verdicts);
    }
    verdicts
}

/// The verdict of a step that needs no program. The others get theirs later.
fn decide(action: &Action, options: &Options) -> Verdict {
    match action {
        Action::RefusedAsText => Verdict::PassedAsText,
        Action::Unlinked => Verdict::Passed,
        Action::Skip(reason) => Verdict::Skipped(reason.clone()),
        Action::Fail(message) => Verdict::Failed(message.clone()),
        Action::Refuse { bytes } => match compile(&[Input { name: "refused", bytes }], &tolerant(options)) {
            Err(Failure::Refused(_)) => Verdict::Passed,
            Err(Failure::Panicked(message)) => Verdict::Failed(message),
            Ok(_) => Verdict::Failed("the compiler accepts a module that it must refuse".to_owned()),
        },
        Action::Accept { bytes } => match compile(&[Input { name: "defined", bytes }], &tolerant(options)) {
            Ok(_) => Verdict::Passed,
            Err(failure) => Verdict::Failed(format!("does not compile: {}", failure.message())),
        },
        Action::Activate { .. } | Action::Use { .. } => Verdict::Failed("never run".to_owned()),
    }
}

/// Options under which a module is not refused for imports that only its script supplies.
fn tolerant(options: &Options) -> Options {
    Options { allow_missing: true, ..options.clone() }
}

/// Divides the instances into programs. Instances that share state stay together. Only the first memory of a program
/// lies at the low address, so under that plan every instance with a memory that shares nothing gets a program of its
/// own; otherwise one program is cheaper.
fn units(script: &Script, plan: MemoryPlan) -> Vec<Unit> {
    let count = script.instances.len();
    let mut group: Vec<usize> = (0..count).collect();
    let mut holder = [None; 4];
    for (number, instance) in script.instances.iter().enumerate() {
        for &other in &instance.instances {
            merge(&mut group, number, other);
        }
        for &part in instance.parts.iter().filter(|part| part.has_state()) {
            merge(&mut group, number, *holder[part as usize].get_or_insert(number));
        }
    }
    let has_memory = |number: usize| {
        let instance = &script.instances[number];
        instance.defines_memory || instance.parts.iter().any(|part| matches!(part, Part::Memory | Part::SharedMemory))
    };
    let groups_with_memory: Vec<usize> = (0..count).filter(|&number| has_memory(number)).map(|n| group[n]).collect();
    if plan == MemoryPlan::Low {
        let mut rest = None;
        for number in 0..count {
            if !groups_with_memory.contains(&group[number]) {
                merge(&mut group, number, *rest.get_or_insert(number));
            }
        }
    } else {
        group.fill(0);
    }
    let mut names = group.clone();
    names.sort_unstable();
    names.dedup();
    let members = |name| (0..count).filter(|&number| group[number] == name).collect();
    names.into_iter().map(|name| Unit { instances: members(name) }).collect()
}

fn merge(group: &mut [usize], one: usize, other: usize) {
    let (from, to) = (group[one].max(group[other]), group[one].min(group[other]));
    for name in group.iter_mut().filter(|name| **name == from) {
        *name = to;
    }
}

/// Builds and runs one program; where its modules do not compile together, tries its groups alone so that one bad
/// module does not hide the others.
fn run_unit(script: &Script, unit: &Unit, setting: &Setting, folder: &Path, verdicts: &mut [Verdict]) {
    let path = folder.join(format!("program{}", unit.instances[0]));
    let inputs = script.inputs(&unit.instances, std::iter::empty(), None);
    let before = inputs.len() - unit.instances.len();
    let mut options = setting.options.clone();
    if setting.lies {
        options.profile = crate::guarded(|| adder_tests::profile::lying(&inputs, &options)).ok().map(Arc::new);
    }
    let program = compile(&inputs, &options)
        .map_err(|failure| failure.message())
        .and_then(|object| adder_tests::program::link_script(&object, options.cpu.architecture(), &path));
    if let Err(message) = program {
        let alone = units(script, MemoryPlan::Low);
        let parts: Vec<Unit> =
            alone.into_iter().filter(|part| part.instances.iter().all(|one| unit.instances.contains(one))).collect();
        if parts.len() > 1 {
            parts.iter().for_each(|part| run_unit(script, part, setting, folder, verdicts));
        } else {
            let message = format!("does not compile: {message}");
            fill(script, unit, verdicts, |_, _| Err(message.clone()));
        }
        return;
    }
    let mut process = Process::start(&path, options.cpu.architecture(), setting.cpu);
    if let Ok(running) = &mut process {
        for number in 0..before {
            if let Err(message) = running.activate(number) {
                process = Err(message);
                break;
            }
        }
    }
    fill(script, unit, verdicts, |position, action| {
        let running = process.as_mut().map_err(|message| message.clone())?;
        match action {
            Action::Use { export, .. } => running.export(before + position, export),
            _ => running.activate(before + position),
        }
    });
    drop(process);
    // A script can have a hundred programs of a megabyte.
    let _ = std::fs::remove_file(&path);
}

/// Gives every step of a unit its verdict from what the program answers.
fn fill(
    script: &Script,
    unit: &Unit,
    verdicts: &mut [Verdict],
    mut ask: impl FnMut(usize, &Action) -> Result<Answer, String>,
) {
    for (step, verdict) in script.steps.iter().zip(verdicts) {
        let (Action::Activate { instance, outcome } | Action::Use { instance, outcome, .. }) = &step.action else {
            continue;
        };
        if let Some(position) = unit.instances.iter().position(|member| member == instance) {
            *verdict = match ask(position, &step.action) {
                Ok(answer) => compare(outcome, &answer),
                Err(message) => Verdict::Failed(message),
            };
        }
    }
}

fn compare(outcome: &Outcome, answer: &Answer) -> Verdict {
    let as_expected = match (outcome, answer) {
        (Outcome::Returns, Answer::Values(_))
        | (Outcome::Exception, Answer::Exception)
        | (Outcome::Unlinkable, Answer::Unlinkable) => true,
        (Outcome::Values(expected), Answer::Values(slots)) => value::all_match(expected, slots),
        (Outcome::Trap(expected), Answer::Trap(message)) => is_message(expected, message),
        _ => false,
    };
    if as_expected { Verdict::Passed } else { Verdict::Failed(format!("expected {outcome:x?}, got {answer:x?}")) }
}

/// Whether a trap's message is the expected one: the suite gives the beginning of it, or adds an index that only the
/// reference interpreter prints ("uninitialized element 2").
fn is_message(expected: &str, message: &str) -> bool {
    let is_index = |rest: &str| rest.trim_start().bytes().all(|byte| byte.is_ascii_digit());
    message.starts_with(expected) || expected.strip_prefix(message).is_some_and(is_index)
}

/// Why there is no object.
enum Failure {
    Refused(String),
    Panicked(String),
}

impl Failure {
    fn message(self) -> String {
        match self {
            Failure::Refused(message) | Failure::Panicked(message) => message,
        }
    }
}

fn compile(inputs: &[Input], options: &Options) -> Result<Vec<u8>, Failure> {
    match crate::guarded(|| adder_compiler::compile(inputs, options, &Unobserved)) {
        Ok(Ok(output)) => Ok(output.bytes),
        Ok(Err(error)) => Err(Failure::Refused(error.to_string())),
        Err(panic) => Err(Failure::Panicked(format!("the compiler panicked: {panic}"))),
    }
}

#[test]
fn messages_are_compared_by_their_beginning() {
    assert!(is_message("out of bounds", "out of bounds memory access"));
    assert!(is_message("uninitialized element 2", "uninitialized element"));
    assert!(!is_message("undefined element", "uninitialized element"));
    assert!(!is_message("uninitialized element or so", "uninitialized element"));
}
