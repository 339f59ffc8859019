//! The checkpoint of an executable for another machine, from what an executable of this machine wrote of the same program.
//!
//! That is possible where no code was under way, so that nothing of a stack is saved: what is left are memories, globals, tables and
//! segments, which both have alike ([`State`]). Addresses become those of the other executable, and function references name the
//! place of the same function there.

use super::dump::{Dump, Memory, Original, Piece};
use super::executable::{Executable, Section};
use crate::failure::{Failure, Result};
use adder_compiler::abi::checkpoint::Resume;
use adder_compiler::abi::plan::FIXED_REGIONS;
use adder_compiler::abi::program::{self, ImageRun, Program, Segment, StateRange, Table, function_reference};
use adder_compiler::abi::symbol::PROGRAM;
use adder_compiler::{State, StateContents};
use std::collections::HashMap;
use std::mem::offset_of;

/// An executable, and what its program writes to.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The executable.
    pub executable: &'a Executable,
    /// What the compiler said of it.
    pub state: &'a State,
}

/// What becomes of the copies of a dump: their addresses, and their contents.
type Copies = Vec<(u64, Vec<u8>)>;

/// What is to be copied in the executable `to` to be as `dump` says that a process of `from` was.
///
/// # Errors
/// If there is something that only means something in `from`.
pub fn copies(dump: &Dump, from: Side, to: Side) -> Result<Copies> {
    if from.state.has_threads {
        return Err(refused("each of the program's threads has state of its own"));
    }
    let is_alike = (&from.state.ranges, &from.state.tables) == (&to.state.ranges, &to.state.tables)
        && from.state.code_offsets.len() == to.state.code_offsets.len();
    if dump.resume[offset_of!(Resume, stack_pointer) / 8] != 0 || !is_alike {
        return Err(different());
    }
    let functions = Functions::new(from.state, to.state);
    let mut copies = Copies::new();
    let mut left: HashMap<u64, &Piece> = dump.copies.iter().map(|piece| (piece.address, piece)).collect();
    let (ranges, other_ranges) = (from.ranges()?, to.ranges()?);
    for ((contents, range), other) in from.state.ranges.iter().zip(ranges).zip(other_ranges) {
        let now = left.remove(&range.address).filter(|piece| piece.contents.len() as u64 == range.bytes);
        let now = now.filter(|_| range.bytes == other.bytes).ok_or_else(different)?.contents;
        let mut bytes = to.executable.contents(other.address, other.bytes)?.ok_or_else(different)?.into_owned();
        match contents {
            StateContents::Addresses => continue,
            StateContents::Numbers(references) => {
                bytes.copy_from_slice(now);
                references.iter().try_for_each(|offset| functions.translate(&mut bytes, *offset))?;
            }
            StateContents::References => {
                bytes.copy_from_slice(now);
                (0..range.bytes).step_by(8).try_for_each(|offset| functions.translate(&mut bytes, offset))?;
            }
            StateContents::FurtherEntries => return Err(different()),
            StateContents::Memories => {
                for (memory, start) in to.memories()?.iter().zip((0..).step_by(size_of::<program::Memory>())) {
                    let base = word(now, start + offset_of!(program::Memory, base));
                    set_word(&mut bytes, start + offset_of!(program::Memory, base), memory.base(base));
                    copy_word(now, &mut bytes, start + offset_of!(program::Memory, size_bytes));
                }
            }
            StateContents::Tables => {
                for (entries, start) in from.state.tables.iter().zip((0..).step_by(size_of::<Table>())) {
                    let base = word(now, start + offset_of!(Table, base));
                    let size = word(now, start + offset_of!(Table, size_entries));
                    copy_word(now, &mut bytes, start + offset_of!(Table, size_entries));
                    if base < FIXED_REGIONS {
                        continue;
                    }
                    // Whatever is reserved has the same place everywhere.
                    set_word(&mut bytes, start + offset_of!(Table, base), base);
                    if size != 0 {
                        let now = left.remove(&base).ok_or_else(different)?.contents;
                        copies.push((base, functions.entries(entries, now)?));
                    }
                }
            }
            StateContents::Segments => {
                for start in (0..now.len()).step_by(size_of::<Segment>()) {
                    copy_word(now, &mut bytes, start + offset_of!(Segment, count));
                }
            }
        }
        copies.push((other.address, bytes));
    }
    // The stack, of which nothing is saved.
    match left.values().all(|piece| piece.contents.is_empty()) {
        true => Ok(copies),
        false => Err(different()),
    }
}

/// The dump that the executable `to` would have written, where what it is to copy is known.
///
/// # Errors
/// If the executables are not of the same program.
pub fn dump<'a>(dump: &Dump<'a>, copies: &'a Copies, to: Side) -> Result<Dump<'a>> {
    let descriptors = to.memories()?;
    if descriptors.len() != dump.memories.len() {
        return Err(different());
    }
    let memories = dump.memories.iter().zip(&descriptors).map(|(memory, descriptor)| Memory {
        base: descriptor.base(memory.base),
        size_bytes: memory.size_bytes,
        originals: descriptor.originals.clone(),
        pages: memory.pages.clone(),
    });
    let memories: Vec<Memory> = memories.collect();
    let mut resume = dump.resume;
    let times = offset_of!(Resume, monotonic_times) / 8;
    let times_end = times + size_of_val(&Resume::default().monotonic_times) / 8;
    for time in resume[times..times_end].iter_mut().filter(|time| **time != 0) {
        let place = dump.memories.iter().zip(&memories).find_map(|(old, new)| {
            let offset = time.checked_sub(old.base).filter(|offset| *offset < old.size_bytes)?;
            Some(new.base + offset)
        });
        *time = place.ok_or_else(different)?;
    }
    let mut copies: Vec<Piece> =
        copies.iter().map(|(address, contents)| Piece { address: *address, contents }).collect();
    copies.sort_by_key(|copy| copy.address);
    Ok(Dump { memories, copies, resume })
}

/// Where functions are in another executable.
struct Functions {
    /// Code offsets there, by those here.
    offsets: HashMap<u32, u32>,
}

impl Functions {
    fn new(from: &State, to: &State) -> Functions {
        let pairs = from.code_offsets.iter().zip(&to.code_offsets);
        Functions { offsets: pairs.filter_map(|(from, to)| Some(((*from)?, (*to)?))).collect() }
    }

    /// Replaces the function reference at `offset`.
    fn translate(&self, bytes: &mut [u8], offset: u64) -> Result<()> {
        let place = usize::try_from(offset).map_err(|_| different())?;
        let reference = word(bytes, place);
        if reference != 0 {
            let code_offset = self.offsets.get(&(reference as u32)).ok_or_else(different)?;
            set_word(bytes, place, function_reference(*code_offset, (reference >> 32) as u32));
        }
        Ok(())
    }

    /// Translates the entries of a table that is reserved.
    fn entries(&self, contents: &StateContents, now: &[u8]) -> Result<Vec<u8>> {
        let mut bytes = now.to_vec();
        match contents {
            StateContents::FurtherEntries => return Err(refused("the program has made functions by libffi")),
            StateContents::References => {
                (0..bytes.len() as u64).step_by(8).try_for_each(|offset| self.translate(&mut bytes, offset))?;
            }
            _ => {}
        }
        Ok(bytes)
    }
}

/// What an executable says of a memory before it starts.
struct Descriptor {
    fixed_base: u64,
    originals: Vec<Original>,
}

impl Descriptor {
    /// Where the memory is that the other executable has at `other`: what has no place of its own has the same everywhere.
    fn base(&self, other: u64) -> u64 {
        if self.fixed_base == 0 { other } else { self.fixed_base }
    }
}

impl Side<'_> {
    /// A field of the program's description.
    fn field(&self, offset: usize) -> Result<u64> {
        let program = self.executable.symbol(PROGRAM)?.ok_or_else(different)?;
        self.executable.word(program + offset as u64)
    }

    /// The ranges of [`State::ranges`].
    fn ranges(&self) -> Result<Vec<Section>> {
        let start = self.field(offset_of!(Program, state))?;
        if self.field(offset_of!(Program, state_count))? != self.state.ranges.len() as u64 {
            return Err(different());
        }
        let range = |index: usize| {
            let place = start + (index * size_of::<StateRange>()) as u64;
            let address = self.executable.word(place + offset_of!(StateRange, start) as u64)?;
            let bytes = self.executable.word(place + offset_of!(StateRange, bytes) as u64)?;
            Ok(Section { address, bytes })
        };
        (0..self.state.ranges.len()).map(range).collect()
    }

    /// What the executable says of its memories.
    fn memories(&self) -> Result<Vec<Descriptor>> {
        let start = self.field(offset_of!(Program, memories))?;
        let descriptor = |index: u64| {
            let place = start + index * size_of::<program::Memory>() as u64;
            let field = |offset: usize| self.executable.word(place + offset as u64);
            let (image, count) =
                (field(offset_of!(program::Memory, image))?, field(offset_of!(program::Memory, image_count))?);
            let original = |index: u64| {
                let run = image + index * size_of::<ImageRun>() as u64;
                let field = |offset: usize| self.executable.word(run + offset as u64);
                Ok(Original {
                    offset: field(offset_of!(ImageRun, offset))?,
                    bytes: field(offset_of!(ImageRun, bytes))?,
                    address: field(offset_of!(ImageRun, contents))?,
                })
            };
            let originals = (0..count).map(original).collect::<Result<Vec<Original>>>()?;
            Ok(Descriptor { fixed_base: field(offset_of!(program::Memory, fixed_base))?, originals })
        };
        (0..self.field(offset_of!(Program, memory_count))?).map(descriptor).collect()
    }
}

/// The eight bytes at an offset, which the layouts that both executables share have.
fn word(bytes: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(bytes[offset..offset + 8].try_into().expect("8 bytes"))
}

fn set_word(bytes: &mut [u8], offset: usize, value: u64) {
    bytes[offset..offset + 8].copy_from_slice(&value.to_le_bytes());
}

fn copy_word(from: &[u8], to: &mut [u8], offset: usize) {
    set_word(to, offset, word(from, offset));
}

fn refused(why: &str) -> Failure {
    Failure::refused(format!("the checkpoint that was made on this machine cannot be one for another: {why}"))
}

/// Both executables come from one compilation each of the same modules.
fn different() -> Failure {
    Failure::internal("the executables for this machine and for the other one do not have the same state")
}
