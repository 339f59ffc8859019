//! Shuffles: lanes of two vectors, chosen by constants.
//!
//! On some machines the code generator makes a few instructions of any shuffle. Others have instructions for some shuffles
//! only ([`crate::arch`] says which); for the rest the code generator would call a leaf for each vector. Most shuffles of
//! real programs interleave, separate, rotate or blend, and can be put together from what there is; what is left calls one
//! leaf.

use cranelift_codegen::ir::types::{I8X16, I16X8, I32, I32X4, I64X2};
use cranelift_codegen::ir::{ConstantData, InstBuilder, Value};

use crate::arch::Shuffle;
use crate::symbol::RuntimeFunction;
use crate::translate::translator::Translator;

impl Translator<'_, '_> {
    /// Bytes of two vectors, chosen by constants.
    pub(super) fn shuffle(&mut self, mut chosen: Shuffle) {
        let (left, right) = self.pop_two_lanes(I8X16);
        if left == right {
            chosen = chosen.map(|byte| byte & 15);
        }
        let machine = self.emitter.program.machine;
        let vector = if machine.has_all_shuffles() {
            self.shuffled(left, right, chosen)
        } else if let Some(chosen) = machine.shuffle_instruction(&chosen, left == right) {
            self.shuffled(left, right, chosen)
        } else if let Some(chosen) = machine.shuffle_instruction(&chosen.map(|byte| byte ^ 16), false) {
            self.shuffled(right, left, chosen)
        } else {
            self.composed_shuffle(left, right, chosen)
        };
        self.push_vector(vector);
    }

    fn shuffled(&mut self, left: Value, right: Value, chosen: Shuffle) -> Value {
        let chosen = self.emitter.builder.func.dfg.immediates.push(ConstantData::from(&chosen[..]));
        self.emitter.builder.ins().shuffle(left, right, chosen)
    }

    /// A shuffle that there is no instruction for.
    fn composed_shuffle(&mut self, left: Value, right: Value, chosen: Shuffle) -> Value {
        if (0..16).all(|place| chosen[place] & 15 == place as u8) {
            return self.blend(left, right, chosen);
        }
        if let Some(vector) = self.window(left, right, chosen) {
            return vector;
        }
        if let Some(vector) = self.every_second(left, right, chosen) {
            return vector;
        }
        if self.emitter.program.machine.is_permutation(&chosen) {
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
    fn blend(&mut self, left: Value, right: Value, chosen: Shuffle) -> Value {
        let mask = self.vector_constant(chosen.map(|byte| if byte < 16 { 0xff } else { 0 }));
        self.emitter.builder.ins().bitselect(mask, left, right)
    }

    /// 16 neighbouring bytes of the two vectors one behind the other, in either order.
    fn window(&mut self, left: Value, right: Value, chosen: Shuffle) -> Option<Value> {
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
    fn every_second(&mut self, left: Value, right: Value, chosen: Shuffle) -> Option<Value> {
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
    fn permute_and_blend(&mut self, left: Value, right: Value, chosen: Shuffle) -> Value {
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
    fn permute(&mut self, vector: Value, chosen: Shuffle) -> Value {
        let chosen: Shuffle = std::array::from_fn(|place| if chosen[place] < 16 { chosen[place] } else { place as u8 });
        let steps = self.emitter.program.machine.permutation(&chosen);
        steps.into_iter().fold(vector, |vector, step| self.shuffled(vector, vector, step))
    }
}
