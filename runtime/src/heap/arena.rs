//! Where exceptions live. The guest holds handles; a handle is a place in the arena and a generation, which changes with
//! each use of the place, so that a handle of an exception that is gone is recognised.

use alloc::boxed::Box;
use alloc::vec::Vec;

/// Words of a payload that lie in the record itself.
const INLINE_WORDS: usize = 4;

/// Exceptions that may be made before it is looked for the first time which of them can still be reached.
const THRESHOLD_MIN: u64 = 1024;

/// Weight beyond which no more exceptions are made: 256 MiB. Programs keep a handful.
const WEIGHT_MAX: u64 = 1 << 22;

/// Weight beyond which a search was not worth its while.
const WEIGHT_KEPT_MAX: u64 = WEIGHT_MAX / 4 * 3;

/// What a record weighs: the bytes of its own. Payloads of its own weigh as many records as would have their size.
const RECORD_BYTES: u64 = size_of::<Record>() as u64;

/// What the allocator adds to a piece of memory, about.
const LARGE_OVERHEAD_BYTES: u64 = 16;

/// Set in every generation. It makes handles negative numbers, which few of the other words on a stack are.
const GENERATION_MARK: u32 = 1 << 31;

/// The place behind the last free one.
const NONE: u32 = u32::MAX;

/// A reference to an exception as the guest holds it. 0 is null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle(pub u64);

impl Handle {
    fn new(place: u32, generation: u32) -> Handle {
        Handle(u64::from(generation) << 32 | u64::from(place))
    }
}

/// Words of a payload that has a piece of memory of its own, aligned for vectors.
#[repr(C, align(16))]
#[derive(Clone, Copy)]
struct Pair([u64; 2]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Free,
    /// Thrown, and never yet in the hands of the guest.
    Unreferenced,
    /// The guest has, or had, a reference.
    Referenced,
    /// It was found to be reachable, since the search began.
    Reached,
}

#[repr(C, align(16))]
struct Record {
    generation: u32,
    /// The exception's tag; of a free record, the next free one.
    tag: u32,
    words: u32,
    state: State,
    large: Option<Box<[Pair]>>,
    inline: [u64; INLINE_WORDS],
}

const _: () = assert!(size_of::<Record>() == 64);

impl Record {
    fn payload(&self) -> *const u64 {
        match &self.large {
            Some(large) => large.as_ptr().cast(),
            None => self.inline.as_ptr(),
        }
    }

    fn words(&self) -> &[u64] {
        // SAFETY: a payload has as many words, in the record or in the piece of its own, which `make` has seen to.
        unsafe { core::slice::from_raw_parts(self.payload(), self.words as usize) }
    }

    fn large_weight(&self) -> u64 {
        self.large
            .as_ref()
            .map_or(0, |large| (size_of_val::<[Pair]>(large) as u64 + LARGE_OVERHEAD_BYTES).div_ceil(RECORD_BYTES))
    }
}

/// A piece of memory for a payload.
fn zeros(pairs: usize) -> Option<Box<[Pair]>> {
    let mut words = Vec::new();
    words.try_reserve_exact(pairs).ok()?;
    words.resize(pairs, Pair([0; 2]));
    Some(words.into_boxed_slice())
}

/// All exceptions of a thread.
pub struct Arena {
    records: Vec<Record>,
    first_free: u32,
    /// Records in use, and what the large payloads of all records weigh.
    weight: u64,
    threshold: u64,
    /// Exceptions that were reached but whose payloads have not been looked at yet.
    unread: Vec<u32>,
    /// The exception that is on its way from a nested entry outwards.
    pub under_way: Handle,
}

impl Arena {
    /// An arena without exceptions.
    pub fn new() -> Arena {
        Arena {
            records: Vec::new(),
            first_free: NONE,
            weight: 0,
            threshold: THRESHOLD_MIN,
            unread: Vec::new(),
            under_way: Handle(0),
        }
    }

    /// Whether it is time to look which exceptions can still be reached.
    pub fn is_due(&self) -> bool {
        self.weight >= self.threshold
    }

    /// Whether no more exceptions may be made, if a search has just ended.
    pub fn is_full(&self) -> bool {
        self.weight >= WEIGHT_KEPT_MAX
    }

    /// Whether there are no exceptions.
    pub fn is_empty(&self) -> bool {
        self.records.iter().all(|record| record.state == State::Free)
    }

    /// Makes room for a search, which must not fail half way. Returns whether there is any.
    pub fn can_search(&mut self) -> bool {
        self.unread.try_reserve(self.records.len()).is_ok()
    }

    /// Makes an exception; `None` if there is no memory for it.
    pub fn make(&mut self, tag: u32, payload: &[u64]) -> Option<Handle> {
        let place = self.free_place()?;
        let record = &mut self.records[place as usize];
        self.weight -= record.large_weight();
        let pairs = if payload.len() > INLINE_WORDS { payload.len().div_ceil(2) } else { 0 };
        record.large = match record.large.take().filter(|large| large.len() == pairs) {
            None if pairs != 0 => Some(zeros(pairs)?),
            fitting => fitting,
        };
        self.weight += record.large_weight() + 1;
        match &mut record.large {
            None => record.inline[..payload.len()].copy_from_slice(payload),
            Some(large) => {
                for (pair, words) in large.iter_mut().zip(payload.chunks(2)) {
                    pair.0[..words.len()].copy_from_slice(words);
                }
            }
        }
        self.first_free = record.tag;
        record.tag = tag;
        record.words = payload.len() as u32;
        record.state = State::Unreferenced;
        Some(Handle::new(place, record.generation))
    }

    /// The first free place, which is a new one if there was none.
    fn free_place(&mut self) -> Option<u32> {
        if self.first_free == NONE {
            self.records.try_reserve(1).ok()?;
            self.first_free = u32::try_from(self.records.len()).expect("the weight of an arena is limited");
            self.records.push(Record {
                generation: GENERATION_MARK,
                tag: NONE,
                words: 0,
                state: State::Free,
                large: None,
                inline: [0; INLINE_WORDS],
            });
        }
        Some(self.first_free)
    }

    /// The place of an exception; `None` if the handle is no exception's that is alive.
    fn place(&self, handle: Handle) -> Option<usize> {
        let place = handle.0 as u32 as usize;
        let record = self.records.get(place)?;
        (record.generation == (handle.0 >> 32) as u32 && record.state != State::Free).then_some(place)
    }

    /// The tag of an exception; `None` if there is no such exception.
    pub fn tag(&self, handle: Handle) -> Option<u32> {
        Some(self.records[self.place(handle)?].tag)
    }

    /// Takes an exception out of the air: the handler gets its payload, at the address that is returned, and if it
    /// `keeps` the exception, a reference to it. An exception that the guest has never had a reference to is gone, but for
    /// its payload, which stays until the next exception is made.
    pub fn catch(&mut self, handle: Handle, keeps: bool) -> *const u64 {
        let place = self.place(handle).expect("only an exception that is alive is caught");
        let record = &mut self.records[place];
        let payload = record.payload();
        if keeps {
            record.state = State::Referenced;
        } else if record.state == State::Unreferenced {
            self.free(place);
        }
        payload
    }

    fn free(&mut self, place: usize) {
        let record = &mut self.records[place];
        record.generation = record.generation.wrapping_add(1) | GENERATION_MARK;
        record.state = State::Free;
        record.tag = self.first_free;
        self.first_free = place as u32;
        self.weight -= 1;
    }

    /// Marks an exception as reachable, if the word is the handle of one.
    #[inline]
    pub fn reach(&mut self, word: u64) {
        if (word as i64) < 0
            && let Some(place) = self.place(Handle(word))
        {
            let record = &mut self.records[place];
            if record.state != State::Reached {
                record.state = State::Reached;
                if record.words != 0 {
                    self.unread.push(place as u32);
                }
            }
        }
    }

    /// Goes on from what was reached to what can be reached from there, and frees everything else. `read` is the number of
    /// words that were looked at to find the first ones: the next search comes when its cost will have been earned.
    pub fn sweep(&mut self, read: u64) {
        while let Some(place) = self.unread.pop() {
            let place = place as usize;
            for index in 0..self.records[place].words as usize {
                let word = self.records[place].words()[index];
                self.reach(word);
            }
        }
        for place in 0..self.records.len() {
            let record = &mut self.records[place];
            match record.state {
                State::Free => {}
                // Whatever was reached is in the guest's hands or on its way there.
                State::Reached => {
                    record.state = State::Referenced;
                    continue;
                }
                State::Unreferenced | State::Referenced => self.free(place),
            }
            // Nobody reads it any more.
            let record = &mut self.records[place];
            self.weight -= record.large_weight();
            record.large = None;
        }
        // Places that are free were looked at too.
        let visited = self.records.len() as u64;
        self.threshold = THRESHOLD_MIN.max(self.weight * 2).max(read / 32).max(visited / 4).min(WEIGHT_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(arena: &Arena, handle: Handle) -> Vec<u64> {
        arena.records[arena.place(handle).expect("it is alive")].words().to_vec()
    }

    #[test]
    fn what_is_caught_without_a_reference_is_gone_and_its_place_used_again() {
        let mut arena = Arena::new();
        for round in 0..10_000 {
            let handle = arena.make(7, &[round, 2]).expect("there is memory");
            assert_eq!(arena.tag(handle), Some(7));
            let payload = arena.catch(handle, false);
            // SAFETY: the payload stays until the next exception is made.
            assert_eq!(unsafe { payload.read() }, round);
            assert_eq!(arena.tag(handle), None, "a handle of what is gone");
        }
        assert_eq!(arena.records.len(), 1);
        assert_eq!(arena.weight, 0);
    }

    #[test]
    fn what_was_referenced_lives_until_it_cannot_be_reached() {
        let mut arena = Arena::new();
        let inner = arena.make(1, &[]).expect("there is memory");
        arena.catch(inner, true);
        let outer = arena.make(2, &[5, inner.0, 0, 0, 0, 0]).expect("there is memory");
        arena.catch(outer, true);
        let other = arena.make(3, &[0; 100]).expect("there is memory");
        arena.catch(other, true);
        arena.catch(outer, false);
        arena.reach(outer.0);
        arena.sweep(0);
        assert_eq!((arena.tag(inner), arena.tag(outer), arena.tag(other)), (Some(1), Some(2), None));
        assert_eq!(words(&arena, outer), [5, inner.0, 0, 0, 0, 0]);
        arena.sweep(0);
        assert_eq!((arena.tag(inner), arena.tag(outer)), (None, None));
        assert_eq!(arena.weight, 0);
    }

    #[test]
    fn exceptions_that_hold_each_other_in_a_long_chain_are_found_and_freed() {
        let mut arena = Arena::new();
        let mut last = Handle(0);
        for _ in 0..100_000 {
            let next = arena.make(1, &[last.0]).expect("there is memory");
            arena.catch(next, true);
            last = next;
        }
        arena.reach(last.0);
        arena.sweep(0);
        assert_eq!(arena.weight, 100_000);
        assert!(!arena.is_due(), "the threshold has grown with what is alive");
        arena.sweep(0);
        assert_eq!(arena.weight, 0);
    }

    #[test]
    fn only_handles_of_the_living_are_handles() {
        let mut arena = Arena::new();
        let handle = arena.make(1, &[1]).expect("there is memory");
        for word in [0, 1, u64::MAX, handle.0 + 1, handle.0 ^ 1 << 32, handle.0 & u64::from(u32::MAX)] {
            assert_eq!(arena.tag(Handle(word)), None, "{word:#x}");
            arena.reach(word);
        }
        arena.sweep(0);
        assert_eq!(arena.tag(handle), None);
    }

    #[test]
    fn large_payloads_count() {
        let mut arena = Arena::new();
        let mut made = 0;
        while !arena.is_due() {
            let handle = arena.make(1, &[1; 1000]).expect("there is memory");
            arena.catch(handle, true);
            made += 1;
        }
        assert!(made < 20, "{made}");
        arena.sweep(0);
        assert_eq!(arena.weight, 0);
        // A payload stays when its exception is caught, and is gone when the place is used for another.
        let handle = arena.make(1, &[3; 999]).expect("there is memory");
        let payload = arena.catch(handle, false);
        // SAFETY: as above.
        assert_eq!(unsafe { payload.add(998).read() }, 3);
        arena.make(1, &[1; 2]).expect("there is memory");
        assert_eq!(arena.weight, 1);
    }
}
