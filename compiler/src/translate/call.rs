//! Direct and indirect calls.

use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, types};
use wasmparser::Operator;

use super::Translator;
use super::emitter::{POINTER, Region, trap_code};
use crate::analysis::{SignatureId, TableId};
use crate::error::Result;
use crate::symbol::Symbol;

/// Where the two halves of a function reference are: [`adder_abi::program::function_reference`].
const CODE_OFFSET_FIELD: i32 = 0;
const TYPE_NUMBER_FIELD: i32 = 4;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub(super) fn calls(&mut self, operator: &Operator<'_>) -> Result<bool> {
        match operator {
            Operator::Call { function_index } => {
                let function = self.instance.functions[*function_index as usize];
                let signature = self.emitter.program.functions[function.index()].signature;
                let parameters = self.emitter.program.signatures.get(signature).parameters.len();
                let arguments = self.pop_many(parameters);
                let handlers = self.handlers()?;
                let results = self.emitter.call(function, &arguments, &handlers);
                self.operands.extend(results);
            }
            Operator::CallIndirect { type_index, table_index } => {
                let signature = self.instance.signatures[*type_index as usize];
                self.call_indirect(self.instance.tables[*table_index as usize], signature)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn call_indirect(&mut self, table: TableId, signature: SignatureId) -> Result<()> {
        let index = self.pop();
        let parameters = self.emitter.program.signatures.get(signature).parameters.len();
        let arguments = self.pop_many(parameters);
        let entry = self.entry_address(table, index, Trap::UndefinedElement);
        let flags = self.emitter.flags(Region::Table(table.0));
        let type_number = self.emitter.builder.ins().load(types::I32, flags, entry, TYPE_NUMBER_FIELD);
        let wanted = self.emitter.builder.ins().iconst(types::I32, i64::from(signature.type_number()));

        let fits = self.emitter.builder.create_block();
        let differs = self.emitter.builder.create_block();
        self.emitter.builder.set_cold_block(differs);
        let same = self.emitter.compare(IntCC::Equal, type_number, wanted);
        self.emitter.builder.ins().brif(same, fits, &[], differs, &[]);
        self.emitter.builder.seal_block(fits);
        self.emitter.builder.seal_block(differs);
        self.emitter.builder.switch_to_block(differs);
        self.emitter.builder.ins().trapz(type_number, trap_code(Trap::UninitializedElement));
        self.emitter.builder.ins().trap(trap_code(Trap::IndirectCallTypeMismatch));

        self.emitter.builder.switch_to_block(fits);
        let offset = self.emitter.builder.ins().load(types::I32, flags, entry, CODE_OFFSET_FIELD);
        let offset = self.emitter.builder.ins().uextend(POINTER, offset);
        let code = self.emitter.address(Symbol::Code);
        let function = self.emitter.builder.ins().iadd(code, offset);
        let handlers = self.handlers()?;
        let results = self.emitter.call_address(signature, function, &arguments, &handlers);
        self.operands.extend(results);
        Ok(())
    }
}
