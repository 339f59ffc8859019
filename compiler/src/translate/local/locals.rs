//! Locals. Normally each is a variable of the intermediate code's builder, which makes values of it.
//!
//! The builder gives the header of a loop a parameter for every variable and later removes those that are not needed, in
//! time that grows with the square of their number. A function with so many locals and loops that this would take
//! seconds (49,000 locals take 5 s for each loop) keeps them in its frame instead.

use cranelift_codegen::ir::{StackSlot, Type};
use cranelift_frontend::Variable;
use wasmparser::{FunctionBody, Operator};

/// Locals times locals times loops beyond which locals are kept in the frame.
const VARIABLES_COST_MAX: u64 = 1_000_000_000;

/// Where the locals of a function are.
pub enum Locals {
    /// Variables, by index.
    Variables(Vec<Variable>),
    /// In the frame; by index their types and where in the slot they are.
    Frame(StackSlot, Vec<(Type, i32)>),
}

/// Whether the locals of a function are kept in its frame. Reads the operators if there are many locals.
pub fn are_kept_in_frame(locals: usize, body: &FunctionBody<'_>) -> bool {
    let square = (locals as u64).saturating_mul(locals as u64);
    if square.saturating_mul(body.as_bytes().len() as u64) <= VARIABLES_COST_MAX {
        return false;
    }
    let Ok(mut reader) = body.get_operators_reader() else { return false };
    let mut loops = 0;
    while !reader.eof() {
        match reader.read() {
            Ok(Operator::Loop { .. }) => loops += 1,
            Ok(_) => {}
            // The translation will report it.
            Err(_) => break,
        }
    }
    square.saturating_mul(loops) > VARIABLES_COST_MAX
}
