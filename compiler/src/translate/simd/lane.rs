//! Constants, single lanes, and operators that move lanes.

use cranelift_codegen::ir::types::{F32, F32X4, F64, F64X2, I8, I8X16, I16, I16X8, I32, I32X4, I64, I64X2};
use cranelift_codegen::ir::{InstBuilder, Type, Value};
use wasmparser::Operator;

use super::VECTOR;
use crate::translate::translator::Translator;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub(super) fn simd_lane(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::V128Const { value } => {
                let vector = self.vector_constant(*value.bytes());
                self.push(vector);
            }
            Operator::I8x16Splat => self.splat(I8X16, I8),
            Operator::I16x8Splat => self.splat(I16X8, I16),
            Operator::I32x4Splat => self.splat(I32X4, I32),
            Operator::I64x2Splat => self.splat(I64X2, I64),
            Operator::F32x4Splat => self.splat(F32X4, F32),
            Operator::F64x2Splat => self.splat(F64X2, F64),
            Operator::I8x16ExtractLaneS { lane } => self.extract_narrow_lane(I8X16, *lane, true),
            Operator::I8x16ExtractLaneU { lane } => self.extract_narrow_lane(I8X16, *lane, false),
            Operator::I16x8ExtractLaneS { lane } => self.extract_narrow_lane(I16X8, *lane, true),
            Operator::I16x8ExtractLaneU { lane } => self.extract_narrow_lane(I16X8, *lane, false),
            Operator::I32x4ExtractLane { lane } => self.extract_lane(I32X4, *lane),
            Operator::I64x2ExtractLane { lane } => self.extract_lane(I64X2, *lane),
            Operator::F32x4ExtractLane { lane } => self.extract_lane(F32X4, *lane),
            Operator::F64x2ExtractLane { lane } => self.extract_lane(F64X2, *lane),
            Operator::I8x16ReplaceLane { lane } => self.replace_lane(I8X16, *lane),
            Operator::I16x8ReplaceLane { lane } => self.replace_lane(I16X8, *lane),
            Operator::I32x4ReplaceLane { lane } => self.replace_lane(I32X4, *lane),
            Operator::I64x2ReplaceLane { lane } => self.replace_lane(I64X2, *lane),
            Operator::F32x4ReplaceLane { lane } => self.replace_lane(F32X4, *lane),
            Operator::F64x2ReplaceLane { lane } => self.replace_lane(F64X2, *lane),
            Operator::I8x16Swizzle => self.swizzle(),
            Operator::I8x16Shuffle { lanes } => self.shuffle(*lanes),
            _ => return false,
        }
        true
    }

    /// A constant, by its bytes from the lowest on.
    pub(in crate::translate) fn vector_constant(&mut self, bytes: [u8; 16]) -> Value {
        let constant = self.emitter.builder.func.dfg.constants.insert(bytes.to_vec().into());
        self.emitter.builder.ins().vconst(VECTOR, constant)
    }

    /// Pushes a vector whose lanes are all what is on the stack; of an `i32` only the low bits count.
    pub(super) fn splat(&mut self, shape: Type, lane: Type) {
        let scalar = self.pop();
        let scalar = self.narrowed(scalar, lane);
        self.vector(|ins| ins.splat(shape, scalar));
    }

    fn extract_lane(&mut self, shape: Type, lane: u8) {
        let vector = self.pop_lanes(shape);
        let scalar = self.emitter.builder.ins().extractlane(vector, lane);
        self.push(scalar);
    }

    fn extract_narrow_lane(&mut self, shape: Type, lane: u8, signed: bool) {
        self.extract_lane(shape, lane);
        let scalar = self.pop();
        let ins = self.emitter.builder.ins();
        let scalar = if signed { ins.sextend(I32, scalar) } else { ins.uextend(I32, scalar) };
        self.push(scalar);
    }

    fn replace_lane(&mut self, shape: Type, lane: u8) {
        let scalar = self.pop();
        let scalar = self.narrowed(scalar, shape.lane_type());
        self.vector_unary(shape, |ins, vector| ins.insertlane(vector, scalar, lane));
    }

    /// The low bits of a scalar as this type, which may be its own.
    fn narrowed(&mut self, scalar: Value, lane: Type) -> Value {
        match self.emitter.builder.func.dfg.value_type(scalar) {
            ty if ty == lane => scalar,
            _ => self.emitter.builder.ins().ireduce(lane, scalar),
        }
    }

    /// Lanes of the left vector, chosen by the right one; 0 where there is no such lane.
    pub(super) fn swizzle(&mut self) {
        self.vector_binary(I8X16, |ins, vector, chosen| ins.swizzle(vector, chosen));
    }
}
