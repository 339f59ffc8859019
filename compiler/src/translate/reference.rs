//! References, and single entries of tables.

use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, types};
use wasmparser::Operator;

use super::translator::Translator;
use crate::clif::{POINTER, Region, trap_code};
use crate::symbol::{RuntimeFunction, Symbol};
use crate::types::ValueType;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub(super) fn reference(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::RefNull { .. } => {
                let null = self.emitter.pointer(0);
                self.push(null);
            }
            Operator::RefFunc { function_index } => {
                let function = self.instance.functions[*function_index as usize];
                let reference = self.emitter.function_reference(function);
                self.push(reference);
            }
            Operator::RefIsNull => {
                let reference = self.pop();
                let null = self.emitter.pointer(0);
                let is_null = self.emitter.compare(IntCC::Equal, reference, null);
                let is_null = self.emitter.builder.ins().uextend(types::I32, is_null);
                self.push(is_null);
            }
            Operator::RefAsNonNull => {
                let reference = *self.operands.last().expect("validation found an operand");
                self.emitter.builder.ins().trapz(reference, trap_code(Trap::NullReference));
            }
            Operator::TableGet { table } => {
                let table = self.instance.tables[*table as usize];
                let index = self.pop();
                let address = self.emitter.entry_address(table, index, Trap::TableOutOfBounds);
                let flags = self.emitter.flags(Region::Table(table.0));
                let entry = self.emitter.builder.ins().load(POINTER, flags, address, 0);
                self.push(entry);
            }
            Operator::TableSet { table } => {
                let table = self.instance.tables[*table as usize];
                let entry = self.pop();
                let index = self.pop();
                let address = self.emitter.entry_address(table, index, Trap::TableOutOfBounds);
                let flags = self.emitter.flags(Region::Table(table.0));
                self.emitter.builder.ins().store(flags, entry, address, 0);
            }
            Operator::TableSize { table } => {
                let table = self.instance.tables[*table as usize];
                let entries = self.emitter.table_size(table);
                let entries = self.in_index_type(entries, self.emitter.program.tables[table.index()].index64);
                self.push(entries);
            }
            Operator::TableGrow { table } => {
                let id = self.instance.tables[*table as usize];
                let table = self.emitter.address(Symbol::Table(id));
                let arguments = self.pop_many(2);
                let former = self.emitter.host_call(RuntimeFunction::TableGrow, table, &arguments, &[ValueType::I64]);
                let former = self.in_index_type(former[0], self.emitter.program.tables[id.index()].index64);
                self.push(former);
            }
            _ => return false,
        }
        true
    }
}
