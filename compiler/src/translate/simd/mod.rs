//! Vectors of 128 bits: fixed-width and relaxed SIMD, a file for each family of operators.
//!
//! WebAssembly has one type for all of them, `v128`; the intermediate code has a type for each shape of lanes. The rule:
//! a `v128` is an `I8X16` wherever it is kept or handed over (operands, locals, block parameters, calls, globals). An
//! operator looks at its operands in the shape of its own lanes ([`Translator::lanes`]) and gives its result back as an
//! `I8X16` ([`Translator::push_vector`]). These casts are no instructions of the machine, and lane 0 is always in the
//! lowest bytes.

mod float;
mod integer;
mod lane;
mod memory;
mod relaxed;
mod round;
mod shuffle;

use cranelift_codegen::ir::{
    Endianness, InstBuilder, InstructionData, MemFlagsData, Opcode, Type, Value, ValueDef, types,
};
use cranelift_frontend::FuncInstBuilder;
use wasmparser::Operator;

use super::translator::Translator;

/// How a `v128` is held between operators.
const VECTOR: Type = types::I8X16;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub(super) fn simd(&mut self, operator: &Operator<'_>) -> bool {
        self.simd_lane(operator)
            || self.simd_integer(operator)
            || self.simd_float(operator)
            || self.simd_memory(operator)
            || self.simd_relaxed(operator)
    }

    /// A `v128` as a vector of these lanes.
    fn lanes(&mut self, value: Value, shape: Type) -> Value {
        // The code generator recognises combinations of operators, but does not look through casts to and fro.
        match self.before_cast(value) {
            Some((uncast, ty)) if ty == shape => uncast,
            _ => self.cast(value, shape),
        }
    }

    /// What an operator gave before it was cast to a `v128`, and its type.
    fn before_cast(&self, value: Value) -> Option<(Value, Type)> {
        let dfg = &self.emitter.builder.func.dfg;
        let ValueDef::Result(instruction, _) = dfg.value_def(value) else { return None };
        match dfg.insts[instruction] {
            InstructionData::LoadNoOffset { opcode: Opcode::Bitcast, arg, .. } => Some((arg, dfg.value_type(arg))),
            _ => None,
        }
    }

    fn cast(&mut self, value: Value, shape: Type) -> Value {
        if self.emitter.builder.func.dfg.value_type(value) == shape {
            return value;
        }
        let flags = MemFlagsData::new().with_endianness(Endianness::Little);
        self.emitter.builder.ins().bitcast(shape, flags, value)
    }

    /// Pops a `v128` as a vector of these lanes.
    fn pop_lanes(&mut self, shape: Type) -> Value {
        let value = self.pop();
        self.lanes(value, shape)
    }

    /// Pops two vectors, the left one first.
    fn pop_two_lanes(&mut self, shape: Type) -> (Value, Value) {
        let right = self.pop_lanes(shape);
        let left = self.pop_lanes(shape);
        (left, right)
    }

    /// Pushes a vector of any lanes.
    fn push_vector(&mut self, vector: Value) {
        let value = self.cast(vector, VECTOR);
        self.push(value);
    }

    /// Makes a vector.
    fn vector(&mut self, build: impl FnOnce(FuncInstBuilder<'_, '_>) -> Value) {
        let vector = build(self.emitter.builder.ins());
        self.push_vector(vector);
    }

    /// From a vector of these lanes to a vector.
    fn vector_unary(&mut self, shape: Type, build: impl FnOnce(FuncInstBuilder<'_, '_>, Value) -> Value) {
        let operand = self.pop_lanes(shape);
        self.vector(|ins| build(ins, operand));
    }

    /// From two vectors of these lanes to a vector.
    fn vector_binary(&mut self, shape: Type, build: impl FnOnce(FuncInstBuilder<'_, '_>, Value, Value) -> Value) {
        let (left, right) = self.pop_two_lanes(shape);
        self.vector(|ins| build(ins, left, right));
    }

    /// A vector whose bits are all zero.
    fn zeros(&mut self, shape: Type) -> Value {
        let zeros = self.emitter.builder.func.dfg.constants.insert(vec![0; 16].into());
        self.emitter.builder.ins().vconst(shape, zeros)
    }
}
