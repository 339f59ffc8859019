//! A function while it is translated: what the files of this folder work on.

use cranelift_codegen::ir::Value;
use cranelift_frontend::FunctionBuilderContext;
use wasmparser::FuncValidatorAllocations;

use super::control::{Exceptions, Frame, Points};
use super::local::{Locals, ShadowFrame};
use crate::clif::Emitter;
use crate::plan::Instance;
use crate::types::FunctionType;

/// What a worker reuses from function to function.
#[derive(Default)]
pub struct Scratch {
    /// Of the builder.
    pub(super) builder: FunctionBuilderContext,
    /// Of the validator.
    pub(super) validator: FuncValidatorAllocations,
}

impl Scratch {
    /// For functions that are not translated but made.
    pub fn builder(&mut self) -> &mut FunctionBuilderContext {
        &mut self.builder
    }
}

/// A function under translation.
pub struct Translator<'a, 'b> {
    /// What builds it.
    pub emitter: Emitter<'a, 'b>,
    /// The instance that defines it.
    pub instance: &'a Instance<'a>,
    /// Its type.
    pub ty: &'a FunctionType,
    /// Where results go, if there are more of them than registers.
    pub results: Option<Value>,
    /// Where its locals are.
    pub locals: Locals,
    /// The stack of operands.
    pub operands: Vec<Value>,
    /// The control frames around the place at hand.
    pub frames: Vec<Frame>,
    /// What is known about exceptions.
    pub exceptions: Exceptions<'a>,
    /// What is counted or known where control divides.
    pub points: Points<'a>,
    /// What is known of its frame in the shadow stack.
    pub frame: ShadowFrame,
    /// Size of the body.
    pub body_bytes: usize,
    /// Ways that control can go at once, of tables of branches and of calls inside of a `try`.
    pub edges: u64,
    /// Whether the operator at hand can be executed.
    pub reachable: bool,
}

impl Translator<'_, '_> {
    /// Pushes an operand.
    pub fn push(&mut self, value: Value) {
        self.operands.push(value);
    }

    /// Pops an operand.
    pub fn pop(&mut self) -> Value {
        self.operands.pop().expect("validation found an operand")
    }

    /// Pops operands, the first one first.
    pub fn pop_many(&mut self, count: usize) -> Vec<Value> {
        self.operands.split_off(self.operands.len() - count)
    }
}
