//! Locals, globals, and operators that only move operands.

use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value};
use wasmparser::Operator;

use super::translator::Translator;
use crate::clif::{POINTER, Region, register_type};
use crate::id::GlobalId;
use crate::link::Constant;
use crate::plan::GlobalClass;
use crate::symbol::Symbol;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub(super) fn variable(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::Nop => {}
            Operator::Drop => {
                self.pop();
            }
            Operator::Select | Operator::TypedSelect { .. } => {
                let condition = self.pop();
                let right = self.pop();
                let left = self.pop();
                let value = self.emitter.builder.ins().select(condition, left, right);
                self.push(value);
            }
            Operator::LocalGet { local_index } => {
                let value = self.local_get(*local_index);
                self.push(value);
            }
            Operator::LocalSet { local_index } => {
                let value = self.pop();
                self.local_set(*local_index, value);
            }
            Operator::LocalTee { local_index } => {
                let value = *self.operands.last().expect("validation found an operand");
                self.local_set(*local_index, value);
            }
            Operator::GlobalGet { global_index } => {
                let value = self.global_get(self.instance.globals[*global_index as usize]);
                self.push(value);
            }
            Operator::GlobalSet { global_index } => {
                let value = self.pop();
                self.global_set(self.instance.globals[*global_index as usize], value);
            }
            _ => return false,
        }
        true
    }

    fn global_get(&mut self, id: GlobalId) -> Value {
        let global = &self.emitter.program.globals[id.index()];
        let ty = register_type(global.ty.value);
        let initial = global.initial;
        match self.global_address(id) {
            None => self.constant(initial),
            Some(address) => {
                let flags = self.emitter.flags(Region::Global(id.0));
                let value = self.emitter.builder.ins().load(ty, flags, address, 0);
                if self.frame.pointer == Some(id) {
                    self.frame.reads.push(value);
                }
                value
            }
        }
    }

    fn global_set(&mut self, id: GlobalId, value: Value) {
        if self.moves_no_frame() {
            return;
        }
        let address = self.global_address(id).expect("a global that is set is not planned as a constant");
        let flags = self.emitter.flags(Region::Global(id.0));
        let store = self.emitter.builder.ins().store(flags, value, address, 0);
        if self.frame.pointer == Some(id) {
            self.frame.writes.push(store);
        }
    }

    /// Where a global lives; `None` if its value is a constant.
    fn global_address(&mut self, id: GlobalId) -> Option<Value> {
        match self.emitter.program.globals[id.index()].class {
            GlobalClass::Constant => None,
            GlobalClass::LinkSymbol | GlobalClass::ThreadRelative => Some(self.emitter.address(Symbol::Global(id))),
            GlobalClass::Cell => {
                let cell = self.emitter.address(Symbol::GlobalCell(id));
                let flags = MemFlagsData::trusted().with_readonly().with_can_move();
                Some(self.emitter.builder.ins().load(POINTER, flags, cell, 0))
            }
        }
    }

    /// The value of a constant.
    pub(super) fn constant(&mut self, constant: Constant) -> Value {
        match constant {
            Constant::I32(value) => {
                self.emitter.builder.ins().iconst(cranelift_codegen::ir::types::I32, i64::from(value as u32))
            }
            Constant::I64(value) => self.emitter.builder.ins().iconst(POINTER, value),
            Constant::F32(bits) => {
                self.emitter.builder.ins().f32const(cranelift_codegen::ir::immediates::Ieee32::with_bits(bits))
            }
            Constant::F64(bits) => {
                self.emitter.builder.ins().f64const(cranelift_codegen::ir::immediates::Ieee64::with_bits(bits))
            }
            Constant::V128(bytes) => self.vector_constant(bytes),
            Constant::Null => self.emitter.pointer(0),
            Constant::Function(function) => self.emitter.function_reference(function),
        }
    }
}
