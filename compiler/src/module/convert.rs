//! What the parser says in terms of ours: its errors and its types.

use wasmparser::{AbstractHeapType, BinaryReaderError, HeapType, RefType, UnpackedIndex, ValType};

use crate::error::{Error, Result};
use crate::types::{GlobalType, Heap, Limits, MemoryType, Reference, TableType, ValueType};

/// An error of the parser or validator as one of ours.
pub fn malformed(error: BinaryReaderError) -> Error {
    Error::new(one_line(error.message())).at(error.offset())
}

/// A sentence of the validator, which may hold names of the module, in one line: control characters are escaped, and it is
/// cut when it is very long.
fn one_line(text: &str) -> String {
    const CHARACTERS_MAX: usize = 300;
    let mut line = String::new();
    for character in text.chars().take(CHARACTERS_MAX) {
        if character.is_control() { line.extend(character.escape_default()) } else { line.push(character) }
    }
    if text.chars().nth(CHARACTERS_MAX).is_some() {
        line.push_str("...");
    }
    line
}

/// The type of a value of a validated module.
pub fn value_type(ty: ValType) -> Result<ValueType> {
    match ty {
        ValType::I32 => Ok(ValueType::I32),
        ValType::I64 => Ok(ValueType::I64),
        ValType::F32 => Ok(ValueType::F32),
        ValType::F64 => Ok(ValueType::F64),
        ValType::V128 => Ok(ValueType::V128),
        ValType::Ref(ty) => Ok(ValueType::Reference(reference_type(ty)?)),
    }
}

fn reference_type(ty: RefType) -> Result<Reference> {
    let heap = match ty.heap_type() {
        HeapType::Abstract { shared: false, ty: AbstractHeapType::Func } => Heap::Function,
        HeapType::Abstract { shared: false, ty: AbstractHeapType::Extern } => Heap::External,
        HeapType::Abstract { shared: false, ty: AbstractHeapType::Exn } => Heap::Exception,
        HeapType::Abstract { shared: false, ty: AbstractHeapType::NoExn } => Heap::NoException,
        HeapType::Concrete(UnpackedIndex::Module(index)) => Heap::Typed(index),
        _ => return Err(Error::unsupported(format!("a reference of type {ty}"))),
    };
    Ok(Reference { nullable: ty.is_nullable(), heap })
}

/// The type of a table of a validated module.
pub fn table_type(ty: wasmparser::TableType) -> Result<TableType> {
    let limits = Limits { initial: ty.initial, maximum: ty.maximum };
    Ok(TableType { element: reference_type(ty.element_type)?, limits, index64: ty.table64 })
}

/// The type of a memory of a validated module.
pub fn memory_type(ty: wasmparser::MemoryType) -> MemoryType {
    let limits = Limits { initial: ty.initial, maximum: ty.maximum };
    MemoryType { limits, index64: ty.memory64, shared: ty.shared }
}

/// The type of a global of a validated module.
pub fn global_type(ty: wasmparser::GlobalType) -> Result<GlobalType> {
    Ok(GlobalType { value: value_type(ty.content_type)?, mutable: ty.mutable })
}
