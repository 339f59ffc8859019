//! Operators on ranges of memories and tables, and on segments.

use cranelift_codegen::ir::Value;
use wasmparser::Operator;

use crate::symbol::{RuntimeFunction, Symbol};
use crate::translate::translator::Translator;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub fn bulk(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::MemoryCopy { dst_mem, src_mem } => {
                let (to, from) = (self.instance.memories[*dst_mem as usize], self.instance.memories[*src_mem as usize]);
                let count = self.pop();
                let source = self.pop();
                let destination = self.pop();
                let count = self.emitter.index(count);
                let source = self.emitter.checked_range(from, source, count);
                let destination = self.emitter.checked_range(to, destination, count);
                self.emitter.leaf_call(RuntimeFunction::MemoryMove, &[destination, source, count.value()]);
            }
            Operator::MemoryFill { mem } => {
                let memory = self.instance.memories[*mem as usize];
                let count = self.pop();
                let value = self.pop();
                let destination = self.pop();
                let count = self.emitter.index(count);
                let destination = self.emitter.checked_range(memory, destination, count);
                self.emitter.leaf_call(RuntimeFunction::MemoryFill, &[destination, value, count.value()]);
            }
            Operator::MemoryInit { data_index, mem } => {
                let segment = self.emitter.address(Symbol::Data(self.instance.data[*data_index as usize]));
                let memory = self.emitter.address(Symbol::Memory(self.instance.memories[*mem as usize]));
                self.range_call(RuntimeFunction::MemoryInit, memory, Some(segment));
            }
            Operator::DataDrop { data_index } => {
                let segment = self.emitter.address(Symbol::Data(self.instance.data[*data_index as usize]));
                self.emitter.drop_segment(segment);
            }
            Operator::TableInit { elem_index, table } => {
                let segment = self.emitter.address(Symbol::Element(self.instance.elements[*elem_index as usize]));
                let table = self.emitter.address(Symbol::Table(self.instance.tables[*table as usize]));
                self.range_call(RuntimeFunction::TableInit, table, Some(segment));
            }
            Operator::ElemDrop { elem_index } => {
                let segment = self.emitter.address(Symbol::Element(self.instance.elements[*elem_index as usize]));
                self.emitter.drop_segment(segment);
            }
            Operator::TableCopy { dst_table, src_table } => {
                let from = self.emitter.address(Symbol::Table(self.instance.tables[*src_table as usize]));
                let to = self.emitter.address(Symbol::Table(self.instance.tables[*dst_table as usize]));
                self.range_call(RuntimeFunction::TableCopy, to, Some(from));
            }
            Operator::TableFill { table } => {
                let table = self.emitter.address(Symbol::Table(self.instance.tables[*table as usize]));
                self.range_call(RuntimeFunction::TableFill, table, None);
            }
            _ => return false,
        }
        true
    }

    /// Calls the runtime with the three operands of the operator, and one more.
    fn range_call(&mut self, function: RuntimeFunction, context: Value, further: Option<Value>) {
        let mut arguments = self.pop_many(3);
        arguments.extend(further);
        self.emitter.host_call(function, context, &arguments, &[]);
    }
}
