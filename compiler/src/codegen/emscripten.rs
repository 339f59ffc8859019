//! The start of a program made by Emscripten: what its JavaScript does around `main`.

use adder_abi::host::emscripten::process;
use cranelift_codegen::ir::{InstBuilder, Value, types};

use crate::clif::Emitter;
use crate::id::FunctionId;
use crate::link::Constant;
use crate::module::ExportItem;
use crate::symbol::{RuntimeFunction, Symbol};
use crate::types::ValueType;

/// Calls `main` with the arguments, and ends with the status.
pub fn emscripten_main(emitter: &mut Emitter<'_, '_>, main: FunctionId) {
    let ty = emitter.program.function_type(main);
    have_signals_polled(emitter);
    let arguments = match ty.parameters.len() {
        0 => Vec::new(),
        _ => host_call(emitter, process::ARGUMENTS, &[], &[ValueType::I32, ValueType::I32]),
    };
    let results = emitter.call(Symbol::Function(main), &arguments, &[]);
    let status = results.first().copied().unwrap_or_else(|| emitter.builder.ins().iconst(types::I32, 0));
    host_call(emitter, process::EXIT, &[status], &[]);
}

/// The variable by which CPython is told to ask for signals: its address is what the global that is exported for it says.
const POLLS_SIGNALS: &str = "Py_EMSCRIPTEN_SIGNAL_HANDLING";

/// Has a CPython ask for signals between its instructions.
fn have_signals_polled(emitter: &mut Emitter<'_, '_>) {
    let program = emitter.program;
    let instance = program.main();
    let (Some(ExportItem::Global(index)), Some(memory)) =
        (instance.module.export(POLLS_SIGNALS), instance.interface_memory())
    else {
        return;
    };
    let Constant::I32(address) = program.globals[instance.globals[index as usize].index()].initial else { return };
    let (address, bytes) = (emitter.builder.ins().iconst(types::I32, i64::from(address)), emitter.pointer(4));
    let count = emitter.index(bytes);
    let place = emitter.checked_range(memory, address, count);
    let flags = emitter.guest_flags(memory.0);
    let one = emitter.builder.ins().iconst(types::I32, 1);
    emitter.builder.ins().store(flags, one, place, 0);
}

/// Calls a function of the runtime for the main module.
pub fn host_call(emitter: &mut Emitter<'_, '_>, name: &str, arguments: &[Value], results: &[ValueType]) -> Vec<Value> {
    let function = emitter.program.emscripten_function(name).expect("the runtime has Emscripten's interfaces");
    let context = match emitter.program.main().interface_memory() {
        Some(memory) => emitter.address(Symbol::Memory(memory)),
        None => emitter.pointer(0),
    };
    emitter.host_call(RuntimeFunction::Host(function), context, arguments, results)
}
