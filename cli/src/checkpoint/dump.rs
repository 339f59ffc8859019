//! Reads what the run at build wrote: the records of `adder_abi::checkpoint`. A guest took part in that run, so nothing is
//! believed: whatever does not fit is refused, and what is returned fits together.

use crate::failure::{Failure, Result};
use adder_compiler::abi::checkpoint::{RecordHead, RecordKind, Resume};
use adder_compiler::abi::plan::SMALLEST_PAGE_BYTES;

/// What a program was when it asked for the checkpoint.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Dump<'a> {
    /// Its memories, in order.
    pub memories: Vec<Memory<'a>>,
    /// What is to be copied: absolute address and contents.
    pub copies: Vec<Piece<'a>>,
    /// How it goes on.
    pub resume: [u64; RESUME_WORDS],
}

/// [`Resume`] consists of nothing else.
pub const RESUME_WORDS: usize = size_of::<Resume>() / 8;

/// A memory.
#[derive(Debug, PartialEq, Eq)]
pub struct Memory<'a> {
    /// Address of its first byte.
    pub base: u64,
    /// Its size in bytes, a multiple of [`SMALLEST_PAGE_BYTES`].
    pub size_bytes: u64,
    /// Where its initial contents lie, ascending.
    pub originals: Vec<Original>,
    /// Its pages, ascending by their offsets in the memory; others are zero.
    pub pages: Vec<Piece<'a>>,
}

/// A run of the initial contents of a memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Original {
    /// Where it starts in the memory, a multiple of [`SMALLEST_PAGE_BYTES`].
    pub offset: u64,
    /// Its size, a multiple of [`SMALLEST_PAGE_BYTES`].
    pub bytes: u64,
    /// Where it lies in the executable.
    pub address: u64,
}

/// Bytes that belong somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Where.
    pub address: u64,
    /// The bytes.
    pub contents: &'a [u8],
}

/// Reads a dump.
///
/// # Errors
/// If it is cut off or makes no sense.
pub fn read(bytes: &[u8]) -> Result<Dump<'_>> {
    let mut rest = bytes;
    let mut dump = Dump::default();
    let mut resume = None;
    loop {
        let head = head(&mut rest)?;
        match kind(&head)? {
            RecordKind::Memory => {
                is_pages(head.bytes)?;
                head.address.checked_add(head.bytes).ok_or_else(|| damaged("a memory is too large"))?;
                let memory =
                    Memory { base: head.address, size_bytes: head.bytes, originals: Vec::new(), pages: Vec::new() };
                dump.memories.push(memory);
            }
            RecordKind::Original => {
                let memory = dump.memories.last_mut().ok_or_else(|| damaged("contents of no memory"))?;
                let free = memory.originals.last().map_or(0, |last| last.offset + last.bytes);
                within(&head, free, memory.size_bytes)?;
                let [address] = words(&mut rest)?;
                memory.originals.push(Original { offset: head.address, bytes: head.bytes, address });
            }
            RecordKind::Pages => {
                let memory = dump.memories.last_mut().ok_or_else(|| damaged("pages of no memory"))?;
                let free = memory.pages.last().map_or(0, Piece::end);
                within(&head, free, memory.size_bytes)?;
                memory.pages.push(piece(&head, &mut rest)?);
            }
            RecordKind::Copy => {
                head.address.checked_add(head.bytes).ok_or_else(|| damaged("an address is too large"))?;
                dump.copies.push(piece(&head, &mut rest)?);
            }
            RecordKind::Resume => {
                if head.bytes != size_of::<Resume>() as u64 || resume.is_some() {
                    return Err(damaged("how the program goes on is not clear"));
                }
                resume = Some(words(&mut rest)?);
            }
            RecordKind::Changed => return Err(damaged("it is that of a trial")),
            RecordKind::End if rest.is_empty() => break,
            RecordKind::End => return Err(damaged("something follows its end")),
        }
    }
    dump.resume = resume.ok_or_else(|| damaged("it does not say how the program goes on"))?;
    dump.copies.sort_by_key(|copy| copy.address);
    if dump.copies.windows(2).any(|pair| pair[0].end() > pair[1].address) {
        return Err(damaged("two copies overlap"));
    }
    Ok(dump)
}

/// Pages that a trial has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRun {
    /// Address of the first byte, a multiple of [`SMALLEST_PAGE_BYTES`].
    pub start: u64,
    /// Size in bytes, likewise.
    pub bytes: u64,
}

/// Reads what a trial wrote of a program with these memories: the pages of them that it has changed, ascending.
///
/// # Errors
/// If it is cut off or makes no sense.
pub fn read_changed(bytes: &[u8], memories: &[Memory]) -> Result<Vec<PageRun>> {
    let mut rest = bytes;
    let mut runs: Vec<PageRun> = Vec::new();
    loop {
        let head = head(&mut rest)?;
        match kind(&head)? {
            RecordKind::Changed => {
                is_pages(head.address)?;
                is_pages(head.bytes)?;
                let is_in = |memory: &Memory| {
                    // A memory may have grown in the trial; a start has not come that far.
                    let offset = head.address.checked_sub(memory.base);
                    offset.is_some_and(|offset| offset < memory.size_bytes)
                };
                let Some(memory) = memories.iter().find(|memory| is_in(memory)) else { continue };
                let bytes = head.bytes.min(memory.base + memory.size_bytes - head.address);
                runs.push(PageRun { start: head.address, bytes });
            }
            RecordKind::End if rest.is_empty() => break,
            _ => return Err(damaged("it is not that of a trial")),
        }
    }
    runs.sort_by_key(|run| run.start);
    if runs.windows(2).any(|pair| pair[0].start + pair[0].bytes > pair[1].start) {
        return Err(damaged("pages are named twice"));
    }
    Ok(runs)
}

impl Piece<'_> {
    /// The address behind it. It does not overflow: [`read`] has checked.
    pub fn end(&self) -> u64 {
        self.address + self.contents.len() as u64
    }
}

fn kind(head: &RecordHead) -> Result<RecordKind> {
    use RecordKind::{Changed, Copy, End, Memory, Original, Pages};
    let kinds = [Memory, Original, Pages, Copy, RecordKind::Resume, End, Changed];
    let known = kinds.into_iter().find(|kind| *kind as u32 == head.kind);
    known.filter(|_| head.padding == 0).ok_or_else(|| damaged("a record is of no kind that is known"))
}

/// Whether the pages of a record start at `free` at the earliest and end within `size`.
fn within(head: &RecordHead, free: u64, size: u64) -> Result<()> {
    is_pages(head.address)?;
    is_pages(head.bytes)?;
    match head.address.checked_add(head.bytes) {
        Some(end) if free <= head.address && end <= size => Ok(()),
        _ => Err(damaged("pages overlap or lie outside of their memory")),
    }
}

fn is_pages(number: u64) -> Result<()> {
    if number.is_multiple_of(SMALLEST_PAGE_BYTES) { Ok(()) } else { Err(damaged("pages are not whole")) }
}

fn piece<'a>(head: &RecordHead, rest: &mut &'a [u8]) -> Result<Piece<'a>> {
    Ok(Piece { address: head.address, contents: take(rest, head.bytes)? })
}

fn head(rest: &mut &[u8]) -> Result<RecordHead> {
    let [kind, address, bytes] = words(rest)?;
    Ok(RecordHead { kind: kind as u32, padding: (kind >> 32) as u32, address, bytes })
}

fn words<const COUNT: usize>(rest: &mut &[u8]) -> Result<[u64; COUNT]> {
    let bytes = take(rest, 8 * COUNT as u64)?;
    let mut words = [0; COUNT];
    for (word, bytes) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        *word = u64::from_le_bytes(bytes.try_into().expect("8 bytes"));
    }
    Ok(words)
}

fn take<'a>(rest: &mut &'a [u8], bytes: u64) -> Result<&'a [u8]> {
    let split = usize::try_from(bytes).ok().and_then(|bytes| rest.split_at_checked(bytes));
    let (taken, after) = split.ok_or_else(|| damaged("it ends too early"))?;
    *rest = after;
    Ok(taken)
}

fn damaged(what: &str) -> Failure {
    Failure::internal(format!("the checkpoint that the program wrote cannot be used: {what}"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Writes a dump as the runtime does.
    #[derive(Clone, Default)]
    pub struct Writer(pub Vec<u8>);

    impl Writer {
        pub fn record(mut self, kind: RecordKind, address: u64, bytes: u64, content: &[u8]) -> Writer {
            self.0.extend((kind as u32).to_le_bytes());
            self.0.extend([0; 4]);
            self.0.extend(address.to_le_bytes());
            self.0.extend(bytes.to_le_bytes());
            self.0.extend(content);
            self
        }

        pub fn memory(self, size_bytes: u64) -> Writer {
            self.record(RecordKind::Memory, 0x10_0000, size_bytes, &[])
        }

        pub fn original(self, offset: u64, bytes: u64, address: u64) -> Writer {
            self.record(RecordKind::Original, offset, bytes, &address.to_le_bytes())
        }

        pub fn pages(self, offset: u64, contents: &[u8]) -> Writer {
            self.record(RecordKind::Pages, offset, contents.len() as u64, contents)
        }

        pub fn copy(self, address: u64, contents: &[u8]) -> Writer {
            self.record(RecordKind::Copy, address, contents.len() as u64, contents)
        }

        pub fn end(self, resume: [u64; RESUME_WORDS]) -> Vec<u8> {
            let content: Vec<u8> = resume.iter().flat_map(|word| word.to_le_bytes()).collect();
            self.record(RecordKind::Resume, 0, RESUME_BYTES, &content).record(RecordKind::End, 0, 0, &[]).0
        }
    }

    const RESUME_BYTES: u64 = size_of::<Resume>() as u64;
    const RESUME: [u64; RESUME_WORDS] = [7; RESUME_WORDS];
    const PAGE: u64 = SMALLEST_PAGE_BYTES;

    #[test]
    fn all_records_come_out() {
        let page = [7; PAGE as usize];
        let bytes = Writer::default()
            .memory(16 * PAGE)
            .original(0, PAGE, 0x5000)
            .original(2 * PAGE, PAGE, 0x9000)
            .pages(PAGE, &page)
            .pages(4 * PAGE, &[page, page].concat())
            .memory(0)
            .copy(90, b"late")
            .copy(10, b"early")
            .end(RESUME);
        let dump = read(&bytes).expect("a dump");
        assert_eq!(dump.resume, RESUME);
        assert_eq!(
            dump.copies.iter().map(|copy| (copy.address, copy.contents)).collect::<Vec<_>>(),
            [(10, &b"early"[..]), (90, b"late")]
        );
        let [first, second] = &dump.memories[..] else { panic!("two memories: {dump:?}") };
        assert_eq!((first.size_bytes, second.size_bytes), (16 * PAGE, 0));
        assert_eq!(first.originals[1], Original { offset: 2 * PAGE, bytes: PAGE, address: 0x9000 });
        assert_eq!(
            first.pages.iter().map(|piece| (piece.address, piece.contents.len())).collect::<Vec<_>>(),
            [(PAGE, 4096), (4 * PAGE, 8192)]
        );
    }

    #[test]
    fn changed_pages_belong_to_memories() {
        let memory =
            |base: u64, pages: u64| Memory { base, size_bytes: pages * PAGE, originals: Vec::new(), pages: Vec::new() };
        let memories = [memory(0x10_0000, 16), memory(0x20_0000_0000, 2)];
        let changed =
            |writer: Writer, start: u64, pages: u64| writer.record(RecordKind::Changed, start, pages * PAGE, &[]);
        let whole = changed(Writer::default(), 0x20_0000_0000, 1);
        // It has grown since: what it was is what counts.
        let whole = changed(whole, 0x10_0000 + 14 * PAGE, 5);
        let whole = changed(whole, 0x10_0000 + 16 * PAGE, 1);
        let whole = changed(whole, 0x10_0000, 2);
        let finished = |writer: Writer| writer.record(RecordKind::End, 0, 0, &[]).0;
        let runs = read_changed(&finished(whole.clone()), &memories).expect("they make sense");
        assert_eq!(
            runs.iter().map(|run| (run.start, run.bytes / PAGE)).collect::<Vec<_>>(),
            [(0x10_0000, 2), (0x10_0000 + 14 * PAGE, 2), (0x20_0000_0000, 1)]
        );
        for (why, written) in [
            ("cut off", whole.0.clone()),
            ("twice", finished(changed(whole.clone(), 0x10_0000 + PAGE, 1))),
            ("between pages", finished(changed(whole.clone(), 0x10_0008, 1))),
            ("a dump", finished(whole.copy(1, b"x"))),
        ] {
            read_changed(&written, &memories).expect_err(why);
        }
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let whole =
            Writer::default().memory(4 * PAGE).original(0, PAGE, 1).pages(0, &[1; 4096]).copy(1, b"x").end(RESUME);
        read(&whole).expect("whole");
        for end in (0..whole.len()).step_by(7).chain(whole.len() - 48..whole.len()) {
            read(&whole[..end]).expect_err("cut off");
        }
        let longer = [&whole[..], b"x"].concat();
        read(&longer).expect_err("something follows");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let new = || Writer::default().memory(4 * PAGE);
        let page = [1; PAGE as usize];
        let huge = u64::MAX - u64::MAX % PAGE;
        for (why, dump) in [
            ("pages of no memory", Writer::default().pages(0, &page)),
            ("contents of no memory", Writer::default().original(0, PAGE, 1)),
            ("part of a page", new().pages(0, &page[1..])),
            ("between pages", new().pages(1, &page)),
            ("outside", new().pages(4 * PAGE, &page)),
            ("far outside", new().pages(huge, &page)),
            ("descending", new().pages(PAGE, &page).pages(0, &page)),
            ("twice", new().pages(PAGE, &page).pages(PAGE, &page)),
            ("an original outside", new().original(0, 5 * PAGE, 1)),
            ("originals that overlap", new().original(0, 2 * PAGE, 1).original(PAGE, PAGE, 1)),
            ("an original that wraps around", new().original(PAGE, huge, 1)),
            ("a size that is no number of pages", Writer::default().memory(100)),
            ("a copy that wraps around", new().copy(u64::MAX, &page)),
            ("copies that overlap", new().copy(10, &page).copy(20, &page)),
            ("another resume", new().record(RecordKind::Resume, 0, RESUME_BYTES, &[0; RESUME_BYTES as usize])),
            ("a short resume", new().record(RecordKind::Resume, 0, 40, &[0; 40])),
            ("a record longer than the dump", new().record(RecordKind::Copy, 0, u64::MAX, &[])),
        ] {
            let failure = read(&dump.end(RESUME)).expect_err(why).to_string();
            assert!(failure.contains("the checkpoint that the program wrote cannot be used"), "{why}: {failure}");
        }
        let mut unknown = new().end(RESUME);
        unknown[0] = 99;
        read(&unknown).expect_err("a kind that is not known");
        let without_resume = new().record(RecordKind::End, 0, 0, &[]).0;
        read(&without_resume).expect_err("no resume");
    }
}
