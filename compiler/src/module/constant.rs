//! Constant expressions: initial values of globals, offsets and entries of segments.

use wasmparser::{ConstExpr, Operator};

use super::convert::malformed;
use crate::error::{Error, Result};

/// An operator of a constant expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstantOperator {
    /// `i32.const`
    I32(i32),
    /// `i64.const`
    I64(i64),
    /// `f32.const`, by its bits.
    F32(u32),
    /// `f64.const`, by its bits.
    F64(u64),
    /// `v128.const`, by its bytes from the lowest on.
    V128([u8; 16]),
    /// `global.get`
    Global(u32),
    /// `ref.null`
    Null,
    /// `ref.func`
    Function(u32),
    /// `i32.add`
    AddI32,
    /// `i32.sub`
    SubI32,
    /// `i32.mul`
    MulI32,
    /// `i64.add`
    AddI64,
    /// `i64.sub`
    SubI64,
    /// `i64.mul`
    MulI64,
}

/// A constant expression, as a sequence of operators on a stack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConstantExpression(pub Vec<ConstantOperator>);

impl ConstantExpression {
    /// Reads an expression that has been validated.
    pub fn read(expression: &ConstExpr<'_>) -> Result<ConstantExpression> {
        let mut operators = Vec::new();
        let mut reader = expression.get_operators_reader();
        while !reader.eof() {
            let (operator, offset) = reader.read_with_offset().map_err(malformed)?;
            operators.push(match operator {
                Operator::I32Const { value } => ConstantOperator::I32(value),
                Operator::I64Const { value } => ConstantOperator::I64(value),
                Operator::F32Const { value } => ConstantOperator::F32(value.bits()),
                Operator::F64Const { value } => ConstantOperator::F64(value.bits()),
                Operator::V128Const { value } => ConstantOperator::V128(*value.bytes()),
                Operator::GlobalGet { global_index } => ConstantOperator::Global(global_index),
                Operator::RefNull { .. } => ConstantOperator::Null,
                Operator::RefFunc { function_index } => ConstantOperator::Function(function_index),
                Operator::I32Add => ConstantOperator::AddI32,
                Operator::I32Sub => ConstantOperator::SubI32,
                Operator::I32Mul => ConstantOperator::MulI32,
                Operator::I64Add => ConstantOperator::AddI64,
                Operator::I64Sub => ConstantOperator::SubI64,
                Operator::I64Mul => ConstantOperator::MulI64,
                Operator::End => continue,
                other => {
                    return Err(Error::unsupported(format!("operator {other:?} in a constant expression")).at(offset));
                }
            });
        }
        Ok(ConstantExpression(operators))
    }

    /// The expression `ref.func FUNCTION`.
    pub fn function(function: u32) -> ConstantExpression {
        ConstantExpression(vec![ConstantOperator::Function(function)])
    }
}
