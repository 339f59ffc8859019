//! Rounding of lanes that are floats.
//!
//! Not every machine has an instruction for it. Without, the code generator would call a leaf for each lane; here the same
//! result comes from a few instructions on all of them.

use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::types::{F32X4, F64X2};
use cranelift_codegen::ir::{InstBuilder, Type, Value};

use super::VECTOR;
use crate::translate::translator::Translator;

/// Which of the whole numbers next to a float.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    /// The one that is not less.
    Ceil,
    /// The one that is not greater.
    Floor,
    /// The one nearer to zero.
    Trunc,
    /// The nearer one, of two equally near ones the even one.
    Nearest,
}

impl Translator<'_, '_> {
    /// Rounds all lanes.
    pub(super) fn round(&mut self, shape: Type, rounding: Rounding) {
        let floats = self.pop_lanes(shape);
        if self.emitter.program.machine.rounds_lanes() {
            self.vector(|ins| match rounding {
                Rounding::Ceil => ins.ceil(floats),
                Rounding::Floor => ins.floor(floats),
                Rounding::Trunc => ins.trunc(floats),
                Rounding::Nearest => ins.nearest(floats),
            });
        } else {
            let rounded = self.composed_round(floats, shape, rounding);
            self.push_vector(rounded);
        }
    }

    /// From `whole` (2 to the number of bits of the fraction) on, floats have no fraction. Adding it to a smaller float
    /// drops the fraction as the CPU rounds, to the nearest; from there one step leads to each of the other roundings.
    fn composed_round(&mut self, floats: Value, shape: Type, rounding: Rounding) -> Value {
        let [whole, one, sign] = match shape {
            F32X4 => [8_388_608.0f32, 1.0, -0.0].map(|float| self.all_lanes_f32(float)),
            _ => [4_503_599_627_370_496.0f64, 1.0, -0.0].map(|float| self.all_lanes_f64(float)),
        };
        let sign_mask = self.cast(sign, VECTOR);
        let bits = self.lanes(floats, VECTOR);
        let signs = self.emitter.builder.ins().band(bits, sign_mask);
        let magnitude = self.emitter.builder.ins().fabs(floats);
        let sum = self.emitter.builder.ins().fadd(magnitude, whole);
        let nearest = self.emitter.builder.ins().fsub(sum, whole);
        let rounded = match rounding {
            Rounding::Nearest => nearest,
            Rounding::Trunc => {
                let step = self.one_where(FloatCC::GreaterThan, nearest, magnitude, one);
                self.emitter.builder.ins().fsub(nearest, step)
            }
            Rounding::Floor | Rounding::Ceil => {
                let nearest = self.with_signs(nearest, signs, shape);
                if rounding == Rounding::Floor {
                    let step = self.one_where(FloatCC::GreaterThan, nearest, floats, one);
                    self.emitter.builder.ins().fsub(nearest, step)
                } else {
                    let step = self.one_where(FloatCC::LessThan, nearest, floats, one);
                    self.emitter.builder.ins().fadd(nearest, step)
                }
            }
        };
        // A result of zero has the sign of the float.
        let rounded = self.with_signs(rounded, signs, shape);
        // Large floats stay what they are, and so do NaNs, but quiet: this sum changes nothing else.
        let unchanged = self.emitter.builder.ins().fadd(floats, sign);
        let has_fraction = self.emitter.builder.ins().fcmp(FloatCC::LessThan, magnitude, whole);
        let has_fraction = self.cast(has_fraction, shape);
        self.emitter.builder.ins().bitselect(has_fraction, rounded, unchanged)
    }

    /// `one` in the lanes where a condition holds, else 0.
    fn one_where(&mut self, condition: FloatCC, left: Value, right: Value, one: Value) -> Value {
        let holds = self.emitter.builder.ins().fcmp(condition, left, right);
        let shape = self.emitter.builder.func.dfg.value_type(one);
        let holds = self.cast(holds, shape);
        self.emitter.builder.ins().band(holds, one)
    }

    fn with_signs(&mut self, floats: Value, signs: Value, shape: Type) -> Value {
        let bits = self.cast(floats, VECTOR);
        let bits = self.emitter.builder.ins().bor(bits, signs);
        self.cast(bits, shape)
    }

    fn all_lanes_f32(&mut self, float: f32) -> Value {
        let bytes = float.to_le_bytes();
        let vector = self.vector_constant(std::array::from_fn(|place| bytes[place % 4]));
        self.cast(vector, F32X4)
    }

    fn all_lanes_f64(&mut self, float: f64) -> Value {
        let bytes = float.to_le_bytes();
        let vector = self.vector_constant(std::array::from_fn(|place| bytes[place % 8]));
        self.cast(vector, F64X2)
    }
}
