//! Operators on lanes that are integers, and on all bits.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8X16, I16X8, I32, I32X4, I64X2};
use cranelift_codegen::ir::{InstBuilder, Type, Value};
use cranelift_frontend::FuncInstBuilder;
use wasmparser::Operator;

use super::VECTOR;
use crate::translate::translator::Translator;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub(super) fn simd_integer(&mut self, operator: &Operator<'_>) -> bool {
        self.simd_bits(operator)
            || self.simd_comparison(operator)
            || self.simd_arithmetic(operator)
            || self.simd_width(operator)
    }

    #[rustfmt::skip]
    fn simd_bits(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::V128Not => self.vector_unary(VECTOR, |ins, x| ins.bnot(x)),
            Operator::V128And => self.vector_binary(VECTOR, |ins, x, y| ins.band(x, y)),
            Operator::V128AndNot => self.vector_binary(VECTOR, |ins, x, y| ins.band_not(x, y)),
            Operator::V128Or => self.vector_binary(VECTOR, |ins, x, y| ins.bor(x, y)),
            Operator::V128Xor => self.vector_binary(VECTOR, |ins, x, y| ins.bxor(x, y)),
            Operator::V128Bitselect => self.bitselect(),
            Operator::V128AnyTrue => self.truth(VECTOR, |ins, x| ins.vany_true(x)),
            Operator::I8x16AllTrue => self.truth(I8X16, |ins, x| ins.vall_true(x)),
            Operator::I16x8AllTrue => self.truth(I16X8, |ins, x| ins.vall_true(x)),
            Operator::I32x4AllTrue => self.truth(I32X4, |ins, x| ins.vall_true(x)),
            Operator::I64x2AllTrue => self.truth(I64X2, |ins, x| ins.vall_true(x)),
            Operator::I8x16Bitmask => self.bitmask(I8X16),
            Operator::I16x8Bitmask => self.bitmask(I16X8),
            Operator::I32x4Bitmask => self.bitmask(I32X4),
            Operator::I64x2Bitmask => self.bitmask(I64X2),
            Operator::I8x16Shl => self.shift(I8X16, |ins, x, bits| ins.ishl(x, bits)),
            Operator::I16x8Shl => self.shift(I16X8, |ins, x, bits| ins.ishl(x, bits)),
            Operator::I32x4Shl => self.shift(I32X4, |ins, x, bits| ins.ishl(x, bits)),
            Operator::I64x2Shl => self.shift(I64X2, |ins, x, bits| ins.ishl(x, bits)),
            Operator::I8x16ShrS => self.shift(I8X16, |ins, x, bits| ins.sshr(x, bits)),
            Operator::I16x8ShrS => self.shift(I16X8, |ins, x, bits| ins.sshr(x, bits)),
            Operator::I32x4ShrS => self.shift(I32X4, |ins, x, bits| ins.sshr(x, bits)),
            Operator::I64x2ShrS => self.shift(I64X2, |ins, x, bits| ins.sshr(x, bits)),
            Operator::I8x16ShrU => self.shift(I8X16, |ins, x, bits| ins.ushr(x, bits)),
            Operator::I16x8ShrU => self.shift(I16X8, |ins, x, bits| ins.ushr(x, bits)),
            Operator::I32x4ShrU => self.shift(I32X4, |ins, x, bits| ins.ushr(x, bits)),
            Operator::I64x2ShrU => self.shift(I64X2, |ins, x, bits| ins.ushr(x, bits)),
            Operator::I8x16Popcnt => self.vector_unary(I8X16, |ins, x| ins.popcnt(x)),
            _ => return false,
        }
        true
    }

    #[rustfmt::skip]
    fn simd_comparison(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::I8x16Eq => self.compare_lanes(I8X16, IntCC::Equal),
            Operator::I16x8Eq => self.compare_lanes(I16X8, IntCC::Equal),
            Operator::I32x4Eq => self.compare_lanes(I32X4, IntCC::Equal),
            Operator::I64x2Eq => self.compare_lanes(I64X2, IntCC::Equal),
            Operator::I8x16Ne => self.compare_lanes(I8X16, IntCC::NotEqual),
            Operator::I16x8Ne => self.compare_lanes(I16X8, IntCC::NotEqual),
            Operator::I32x4Ne => self.compare_lanes(I32X4, IntCC::NotEqual),
            Operator::I64x2Ne => self.compare_lanes(I64X2, IntCC::NotEqual),
            Operator::I8x16LtS => self.compare_lanes(I8X16, IntCC::SignedLessThan),
            Operator::I16x8LtS => self.compare_lanes(I16X8, IntCC::SignedLessThan),
            Operator::I32x4LtS => self.compare_lanes(I32X4, IntCC::SignedLessThan),
            Operator::I64x2LtS => self.compare_lanes(I64X2, IntCC::SignedLessThan),
            Operator::I8x16LtU => self.compare_lanes(I8X16, IntCC::UnsignedLessThan),
            Operator::I16x8LtU => self.compare_lanes(I16X8, IntCC::UnsignedLessThan),
            Operator::I32x4LtU => self.compare_lanes(I32X4, IntCC::UnsignedLessThan),
            Operator::I8x16GtS => self.compare_lanes(I8X16, IntCC::SignedGreaterThan),
            Operator::I16x8GtS => self.compare_lanes(I16X8, IntCC::SignedGreaterThan),
            Operator::I32x4GtS => self.compare_lanes(I32X4, IntCC::SignedGreaterThan),
            Operator::I64x2GtS => self.compare_lanes(I64X2, IntCC::SignedGreaterThan),
            Operator::I8x16GtU => self.compare_lanes(I8X16, IntCC::UnsignedGreaterThan),
            Operator::I16x8GtU => self.compare_lanes(I16X8, IntCC::UnsignedGreaterThan),
            Operator::I32x4GtU => self.compare_lanes(I32X4, IntCC::UnsignedGreaterThan),
            Operator::I8x16LeS => self.compare_lanes(I8X16, IntCC::SignedLessThanOrEqual),
            Operator::I16x8LeS => self.compare_lanes(I16X8, IntCC::SignedLessThanOrEqual),
            Operator::I32x4LeS => self.compare_lanes(I32X4, IntCC::SignedLessThanOrEqual),
            Operator::I64x2LeS => self.compare_lanes(I64X2, IntCC::SignedLessThanOrEqual),
            Operator::I8x16LeU => self.compare_lanes(I8X16, IntCC::UnsignedLessThanOrEqual),
            Operator::I16x8LeU => self.compare_lanes(I16X8, IntCC::UnsignedLessThanOrEqual),
            Operator::I32x4LeU => self.compare_lanes(I32X4, IntCC::UnsignedLessThanOrEqual),
            Operator::I8x16GeS => self.compare_lanes(I8X16, IntCC::SignedGreaterThanOrEqual),
            Operator::I16x8GeS => self.compare_lanes(I16X8, IntCC::SignedGreaterThanOrEqual),
            Operator::I32x4GeS => self.compare_lanes(I32X4, IntCC::SignedGreaterThanOrEqual),
            Operator::I64x2GeS => self.compare_lanes(I64X2, IntCC::SignedGreaterThanOrEqual),
            Operator::I8x16GeU => self.compare_lanes(I8X16, IntCC::UnsignedGreaterThanOrEqual),
            Operator::I16x8GeU => self.compare_lanes(I16X8, IntCC::UnsignedGreaterThanOrEqual),
            Operator::I32x4GeU => self.compare_lanes(I32X4, IntCC::UnsignedGreaterThanOrEqual),
            _ => return false,
        }
        true
    }

    #[rustfmt::skip]
    fn simd_arithmetic(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::I8x16Abs => self.vector_unary(I8X16, |ins, x| ins.iabs(x)),
            Operator::I16x8Abs => self.vector_unary(I16X8, |ins, x| ins.iabs(x)),
            Operator::I32x4Abs => self.vector_unary(I32X4, |ins, x| ins.iabs(x)),
            Operator::I64x2Abs => self.vector_unary(I64X2, |ins, x| ins.iabs(x)),
            Operator::I8x16Neg => self.vector_unary(I8X16, |ins, x| ins.ineg(x)),
            Operator::I16x8Neg => self.vector_unary(I16X8, |ins, x| ins.ineg(x)),
            Operator::I32x4Neg => self.vector_unary(I32X4, |ins, x| ins.ineg(x)),
            Operator::I64x2Neg => self.vector_unary(I64X2, |ins, x| ins.ineg(x)),
            Operator::I8x16Add => self.vector_binary(I8X16, |ins, x, y| ins.iadd(x, y)),
            Operator::I16x8Add => self.vector_binary(I16X8, |ins, x, y| ins.iadd(x, y)),
            Operator::I32x4Add => self.vector_binary(I32X4, |ins, x, y| ins.iadd(x, y)),
            Operator::I64x2Add => self.vector_binary(I64X2, |ins, x, y| ins.iadd(x, y)),
            Operator::I8x16AddSatS => self.vector_binary(I8X16, |ins, x, y| ins.sadd_sat(x, y)),
            Operator::I16x8AddSatS => self.vector_binary(I16X8, |ins, x, y| ins.sadd_sat(x, y)),
            Operator::I8x16AddSatU => self.vector_binary(I8X16, |ins, x, y| ins.uadd_sat(x, y)),
            Operator::I16x8AddSatU => self.vector_binary(I16X8, |ins, x, y| ins.uadd_sat(x, y)),
            Operator::I8x16Sub => self.vector_binary(I8X16, |ins, x, y| ins.isub(x, y)),
            Operator::I16x8Sub => self.vector_binary(I16X8, |ins, x, y| ins.isub(x, y)),
            Operator::I32x4Sub => self.vector_binary(I32X4, |ins, x, y| ins.isub(x, y)),
            Operator::I64x2Sub => self.vector_binary(I64X2, |ins, x, y| ins.isub(x, y)),
            Operator::I8x16SubSatS => self.vector_binary(I8X16, |ins, x, y| ins.ssub_sat(x, y)),
            Operator::I16x8SubSatS => self.vector_binary(I16X8, |ins, x, y| ins.ssub_sat(x, y)),
            Operator::I8x16SubSatU => self.vector_binary(I8X16, |ins, x, y| ins.usub_sat(x, y)),
            Operator::I16x8SubSatU => self.vector_binary(I16X8, |ins, x, y| ins.usub_sat(x, y)),
            Operator::I16x8Mul => self.vector_binary(I16X8, |ins, x, y| ins.imul(x, y)),
            Operator::I32x4Mul => self.vector_binary(I32X4, |ins, x, y| ins.imul(x, y)),
            Operator::I64x2Mul => self.vector_binary(I64X2, |ins, x, y| ins.imul(x, y)),
            Operator::I8x16MinS => self.vector_binary(I8X16, |ins, x, y| ins.smin(x, y)),
            Operator::I16x8MinS => self.vector_binary(I16X8, |ins, x, y| ins.smin(x, y)),
            Operator::I32x4MinS => self.vector_binary(I32X4, |ins, x, y| ins.smin(x, y)),
            Operator::I8x16MinU => self.vector_binary(I8X16, |ins, x, y| ins.umin(x, y)),
            Operator::I16x8MinU => self.vector_binary(I16X8, |ins, x, y| ins.umin(x, y)),
            Operator::I32x4MinU => self.vector_binary(I32X4, |ins, x, y| ins.umin(x, y)),
            Operator::I8x16MaxS => self.vector_binary(I8X16, |ins, x, y| ins.smax(x, y)),
            Operator::I16x8MaxS => self.vector_binary(I16X8, |ins, x, y| ins.smax(x, y)),
            Operator::I32x4MaxS => self.vector_binary(I32X4, |ins, x, y| ins.smax(x, y)),
            Operator::I8x16MaxU => self.vector_binary(I8X16, |ins, x, y| ins.umax(x, y)),
            Operator::I16x8MaxU => self.vector_binary(I16X8, |ins, x, y| ins.umax(x, y)),
            Operator::I32x4MaxU => self.vector_binary(I32X4, |ins, x, y| ins.umax(x, y)),
            Operator::I8x16AvgrU => self.vector_binary(I8X16, |ins, x, y| ins.avg_round(x, y)),
            Operator::I16x8AvgrU => self.vector_binary(I16X8, |ins, x, y| ins.avg_round(x, y)),
            Operator::I16x8Q15MulrSatS => self.multiply_q15(),
            Operator::I32x4DotI16x8S => self.dot_i16(),
            _ => return false,
        }
        true
    }

    /// Operators between lanes of different widths.
    #[rustfmt::skip]
    fn simd_width(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::I8x16NarrowI16x8S => self.vector_binary(I16X8, |ins, x, y| ins.snarrow(x, y)),
            Operator::I8x16NarrowI16x8U => self.vector_binary(I16X8, |ins, x, y| ins.unarrow(x, y)),
            Operator::I16x8NarrowI32x4S => self.vector_binary(I32X4, |ins, x, y| ins.snarrow(x, y)),
            Operator::I16x8NarrowI32x4U => self.vector_binary(I32X4, |ins, x, y| ins.unarrow(x, y)),
            Operator::I16x8ExtendLowI8x16S => self.extend(I8X16, Half::Low, Sign::Signed),
            Operator::I16x8ExtendHighI8x16S => self.extend(I8X16, Half::High, Sign::Signed),
            Operator::I16x8ExtendLowI8x16U => self.extend(I8X16, Half::Low, Sign::Unsigned),
            Operator::I16x8ExtendHighI8x16U => self.extend(I8X16, Half::High, Sign::Unsigned),
            Operator::I32x4ExtendLowI16x8S => self.extend(I16X8, Half::Low, Sign::Signed),
            Operator::I32x4ExtendHighI16x8S => self.extend(I16X8, Half::High, Sign::Signed),
            Operator::I32x4ExtendLowI16x8U => self.extend(I16X8, Half::Low, Sign::Unsigned),
            Operator::I32x4ExtendHighI16x8U => self.extend(I16X8, Half::High, Sign::Unsigned),
            Operator::I64x2ExtendLowI32x4S => self.extend(I32X4, Half::Low, Sign::Signed),
            Operator::I64x2ExtendHighI32x4S => self.extend(I32X4, Half::High, Sign::Signed),
            Operator::I64x2ExtendLowI32x4U => self.extend(I32X4, Half::Low, Sign::Unsigned),
            Operator::I64x2ExtendHighI32x4U => self.extend(I32X4, Half::High, Sign::Unsigned),
            Operator::I16x8ExtAddPairwiseI8x16S => self.add_pairs(I8X16, Sign::Signed),
            Operator::I16x8ExtAddPairwiseI8x16U => self.add_pairs(I8X16, Sign::Unsigned),
            Operator::I32x4ExtAddPairwiseI16x8S => self.add_pairs(I16X8, Sign::Signed),
            Operator::I32x4ExtAddPairwiseI16x8U => self.add_pairs(I16X8, Sign::Unsigned),
            Operator::I16x8ExtMulLowI8x16S => self.multiply_extended(I8X16, Half::Low, Sign::Signed),
            Operator::I16x8ExtMulHighI8x16S => self.multiply_extended(I8X16, Half::High, Sign::Signed),
            Operator::I16x8ExtMulLowI8x16U => self.multiply_extended(I8X16, Half::Low, Sign::Unsigned),
            Operator::I16x8ExtMulHighI8x16U => self.multiply_extended(I8X16, Half::High, Sign::Unsigned),
            Operator::I32x4ExtMulLowI16x8S => self.multiply_extended(I16X8, Half::Low, Sign::Signed),
            Operator::I32x4ExtMulHighI16x8S => self.multiply_extended(I16X8, Half::High, Sign::Signed),
            Operator::I32x4ExtMulLowI16x8U => self.multiply_extended(I16X8, Half::Low, Sign::Unsigned),
            Operator::I32x4ExtMulHighI16x8U => self.multiply_extended(I16X8, Half::High, Sign::Unsigned),
            Operator::I64x2ExtMulLowI32x4S => self.multiply_extended(I32X4, Half::Low, Sign::Signed),
            Operator::I64x2ExtMulHighI32x4S => self.multiply_extended(I32X4, Half::High, Sign::Signed),
            Operator::I64x2ExtMulLowI32x4U => self.multiply_extended(I32X4, Half::Low, Sign::Unsigned),
            Operator::I64x2ExtMulHighI32x4U => self.multiply_extended(I32X4, Half::High, Sign::Unsigned),
            _ => return false,
        }
        true
    }

    /// Bits of the first operand where the third has ones, of the second where it has zeros. The shape makes no
    /// difference to the result, but the code generator looks whether the mask is a comparison.
    pub(super) fn bitselect(&mut self) {
        let mask = self.pop();
        let (mask, shape) = self.before_cast(mask).unwrap_or((mask, VECTOR));
        let (ones, zeros) = self.pop_two_lanes(shape);
        self.vector(|ins| ins.bitselect(mask, ones, zeros));
    }

    fn truth(&mut self, shape: Type, build: impl FnOnce(FuncInstBuilder<'_, '_>, Value) -> Value) {
        let vector = self.pop_lanes(shape);
        let truth = build(self.emitter.builder.ins(), vector);
        let truth = self.emitter.builder.ins().uextend(I32, truth);
        self.push(truth);
    }

    fn bitmask(&mut self, shape: Type) {
        let vector = self.pop_lanes(shape);
        let mask = self.emitter.builder.ins().vhigh_bits(I32, vector);
        self.push(mask);
    }

    /// Both wasm and the intermediate code take the number of bits modulo the width of a lane.
    fn shift(&mut self, shape: Type, build: impl FnOnce(FuncInstBuilder<'_, '_>, Value, Value) -> Value) {
        let bits = self.pop();
        self.vector_unary(shape, |ins, vector| build(ins, vector, bits));
    }

    fn compare_lanes(&mut self, shape: Type, condition: IntCC) {
        self.vector_binary(shape, |ins, left, right| ins.icmp(condition, left, right));
    }

    /// Products of fractions with 15 bits, rounded; only -1 times -1 saturates.
    pub(super) fn multiply_q15(&mut self) {
        self.vector_binary(I16X8, |ins, left, right| ins.sqmul_round_sat(left, right));
    }

    fn dot_i16(&mut self) {
        let (left, right) = self.pop_two_lanes(I16X8);
        let sums = self.sums_of_products(left, right);
        self.push_vector(sums);
    }

    /// Sums of two neighbouring products of `I16X8`, as `I32X4`.
    pub(super) fn sums_of_products(&mut self, left: Value, right: Value) -> Value {
        let low = self.extended_product(left, right, Half::Low, Sign::Signed);
        let high = self.extended_product(left, right, Half::High, Sign::Signed);
        self.emitter.builder.ins().iadd_pairwise(low, high)
    }

    /// Half of the lanes at twice their width.
    pub(super) fn extended(&mut self, vector: Value, half: Half, sign: Sign) -> Value {
        let ins = self.emitter.builder.ins();
        match (half, sign) {
            (Half::Low, Sign::Signed) => ins.swiden_low(vector),
            (Half::High, Sign::Signed) => ins.swiden_high(vector),
            (Half::Low, Sign::Unsigned) => ins.uwiden_low(vector),
            (Half::High, Sign::Unsigned) => ins.uwiden_high(vector),
        }
    }

    /// Products of half of the lanes, at twice their width.
    fn extended_product(&mut self, left: Value, right: Value, half: Half, sign: Sign) -> Value {
        let left = self.extended(left, half, sign);
        let right = self.extended(right, half, sign);
        self.emitter.builder.ins().imul(left, right)
    }

    /// Sums of neighbouring lanes at twice their width.
    pub(super) fn sums_of_pairs(&mut self, vector: Value, sign: Sign) -> Value {
        let low = self.extended(vector, Half::Low, sign);
        let high = self.extended(vector, Half::High, sign);
        self.emitter.builder.ins().iadd_pairwise(low, high)
    }

    fn extend(&mut self, shape: Type, half: Half, sign: Sign) {
        let vector = self.pop_lanes(shape);
        let vector = self.extended(vector, half, sign);
        self.push_vector(vector);
    }

    fn add_pairs(&mut self, shape: Type, sign: Sign) {
        let vector = self.pop_lanes(shape);
        let sums = self.sums_of_pairs(vector, sign);
        self.push_vector(sums);
    }

    fn multiply_extended(&mut self, shape: Type, half: Half, sign: Sign) {
        let (left, right) = self.pop_two_lanes(shape);
        let product = self.extended_product(left, right, half, sign);
        self.push_vector(product);
    }
}

/// Which half of the lanes.
#[derive(Clone, Copy)]
pub(super) enum Half {
    /// The lanes from 0 on.
    Low,
    /// The lanes up to the last.
    High,
}

/// How a lane is extended.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    /// By copies of its highest bit.
    Signed,
    /// By zeros.
    Unsigned,
}
