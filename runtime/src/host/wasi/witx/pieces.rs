//! The pieces of memory that a read or write is about.

use super::errno::Errno;
use super::types::Iovec;
use crate::guest::pointer::{Guest, GuestRange};
use crate::vfs::open::vectored::PIECES_MAX;
use alloc::vec::Vec;
use core::mem::MaybeUninit;

/// The pieces, checked.
pub struct Pieces {
    /// The first ones; programs hardly ever have more than two.
    few: [MaybeUninit<GuestRange>; FEW_PIECES],
    count: usize,
    /// All of them, if they are more.
    many: Vec<GuestRange>,
}

/// Pieces that need no memory from the heap. Room for all on the stack would cost every call some pages of it.
const FEW_PIECES: usize = 8;

impl Pieces {
    /// Reads an array of `iovec`. Pieces beyond as many as the kernel takes at once are left out: a read or write may
    /// always do less than it is asked for. Empty ones are too.
    pub fn from_guest(guest: Guest, vectors: u32, count: u32) -> Result<Pieces, Errno> {
        let vectors = guest.array::<Iovec>(vectors, count)?;
        let mut pieces = Pieces { few: [const { MaybeUninit::uninit() }; FEW_PIECES], count: 0, many: Vec::new() };
        for place in vectors.places() {
            let iovec = place.read();
            if pieces.ranges().len() == PIECES_MAX {
                break;
            }
            let range = guest.range(iovec.buffer, iovec.bytes.into())?;
            if !range.is_empty() {
                pieces.add(range, vectors.len())?;
            }
        }
        Ok(pieces)
    }

    fn add(&mut self, range: GuestRange, expected: usize) -> Result<(), Errno> {
        if self.many.is_empty() && self.count < FEW_PIECES {
            self.few[self.count].write(range);
            self.count += 1;
            return Ok(());
        }
        if self.many.is_empty() {
            self.many.try_reserve_exact(expected.min(PIECES_MAX)).map_err(|_| Errno::Nomem)?;
            for &earlier in self.few.iter().take(self.count) {
                // SAFETY: the first `count` were written.
                self.many.push(unsafe { earlier.assume_init() });
            }
        }
        self.many.push(range);
        Ok(())
    }

    /// All pieces.
    pub fn ranges(&self) -> &[GuestRange] {
        if !self.many.is_empty() {
            return &self.many;
        }
        // SAFETY: the first `count` were written.
        unsafe { core::slice::from_raw_parts(self.few.as_ptr().cast(), self.count) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_checked_one_by_one() {
        let mut bytes = vec![0_u8; 65536];
        let mut memory = crate::test_program::memory(bytes.as_mut_ptr(), bytes.len(), 0);
        // SAFETY: a memory that lives as long as the test.
        let guest = unsafe { Guest::from_context((&raw mut memory).cast()) };
        let put = |index: u32, buffer: u32, bytes: u32| {
            guest.place::<Iovec>(index * 8).expect("inside").write(Iovec { buffer, bytes });
        };
        put(0, 100, 10);
        put(1, u32::MAX, 0);
        assert!(matches!(Pieces::from_guest(guest, 0, 2).err(), Some(Errno::Fault)));
        put(1, 65536, 0);
        put(2, 65535, 1);
        let pieces = Pieces::from_guest(guest, 0, 3).expect("all inside");
        assert_eq!(pieces.ranges().iter().map(|range| range.len()).collect::<Vec<_>>(), [10, 1]);
        put(2, 65535, 2);
        assert!(Pieces::from_guest(guest, 0, 3).is_err());
        assert!(Pieces::from_guest(guest, 65529, 1).is_err());
        assert!(Pieces::from_guest(guest, 0, u32::MAX).is_err());
        for index in 0..4096 {
            put(index, 40000, 1);
        }
        assert_eq!(Pieces::from_guest(guest, 0, 4096).expect("all inside").ranges().len(), PIECES_MAX);
        for count in [FEW_PIECES - 1, FEW_PIECES, FEW_PIECES + 1] {
            let pieces = Pieces::from_guest(guest, 8, count as u32).expect("all inside");
            assert_eq!(pieces.ranges().len(), count);
            assert!(pieces.ranges().iter().all(|range| range.len() == 1));
        }
    }
}
