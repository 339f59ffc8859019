//! An interface that shows all that an interface can have. Tests compile modules against it; only the runtime of the
//! specification's scripts (its feature `script`) has it.

use super::signature::{Context, Guests, IndirectCall, Interface, Signature, function};
use crate::callback::Callback;
use crate::value::ValueType::{F32, F64, I32, I64};

/// The interface.
pub const INTERFACE: Interface = Interface {
    module: "example",
    prefix: "adder_example_",
    functions: &FUNCTIONS,
    exclusive: true,
    guests: Guests::All,
    replaces_definitions: false,
};

/// Its functions.
pub const FUNCTIONS: [Signature; 9] = [
    // The sum of its parameters.
    function("sum", &[I32, I64, F32, F64], &[F64]),
    // The halves of a number, the lower one first.
    function("split", &[I64], &[I32, I32]),
    // One name with two types.
    function("negate", &[F32], &[F32]),
    Signature { symbol: "negate_i64", ..function("negate", &[I64], &[I64]) },
    // Traps.
    function("fail", &[], &[]),
    // Calls the program's `malloc`, if it exports one; else 0.
    Signature { callbacks: &[Callback::Malloc], enters_guest: true, ..function("allocate", &[I32], &[I32]) },
    // Calls the function of the table with this index, with this parameter.
    Signature {
        context: Context::Import,
        indirect_calls: &[IndirectCall::Typed { parameters: &[I32], results: &[I32] }],
        enters_guest: true,
        ..function("apply", &[I32, I32], &[I32])
    },
    // Given an address, writes the rest of the name there and returns how long that is.
    Signature { is_pattern: true, symbol: "name", context: Context::Import, ..function("name_", &[], &[]) },
    // Calls the function of the table with the index of its first parameter, with its other parameters.
    Signature {
        is_pattern: true,
        symbol: "invoke",
        context: Context::Import,
        indirect_calls: &[IndirectCall::Forwarded],
        enters_guest: true,
        ..function("invoke_", &[], &[])
    },
];
