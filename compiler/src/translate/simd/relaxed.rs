//! Relaxed SIMD, as the specification's deterministic profile has it: each of these operators has one result, the same on
//! every machine, whatever its CPU can do.
//!
//! All of them are then operators of fixed-width SIMD or sums and products of such. A multiplication and addition rounds
//! twice: that is what the deterministic profile says, and it needs no instruction that a CPU may lack.

use cranelift_codegen::ir::types::{F32X4, F64X2, I8X16, I32X4};
use cranelift_codegen::ir::{InstBuilder, Type, Value};
use wasmparser::Operator;

use super::integer::{Half, Sign};
use crate::translate::translator::Translator;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub(super) fn simd_relaxed(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::I8x16RelaxedSwizzle => self.swizzle(),
            Operator::I32x4RelaxedTruncF32x4S => self.truncate_f32(Sign::Signed),
            Operator::I32x4RelaxedTruncF32x4U => self.truncate_f32(Sign::Unsigned),
            Operator::I32x4RelaxedTruncF64x2SZero => self.truncate_f64(Sign::Signed),
            Operator::I32x4RelaxedTruncF64x2UZero => self.truncate_f64(Sign::Unsigned),
            Operator::F32x4RelaxedMadd => self.multiply_add(F32X4, false),
            Operator::F32x4RelaxedNmadd => self.multiply_add(F32X4, true),
            Operator::F64x2RelaxedMadd => self.multiply_add(F64X2, false),
            Operator::F64x2RelaxedNmadd => self.multiply_add(F64X2, true),
            Operator::I8x16RelaxedLaneselect
            | Operator::I16x8RelaxedLaneselect
            | Operator::I32x4RelaxedLaneselect
            | Operator::I64x2RelaxedLaneselect => self.bitselect(),
            Operator::F32x4RelaxedMin => self.minimum(F32X4),
            Operator::F32x4RelaxedMax => self.maximum(F32X4),
            Operator::F64x2RelaxedMin => self.minimum(F64X2),
            Operator::F64x2RelaxedMax => self.maximum(F64X2),
            Operator::I16x8RelaxedQ15mulrS => self.multiply_q15(),
            Operator::I16x8RelaxedDotI8x16I7x16S => self.dot_i8(),
            Operator::I32x4RelaxedDotI8x16I7x16AddS => self.dot_i8_add(),
            _ => return false,
        }
        true
    }

    /// The product of the first two operands (negated, if asked for) plus the third.
    fn multiply_add(&mut self, shape: Type, negated: bool) {
        let addend = self.pop_lanes(shape);
        let (mut left, right) = self.pop_two_lanes(shape);
        if negated {
            left = self.emitter.builder.ins().fneg(left);
        }
        let product = self.emitter.builder.ins().fmul(left, right);
        self.vector(|ins| ins.fadd(product, addend));
    }

    fn dot_i8(&mut self) {
        let (left, right) = self.pop_two_lanes(I8X16);
        let sums = self.sums_of_products_of_bytes(left, right);
        self.push_vector(sums);
    }

    /// Two neighbours of what [`Self::dot_i8`] gives, and the third operand.
    fn dot_i8_add(&mut self) {
        let addend = self.pop_lanes(I32X4);
        let (left, right) = self.pop_two_lanes(I8X16);
        let sums = self.sums_of_products_of_bytes(left, right);
        let sums = self.sums_of_pairs(sums, Sign::Signed);
        self.vector(|ins| ins.iadd(sums, addend));
    }

    /// Sums of two neighbouring products of signed bytes as `I16X8`. They saturate; only four times -128 does that.
    fn sums_of_products_of_bytes(&mut self, left: Value, right: Value) -> Value {
        let [low, high] = [Half::Low, Half::High].map(|half| {
            let left = self.extended(left, half, Sign::Signed);
            let right = self.extended(right, half, Sign::Signed);
            self.sums_of_products(left, right)
        });
        self.emitter.builder.ins().snarrow(low, high)
    }
}
