//! Lays a checkpoint out as the segment that is appended to the executable, as `adder_abi::checkpoint` describes it.
//!
//! The header, the tables, the contents of patches; then, on pages of their own, the pages of memories.

use super::Summary;
use super::dump::{self, Dump, Memory};
use super::executable::{Executable, Section};
use super::runs::{self, Source};
use crate::failure::{Failure, Result};
use adder_compiler::abi::checkpoint::{CHANGED_RUNS_MAX, Checkpoint, MAGIC, PageRun, Patch, SavedMemory};
use adder_compiler::abi::plan::SMALLEST_PAGE_BYTES;
use adder_compiler::abi::program::ImageRun;
use adder_compiler::abi::symbol::IMAGE_SECTION;
use std::borrow::Cow;
use std::mem::offset_of;

/// Equal bytes between two differences that are copied all the same: a patch of their own would take as much.
const SMALL_GAP: usize = 64;

/// The contents of the segment for [`Executable::end`], with room to name `changed_runs_max` runs of changed pages ([`name_changed`]).
///
/// What is copied is what differs from what the executable starts with, or from zero where it has nothing: there the process has
/// fresh memory.
///
/// # Errors
/// If the dump is about something else than this executable.
pub fn lay_out(dump: &Dump, executable: &Executable, changed_runs_max: usize) -> Result<Vec<u8>> {
    let image = executable.section(IMAGE_SECTION)?;
    let originals = dump
        .memories
        .iter()
        .map(|memory| originals(memory, executable, image))
        .collect::<Result<Vec<Vec<Cow<[u8]>>>>>()?;
    let runs = runs::plan(&dump.memories, &originals);
    let patches = patches(dump, executable, image)?;

    let run_count: usize = runs.iter().map(Vec::len).sum();
    let memories_start = executable.end()? + size_of::<Checkpoint>() as u64;
    let runs_start = memories_start + (dump.memories.len() * size_of::<SavedMemory>()) as u64;
    let patches_start = runs_start + (run_count * size_of::<ImageRun>()) as u64;
    let mut contents_start = patches_start + (patches.len() * size_of::<Patch>()) as u64;
    let copied_bytes: u64 = patches.iter().map(|patch| patch.contents.len() as u64).sum();
    let changed_start = (contents_start + copied_bytes).next_multiple_of(align_of::<PageRun>() as u64);
    let changed_bytes = changed_runs_max * size_of::<PageRun>();
    let mut pages_start = (changed_start + changed_bytes as u64).next_multiple_of(SMALLEST_PAGE_BYTES);

    let mut writer = Writer::default();
    writer.bytes.extend(MAGIC);
    writer.numbers(&dump.resume);
    writer.numbers(&[memories_start, dump.memories.len() as u64, patches_start, patches.len() as u64]);
    writer.numbers(&[changed_start, 0]);
    let mut next_run = runs_start;
    for (memory, runs) in dump.memories.iter().zip(&runs) {
        writer.numbers(&[memory.size_bytes, next_run, runs.len() as u64]);
        next_run += (runs.len() * size_of::<ImageRun>()) as u64;
    }
    for run in runs.iter().flatten() {
        let address = match run.source {
            Source::Original(address) => address,
            Source::Segment => {
                pages_start += run.bytes;
                pages_start - run.bytes
            }
        };
        writer.numbers(&[run.offset, address, run.bytes]);
    }
    for patch in &patches {
        let bytes = patch.contents.len() as u64;
        writer.numbers(&[patch.address, contents_start, bytes]);
        contents_start += bytes;
    }
    let mut bytes = writer.bytes;
    patches.iter().for_each(|patch| bytes.extend(patch.contents));
    bytes.resize(bytes.len().next_multiple_of(align_of::<PageRun>()) + changed_bytes, 0);
    bytes.resize(bytes.len().next_multiple_of(SMALLEST_PAGE_BYTES as usize), 0);
    for (memory, runs) in dump.memories.iter().zip(&runs) {
        for run in runs.iter().filter(|run| run.source == Source::Segment) {
            bytes.extend(runs::contents(memory, run));
        }
    }
    Ok(bytes)
}

/// Names the pages that a start changes in the segment at `segment`, as far as there is room for them; the shortest runs are
/// left out.
pub fn name_changed(executable: &mut Executable, segment: u64, mut changed: Vec<dump::PageRun>) -> Result<()> {
    changed.sort_by_key(|run| (std::cmp::Reverse(run.bytes), run.start));
    changed.truncate(CHANGED_RUNS_MAX);
    changed.sort_by_key(|run| run.start);
    let count = segment + offset_of!(Checkpoint, changed_count) as u64;
    let mut place = executable.word(segment + offset_of!(Checkpoint, changed) as u64)?;
    executable.patch(count, changed.len() as u64)?;
    for run in changed {
        executable.patch(place + offset_of!(PageRun, start) as u64, run.start)?;
        executable.patch(place + offset_of!(PageRun, bytes) as u64, run.bytes)?;
        place += size_of::<PageRun>() as u64;
    }
    Ok(())
}

/// What is in a segment that lies at `place`; `None` if that makes no sense, in somebody else's file.
pub fn summary(contents: &[u8], place: Section) -> Option<Summary> {
    let word = |address: u64| {
        let start = usize::try_from(address.checked_sub(place.address)?).ok()?;
        contents.get(start..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    };
    let field = |offset: usize| word(place.address + offset as u64);
    if !contents.starts_with(&MAGIC) {
        return None;
    }
    let mut summary = Summary { file_bytes: place.bytes, ..Summary::default() };
    let mut memory = field(offset_of!(Checkpoint, memories))?;
    for _ in 0..field(offset_of!(Checkpoint, memory_count))? {
        summary.memory_bytes = summary.memory_bytes.checked_add(word(memory)?)?;
        summary.runs =
            summary.runs.checked_add(word(memory.checked_add(offset_of!(SavedMemory, run_count) as u64)?)?)?;
        memory = memory.checked_add(size_of::<SavedMemory>() as u64)?;
    }
    let mut patch = field(offset_of!(Checkpoint, patches))?;
    for _ in 0..field(offset_of!(Checkpoint, patch_count))? {
        let bytes = word(patch.checked_add(offset_of!(Patch, bytes) as u64)?)?;
        summary.copied_bytes = summary.copied_bytes.checked_add(bytes)?;
        patch = patch.checked_add(size_of::<Patch>() as u64)?;
    }
    let mut run = field(offset_of!(Checkpoint, changed))?;
    for _ in 0..field(offset_of!(Checkpoint, changed_count))? {
        let bytes = word(run.checked_add(offset_of!(PageRun, bytes) as u64)?)?;
        summary.changed_bytes = summary.changed_bytes.checked_add(bytes)?;
        run = run.checked_add(size_of::<PageRun>() as u64)?;
    }
    Some(summary)
}

/// The initial contents of a memory, as far as the executable has them.
fn originals<'a>(memory: &Memory, executable: &'a Executable, image: Option<Section>) -> Result<Vec<Cow<'a, [u8]>>> {
    let outside = || damaged("what a memory starts with is not in its executable");
    let contents = memory.originals.iter().map(|original| {
        let is_image = image.is_some_and(|image| image.contains(original.address, original.bytes));
        if !is_image || !original.address.is_multiple_of(SMALLEST_PAGE_BYTES) {
            return Err(outside());
        }
        executable.contents(original.address, original.bytes)?.ok_or_else(outside)
    });
    contents.collect()
}

/// A difference.
struct Difference<'a> {
    address: u64,
    contents: &'a [u8],
}

/// What of the copies is not there anyway.
fn patches<'a>(dump: &Dump<'a>, executable: &Executable, image: Option<Section>) -> Result<Vec<Difference<'a>>> {
    let mut patches = Vec::new();
    for copy in &dump.copies {
        let bytes = copy.contents.len() as u64;
        let initial = executable.contents(copy.address, bytes)?;
        let is_possible = match initial {
            Some(_) => executable.is_writable(copy.address, bytes)?,
            None => !executable.overlaps(copy.address, bytes)?,
        };
        let is_image =
            image.is_some_and(|image| copy.address < image.address + image.bytes && image.address < copy.end());
        if !is_possible || is_image {
            return Err(damaged("something is to be copied to where nothing can be changed"));
        }
        differences(copy.contents, initial.as_deref(), |start, end| {
            patches.push(Difference { address: copy.address + start as u64, contents: &copy.contents[start..end] });
        });
    }
    Ok(patches)
}

/// Calls `found` with the start and the end of each difference between `now` and `initial`, or zeros.
fn differences(now: &[u8], initial: Option<&[u8]>, mut found: impl FnMut(usize, usize)) {
    let differs = |index: usize| now[index] != initial.map_or(0, |initial| initial[index]);
    let mut pending: Option<(usize, usize)> = None;
    for index in (0..now.len()).filter(|index| differs(*index)) {
        pending = match pending {
            Some((start, end)) if index - end <= SMALL_GAP => Some((start, index + 1)),
            Some((start, end)) => {
                found(start, end);
                Some((index, index + 1))
            }
            None => Some((index, index + 1)),
        };
    }
    if let Some((start, end)) = pending {
        found(start, end);
    }
}

fn damaged(what: &str) -> Failure {
    Failure::internal(format!("the checkpoint that the program wrote cannot be used: {what}"))
}

/// Writes records field by field, little-endian, in the order of their declaration.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    fn numbers(&mut self, values: &[u64]) {
        values.iter().for_each(|value| self.bytes.extend(value.to_le_bytes()));
    }
}
