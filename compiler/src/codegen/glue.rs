//! Generated code around the guest's functions: wrappers of imports, wrappers for calls from outside, activations.

use adder_abi::host::{Context, Guests, wasi_preview1};
use adder_abi::plan::PAGE_BYTES;
use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Function, InstBuilder, Value};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

use super::emscripten::emscripten_main;
use crate::clif::{Emitter, POINTER, Region, entry_signature, guest_signature, returns_by_pointer, trap_code};
use crate::id::{FunctionId, IndirectCallId};
use crate::link::{Check, FunctionKind};
use crate::plan::{IndirectCall, LastCall, Program, StartPlan, Step};
use crate::symbol::{RuntimeFunction, Symbol};
use crate::types::{FunctionType, ValueType};

/// What glue is built with.
pub struct Glue<'a, 'b> {
    /// The program it belongs to.
    pub program: &'a Program<'a>,
    /// The function to fill.
    pub function: &'b mut Function,
    /// Reused from function to function.
    pub scratch: &'b mut FunctionBuilderContext,
    /// Of the target.
    pub frontend: TargetFrontendConfig,
}

impl Glue<'_, '_> {
    /// The first bytes of generated code, which nobody calls: no function has the code offset 0.
    pub fn code_start(self) {
        self.function.signature = entry_signature();
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), self.program);
        begin(&mut emitter);
        emitter.builder.ins().trap(trap_code(Trap::Unreachable));
        emitter.builder.finalize(self.frontend);
    }

    /// Code that call tables lead to instead of a function, and that traps. It has a frame, so that the trap is shown in
    /// the function that called it.
    pub fn trap(self, trap: Trap) {
        self.function.signature = guest_signature(&FunctionType::default());
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), self.program);
        begin(&mut emitter);
        emitter.builder.ins().trap(trap_code(trap));
        emitter.builder.finalize(self.frontend);
    }

    /// A function that guests call like any other, and that calls the runtime through the border.
    pub fn import(self, id: FunctionId) {
        if let Some(generated) = self.program.host_signature(id).and_then(|signature| signature.generated) {
            return self.generated(id, generated);
        }
        let described = &self.program.functions[id.index()];
        let ty = self.program.signatures.get(described.signature);
        self.function.signature = guest_signature(ty);
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), self.program);
        let mut parameters = begin(&mut emitter);
        let pointer = if returns_by_pointer(ty) { Some(parameters.remove(0)) } else { None };
        let (function, context) = match described.kind {
            FunctionKind::Host(function) => {
                let context = match self.program.interfaces.signature(function).context {
                    Context::Memory => self.program.instance(described.instance).interface_memory().map(Symbol::Memory),
                    Context::Function(wanted) => {
                        self.program.guest_function(described.instance, wanted).map(Symbol::Entry)
                    }
                    Context::Import => Some(Symbol::Import(id)),
                };
                let context = match context {
                    Some(symbol) => emitter.address(symbol),
                    None => emitter.pointer(0),
                };
                (RuntimeFunction::Host(function), context)
            }
            FunctionKind::Missing | FunctionKind::WithoutJavaScript => {
                (RuntimeFunction::MissingImport, emitter.address(Symbol::ImportName(id)))
            }
            FunctionKind::Defined(_) => unreachable!("a defined function is translated, not wrapped"),
        };
        // A call that a signal has ended may have to be made again.
        let again = self.program.signals.are_delivered().then(|| {
            let again = emitter.builder.create_block();
            emitter.builder.ins().jump(again, &[]);
            emitter.builder.switch_to_block(again);
            again
        });
        let results = emitter.host_call(function, context, &parameters, &ty.results);
        emitter.deliver_signals(again);
        emitter.return_values(ty, pointer, &results);
        emitter.builder.seal_all_blocks();
        emitter.builder.finalize(self.frontend);
    }

    /// A function by which the runtime calls a guest function.
    pub fn entry(self, id: FunctionId) {
        self.function.signature = entry_signature();
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), self.program);
        let values = begin(&mut emitter)[0];
        call_with_slots(&mut emitter, id, values);
        emitter.builder.ins().return_(&[]);
        emitter.builder.finalize(self.frontend);
    }

    /// A function by which the runtime calls an entry of a table: its slots have the index before the parameters.
    pub fn indirect_call(self, id: IndirectCallId) {
        self.function.signature = entry_signature();
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), self.program);
        let slots = begin(&mut emitter)[0];
        let IndirectCall { table, signature } = self.program.indirect_calls.get(id);
        let index = if self.program.tables[table.index()].index64 { ValueType::I64 } else { ValueType::I32 };
        let parameters = &self.program.signatures.get(signature).parameters;
        let taken: Vec<ValueType> = [index].iter().chain(parameters).copied().collect();
        let arguments = emitter.load_slots(slots, &taken);
        let code = emitter.checked_entry(table, arguments[0], signature);
        let results = emitter.call_address(signature, code, &arguments[1..], &[]);
        emitter.store_slots(slots, &results);
        emitter.builder.ins().return_(&[]);
        emitter.builder.finalize(self.frontend);
    }

    /// What the runtime calls before the start: functions without parameters and results.
    pub fn initialization(self, functions: &[FunctionId]) {
        self.function.signature = entry_signature();
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), self.program);
        begin(&mut emitter);
        for id in functions {
            emitter.call(Symbol::Function(*id), &[], &[]);
        }
        emitter.builder.ins().return_(&[]);
        emitter.builder.finalize(self.frontend);
    }

    /// What the runtime calls when all instances are active: the functions in order, the last with its parameters. Its
    /// result may be the status that the process ends with.
    pub fn start(self, plan: &StartPlan) {
        self.function.signature = entry_signature();
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), self.program);
        let values = begin(&mut emitter)[0];
        let (last, before) = plan.calls.split_last().expect("a program that is started calls something");
        for id in before {
            // The slots are those of the last function: whatever is called before it must not need any.
            emitter.call(Symbol::Function(*id), &[], &[]);
        }
        match plan.last {
            LastCall::Passed => call_with_slots(&mut emitter, *last, values),
            LastCall::Status => {
                let status = emitter.call(Symbol::Function(*last), &[], &[]);
                // As wasi-libc's `_start` does with what `main` returns.
                let exit = self.program.interfaces.named(Guests::All, wasi_preview1::MODULE, "proc_exit").next();
                let exit = exit.expect("WASI has an exit");
                let context = emitter.pointer(0);
                emitter.host_call(RuntimeFunction::Host(exit), context, &status, &[]);
            }
            LastCall::EmscriptenMain => emscripten_main(&mut emitter, *last),
        }
        emitter.builder.ins().return_(&[]);
        emitter.builder.finalize(self.frontend);
    }

    /// What is left to do when an instance is activated.
    pub fn activation(self, steps: &[Step]) {
        self.function.signature = entry_signature();
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), self.program);
        begin(&mut emitter);
        for step in steps {
            activation_step(&mut emitter, *step);
        }
        emitter.builder.ins().return_(&[]);
        emitter.builder.finalize(self.frontend);
    }
}

/// Begins a function of glue; returns its parameters.
pub fn begin(emitter: &mut Emitter<'_, '_>) -> Vec<Value> {
    let builder = &mut emitter.builder;
    let entry = builder.create_block();
    builder.append_block_params_for_function_params(entry);
    builder.switch_to_block(entry);
    builder.seal_block(entry);
    builder.block_params(entry).to_vec()
}

fn call_with_slots(emitter: &mut Emitter<'_, '_>, id: FunctionId, slots: Value) {
    let ty = emitter.program.signatures.get(emitter.program.functions[id.index()].signature);
    let arguments = emitter.load_slots(slots, &ty.parameters);
    let results = emitter.call(Symbol::Function(id), &arguments, &[]);
    emitter.store_slots(slots, &results);
}

fn activation_step(emitter: &mut Emitter<'_, '_>, step: Step) {
    use std::mem::offset_of;

    use adder_abi::program::{Memory, Table};

    match step {
        Step::Check(Check::Memory(memory, pages)) => {
            let descriptor = emitter.address(Symbol::Memory(memory));
            check_at_least(emitter, descriptor, offset_of!(Memory, size_bytes) as i32, pages * PAGE_BYTES);
        }
        Step::Check(Check::Table(table, entries)) => {
            let descriptor = emitter.address(Symbol::Table(table));
            check_at_least(emitter, descriptor, offset_of!(Table, size_entries) as i32, entries);
        }
        Step::ApplyElement(element, table, offset) => {
            let count = emitter.program.elements[element.index()].entries.len() as u64;
            let context = emitter.address(Symbol::Table(table));
            let segment = emitter.address(Symbol::Element(element));
            apply(emitter, RuntimeFunction::TableInit, context, segment, offset, count);
        }
        Step::ApplyData(data, memory, offset) => {
            let count = emitter.program.data[data.index()].bytes.len() as u64;
            let context = emitter.address(Symbol::Memory(memory));
            let segment = emitter.address(Symbol::Data(data));
            apply(emitter, RuntimeFunction::MemoryInit, context, segment, offset, count);
        }
        Step::DropData(data) => {
            let segment = emitter.address(Symbol::Data(data));
            emitter.drop_segment(segment);
        }
        Step::Start(function) | Step::Initialize(function) => {
            emitter.call(Symbol::Function(function), &[], &[]);
        }
    }

    fn check_at_least(emitter: &mut Emitter<'_, '_>, descriptor: Value, field: i32, wanted: u64) {
        let flags = emitter.flags(Region::Descriptors);
        let size = emitter.builder.ins().load(POINTER, flags, descriptor, field);
        let wanted = emitter.pointer(wanted);
        let small = emitter.compare(IntCC::UnsignedLessThan, size, wanted);
        emitter.trap_if(small, Trap::LinkError);
    }

    fn apply(
        emitter: &mut Emitter<'_, '_>,
        function: RuntimeFunction,
        context: Value,
        segment: Value,
        offset: u64,
        count: u64,
    ) {
        let destination = emitter.pointer(offset);
        let source = emitter.pointer(0);
        let count = emitter.pointer(count);
        emitter.host_call(function, context, &[destination, source, count, segment], &[]);
        emitter.drop_segment(segment);
    }
}
