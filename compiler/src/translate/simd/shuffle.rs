//! Shuffles: lanes of two vectors, chosen by constants.
//!
//! From x86-64-v2 on, the code generator makes a few instructions of any shuffle. The baseline has only some shuffles of
//! 16 and 32 bits; for others the code generator would call a leaf for each vector. Most shuffles of real programs
//! interleave, separate, rotate or blend, and can be put together from what there is; the rest calls one leaf.

use adder_abi::cpu::CpuLevel;
use cranelift_codegen::ir::types::{I8X16, I16X8, I32, I32X4, I64X2};
use cranelift_codegen::ir::{ConstantData, InstBuilder, Value};

use crate::symbol::RuntimeFunction;
use crate::translate::Translator;

/// Numbers of bytes: 0 to 15 of the left vector, 16 to 31 of the right one.
type Chosen = [u8; 16];

impl Translator<'_, '_> {
    pub(super) fn shuffle(&mut self, mut chosen: Chosen) {
        let (left, right) = self.pop_two_lanes(I8X16);
        if left == right {
            chosen = chosen.map(|byte| byte & 15);
        }
        let vector = if self.emitter.program.cpu >= CpuLevel::V2 {
            self.shuffled(left, right, chosen)
        } else if let Some(chosen) = instruction(&chosen, left == right) {
            self.shuffled(left, right, chosen)
        } else if let Some(chosen) = instruction(&chosen.map(|byte| byte ^ 16), false) {
            self.shuffled(right, left, chosen)
        } else {
            self.baseline_shuffle(left, right, chosen)
        };
        self.push_vector(vector);
    }

    fn shuffled(&mut self, left: Value, right: Value, chosen: Chosen) -> Value {
        let chosen = self.emitter.builder.func.dfg.immediates.push(ConstantData::from(&chosen[..]));
        self.emitter.builder.ins().shuffle(left, right, chosen)
    }

    /// A shuffle that the baseline has no instruction for.
    fn baseline_shuffle(&mut self, left: Value, right: Value, chosen: Chosen) -> Value {
        if (0..16).all(|place| chosen[place] & 15 == place as u8) {
            return self.blend(left, right, chosen);
        }
        if let Some(vector) = self.window(left, right, chosen) {
            return vector;
        }
        if let Some(vector) = self.every_second(left, right, chosen) {
            return vector;
        }
        if is_permutation(&chosen) {
            return self.permute_and_blend(left, right, chosen);
        }
        // Where a vector has no part in the result, the leaf puts zeros.
        let of_left = chosen.map(|byte| if byte < 16 { byte } else { 0x80 });
        let of_right = chosen.map(|byte| if byte < 16 { 0x80 } else { byte - 16 });
        let of_left = self.vector_constant(of_left);
        let of_right = self.vector_constant(of_right);
        self.emitter.leaf_call(RuntimeFunction::ShuffleTwo, &[left, right, of_left, of_right])[0]
    }

    /// Each byte from its own place in one of the vectors.
    fn blend(&mut self, left: Value, right: Value, chosen: Chosen) -> Value {
        let mask = self.vector_constant(chosen.map(|byte| if byte < 16 { 0xff } else { 0 }));
        self.emitter.builder.ins().bitselect(mask, left, right)
    }

    /// 16 neighbouring bytes of the two vectors one behind the other, in either order.
    fn window(&mut self, left: Value, right: Value, chosen: Chosen) -> Option<Value> {
        let start = chosen[0];
        let modulus = if left == right { 16 } else { 32 };
        if (0..16u8).any(|place| chosen[usize::from(place)] != (start + place) % modulus) {
            return None;
        }
        let (low, high) = if start < 16 { (left, right) } else { (right, left) };
        // The window lies over three halves; the middle one belongs to both halves of the result.
        let middle = self.shuffled(low, high, std::array::from_fn(|place| place as u8 + 8));
        let (first, second, bytes) = match start % 16 {
            bytes @ 0..8 => (low, middle, bytes),
            bytes => (middle, high, bytes - 8),
        };
        if bytes == 0 {
            return Some(first);
        }
        let down = self.emitter.builder.ins().iconst(I32, i64::from(bytes) * 8);
        let up = self.emitter.builder.ins().iconst(I32, 64 - i64::from(bytes) * 8);
        let (first, second) = (self.lanes(first, I64X2), self.lanes(second, I64X2));
        let first = self.emitter.builder.ins().ushr(first, down);
        let second = self.emitter.builder.ins().ishl(second, up);
        let vector = self.emitter.builder.ins().bor(first, second);
        Some(self.cast(vector, I8X16))
    }

    /// Every second byte, or every second pair of bytes, of both vectors: what is kept is brought into the range in which
    /// narrowing does not saturate.
    fn every_second(&mut self, left: Value, right: Value, chosen: Chosen) -> Option<Value> {
        let modulus = if left == right { 16 } else { 32 };
        let is = |lane: fn(u8) -> u8| (0..16u8).all(|place| chosen[usize::from(place)] == lane(place) % modulus);
        let vectors = [left, right];
        if is(|place| place * 2) {
            let mask = self.vector_constant(std::array::from_fn(|place| if place % 2 == 0 { 0xff } else { 0 }));
            let [low, high] = vectors.map(|vector| {
                let kept = self.emitter.builder.ins().band(vector, mask);
                self.cast(kept, I16X8)
            });
            return Some(self.emitter.builder.ins().unarrow(low, high));
        }
        if is(|place| place * 2 + 1) {
            let bits = self.emitter.builder.ins().iconst(I32, 8);
            let [low, high] = vectors.map(|vector| {
                let pairs = self.lanes(vector, I16X8);
                self.emitter.builder.ins().ushr(pairs, bits)
            });
            return Some(self.emitter.builder.ins().unarrow(low, high));
        }
        let even = is(|place| place / 2 * 4 + place % 2);
        if !even && !is(|place| place / 2 * 4 + 2 + place % 2) {
            return None;
        }
        let bits = self.emitter.builder.ins().iconst(I32, 16);
        let [low, high] = vectors.map(|vector| {
            let mut lanes = self.lanes(vector, I32X4);
            if even {
                lanes = self.emitter.builder.ins().ishl(lanes, bits);
            }
            self.emitter.builder.ins().sshr(lanes, bits)
        });
        let vector = self.emitter.builder.ins().snarrow(low, high);
        Some(self.cast(vector, I8X16))
    }

    /// Brings what is needed of each vector to its place, and then takes each byte from the right one.
    fn permute_and_blend(&mut self, left: Value, right: Value, chosen: Chosen) -> Value {
        let left = self.permute(left, chosen);
        if chosen.iter().all(|byte| *byte < 16) {
            return left;
        }
        let right = self.permute(right, chosen.map(|byte| byte ^ 16));
        if chosen.iter().all(|byte| *byte >= 16) {
            return right;
        }
        self.blend(left, right, chosen)
    }

    /// Brings bytes of one vector to the places where they have numbers below 16; what is at others does not matter.
    fn permute(&mut self, vector: Value, chosen: Chosen) -> Value {
        let chosen: Chosen = std::array::from_fn(|place| if chosen[place] < 16 { chosen[place] } else { place as u8 });
        let [low, high] = match dwords(&chosen) {
            Some(_) => [chosen, IDENTITY],
            None => {
                let of_half = |half: usize| {
                    std::array::from_fn(|place| if place / 8 == half { chosen[place] } else { place as u8 })
                };
                [of_half(0), of_half(1)]
            }
        };
        [low, high]
            .into_iter()
            .filter(|step| *step != IDENTITY)
            .fold(vector, |vector, step| self.shuffled(vector, vector, step))
    }
}

const IDENTITY: Chosen = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The interleavings of the low and of the high halves of two vectors: single bytes, then wider lanes.
const INTERLEAVINGS: [Chosen; 8] = [
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
fn whole_lanes<const LANES: usize>(chosen: &Chosen) -> Option<[u8; LANES]> {
    let bytes = 16 / LANES;
    let moves_whole = chosen.chunks(bytes).all(|lane| {
        usize::from(lane[0]) % bytes == 0 && lane.iter().zip(lane[0]..).all(|(byte, expected)| *byte == expected)
    });
    moves_whole.then(|| std::array::from_fn(|lane| chosen[lane * bytes] / bytes as u8))
}

/// The 32-bit lanes that a shuffle moves as a whole.
fn dwords(chosen: &Chosen) -> Option<[u8; 4]> {
    whole_lanes(chosen)
}

/// Whether the baseline can bring each lane to its place without one from another half getting in the way.
fn is_permutation(chosen: &Chosen) -> bool {
    let stays_in_half = |words: [u8; 8]| words.iter().enumerate().all(|(place, word)| word % 8 / 4 == place as u8 / 4);
    dwords(chosen).is_some() || whole_lanes(chosen).is_some_and(stays_in_half)
}

/// The shuffle in the form in which the code generator knows an instruction of the baseline for it.
fn instruction(chosen: &Chosen, same: bool) -> Option<Chosen> {
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
