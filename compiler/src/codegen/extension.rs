//! Glue for the extended table: what calls of its further entries go to, and calls by the runtime.

use std::mem::offset_of;

use adder_abi::program::{FURTHER_ENTRY_WORDS, Table};
use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use cranelift_frontend::FunctionBuilder;

use super::glue::{Glue, begin};
use crate::clif::{Emitter, POINTER, Region, entry_signature, guest_signature, returns_by_pointer, trap_code};
use crate::id::SignatureId;
use crate::plan::Extension;
use crate::symbol::{RuntimeFunction, Symbol};
use crate::types::ValueType;

impl Glue<'_, '_> {
    /// What a call of this type goes to if its index is that of a further entry, which was noted.
    pub fn further_callee(self, signature: SignatureId) {
        let program = self.program;
        let extension = program.extension.as_ref().expect("a table is extended");
        let ty = program.signatures.get(signature);
        self.function.signature = guest_signature(ty);
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), program);
        let parameters = begin(&mut emitter);
        let called = emitter.address(Symbol::Global(extension.called));
        let flags = emitter.flags(Region::Global(extension.called.0));
        let index = emitter.builder.ins().load(types::I32, flags, called, 0);
        let entry = emitter.further_entry(extension, index);
        let flags = emitter.flags(Region::Table(extension.further.0));
        let type_number = emitter.entry_type(flags, entry);

        let (fits, differs) = (emitter.builder.create_block(), emitter.builder.create_block());
        let (function, closure) = (emitter.builder.create_block(), emitter.builder.create_block());
        emitter.builder.set_cold_block(differs);
        let wanted = emitter.builder.ins().iconst(types::I32, i64::from(signature.type_number()));
        let same = emitter.compare(IntCC::Equal, type_number, wanted);
        emitter.builder.ins().brif(same, fits, &[], differs, &[]);
        emitter.builder.switch_to_block(differs);
        emitter.builder.ins().trapz(type_number, trap_code(Trap::UninitializedElement));
        emitter.builder.ins().trap(trap_code(Trap::IndirectCallTypeMismatch));

        emitter.builder.switch_to_block(fits);
        let offset = emitter.entry_offset(flags, entry);
        emitter.builder.ins().brif(offset, function, &[], closure, &[]);
        emitter.builder.switch_to_block(function);
        let (pointer, arguments) = match returns_by_pointer(ty) {
            true => (Some(parameters[0]), &parameters[1..]),
            false => (None, &parameters[..]),
        };
        let code = emitter.code_address(offset);
        emitter.return_call_address(signature, code, pointer, arguments);

        emitter.builder.switch_to_block(closure);
        let context = emitter.address(Symbol::ExtendedTable);
        let given: Vec<Value> = [index].iter().chain(arguments).copied().collect();
        let results = emitter.host_call(RuntimeFunction::CallClosure, context, &given, &ty.results);
        emitter.return_values(ty, pointer, &results);
        emitter.builder.seal_all_blocks();
        emitter.builder.finalize(self.frontend);
    }

    /// A function by which the runtime calls a function of a type: its slots have the code offset before the parameters.
    pub fn typed_call(self, signature: SignatureId) {
        self.function.signature = entry_signature();
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), self.program);
        let slots = begin(&mut emitter)[0];
        let parameters = &self.program.signatures.get(signature).parameters;
        let taken: Vec<ValueType> = [ValueType::I32].iter().chain(parameters).copied().collect();
        let arguments = emitter.load_slots(slots, &taken);
        let code = emitter.code_address(arguments[0]);
        let results = emitter.call_address(signature, code, &arguments[1..], &[]);
        emitter.store_slots(slots, &results);
        emitter.builder.ins().return_(&[]);
        emitter.builder.finalize(self.frontend);
    }
}

impl Emitter<'_, '_> {
    /// The address of the further entry with an index, which has to exist.
    pub fn further_entry(&mut self, extension: &Extension, index: Value) -> Value {
        let index = self.index(index).value();
        let own = self.table_size(extension.table);
        let number = self.builder.ins().isub(index, own);
        let words = self.pointer(FURTHER_ENTRY_WORDS);
        let word = self.builder.ins().imul(number, words);
        let size = self.table_size(extension.further);
        let outside = self.compare(IntCC::UnsignedGreaterThanOrEqual, word, size);
        self.trap_if(outside, Trap::UndefinedElement);
        let descriptor = self.address(Symbol::Table(extension.further));
        let flags = MemFlagsData::trusted().with_readonly().with_can_move();
        let base = self.builder.ins().load(POINTER, flags, descriptor, offset_of!(Table, base) as i32);
        let bytes = self.pointer(size_of::<u64>() as u64);
        let offset = self.builder.ins().imul(word, bytes);
        self.builder.ins().iadd(base, offset)
    }
}
