//! A checkpoint inside of an executable: the program is run at build up to the place where it asks for one, and what it was then
//! becomes part of its file.
//!
//! [`executable`] moves the linked file to a fixed address ([`relocate`]) and appends to it, [`make`] runs it, [`dump`] reads what
//! that wrote, [`runs`] and [`segment`] make a segment of it. Where this machine cannot run it, an executable of this machine runs
//! instead, and [`translate`] makes what that wrote that of the other.

mod dump;
mod executable;
mod make;
mod relocate;
mod runs;
mod segment;
#[cfg(test)]
mod tests;
mod translate;

pub use make::{Run, Sign, Trial};

use crate::configuration::{Configuration, SECTION as CONFIGURATION_SECTION};
use crate::failure::{Failure, Result, Status};
use adder_compiler::State;
use adder_compiler::abi::checkpoint::CHANGED_RUNS_MAX;
use adder_compiler::abi::configuration::{Header, MAGIC, Span, flag};
use dump::Dump;
use executable::Executable;
use make::Made;
use serde::Serialize;
use std::mem::offset_of;
use translate::Side;

/// What a checkpoint consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Its size in the file.
    pub file_bytes: u64,
    /// The sizes of the program's memories.
    pub memory_bytes: u64,
    /// Runs of pages that are put in their place at every start.
    pub runs: u64,
    /// Bytes that are copied at every start.
    pub copied_bytes: u64,
    /// Bytes of pages that every start gets at once, because a trial has changed them.
    pub changed_bytes: u64,
}

/// An executable with a checkpoint.
#[derive(Debug)]
pub struct Taken {
    /// The file.
    pub executable: Vec<u8>,
    /// What the checkpoint consists of.
    pub summary: Summary,
    /// What the run at build printed, for a message; mostly nothing.
    pub printed: String,
    /// Whether it is known which pages a start changes, where a trial was to find that out.
    pub is_tried: bool,
}

/// What an executable was linked of, for [`take_here`].
#[derive(Debug)]
pub struct Linked<'a> {
    /// What wild linked, with a configuration that expects a checkpoint.
    pub executable: Vec<u8>,
    /// What the compiler said of its state.
    pub state: &'a State,
}

/// Makes the executable that starts where a run of it at build got to. `linked` is what wild linked, with a
/// `configuration` that expects a checkpoint.
///
/// # Errors
/// If the program does not come to a checkpoint, or does not go on from it as it should.
pub fn take(linked: Vec<u8>, configuration: &Configuration, run: &Run) -> Result<Taken> {
    let mut executable = Executable::fix(linked)?;
    let Made { dump: written, printed } = make(&mut executable, configuration, run)?;
    let dump = dump::read(&written)?;
    let changed_runs_max = if run.trial.is_some() { CHANGED_RUNS_MAX } else { 0 };
    let segment = append(&mut executable, &dump, changed_runs_max)?;
    let mut is_tried = true;
    if let Some(trial) = &run.trial {
        let target = executable.target()?;
        let header = header(&executable)?;
        let mut world = World { executable: &mut executable, saved: Vec::new() };
        world.change(header + FLAGS, |flags| flags | flag::AT_BUILD | flag::TRIAL)?;
        world.change(header + ARGUMENT_COUNT, |_| 0)?;
        let changed = make::try_out(target, world.executable.bytes(), trial, run.timeout)?;
        world.end()?;
        is_tried = !changed.is_empty();
        if is_tried {
            let changed = dump::read_changed(&changed, &dump.memories)?;
            segment::name_changed(&mut executable, segment, changed)?;
        }
    }
    drop(written);
    taken(executable, printed, is_tried)
}

/// Makes the executable for another machine that starts where a run of `here`, the same program for this machine, got to at
/// build. It is not tried.
///
/// # Errors
/// If the program does not come to a checkpoint, or was left with something that means something on this machine alone.
pub fn take_here(linked: Linked, here: Linked, configuration: &Configuration, run: &Run) -> Result<Taken> {
    let mut executable = Executable::fix(linked.executable)?;
    let mut maker = Executable::fix(here.executable)?;
    let Made { dump: written, printed } = make(&mut maker, configuration, run)?;
    let dump = dump::read(&written)?;
    let to = Side { executable: &executable, state: linked.state };
    let target = executable.target()?;
    let copies = translate::copies(&dump, Side { executable: &maker, state: here.state }, to);
    // A run of the executable itself leads to what no other one can.
    let copies = copies.map_err(|failure| match failure.status {
        Status::Refused => failure.hint(target.hint()),
        _ => failure,
    })?;
    let dump = translate::dump(&dump, &copies, to)?;
    append(&mut executable, &dump, 0)?;
    taken(executable, printed, run.trial.is_none())
}

const FLAGS: u64 = offset_of!(Header, flags) as u64;
const ARGUMENT_COUNT: u64 = (offset_of!(Header, arguments) + offset_of!(Span, count)) as u64;
const ENVIRONMENT_COUNT: u64 = (offset_of!(Header, environment) + offset_of!(Span, count)) as u64;

/// Runs the executable up to its checkpoint.
fn make(executable: &mut Executable, configuration: &Configuration, run: &Run) -> Result<Made> {
    let target = executable.target()?;
    let header = header(executable)?;
    let mut world = World { executable, saved: Vec::new() };
    world.change(header + FLAGS, |flags| flags | flag::AT_BUILD)?;
    if run.arguments.is_some() {
        world.change(header + ARGUMENT_COUNT, |_| 0)?;
    }
    let mut environment = Vec::new();
    if !run.environment.is_empty() {
        // What is baked in would win.
        world.change(header + ENVIRONMENT_COUNT, |_| 0)?;
        environment = [&configuration.environment[..], &run.environment].concat();
    }
    let made = make::run(target, world.executable.bytes(), run, &environment)?;
    world.end()?;
    Ok(made)
}

/// Puts a checkpoint into the executable. Returns where it is.
fn append(executable: &mut Executable, dump: &Dump, changed_runs_max: usize) -> Result<u64> {
    let segment = executable.end()?;
    let bytes = segment::lay_out(dump, executable, changed_runs_max)?;
    let field = header(executable)? + offset_of!(Header, checkpoint) as u64;
    executable.patch(field, segment)?;
    executable.append(&bytes)?;
    Ok(segment)
}

fn taken(executable: Executable, printed: String, is_tried: bool) -> Result<Taken> {
    let summary =
        read_summary(&executable)?.ok_or_else(|| Failure::internal("the executable has lost its checkpoint"))?;
    Ok(Taken { executable: executable.into_bytes(), summary, printed, is_tried })
}

/// What the checkpoint in an executable consists of; `None` if there is none that can be read.
pub fn summary(executable: Vec<u8>) -> Option<Summary> {
    read_summary(&Executable::fixed(executable)).ok().flatten()
}

fn read_summary(executable: &Executable) -> Result<Option<Summary>> {
    let Some(section) = executable.section(executable::SECTION)? else { return Ok(None) };
    // A damaged file may claim anything; all of a checkpoint is in the file.
    if section.bytes > executable.bytes().len() as u64 {
        return Ok(None);
    }
    let contents = executable.contents(section.address, section.bytes)?.unwrap_or_default();
    Ok(segment::summary(&contents, section))
}

/// What is different in the executable while it makes its checkpoint.
struct World<'a> {
    executable: &'a mut Executable,
    /// Addresses and what they hold otherwise.
    saved: Vec<(u64, u64)>,
}

impl World<'_> {
    fn change(&mut self, address: u64, to: impl FnOnce(u64) -> u64) -> Result<()> {
        let value = self.executable.word(address)?;
        self.saved.push((address, value));
        self.executable.patch(address, to(value))
    }

    /// Restores the executable.
    fn end(self) -> Result<()> {
        self.saved.into_iter().try_for_each(|(address, value)| self.executable.patch(address, value))
    }
}

/// The address of the configuration.
fn header(executable: &Executable) -> Result<u64> {
    let section =
        executable.section(CONFIGURATION_SECTION)?.filter(|section| section.bytes >= size_of::<Header>() as u64);
    let address = section.map(|section| section.address).unwrap_or_default();
    match executable.contents(address, MAGIC.len() as u64)? {
        Some(magic) if *magic == MAGIC => Ok(address),
        _ => Err(Failure::internal("the executable has lost its configuration")),
    }
}
