//! Which shuffles SSE2 has an instruction for, so that every CPU of the architecture has: some of 16 and 32 bits.

use crate::arch::Shuffle;

/// Each byte in its place.
const IDENTITY: Shuffle = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The interleavings of the low and of the high halves of two vectors: single bytes, then wider lanes.
const INTERLEAVINGS: [Shuffle; 8] = [
    [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23],
    [8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31],
    [0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23],
    [8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31],
    [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23],
    [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31],
    [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23],
    [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31],
];

/// The lanes of these many bytes that a shuffle moves as a whole, if it does.
fn whole_lanes<const LANES: usize>(chosen: &Shuffle) -> Option<[u8; LANES]> {
    let bytes = 16 / LANES;
    let moves_whole = chosen.chunks(bytes).all(|lane| {
        usize::from(lane[0]) % bytes == 0 && lane.iter().zip(lane[0]..).all(|(byte, expected)| *byte == expected)
    });
    moves_whole.then(|| std::array::from_fn(|lane| chosen[lane * bytes] / bytes as u8))
}

/// The 32-bit lanes that a shuffle moves as a whole.
fn dwords(chosen: &Shuffle) -> Option<[u8; 4]> {
    whole_lanes(chosen)
}

/// Whether the baseline can bring each lane to its place without one from another half getting in the way.
pub fn is_permutation(chosen: &Shuffle) -> bool {
    let stays_in_half = |words: [u8; 8]| words.iter().enumerate().all(|(place, word)| word % 8 / 4 == place as u8 / 4);
    dwords(chosen).is_some() || whole_lanes(chosen).is_some_and(stays_in_half)
}

/// The instructions that do such a permutation of one vector, one behind the other.
pub fn permutation(chosen: &Shuffle) -> Vec<Shuffle> {
    let of_half =
        |half: usize| std::array::from_fn(|place| if place / 8 == half { chosen[place] } else { place as u8 });
    let steps = match dwords(chosen) {
        Some(_) => [*chosen, IDENTITY],
        None => [of_half(0), of_half(1)],
    };
    steps.into_iter().filter(|step| *step != IDENTITY).collect()
}

/// The shuffle in the form in which the code generator knows an instruction of the baseline for it.
pub fn instruction(chosen: &Shuffle, same: bool) -> Option<Shuffle> {
    let interleaving = INTERLEAVINGS.iter().find(|interleaving| match same {
        true => interleaving.map(|byte| byte & 15) == *chosen,
        false => *interleaving == chosen,
    });
    if interleaving.is_some() {
        return interleaving.copied();
    }
    let is_instruction = match dwords(chosen) {
        // All of one vector, or two of one and then two of the other.
        Some([first, second, third, fourth]) => first / 4 == second / 4 && third / 4 == fourth / 4,
        None => whole_lanes(chosen).is_some_and(|words: [u8; 8]| {
            // One half of a vector permuted, the other one as it is.
            let vector = words[0] & 8;
            let [low, high] = [0u8, 4].map(|half| {
                let words = &words[usize::from(half)..][..4];
                let within = words.iter().all(|word| word & 12 == vector | half);
                (within, words.iter().zip(vector | half..).all(|(word, place)| *word == place))
            });
            low.0 && high.0 && (low.1 || high.1)
        }),
    };
    is_instruction.then_some(*chosen)
}
