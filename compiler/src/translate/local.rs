//! Locals. Normally each is a variable of the intermediate code's builder, which makes values of it.
//!
//! The builder gives the header of a loop a parameter for every variable and later removes those that are not needed, in
//! time that grows with the square of their number. A function with so many locals and loops that this would take
//! seconds (49,000 locals take 5 s for each loop) keeps them in its frame instead.

use cranelift_codegen::ir::{InstBuilder, StackSlot, StackSlotData, StackSlotKind, Type, Value, types};
use cranelift_frontend::Variable;
use wasmparser::{FunctionBody, Operator};

use super::emitter::{POINTER, Region, register_type};
use super::{Translator, zero};
use crate::symbol::RuntimeFunction;
use crate::types::ValueType;

/// Locals times locals times loops beyond which locals are kept in the frame.
const VARIABLES_COST_MAX: u64 = 1_000_000_000;

/// Where the locals of a function are.
pub enum Locals {
    /// Variables, by index.
    Variables(Vec<Variable>),
    /// In the frame; by index their types and where in the slot they are.
    Frame(StackSlot, Vec<(Type, i32)>),
}

/// Whether the locals of a function are kept in its frame. Reads the operators if there are many locals.
pub fn are_kept_in_frame(locals: usize, body: &FunctionBody<'_>) -> bool {
    let square = (locals as u64).saturating_mul(locals as u64);
    if square.saturating_mul(body.as_bytes().len() as u64) <= VARIABLES_COST_MAX {
        return false;
    }
    let Ok(mut reader) = body.get_operators_reader() else { return false };
    let mut loops = 0;
    while !reader.eof() {
        match reader.read() {
            Ok(Operator::Loop { .. }) => loops += 1,
            Ok(_) => {}
            // The translation will report it.
            Err(_) => break,
        }
    }
    square.saturating_mul(loops) > VARIABLES_COST_MAX
}

impl Translator<'_, '_> {
    /// Makes the locals. The first are the parameters, the others start as zero.
    pub(super) fn begin_locals(&mut self, kinds: &[ValueType], parameters: &[Value], in_frame: bool) {
        if !in_frame {
            let builder = &mut self.emitter.builder;
            let mut variables = Vec::with_capacity(kinds.len());
            for (index, kind) in kinds.iter().enumerate() {
                let variable = builder.declare_var(register_type(*kind));
                let value = match parameters.get(index) {
                    Some(parameter) => *parameter,
                    None => zero(builder, register_type(*kind)),
                };
                builder.def_var(variable, value);
                variables.push(variable);
            }
            self.locals = Locals::Variables(variables);
            return;
        }
        let mut bytes = 0u32;
        let mut places = Vec::with_capacity(kinds.len());
        for kind in kinds {
            bytes = bytes.next_multiple_of(kind.bytes());
            places.push((register_type(*kind), bytes as i32));
            bytes += kind.bytes();
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
    pub(super) fn local_get(&mut self, index: u32) -> Value {
        match &self.locals {
            Locals::Variables(variables) => self.emitter.builder.use_var(variables[index as usize]),
            Locals::Frame(slot, places) => {
                let (slot, (kind, place)) = (*slot, places[index as usize]);
                let address = self.emitter.builder.ins().stack_addr(POINTER, slot, place);
                let flags = self.emitter.flags(Region::Locals);
                self.emitter.builder.ins().load(kind, flags, address, 0)
            }
        }
    }

    /// Sets a local.
    pub(super) fn local_set(&mut self, index: u32, value: Value) {
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
