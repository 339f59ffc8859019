//! How parts are called.

use cranelift_codegen::ir::{AbiParam, ExtFuncData, ExternalName, FuncRef, SigRef, Signature, Value, types};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::FunctionBuilder;

use crate::clif::POINTER;
use crate::optimize::split::cut::Cut;
use crate::optimize::split::place::Home;
use crate::symbol::Symbol;

/// How a part is entered.
pub fn signature(cut: &Cut, number: usize) -> Signature {
    let root = cut.parts.list[number].root;
    let mut signature = Signature::new(CallConv::Tail);
    signature.returns = cut.function.signature.returns.clone();
    signature.params.push(AbiParam::new(POINTER));
    if number == 0 {
        signature.params.extend_from_slice(&cut.function.signature.params);
    } else {
        let values = cut.homes.entered_with(root);
        let mut registers = vec![types::I64; register_count(cut, values)];
        for value in values {
            if let Home::Register(register) = cut.homes.of(*value)
                && !cut.convention.extends
            {
                registers[register] = cut.function.dfg.value_type(*value);
            }
        }
        signature.params.extend(registers.into_iter().map(AbiParam::new));
    }
    signature
}

/// Registers up to the last that one of these values has its home in.
pub fn register_count(cut: &Cut, values: &[Value]) -> usize {
    let registers = values.iter().map(|value| match cut.homes.of(*value) {
        Home::Register(register) => register + 1,
        Home::Frame(_) => 0,
    });
    registers.max().unwrap_or(0)
}

/// Refers to another function by its symbol.
pub fn import(builder: &mut FunctionBuilder<'_>, symbol: Symbol, signature: SigRef) -> FuncRef {
    let name = builder.func.declare_imported_user_function(symbol.to_name());
    let name = ExternalName::user(name);
    builder.import_function(ExtFuncData { name, signature, colocated: true, patchable: false })
}
