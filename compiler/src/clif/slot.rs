//! Slots of 8 bytes, by which values are handed over in memory.

use cranelift_codegen::ir::Type;
use cranelift_codegen::ir::immediates::Offset32;

use crate::types::ValueType;

/// Slots that these values take.
pub fn slot_count(types: &[ValueType]) -> usize {
    types.iter().map(|ty| ty.slots()).sum()
}

/// Slots that a value of this type takes.
pub fn slots_of(ty: Type) -> usize {
    if ty.is_vector() { 2 } else { 1 }
}

/// Where a slot is, in bytes from the first.
pub fn slot_offset(index: usize) -> Offset32 {
    Offset32::new(i32::try_from(index * 8).expect("a function has at most some thousand parameters and results"))
}
