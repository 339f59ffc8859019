//! Decides how the pages of a memory come back at the start: from the segment, from what the module started with, or not at
//! all because they are zero.
//!
//! Every run of pages is a system call at every start, and every page in the segment takes room in the file. Where that saves a
//! run, pages that are zero or unchanged go into the segment too.

use super::dump::Memory;
use adder_compiler::abi::plan::SMALLEST_PAGE_BYTES;
use std::borrow::Cow;

/// Consecutive pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where they belong, in bytes from the base of the memory.
    pub offset: u64,
    /// Their size.
    pub bytes: u64,
    /// Where they come from.
    pub source: Source,
}

/// Where the pages of a [`Run`] come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// They are what the module started with, at this address.
    Original(u64),
    /// They are to be put into the segment.
    Segment,
}

/// As many runs an executable has without being too large for it.
const RUNS_MAX: usize = 6;

/// What a run is worth in bytes of the file: at least, and, to come down to [`RUNS_MAX`], at most.
const RUN_WORTH: std::ops::RangeInclusive<u64> = 1 << 16..=1 << 20;

/// The runs of each memory, ascending. `contents` are the bytes of each memory's [`Memory::originals`].
pub fn plan(memories: &[Memory], contents: &[Vec<Cow<[u8]>>]) -> Vec<Vec<Run>> {
    let stretches: Vec<Vec<Stretch>> =
        memories.iter().zip(contents).map(|(memory, contents)| stretches(memory, contents)).collect();
    let mut worth = *RUN_WORTH.start();
    loop {
        let runs: Vec<Vec<Run>> = stretches.iter().map(|stretches| cheapest(stretches, worth)).collect();
        if runs.iter().map(Vec::len).sum::<usize>() <= RUNS_MAX || worth >= *RUN_WORTH.end() {
            return runs;
        }
        worth *= 2;
    }
}

/// Consecutive pages of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    offset: u64,
    bytes: u64,
    is_zero: bool,
    /// What to add to the offset of a page for the address where the module's initial contents have the same page; wraps
    /// around. Pages with the same number can be one run.
    original: Option<u64>,
}

/// Divides a memory.
fn stretches(memory: &Memory, contents: &[Cow<[u8]>]) -> Vec<Stretch> {
    let mut cuts = vec![0, memory.size_bytes];
    cuts.extend(memory.pages.iter().flat_map(|piece| [piece.address, piece.end()]));
    cuts.extend(memory.originals.iter().flat_map(|original| [original.offset, original.offset + original.bytes]));
    cuts.sort_unstable();
    cuts.dedup();

    let mut stretches: Vec<Stretch> = Vec::new();
    let mut push = |new: Stretch| match stretches.last_mut() {
        Some(last) if (last.is_zero, last.original) == (new.is_zero, new.original) => last.bytes += new.bytes,
        _ => stretches.push(new),
    };
    let mut pages = memory.pages.iter().peekable();
    let mut originals = memory.originals.iter().zip(contents).peekable();
    for cut in cuts.windows(2) {
        let (start, end) = (cut[0], cut[1]);
        while pages.next_if(|piece| piece.end() <= start).is_some() {}
        while originals.next_if(|(original, _)| original.offset + original.bytes <= start).is_some() {}
        let piece = pages.peek().filter(|piece| piece.address <= start);
        let original = originals.peek().filter(|(original, _)| original.offset <= start);
        if piece.is_none() && original.is_none() {
            push(Stretch { offset: start, bytes: end - start, is_zero: true, original: None });
            continue;
        }
        for offset in (start..end).step_by(SMALLEST_PAGE_BYTES as usize) {
            let page = piece.map_or(&ZEROS[..], |piece| page(piece.contents, offset - piece.address));
            let same = original.filter(|(original, contents)| self::page(contents, offset - original.offset) == page);
            push(Stretch {
                offset,
                bytes: SMALLEST_PAGE_BYTES,
                is_zero: page == ZEROS,
                original: same.map(|(original, _)| original.address.wrapping_sub(original.offset)),
            });
        }
    }
    stretches
}

const ZEROS: [u8; SMALLEST_PAGE_BYTES as usize] = [0; SMALLEST_PAGE_BYTES as usize];

fn page(contents: &[u8], offset: u64) -> &[u8] {
    &contents[offset as usize..][..SMALLEST_PAGE_BYTES as usize]
}

/// What becomes of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Zero,
    Original,
    Segment,
}

const CHOICES: [Choice; 3] = [Choice::Zero, Choice::Original, Choice::Segment];

/// The runs that cost least, where each of them costs `worth` and each byte in the segment 1.
fn cheapest(stretches: &[Stretch], worth: u64) -> Vec<Run> {
    // For every stretch and every choice for it, the best choice before it; and the costs up to there.
    let mut before: Vec<[Choice; 3]> = Vec::with_capacity(stretches.len());
    let mut costs = [0, u64::MAX, u64::MAX];
    let mut previous: Option<&Stretch> = None;
    for stretch in stretches {
        let (mut next, mut best) = ([u64::MAX; 3], [Choice::Zero; 3]);
        for choice in CHOICES {
            let own = match choice {
                Choice::Zero if stretch.is_zero => 0,
                Choice::Original if stretch.original.is_some() => 0,
                Choice::Segment => stretch.bytes,
                _ => continue,
            };
            for earlier in CHOICES {
                let starts_run = choice != Choice::Zero && !continues(previous, earlier, stretch, choice);
                let cost =
                    costs[earlier as usize].saturating_add(own).saturating_add(if starts_run { worth } else { 0 });
                if cost < next[choice as usize] {
                    (next[choice as usize], best[choice as usize]) = (cost, earlier);
                }
            }
        }
        before.push(best);
        costs = next;
        previous = Some(stretch);
    }

    let mut choices = Vec::with_capacity(stretches.len());
    let mut choice = *CHOICES.iter().min_by_key(|choice| costs[**choice as usize]).expect("there are three");
    for best in before.iter().rev() {
        choices.push(choice);
        choice = best[choice as usize];
    }
    choices.reverse();

    let mut runs: Vec<Run> = Vec::new();
    let mut previous: Option<(&Stretch, Choice)> = None;
    for (stretch, choice) in stretches.iter().zip(choices) {
        let source = match (choice, stretch.original) {
            (Choice::Zero, _) => None,
            (Choice::Original, Some(delta)) => Some(Source::Original(stretch.offset.wrapping_add(delta))),
            (Choice::Original | Choice::Segment, _) => Some(Source::Segment),
        };
        let is_continued = previous.is_some_and(|(last, chosen)| continues(Some(last), chosen, stretch, choice));
        match (source, runs.last_mut()) {
            (None, _) => {}
            (Some(_), Some(run)) if is_continued => run.bytes += stretch.bytes,
            (Some(source), _) => runs.push(Run { offset: stretch.offset, bytes: stretch.bytes, source }),
        }
        previous = Some((stretch, choice));
    }
    runs
}

/// Whether a stretch belongs to the run of the one before it.
fn continues(previous: Option<&Stretch>, earlier: Choice, stretch: &Stretch, choice: Choice) -> bool {
    let Some(previous) = previous else { return false };
    match (earlier, choice) {
        (Choice::Segment, Choice::Segment) => true,
        (Choice::Original, Choice::Original) => previous.original == stretch.original,
        _ => false,
    }
}

/// The bytes of a run for the segment.
pub fn contents(memory: &Memory, run: &Run) -> Vec<u8> {
    let mut bytes = vec![0; run.bytes as usize];
    let end = run.offset + run.bytes;
    let first = memory.pages.partition_point(|piece| piece.end() <= run.offset);
    for piece in memory.pages[first..].iter().take_while(|piece| piece.address < end) {
        let (from, to) = (piece.address.max(run.offset), piece.end().min(end));
        let part = &piece.contents[(from - piece.address) as usize..(to - piece.address) as usize];
        bytes[(from - run.offset) as usize..(to - run.offset) as usize].copy_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::dump::{Original, Piece};
    use super::*;

    const PAGE: u64 = SMALLEST_PAGE_BYTES;
    /// Where the initial contents lie in these tests.
    const IMAGE: u64 = 0x10_0000_0000;

    /// A memory whose pages are given as letters: `.` is zero. `initial` are its initial contents, in one run.
    fn check(initial: &str, now: &str, expected: &[(u64, u64, Option<u64>)]) {
        let bytes = |letters: &str| -> Vec<u8> {
            letters.bytes().flat_map(|letter| [if letter == b'.' { 0 } else { letter }; PAGE as usize]).collect()
        };
        let (initial, now) = (bytes(initial), bytes(now));
        // As the runtime does: without the pages that are zero.
        let is_zero = |index: usize| now[index * PAGE as usize] == 0;
        let pages: Vec<Piece> = (0..now.len() / PAGE as usize)
            .filter(|index| !is_zero(*index))
            .map(|index| Piece { address: index as u64 * PAGE, contents: page(&now, index as u64 * PAGE) })
            .collect();
        let original = Original { offset: 0, bytes: initial.len() as u64, address: IMAGE };
        let memory = Memory { base: 0, size_bytes: now.len() as u64, originals: vec![original], pages };
        let runs = plan(&[memory], &[vec![Cow::Borrowed(&initial[..])]]).remove(0);
        let expected: Vec<Run> = expected
            .iter()
            .map(|&(offset, count, original)| Run {
                offset: offset * PAGE,
                bytes: count * PAGE,
                source: original.map_or(Source::Segment, |page| Source::Original(IMAGE + page * PAGE)),
            })
            .collect();
        assert_eq!(runs, expected, "{initial:?}", initial = String::from_utf8_lossy(&initial));

        // Whatever was decided, the memory becomes what it was.
        let original = Original { offset: 0, bytes: initial.len() as u64, address: IMAGE };
        let memory = Memory { originals: vec![original], ..memory_of(&now) };
        let mut restored = vec![0; now.len()];
        for run in &runs {
            let bytes = match run.source {
                Source::Original(address) => initial[(address - IMAGE) as usize..][..run.bytes as usize].to_vec(),
                Source::Segment => contents(&memory, run),
            };
            restored[run.offset as usize..][..run.bytes as usize].copy_from_slice(&bytes);
        }
        assert!(restored == now, "{runs:?}");
    }

    /// All of it as one piece.
    fn memory_of(now: &[u8]) -> Memory<'_> {
        let pages = vec![Piece { address: 0, contents: now }];
        Memory { base: 0, size_bytes: now.len() as u64, originals: Vec::new(), pages }
    }

    #[test]
    fn short_gaps_are_filled() {
        check("", "", &[]);
        check("", "....", &[]);
        check("", "ab..cd", &[(0, 6, None)]);
        check("", "..ab..cd..", &[(2, 6, None)]);
    }

    #[test]
    fn long_gaps_are_not() {
        let gap = ".".repeat(40);
        check("", &format!("ab{gap}cd"), &[(0, 2, None), (42, 2, None)]);
    }

    #[test]
    fn what_is_unchanged_comes_from_the_image() {
        let image = "i".repeat(40);
        check(&image, &image, &[(0, 40, Some(0))]);
        // Cheaper in the segment than as three runs.
        check("iiii", "iaii", &[(0, 4, None)]);
        check(&format!("{image}i"), &format!("{image}x"), &[(0, 40, Some(0)), (40, 1, None)]);
        check(&format!("i{image}"), &format!("x{image}"), &[(0, 1, None), (1, 40, Some(1))]);
        // Zero before and now: part of the image's run.
        check(&format!("{image}..{image}"), &format!("{image}..{image}"), &[(0, 82, Some(0))]);
        // Zero now, but not before.
        check(&image, &".".repeat(40), &[]);
    }

    #[test]
    fn runs_become_fewer_where_the_file_stays_small() {
        let part = format!("a{}", ".".repeat(20));
        check("", &part.repeat(6), &(0..6).map(|index| (21 * index, 1, None)).collect::<Vec<_>>());
        check("", &part.repeat(7), &[(0, 127, None)]);
        // A megabyte is too much for a run.
        let part = format!("a{}", ".".repeat(300));
        check("", &part.repeat(9), &(0..9).map(|index| (301 * index, 1, None)).collect::<Vec<_>>());
    }

    #[test]
    fn a_huge_memory_costs_nothing() {
        let page = [1; PAGE as usize];
        let pages = vec![Piece { address: 1 << 39, contents: &page }];
        let memory = Memory { base: 0, size_bytes: 1 << 40, originals: Vec::new(), pages };
        let runs = plan(&[memory], &[Vec::new()]);
        assert_eq!(runs, [[Run { offset: 1 << 39, bytes: PAGE, source: Source::Segment }]]);
    }
}
