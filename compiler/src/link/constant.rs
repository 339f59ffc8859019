//! Values of constant expressions. In a closed world all of them are known at build: they are made of constants and of
//! immutable globals, which are constants again.

use crate::id::FunctionId;
use crate::module::{ConstantExpression, ConstantOperator};

/// A value known at build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// `i32`
    I32(i32),
    /// `i64`
    I64(i64),
    /// `f32`, by its bits.
    F32(u32),
    /// `f64`, by its bits.
    F64(u64),
    /// `v128`, by its bytes from the lowest on.
    V128([u8; 16]),
    /// A null reference.
    Null,
    /// A reference to a function.
    Function(FunctionId),
}

impl Constant {
    /// The value as an index of a memory or table.
    pub fn as_index(self) -> u64 {
        match self {
            Constant::I32(value) => u64::from(value as u32),
            Constant::I64(value) => value as u64,
            other => unreachable!("validation lets no {other:?} be an index"),
        }
    }
}

/// Computes an expression of a validated module. `function` and `global` resolve the module's indices.
pub fn evaluate(
    expression: &ConstantExpression,
    function: impl Fn(u32) -> FunctionId,
    global: impl Fn(u32) -> Constant,
) -> Constant {
    let mut stack = Vec::new();
    for operator in &expression.0 {
        let value = match *operator {
            ConstantOperator::I32(value) => Constant::I32(value),
            ConstantOperator::I64(value) => Constant::I64(value),
            ConstantOperator::F32(bits) => Constant::F32(bits),
            ConstantOperator::F64(bits) => Constant::F64(bits),
            ConstantOperator::V128(bytes) => Constant::V128(bytes),
            ConstantOperator::Global(index) => global(index),
            ConstantOperator::Null => Constant::Null,
            ConstantOperator::Function(index) => Constant::Function(function(index)),
            ConstantOperator::AddI32 => binary_i32(&mut stack, i32::wrapping_add),
            ConstantOperator::SubI32 => binary_i32(&mut stack, i32::wrapping_sub),
            ConstantOperator::MulI32 => binary_i32(&mut stack, i32::wrapping_mul),
            ConstantOperator::AddI64 => binary_i64(&mut stack, i64::wrapping_add),
            ConstantOperator::SubI64 => binary_i64(&mut stack, i64::wrapping_sub),
            ConstantOperator::MulI64 => binary_i64(&mut stack, i64::wrapping_mul),
        };
        stack.push(value);
    }
    stack.pop().expect("a validated constant expression leaves a value")
}

fn binary_i32(stack: &mut Vec<Constant>, compute: impl Fn(i32, i32) -> i32) -> Constant {
    match (stack.pop(), stack.pop()) {
        (Some(Constant::I32(right)), Some(Constant::I32(left))) => Constant::I32(compute(left, right)),
        other => unreachable!("validation lets no {other:?} be operands of an i32 operator"),
    }
}

fn binary_i64(stack: &mut Vec<Constant>, compute: impl Fn(i64, i64) -> i64) -> Constant {
    match (stack.pop(), stack.pop()) {
        (Some(Constant::I64(right)), Some(Constant::I64(left))) => Constant::I64(compute(left, right)),
        other => unreachable!("validation lets no {other:?} be operands of an i64 operator"),
    }
}
