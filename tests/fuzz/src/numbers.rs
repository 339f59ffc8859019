//! Numbers that look random and are the same in every run.

/// A source of numbers (splitmix64): every seed has a sequence of its own.
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// The sequence of a seed and a position in a run: each is independent of its neighbours.
    pub fn new(seed: u64, position: u64) -> Numbers {
        let mut numbers = Numbers(seed);
        let start = numbers.next() ^ position.wrapping_mul(0xd6e8_feb8_6659_fd93);
        Numbers(start)
    }

    /// The next one.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// One below a limit, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// True once in this many times.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these, which are not none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// This many bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend_from_slice(&self.next().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }

    /// A value of 64 bits that is more often at an edge than a random one would be.
    pub fn edge(&mut self) -> u64 {
        const EDGES: [u64; 20] = [
            0,
            1,
            2,
            7,
            0x7f,
            0xff,
            0xffff,
            0x1_0000,
            0x7fff_ffff,
            0x8000_0000,
            0xffff_fff8,
            0xffff_ffff,
            0x1_0000_0000,
            0x7fff_ffff_ffff_ffff,
            0x8000_0000_0000_0000,
            u64::MAX,
            // Floats: one, infinity and a NaN with a payload, in 32 and 64 bits.
            0x3f80_0000,
            0x7fa0_0001,
            0x3ff0_0000_0000_0000,
            0x7ff4_0000_0000_0001,
        ];
        match self.below(4) {
            0 => self.next(),
            1 => self.next() % 256,
            _ => *self.pick(&EDGES),
        }
    }
}

#[test]
fn sequences_are_their_own() {
    let first: Vec<u64> = (0..4).map(|position| Numbers::new(1, position).next()).collect();
    let again: Vec<u64> = (0..4).map(|position| Numbers::new(1, position).next()).collect();
    assert_eq!(first, again);
    assert!((1..4).all(|position| first[position] != first[0]));
    assert_ne!(Numbers::new(2, 0).next(), first[0]);
}
