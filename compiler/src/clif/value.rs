//! Values in general.

use cranelift_codegen::ir::{BlockArg, InstBuilder, Type, Value, types};
use cranelift_frontend::FunctionBuilder;

/// Values as arguments of a branch.
pub fn arguments(values: &[Value]) -> Vec<BlockArg> {
    values.iter().map(|value| BlockArg::Value(*value)).collect()
}

/// The zero of a type.
pub fn zero(builder: &mut FunctionBuilder<'_>, ty: Type) -> Value {
    match ty {
        types::F32 => builder.ins().f32const(0.0),
        types::F64 => builder.ins().f64const(0.0),
        vector if vector.is_vector() => {
            let zeros = builder.func.dfg.constants.insert(vec![0; vector.bytes() as usize].into());
            builder.ins().vconst(vector, zeros)
        }
        integer => builder.ins().iconst(integer, 0),
    }
}
