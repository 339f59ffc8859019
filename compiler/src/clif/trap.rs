//! Traps of ours as traps of the code generator.

use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::TrapCode;

/// A trap of ours as a trap of the code generator.
pub fn trap_code(trap: Trap) -> TrapCode {
    match trap {
        Trap::IntegerOverflow => TrapCode::INTEGER_OVERFLOW,
        Trap::IntegerDivideByZero => TrapCode::INTEGER_DIVISION_BY_ZERO,
        Trap::InvalidConversionToInteger => TrapCode::BAD_CONVERSION_TO_INTEGER,
        other => TrapCode::unwrap_user(other as u8),
    }
}

/// A trap of the code generator as one of ours; `None` for those that the runtime recognises by the address of the
/// fault: accesses of memory and stack.
pub fn trap_of_code(code: TrapCode) -> Option<Trap> {
    match code {
        TrapCode::HEAP_OUT_OF_BOUNDS | TrapCode::STACK_OVERFLOW => None,
        TrapCode::INTEGER_OVERFLOW => Some(Trap::IntegerOverflow),
        TrapCode::INTEGER_DIVISION_BY_ZERO => Some(Trap::IntegerDivideByZero),
        TrapCode::BAD_CONVERSION_TO_INTEGER => Some(Trap::InvalidConversionToInteger),
        other => Some(Trap::from_number(u32::from(other.as_raw().get())).expect("all other codes are ours")),
    }
}
