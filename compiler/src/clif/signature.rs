//! How functions call each other: types of registers, and signatures.

use cranelift_codegen::ir::{AbiParam, Signature, Type, types};
use cranelift_codegen::isa::CallConv;

use crate::arch::{RETURNED_INTEGERS, RETURNED_VECTORS};
use crate::symbol::RuntimeFunction;
use crate::types::{FunctionType, ValueType};

/// Addresses and sizes have this type.
pub const POINTER: Type = types::I64;

/// How a value type is held in a register.
pub fn register_type(ty: ValueType) -> Type {
    match ty {
        ValueType::I32 => types::I32,
        ValueType::I64 | ValueType::Reference(_) => types::I64,
        ValueType::F32 => types::F32,
        ValueType::F64 => types::F64,
        ValueType::V128 => types::I8X16,
    }
}

/// Whether a function has more results than registers; then its first parameter points to slots for them.
pub fn returns_by_pointer(ty: &FunctionType) -> bool {
    let is_vector = |ty: &&ValueType| matches!(ty, ValueType::F32 | ValueType::F64 | ValueType::V128);
    let vectors = ty.results.iter().filter(is_vector).count();
    vectors > RETURNED_VECTORS || ty.results.len() - vectors > RETURNED_INTEGERS
}

/// How guest functions of this type call each other.
pub fn guest_signature(ty: &FunctionType) -> Signature {
    let mut signature = Signature::new(CallConv::Tail);
    let by_pointer = returns_by_pointer(ty);
    if by_pointer {
        signature.params.push(AbiParam::new(POINTER));
    } else {
        signature.returns.extend(ty.results.iter().map(|ty| AbiParam::new(register_type(*ty))));
    }
    signature.params.extend(ty.parameters.iter().map(|ty| AbiParam::new(register_type(*ty))));
    signature
}

/// How the runtime calls the guest: [`adder_abi::program::EntryFunction`].
pub fn entry_signature() -> Signature {
    c_signature(&[POINTER], &[])
}

/// How generated code calls functions of the runtime by the C calling convention.
fn c_signature(parameters: &[Type], results: &[Type]) -> Signature {
    plain_signature(CallConv::SystemV, parameters, results)
}

/// A signature by a convention.
fn plain_signature(convention: CallConv, parameters: &[Type], results: &[Type]) -> Signature {
    let mut signature = Signature::new(convention);
    signature.params.extend(parameters.iter().map(|ty| AbiParam::new(*ty)));
    signature.returns.extend(results.iter().map(|ty| AbiParam::new(*ty)));
    signature
}

/// How a function of the runtime is called. Those that are only called through the border have another signature, which does
/// not matter for their address.
pub fn runtime_signature(function: RuntimeFunction) -> Signature {
    match function {
        RuntimeFunction::HostCall | RuntimeFunction::MemoryMove => c_signature(&[POINTER; 3], &[]),
        RuntimeFunction::ShuffleTwo => c_signature(&[types::I8X16; 4], &[types::I8X16]),
        RuntimeFunction::CountTarget => c_signature(&[POINTER, types::I32], &[]),
        RuntimeFunction::MemoryFill => c_signature(&[POINTER, types::I32, POINTER], &[]),
        RuntimeFunction::AtomicAdd
        | RuntimeFunction::AtomicAnd
        | RuntimeFunction::AtomicOr
        | RuntimeFunction::AtomicXor
        | RuntimeFunction::AtomicExchange => c_signature(&[POINTER, types::I64, types::I32], &[types::I64]),
        RuntimeFunction::AtomicCompare => c_signature(&[POINTER, types::I64, types::I64, types::I32], &[types::I64]),
        RuntimeFunction::LibraryCall => c_signature(&[POINTER; 3], &[types::I32]),
        RuntimeFunction::LibraryMemory => c_signature(&[POINTER; 2], &[POINTER]),
        RuntimeFunction::LibraryCopy => c_signature(&[POINTER; 3], &[types::I32]),
        RuntimeFunction::LibraryFailure => c_signature(&[], &[POINTER]),
        RuntimeFunction::LibraryExitStatus => c_signature(&[], &[types::I32]),
        RuntimeFunction::Throw => plain_signature(CallConv::Tail, &[types::I32, types::I32, POINTER], &[]),
        RuntimeFunction::ThrowRef => plain_signature(CallConv::Tail, &[POINTER], &[]),
        _ => entry_signature(),
    }
}
