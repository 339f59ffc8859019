//! Direct calls, calls through tables and references, and calls in place of a return.

use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use wasmparser::Operator;

use super::translator::Translator;
use crate::clif::{Emitter, POINTER, Region, trap_code};
use crate::error::Result;
use crate::id::{CallTableId, SignatureId, TableId};
use crate::plan::{CALL_TABLE_ENTRY_BYTES, Extension};
use crate::symbol::Symbol;
use crate::translate::memory::Index;

/// Where the two halves of a function reference are: [`adder_abi::program::function_reference`].
const CODE_OFFSET_FIELD: i32 = 0;
const TYPE_NUMBER_FIELD: i32 = 4;

/// Whether a call comes back, or gives up this function's frame first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Returning {
    Here,
    ToCaller,
}

impl Emitter<'_, '_> {
    /// The code of a table's entry, which has to exist and to be a function of this type.
    pub fn checked_entry(&mut self, table: TableId, index: Value, signature: SignatureId) -> Value {
        self.callee(table, index, signature, |emitter, index| emitter.checked_own_entry(table, index, signature))
    }

    /// The code of a table's entry, which has to exist. `own` finds it if the index is not that of a further entry. Of a further
    /// one the index is noted, and whoever is called looks for the entry: there is no call on this way, so no register has to be
    /// saved on it.
    fn callee(
        &mut self,
        table: TableId,
        index: Value,
        signature: SignatureId,
        own: impl FnOnce(&mut Self, Index) -> Value,
    ) -> Value {
        let program = self.program;
        let Some(extension) = program.extension_of(table) else {
            let index = self.entry_index(table, index, Trap::UndefinedElement);
            return own(self, index);
        };
        let inside = self.builder.create_block();
        let beyond = self.builder.create_block();
        let next = self.builder.create_block();
        self.builder.append_block_param(next, POINTER);
        self.builder.set_cold_block(beyond);
        let is_further = self.is_further(table, index);
        self.builder.ins().brif(is_further, beyond, &[], inside, &[]);
        self.builder.seal_block(inside);
        self.builder.seal_block(beyond);

        self.builder.switch_to_block(beyond);
        self.note_called(extension, index);
        let code = self.address(Symbol::FurtherCallee(signature));
        self.builder.ins().jump(next, &[code.into()]);

        self.builder.switch_to_block(inside);
        let index = self.index(index);
        let code = own(self, index);
        self.builder.ins().jump(next, &[code.into()]);
        self.builder.seal_block(next);
        self.builder.switch_to_block(next);
        self.builder.block_params(next)[0]
    }

    /// Whether an index is beyond the own entries of a table.
    pub fn is_further(&mut self, table: TableId, index: Value) -> Value {
        let index = self.index(index);
        let size = self.table_size(table);
        self.compare(IntCC::UnsignedGreaterThanOrEqual, index.value(), size)
    }

    /// Notes the index of the further entry that is called next.
    pub fn note_called(&mut self, extension: &Extension, index: Value) {
        let called = self.address(Symbol::Global(extension.called));
        let flags = self.flags(Region::Global(extension.called.0));
        self.builder.ins().store(flags, index, called, 0);
    }

    fn checked_own_entry(&mut self, table: TableId, index: Index, signature: SignatureId) -> Value {
        let entry = self.existing_entry_address(table, index);
        let flags = self.flags(Region::Table(table.0));
        let type_number = self.entry_type(flags, entry);
        let wanted = self.builder.ins().iconst(types::I32, i64::from(signature.type_number()));

        let fits = self.builder.create_block();
        let differs = self.builder.create_block();
        self.builder.set_cold_block(differs);
        let same = self.compare(IntCC::Equal, type_number, wanted);
        self.builder.ins().brif(same, fits, &[], differs, &[]);
        self.builder.seal_block(fits);
        self.builder.seal_block(differs);
        self.builder.switch_to_block(differs);
        self.builder.ins().trapz(type_number, trap_code(Trap::UninitializedElement));
        self.builder.ins().trap(trap_code(Trap::IndirectCallTypeMismatch));

        self.builder.switch_to_block(fits);
        self.entry_code(flags, entry)
    }

    /// The code that a call table leads to, whose entry exists.
    fn table_callee(&mut self, table: TableId, call_table: CallTableId, index: Index) -> Value {
        let start = self.address(Symbol::CallTable(call_table));
        let entry = self.scaled(start, index, CALL_TABLE_ENTRY_BYTES);
        let flags = self.flags(Region::Table(table.0)).with_readonly();
        let distance = self.builder.ins().sload32(flags, entry, 0);
        self.builder.ins().iadd(start, distance)
    }

    /// The number of the type of the function that an entry of a table is; 0 if it is null.
    pub fn entry_type(&mut self, flags: MemFlagsData, entry: Value) -> Value {
        self.builder.ins().load(types::I32, flags, entry, TYPE_NUMBER_FIELD)
    }

    /// The code of the function that an entry of a table is.
    pub fn entry_code(&mut self, flags: MemFlagsData, entry: Value) -> Value {
        let offset = self.entry_offset(flags, entry);
        self.code_address(offset)
    }

    /// The code offset of the function that an entry of a table is.
    pub fn entry_offset(&mut self, flags: MemFlagsData, entry: Value) -> Value {
        self.builder.ins().load(types::I32, flags, entry, CODE_OFFSET_FIELD)
    }

    /// The address of a function by its offset in the code.
    pub fn code_address(&mut self, offset: Value) -> Value {
        let offset = self.builder.ins().uextend(POINTER, offset);
        let code = self.address(Symbol::Code);
        self.builder.ins().iadd(code, offset)
    }
}

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub(super) fn calls(&mut self, operator: &Operator<'_>) -> Result<bool> {
        match operator {
            Operator::Call { function_index } => self.call(*function_index, Returning::Here)?,
            Operator::ReturnCall { function_index } => self.call(*function_index, Returning::ToCaller)?,
            Operator::CallIndirect { type_index, table_index } => {
                self.call_indirect(*type_index, *table_index, Returning::Here)?;
            }
            Operator::ReturnCallIndirect { type_index, table_index } => {
                self.call_indirect(*type_index, *table_index, Returning::ToCaller)?;
            }
            Operator::CallRef { type_index } => self.call_reference(*type_index, Returning::Here)?,
            Operator::ReturnCallRef { type_index } => self.call_reference(*type_index, Returning::ToCaller)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn call(&mut self, function_index: u32, returning: Returning) -> Result<()> {
        let function = self.instance.functions[function_index as usize];
        let arguments = self.pop_arguments(self.emitter.program.functions[function.index()].signature);
        match returning {
            Returning::Here => {
                let throws = self.emitter.program.throwing.function(function);
                let handlers = if throws { self.handlers()? } else { Vec::new() };
                let symbol = match self.points.reached {
                    Some(count) if handlers.is_empty() => self.callee(function, count),
                    _ => Symbol::Function(function),
                };
                let results = self.emitter.call(symbol, &arguments, &handlers);
                self.operands.extend(results);
            }
            Returning::ToCaller => {
                self.emitter.return_call(function, self.results, &arguments);
                self.reachable = false;
            }
        }
        Ok(())
    }

    fn call_indirect(&mut self, type_index: u32, table_index: u32, returning: Returning) -> Result<()> {
        let signature = self.instance.signatures[type_index as usize];
        let index = self.pop();
        let arguments = self.pop_arguments(signature);
        let table = self.instance.tables[table_index as usize];
        self.count_entry_of_table(table, index);
        let promoted = match returning {
            Returning::Here => self.promote(table, signature, index, &arguments),
            Returning::ToCaller => None,
        };
        let function = match self.emitter.program.call_tables.find(table, signature) {
            // A call in place of a return has to trap itself: its frame is gone when the callee begins.
            Some(call_table) if returning == Returning::Here => {
                let own = |emitter: &mut Emitter<'_, '_>, index| emitter.table_callee(table, call_table, index);
                self.emitter.callee(table, index, signature, own)
            }
            _ => self.emitter.checked_entry(table, index, signature),
        };
        self.call_code(signature, function, &arguments, returning)?;
        self.join_promoted(promoted, signature);
        Ok(())
    }

    fn call_reference(&mut self, type_index: u32, returning: Returning) -> Result<()> {
        let signature = self.instance.signatures[type_index as usize];
        let reference = self.pop();
        let arguments = self.pop_arguments(signature);
        self.count_reference(reference);
        self.emitter.builder.ins().trapz(reference, trap_code(Trap::NullFunctionReference));
        let offset = self.emitter.builder.ins().ireduce(types::I32, reference);
        let function = self.emitter.code_address(offset);
        self.call_code(signature, function, &arguments, returning)
    }

    fn pop_arguments(&mut self, signature: SignatureId) -> Vec<Value> {
        self.pop_many(self.emitter.program.signatures.get(signature).parameters.len())
    }

    fn call_code(
        &mut self,
        signature: SignatureId,
        function: Value,
        arguments: &[Value],
        returning: Returning,
    ) -> Result<()> {
        match returning {
            Returning::Here => {
                let throws = self.emitter.program.throwing.some_of_type(signature);
                let handlers = if throws { self.handlers()? } else { Vec::new() };
                let results = self.emitter.call_address(signature, function, arguments, &handlers);
                self.operands.extend(results);
            }
            Returning::ToCaller => {
                self.emitter.return_call_address(signature, function, self.results, arguments);
                self.reachable = false;
            }
        }
        Ok(())
    }
}
