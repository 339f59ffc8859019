//! wasi-threads, by which a program starts threads.

use super::signature::{Context, Guests, Interface, Signature, function};
use crate::callback::GuestFunction;
use crate::value::ValueType::I32;

/// The interface.
pub const INTERFACE: Interface = Interface {
    module: "wasi",
    prefix: "adder_",
    functions: &FUNCTIONS,
    exclusive: true,
    guests: Guests::All,
    replaces_definitions: false,
};

/// `thread-spawn(argument)` starts a thread that runs [`THREAD_START`], and returns its number or a negated error number of WASI.
/// Source: `wasi-threads.abi.md` of the proposal's repository.
pub const FUNCTIONS: [Signature; 1] = [Signature {
    symbol: "thread_spawn",
    context: Context::Function(THREAD_START),
    starts_threads: true,
    ..function("thread-spawn", &[I32], &[I32])
}];

/// What an instance that starts threads exports: the threads run it, with their number and the argument.
pub const THREAD_START: GuestFunction =
    GuestFunction { export: "wasi_thread_start", parameters: &[I32, I32], results: &[] };
