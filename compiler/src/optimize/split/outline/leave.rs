//! Ways out of a part: what is handed over to the next one, and how it is called.

use std::collections::HashMap;

use cranelift_codegen::ir::immediates::Offset32;
use cranelift_codegen::ir::{
    AbiParam, Block, ExternalName, GlobalValueData, InstBuilder, MemFlagsData, Signature, Value, types,
};
use cranelift_codegen::isa::CallConv;

use super::signature::{import, register_count, signature};
use super::{Bound, Outline};
use crate::clif::POINTER;
use crate::optimize::split::place::Home;
use crate::symbol::Symbol;

impl Outline<'_, '_> {
    /// Goes on in another part.
    pub(super) fn leave(&mut self, target: Block, arguments: &[Value]) {
        let parameters = self.original().dfg.block_params(target);
        let argument_of: HashMap<Value, Value> = parameters.iter().copied().zip(arguments.iter().copied()).collect();
        let values: &[Value] = self.cut.homes.entered_with(target);
        let flows: Vec<(Value, Value)> =
            values.iter().map(|value| (*value, argument_of.get(value).copied().unwrap_or(*value))).collect();
        let arguments = self.hand_over(&flows);
        let number = self.cut.parts.numbers[&target];
        let signature = self.builder.import_signature(signature(self.cut, number));
        let function = import(&mut self.builder, Symbol::Part(number as u32), signature);
        self.builder.ins().return_call(function, &arguments);
    }

    /// Brings values to the homes of those that they become (the first of each pair). Returns the arguments of the call.
    fn hand_over(&mut self, flows: &[(Value, Value)]) -> Vec<Value> {
        let homes = &self.cut.homes;
        let count = register_count(self.cut, &flows.iter().map(|(to, _)| *to).collect::<Vec<_>>());
        let mut registers = vec![None; count];
        let mut stores = Vec::new();
        for (to, from) in flows {
            match homes.of(*to) {
                Home::Register(register) => {
                    let value = self.use_of(*from);
                    registers[register] = Some(if self.cut.convention.extends { self.wide(value) } else { value });
                }
                Home::Frame(offset) if self.is_at_home(*from, offset) => {}
                Home::Frame(offset) => stores.push((offset, self.use_of(*from))),
            }
        }
        // All of them have been loaded by now.
        for (offset, value) in stores {
            self.builder.ins().store(self.flags, value, self.frame, offset as i32);
        }
        let mut arguments = vec![self.frame];
        for register in registers {
            arguments.push(register.unwrap_or_else(|| self.builder.ins().iconst(types::I64, 0)));
        }
        arguments
    }

    /// Whether a value is in this place of the frame while the part runs.
    fn is_at_home(&self, value: Value, offset: u32) -> bool {
        let Bound::To(value) = self.bound(value) else { return false };
        self.at_home.contains(&value) && self.cut.homes.of(value) == Home::Frame(offset)
    }

    /// Goes on in the part that the table of the dispatch leads to.
    pub(super) fn dispatch(&mut self) {
        let mut index = self.use_of(self.cut.entries.index);
        if !self.cut.entries.complete {
            let last = self.builder.ins().iconst(types::I32, self.cut.entries.targets.len() as i64 - 1);
            index = self.builder.ins().umin(index, last);
        }
        let flows: Vec<(Value, Value)> = self.cut.homes.dispatched.iter().map(|value| (*value, *value)).collect();
        let arguments = self.hand_over(&flows);
        let name = self.builder.func.declare_imported_user_function(Symbol::PartTable.to_name());
        let table = self.builder.create_global_value(GlobalValueData::Symbol {
            name: ExternalName::user(name),
            offset: 0.into(),
            colocated: true,
            tls: false,
        });
        let table = self.builder.ins().symbol_value(POINTER, table);
        let index = self.wide(index);
        let shift = self.builder.ins().iconst(types::I32, 2);
        let offset = self.builder.ins().ishl(index, shift);
        let entry = self.builder.ins().iadd(table, offset);
        let flags = MemFlagsData::trusted().with_readonly().with_can_move();
        let distance = self.builder.ins().sload32(flags, entry, Offset32::new(0));
        let code = self.builder.ins().iadd(table, distance);
        let mut signature = Signature::new(CallConv::Tail);
        signature.returns = self.original().signature.returns.clone();
        let types = arguments.iter().map(|argument| self.builder.func.dfg.value_type(*argument));
        signature.params.extend(types.map(AbiParam::new));
        let signature = self.builder.import_signature(signature);
        self.builder.ins().return_call_indirect(signature, code, &arguments);
    }
}
