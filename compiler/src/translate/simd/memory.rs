//! Loads and stores of vectors and of single lanes. All of them go through the accesses of scalars.
//!
//! Single lanes of 32 and 64 bits are taken for floats, whatever they are: those live in the registers that vectors live
//! in, and moving them changes no bit.

use cranelift_codegen::ir::types::{F32, F32X4, F64, F64X2, I8, I8X16, I16, I16X8, I32X4, I64X2};
use cranelift_codegen::ir::{InstBuilder, Opcode, Type};
use wasmparser::{MemArg, Operator};

use super::VECTOR;
use crate::translate::translator::Translator;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub(super) fn simd_memory(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::V128Load { memarg } => self.load(memarg, Opcode::Load, VECTOR),
            Operator::V128Store { memarg } => self.store(memarg, Opcode::Store),
            Operator::V128Load8x8S { memarg } => self.load_extended(memarg, Opcode::Sload8x8, I16X8),
            Operator::V128Load8x8U { memarg } => self.load_extended(memarg, Opcode::Uload8x8, I16X8),
            Operator::V128Load16x4S { memarg } => self.load_extended(memarg, Opcode::Sload16x4, I32X4),
            Operator::V128Load16x4U { memarg } => self.load_extended(memarg, Opcode::Uload16x4, I32X4),
            Operator::V128Load32x2S { memarg } => self.load_extended(memarg, Opcode::Sload32x2, I64X2),
            Operator::V128Load32x2U { memarg } => self.load_extended(memarg, Opcode::Uload32x2, I64X2),
            Operator::V128Load8Splat { memarg } => self.load_splat(memarg, I8X16, I8),
            Operator::V128Load16Splat { memarg } => self.load_splat(memarg, I16X8, I16),
            Operator::V128Load32Splat { memarg } => self.load_splat(memarg, F32X4, F32),
            Operator::V128Load64Splat { memarg } => self.load_splat(memarg, F64X2, F64),
            Operator::V128Load32Zero { memarg } => self.load_zero(memarg, F32X4, F32),
            Operator::V128Load64Zero { memarg } => self.load_zero(memarg, F64X2, F64),
            Operator::V128Load8Lane { memarg, lane } => self.load_lane(memarg, *lane, I8X16, I8),
            Operator::V128Load16Lane { memarg, lane } => self.load_lane(memarg, *lane, I16X8, I16),
            Operator::V128Load32Lane { memarg, lane } => self.load_lane(memarg, *lane, F32X4, F32),
            Operator::V128Load64Lane { memarg, lane } => self.load_lane(memarg, *lane, F64X2, F64),
            Operator::V128Store8Lane { memarg, lane } => self.store_lane(memarg, *lane, I8X16),
            Operator::V128Store16Lane { memarg, lane } => self.store_lane(memarg, *lane, I16X8),
            Operator::V128Store32Lane { memarg, lane } => self.store_lane(memarg, *lane, F32X4),
            Operator::V128Store64Lane { memarg, lane } => self.store_lane(memarg, *lane, F64X2),
            _ => return false,
        }
        true
    }

    /// Loads 8 bytes and extends each lane to twice its width.
    fn load_extended(&mut self, memarg: &MemArg, opcode: Opcode, shape: Type) {
        self.load(memarg, opcode, shape);
        let vector = self.pop();
        self.push_vector(vector);
    }

    fn load_splat(&mut self, memarg: &MemArg, shape: Type, lane: Type) {
        self.load(memarg, Opcode::Load, lane);
        self.splat(shape, lane);
    }

    /// Loads lane 0; the others are zero.
    fn load_zero(&mut self, memarg: &MemArg, shape: Type, lane: Type) {
        self.load(memarg, Opcode::Load, lane);
        let scalar = self.pop();
        self.vector(|ins| ins.scalar_to_vector(shape, scalar));
    }

    fn load_lane(&mut self, memarg: &MemArg, number: u8, shape: Type, lane: Type) {
        let vector = self.pop_lanes(shape);
        self.load(memarg, Opcode::Load, lane);
        let scalar = self.pop();
        self.vector(|ins| ins.insertlane(vector, scalar, number));
    }

    fn store_lane(&mut self, memarg: &MemArg, number: u8, shape: Type) {
        let vector = self.pop_lanes(shape);
        let scalar = self.emitter.builder.ins().extractlane(vector, number);
        self.push(scalar);
        self.store(memarg, Opcode::Store);
    }
}
