//! Variables that stand for places of the function's frame in the shadow stack.

use cranelift_codegen::ir::{InstBuilder, Opcode, Type, Value, types};
use cranelift_frontend::Variable;

use crate::clif::zero;
use crate::translate::translator::Translator;

impl Translator<'_, '_> {
    /// Makes the variables that stand for places of the frame.
    pub fn begin_frame(&mut self) {
        let builder = &mut self.emitter.builder;
        for ty in &self.frame.promoted.types {
            let variable = builder.declare_var(*ty);
            let zero = zero(builder, *ty);
            builder.def_var(variable, zero);
            self.frame.variables.push(variable);
        }
    }

    /// The variable that the operator at hand accesses in place of the memory, if it does.
    fn frame_variable(&self) -> Option<Variable> {
        let place = self.frame.promoted.accesses.get(&self.emitter.builder.srcloc())?;
        Some(self.frame.variables[*place])
    }

    /// Whether the operator at hand only takes the frame or gives it back, and nobody needs it.
    pub fn moves_no_frame(&self) -> bool {
        self.frame.promoted.moves.contains(&self.emitter.builder.srcloc())
    }

    /// What a load reads, if that is a variable.
    pub fn load_variable(&mut self, opcode: Opcode, ty: Type) -> Option<Value> {
        let variable = self.frame_variable()?;
        let builder = &mut self.emitter.builder;
        let whole = builder.use_var(variable);
        let (part, signed) = match opcode {
            Opcode::Uload8 => (types::I8, false),
            Opcode::Sload8 => (types::I8, true),
            Opcode::Uload16 => (types::I16, false),
            Opcode::Sload16 => (types::I16, true),
            Opcode::Uload32 => (types::I32, false),
            Opcode::Sload32 => (types::I32, true),
            _ => return Some(whole),
        };
        let part = if part == types::I32 { whole } else { builder.ins().ireduce(part, whole) };
        Some(if signed { builder.ins().sextend(ty, part) } else { builder.ins().uextend(ty, part) })
    }

    /// Writes what a store stores, if that goes to a variable; whether it does.
    pub fn store_variable(&mut self, opcode: Opcode, value: Value) -> bool {
        let Some(variable) = self.frame_variable() else { return false };
        let builder = &mut self.emitter.builder;
        let is_part = matches!(opcode, Opcode::Istore8 | Opcode::Istore16 | Opcode::Istore32);
        let value = match builder.func.dfg.value_type(value) {
            types::I64 if is_part => builder.ins().ireduce(types::I32, value),
            _ => value,
        };
        builder.def_var(variable, value);
        true
    }
}
