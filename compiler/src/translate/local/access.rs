//! Reads and writes locals.

use cranelift_codegen::ir::{InstBuilder, StackSlotData, StackSlotKind, Value, types};

use super::locals::Locals;
use crate::clif::{POINTER, Region, register_type, zero};
use crate::symbol::RuntimeFunction;
use crate::translate::translator::Translator;
use crate::types::ValueType;

impl Translator<'_, '_> {
    /// Makes the locals. The first are the parameters, the others start as zero.
    pub fn begin_locals(&mut self, types: &[ValueType], parameters: &[Value], in_frame: bool) {
        if !in_frame {
            let builder = &mut self.emitter.builder;
            let mut variables = Vec::with_capacity(types.len());
            for (index, ty) in types.iter().enumerate() {
                let variable = builder.declare_var(register_type(*ty));
                let value = match parameters.get(index) {
                    Some(parameter) => *parameter,
                    None => zero(builder, register_type(*ty)),
                };
                builder.def_var(variable, value);
                variables.push(variable);
            }
            self.locals = Locals::Variables(variables);
            return;
        }
        let mut bytes = 0u32;
        let mut places = Vec::with_capacity(types.len());
        for ty in types {
            bytes = bytes.next_multiple_of(ty.bytes());
            places.push((register_type(*ty), bytes as i32));
            bytes += ty.bytes();
        }
        let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 4);
        let slot = self.emitter.builder.create_sized_stack_slot(slot);
        let address = self.emitter.builder.ins().stack_addr(POINTER, slot, 0);
        let zero = self.emitter.builder.ins().iconst(types::I32, 0);
        let count = self.emitter.pointer(u64::from(bytes));
        self.emitter.leaf_call(RuntimeFunction::MemoryFill, &[address, zero, count]);
        self.locals = Locals::Frame(slot, places);
        for (index, parameter) in parameters.iter().enumerate() {
            self.local_set(index as u32, *parameter);
        }
    }

    /// The value of a local.
    pub fn local_get(&mut self, index: u32) -> Value {
        match &self.locals {
            Locals::Variables(variables) => self.emitter.builder.use_var(variables[index as usize]),
            Locals::Frame(slot, places) => {
                let (slot, (ty, place)) = (*slot, places[index as usize]);
                let address = self.emitter.builder.ins().stack_addr(POINTER, slot, place);
                let flags = self.emitter.flags(Region::Locals);
                self.emitter.builder.ins().load(ty, flags, address, 0)
            }
        }
    }

    /// Sets a local.
    pub fn local_set(&mut self, index: u32, value: Value) {
        match &self.locals {
            Locals::Variables(variables) => self.emitter.builder.def_var(variables[index as usize], value),
            Locals::Frame(slot, places) => {
                let (slot, (_, place)) = (*slot, places[index as usize]);
                let address = self.emitter.builder.ins().stack_addr(POINTER, slot, place);
                let flags = self.emitter.flags(Region::Locals);
                self.emitter.builder.ins().store(flags, value, address, 0);
            }
        }
    }
}
