//! Operators on lanes that are floats, and conversions between them and integers.

use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::types::{F32X4, F64X2, I32, I32X4, I64X2};
use cranelift_codegen::ir::{InstBuilder, Type};
use wasmparser::Operator;

use super::integer::{Half, Sign};
use super::round::Rounding;
use crate::translate::translator::Translator;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub(super) fn simd_float(&mut self, operator: &Operator<'_>) -> bool {
        self.simd_float_arithmetic(operator) || self.simd_conversion(operator)
    }

    #[rustfmt::skip]
    fn simd_float_arithmetic(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::F32x4Eq => self.compare_float_lanes(F32X4, FloatCC::Equal),
            Operator::F64x2Eq => self.compare_float_lanes(F64X2, FloatCC::Equal),
            Operator::F32x4Ne => self.compare_float_lanes(F32X4, FloatCC::NotEqual),
            Operator::F64x2Ne => self.compare_float_lanes(F64X2, FloatCC::NotEqual),
            Operator::F32x4Lt => self.compare_float_lanes(F32X4, FloatCC::LessThan),
            Operator::F64x2Lt => self.compare_float_lanes(F64X2, FloatCC::LessThan),
            Operator::F32x4Gt => self.compare_float_lanes(F32X4, FloatCC::GreaterThan),
            Operator::F64x2Gt => self.compare_float_lanes(F64X2, FloatCC::GreaterThan),
            Operator::F32x4Le => self.compare_float_lanes(F32X4, FloatCC::LessThanOrEqual),
            Operator::F64x2Le => self.compare_float_lanes(F64X2, FloatCC::LessThanOrEqual),
            Operator::F32x4Ge => self.compare_float_lanes(F32X4, FloatCC::GreaterThanOrEqual),
            Operator::F64x2Ge => self.compare_float_lanes(F64X2, FloatCC::GreaterThanOrEqual),
            Operator::F32x4Abs => self.vector_unary(F32X4, |ins, x| ins.fabs(x)),
            Operator::F64x2Abs => self.vector_unary(F64X2, |ins, x| ins.fabs(x)),
            Operator::F32x4Neg => self.vector_unary(F32X4, |ins, x| ins.fneg(x)),
            Operator::F64x2Neg => self.vector_unary(F64X2, |ins, x| ins.fneg(x)),
            Operator::F32x4Sqrt => self.vector_unary(F32X4, |ins, x| ins.sqrt(x)),
            Operator::F64x2Sqrt => self.vector_unary(F64X2, |ins, x| ins.sqrt(x)),
            Operator::F32x4Ceil => self.round(F32X4, Rounding::Ceil),
            Operator::F64x2Ceil => self.round(F64X2, Rounding::Ceil),
            Operator::F32x4Floor => self.round(F32X4, Rounding::Floor),
            Operator::F64x2Floor => self.round(F64X2, Rounding::Floor),
            Operator::F32x4Trunc => self.round(F32X4, Rounding::Trunc),
            Operator::F64x2Trunc => self.round(F64X2, Rounding::Trunc),
            Operator::F32x4Nearest => self.round(F32X4, Rounding::Nearest),
            Operator::F64x2Nearest => self.round(F64X2, Rounding::Nearest),
            Operator::F32x4Add => self.vector_binary(F32X4, |ins, x, y| ins.fadd(x, y)),
            Operator::F64x2Add => self.vector_binary(F64X2, |ins, x, y| ins.fadd(x, y)),
            Operator::F32x4Sub => self.vector_binary(F32X4, |ins, x, y| ins.fsub(x, y)),
            Operator::F64x2Sub => self.vector_binary(F64X2, |ins, x, y| ins.fsub(x, y)),
            Operator::F32x4Mul => self.vector_binary(F32X4, |ins, x, y| ins.fmul(x, y)),
            Operator::F64x2Mul => self.vector_binary(F64X2, |ins, x, y| ins.fmul(x, y)),
            Operator::F32x4Div => self.vector_binary(F32X4, |ins, x, y| ins.fdiv(x, y)),
            Operator::F64x2Div => self.vector_binary(F64X2, |ins, x, y| ins.fdiv(x, y)),
            Operator::F32x4Min => self.minimum(F32X4),
            Operator::F64x2Min => self.minimum(F64X2),
            Operator::F32x4Max => self.maximum(F32X4),
            Operator::F64x2Max => self.maximum(F64X2),
            Operator::F32x4PMin => self.pseudo_minimum(F32X4),
            Operator::F64x2PMin => self.pseudo_minimum(F64X2),
            Operator::F32x4PMax => self.pseudo_maximum(F32X4),
            Operator::F64x2PMax => self.pseudo_maximum(F64X2),
            _ => return false,
        }
        true
    }

    #[rustfmt::skip]
    fn simd_conversion(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::F32x4ConvertI32x4S => self.vector_unary(I32X4, |ins, x| ins.fcvt_from_sint(F32X4, x)),
            Operator::F32x4ConvertI32x4U => self.vector_unary(I32X4, |ins, x| ins.fcvt_from_uint(F32X4, x)),
            Operator::F64x2ConvertLowI32x4S => self.convert_low(Sign::Signed),
            Operator::F64x2ConvertLowI32x4U => self.convert_low(Sign::Unsigned),
            Operator::F64x2PromoteLowF32x4 => self.vector_unary(F32X4, |ins, x| ins.fvpromote_low(x)),
            Operator::F32x4DemoteF64x2Zero => self.vector_unary(F64X2, |ins, x| ins.fvdemote(x)),
            Operator::I32x4TruncSatF32x4S => self.truncate_f32(Sign::Signed),
            Operator::I32x4TruncSatF32x4U => self.truncate_f32(Sign::Unsigned),
            Operator::I32x4TruncSatF64x2SZero => self.truncate_f64(Sign::Signed),
            Operator::I32x4TruncSatF64x2UZero => self.truncate_f64(Sign::Unsigned),
            _ => return false,
        }
        true
    }

    fn compare_float_lanes(&mut self, shape: Type, condition: FloatCC) {
        self.vector_binary(shape, |ins, left, right| ins.fcmp(condition, left, right));
    }

    /// The lesser of two lanes; a NaN if one is.
    pub(super) fn minimum(&mut self, shape: Type) {
        self.vector_binary(shape, |ins, left, right| ins.fmin(left, right));
    }

    /// The greater of two lanes; a NaN if one is.
    pub(super) fn maximum(&mut self, shape: Type) {
        self.vector_binary(shape, |ins, left, right| ins.fmax(left, right));
    }

    /// The right operand where it is less, else the left. The code generator recognises this order of operands.
    fn pseudo_minimum(&mut self, shape: Type) {
        let (left, right) = self.pop_two_lanes(shape);
        let less = self.emitter.builder.ins().fcmp(FloatCC::LessThan, right, left);
        let less = self.cast(less, shape);
        self.vector(|ins| ins.bitselect(less, right, left));
    }

    /// The right operand where the left is less, else the left.
    fn pseudo_maximum(&mut self, shape: Type) {
        let (left, right) = self.pop_two_lanes(shape);
        let less = self.emitter.builder.ins().fcmp(FloatCC::LessThan, left, right);
        let less = self.cast(less, shape);
        self.vector(|ins| ins.bitselect(less, right, left));
    }

    /// The two low integers as floats.
    fn convert_low(&mut self, sign: Sign) {
        let integers = self.pop_lanes(I32X4);
        let wide = self.extended(integers, Half::Low, sign);
        let ins = self.emitter.builder.ins();
        let floats = match sign {
            Sign::Signed => ins.fcvt_from_sint(F64X2, wide),
            Sign::Unsigned => ins.fcvt_from_uint(F64X2, wide),
        };
        self.push_vector(floats);
    }

    /// Floats as the nearest integers toward zero: what is out of range becomes the limit, a NaN zero.
    pub(super) fn truncate_f32(&mut self, sign: Sign) {
        self.vector_unary(F32X4, |ins, floats| match sign {
            Sign::Signed => ins.fcvt_to_sint_sat(I32X4, floats),
            Sign::Unsigned => ins.fcvt_to_uint_sat(I32X4, floats),
        });
    }

    /// The same from two floats; the two high integers are zero.
    pub(super) fn truncate_f64(&mut self, sign: Sign) {
        let floats = self.pop_lanes(F64X2);
        match sign {
            Sign::Signed => {
                // The code generator knows these two only together.
                let wide = self.emitter.builder.ins().fcvt_to_sint_sat(I64X2, floats);
                let zeros = self.zeros(I64X2);
                self.vector(|ins| ins.snarrow(wide, zeros));
            }
            Sign::Unsigned if self.emitter.program.machine.rounds_lanes() => {
                let wide = self.emitter.builder.ins().fcvt_to_uint_sat(I64X2, floats);
                let zeros = self.zeros(I64X2);
                self.vector(|ins| ins.uunarrow(wide, zeros));
            }
            Sign::Unsigned => {
                // The code generator's vector form calls a leaf for each lane where no instruction rounds them.
                let mut integers = self.zeros(I32X4);
                for lane in 0..2 {
                    let ins = self.emitter.builder.ins();
                    let float = ins.extractlane(floats, lane);
                    let integer = self.emitter.builder.ins().fcvt_to_uint_sat(I32, float);
                    integers = self.emitter.builder.ins().insertlane(integers, integer, lane);
                }
                self.push_vector(integers);
            }
        }
    }
}
