//! Functions of system interfaces that generated code does itself, in the place of the runtime.

use adder_abi::host::Generated;
use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use cranelift_frontend::FunctionBuilder;

use super::glue::{Glue, begin};
use crate::clif::{Emitter, Region, guest_signature, register_type, trap_code};
use crate::id::{FunctionId, SignatureId};
use crate::plan::IndirectCall;
use crate::symbol::{RuntimeFunction, Symbol};
use crate::types::{FunctionType, ValueType};

impl Glue<'_, '_> {
    /// A function that guests call like any other.
    pub fn generated(self, id: FunctionId, generated: Generated) {
        let program = self.program;
        let described = &program.functions[id.index()];
        let ty = program.signatures.get(described.signature);
        self.function.signature = guest_signature(ty);
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), program);
        let parameters = begin(&mut emitter);
        match generated {
            Generated::Zero => return_zeros(&mut emitter, ty),
            Generated::Pause => {
                emitter.deliver_signals(None);
                return_zeros(&mut emitter, ty);
            }
            Generated::MemoryCopy => {
                match program.instance(described.instance).interface_memory() {
                    Some(memory) => {
                        let count = emitter.index(parameters[2]);
                        let source = emitter.checked_range(memory, parameters[1], count);
                        let destination = emitter.checked_range(memory, parameters[0], count);
                        emitter.leaf_call(RuntimeFunction::MemoryMove, &[destination, source, count.value()]);
                    }
                    None => {
                        let always = emitter.builder.ins().iconst(types::I32, 1);
                        emitter.trap_if(always, Trap::MemoryOutOfBounds);
                    }
                }
                return_zeros(&mut emitter, ty);
            }
            Generated::CallWithSurplus => {
                let calls: Vec<IndirectCall> = program.indirect_calls.of_import(id).collect();
                call_with_surplus(&mut emitter, &calls, &parameters);
            }
        }
        emitter.builder.seal_all_blocks();
        emitter.builder.finalize(self.frontend);
    }
}

fn return_zeros(emitter: &mut Emitter<'_, '_>, ty: &FunctionType) {
    let zeros: Vec<Value> = ty.results.iter().map(|result| zero(emitter, *result)).collect();
    emitter.builder.ins().return_(&zeros);
}

fn zero(emitter: &mut Emitter<'_, '_>, ty: ValueType) -> Value {
    match ty {
        ValueType::F32 => emitter.builder.ins().f32const(0.0),
        ValueType::F64 => emitter.builder.ins().f64const(0.0),
        ValueType::V128 => unreachable!("no function of an interface has vectors"),
        ty => emitter.builder.ins().iconst(register_type(ty), 0),
    }
}

/// Calls the entry of a table with the index of the first parameter, as the first of these types that it has, with as many of
/// the other parameters as that takes.
fn call_with_surplus(emitter: &mut Emitter<'_, '_>, calls: &[IndirectCall], parameters: &[Value]) {
    let Some(IndirectCall { table, .. }) = calls.first() else {
        emitter.builder.ins().trap(trap_code(Trap::UndefinedElement));
        return;
    };
    let program = emitter.program;
    let entry = if let Some(extension) = program.extension_of(*table) {
        let (own, beyond) = (emitter.builder.create_block(), emitter.builder.create_block());
        emitter.builder.set_cold_block(beyond);
        let is_further = emitter.is_further(*table, parameters[0]);
        emitter.builder.ins().brif(is_further, beyond, &[], own, &[]);
        emitter.builder.switch_to_block(beyond);
        emitter.note_called(extension, parameters[0]);
        let entry = emitter.further_entry(extension, parameters[0]);
        let flags = emitter.flags(Region::Table(extension.further.0));
        let type_number = emitter.entry_type(flags, entry);
        call_first_that_fits(emitter, calls, parameters, type_number, |emitter, signature| {
            emitter.address(Symbol::FurtherCallee(signature))
        });
        emitter.builder.switch_to_block(own);
        let index = emitter.index(parameters[0]);
        emitter.existing_entry_address(*table, index)
    } else {
        emitter.entry_address(*table, parameters[0], Trap::UndefinedElement)
    };
    let flags = emitter.flags(Region::Table(table.0));
    let type_number = emitter.entry_type(flags, entry);
    let code = emitter.entry_code(flags, entry);
    call_first_that_fits(emitter, calls, parameters, type_number, |_, _| code);
}

/// Calls what `code` returns for the first of these types that has this number.
fn call_first_that_fits(
    emitter: &mut Emitter<'_, '_>,
    calls: &[IndirectCall],
    parameters: &[Value],
    type_number: Value,
    code: impl Fn(&mut Emitter<'_, '_>, SignatureId) -> Value,
) {
    for call in calls {
        let (fits, differs) = (emitter.builder.create_block(), emitter.builder.create_block());
        let wanted = emitter.builder.ins().iconst(types::I32, i64::from(call.signature.type_number()));
        let same = emitter.compare(IntCC::Equal, type_number, wanted);
        emitter.builder.ins().brif(same, fits, &[], differs, &[]);
        emitter.builder.switch_to_block(fits);
        let count = emitter.program.signatures.get(call.signature).parameters.len();
        let code = code(emitter, call.signature);
        let results = emitter.call_address(call.signature, code, &parameters[1..=count], &[]);
        emitter.builder.ins().return_(&results);
        emitter.builder.switch_to_block(differs);
    }
    emitter.builder.ins().trapz(type_number, trap_code(Trap::UninitializedElement));
    emitter.builder.ins().trap(trap_code(Trap::IndirectCallTypeMismatch));
}
