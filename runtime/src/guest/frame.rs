//! The chain of frames on the guest stack, through their saved frame pointers ([`crate::guest::border`]). Whatever is in the
//! frames, the walk stays inside the stack and only goes upwards, so it ends.

use core::ops::Range;

/// What a function's frame says about its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Where the frame is. It is two words: the caller's frame pointer and the return address.
    pub address: u64,
    /// The caller's frame pointer.
    pub caller: u64,
    /// Where the function returns to.
    pub return_address: u64,
}

/// Walks from a frame outwards.
pub struct Frames {
    next: u64,
    stack: Range<u64>,
}

impl Frames {
    /// Starts at the frame with this frame pointer.
    ///
    /// # Safety
    /// The range is readable and nothing writes to it as long as the result lives.
    pub unsafe fn new(frame: u64, stack: Range<u64>) -> Frames {
        Frames { next: frame, stack }
    }
}

impl Iterator for Frames {
    type Item = Frame;

    fn next(&mut self) -> Option<Frame> {
        let address = self.next;
        let end = address.checked_add(16)?;
        if address < self.stack.start || end > self.stack.end || !address.is_multiple_of(8) {
            return None;
        }
        // SAFETY: both words lie within the range, whose reader was promised that it can be read.
        let (caller, return_address) = unsafe { (*(address as *const u64), *((address + 8) as *const u64)) };
        self.stack.start = end;
        self.next = caller;
        Some(Frame { address, caller, return_address })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn walk(words: &[u64], first: u64) -> Vec<u64> {
        let start = words.as_ptr() as u64;
        // SAFETY: the words are borrowed.
        let frames = unsafe { Frames::new(start + first, start..start + 8 * words.len() as u64) };
        frames.map(|frame| frame.return_address).collect()
    }

    #[test]
    fn the_walk_ends_whatever_the_frames_say() {
        let mut words = [0; 8];
        let start = words.as_ptr() as u64;
        words[..4].copy_from_slice(&[start + 16, 1, start + 48, 2]);
        words[6..].copy_from_slice(&[0, 3]);
        assert_eq!(walk(&words, 0), [1, 2, 3]);
        for bad in [0, 1, start, start + 8, start + 20, start + 56, start + 64, u64::MAX, u64::MAX - 7] {
            words[2] = bad;
            assert_eq!(walk(&words, 0), [1, 2], "{bad:#x}");
        }
        assert_eq!(walk(&words, 56), [], "a frame that ends beyond the stack");
    }
}
