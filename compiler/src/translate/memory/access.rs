//! Loads, stores, and the size of memories.

use adder_abi::plan::PAGE_BYTES;
use cranelift_codegen::ir::{InstBuilder, Opcode, Type, types};
use wasmparser::{MemArg, MemArgTarget, Operator};

use crate::id::MemoryId;
use crate::symbol::{RuntimeFunction, Symbol};
use crate::translate::translator::Translator;
use crate::types::ValueType;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub fn memory(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::I32Load { memarg } => self.load(memarg, Opcode::Load, types::I32),
            Operator::I64Load { memarg } => self.load(memarg, Opcode::Load, types::I64),
            Operator::F32Load { memarg } => self.load(memarg, Opcode::Load, types::F32),
            Operator::F64Load { memarg } => self.load(memarg, Opcode::Load, types::F64),
            Operator::I32Load8S { memarg } => self.load(memarg, Opcode::Sload8, types::I32),
            Operator::I32Load8U { memarg } => self.load(memarg, Opcode::Uload8, types::I32),
            Operator::I32Load16S { memarg } => self.load(memarg, Opcode::Sload16, types::I32),
            Operator::I32Load16U { memarg } => self.load(memarg, Opcode::Uload16, types::I32),
            Operator::I64Load8S { memarg } => self.load(memarg, Opcode::Sload8, types::I64),
            Operator::I64Load8U { memarg } => self.load(memarg, Opcode::Uload8, types::I64),
            Operator::I64Load16S { memarg } => self.load(memarg, Opcode::Sload16, types::I64),
            Operator::I64Load16U { memarg } => self.load(memarg, Opcode::Uload16, types::I64),
            Operator::I64Load32S { memarg } => self.load(memarg, Opcode::Sload32, types::I64),
            Operator::I64Load32U { memarg } => self.load(memarg, Opcode::Uload32, types::I64),
            Operator::I32Store { memarg }
            | Operator::I64Store { memarg }
            | Operator::F32Store { memarg }
            | Operator::F64Store { memarg } => self.store(memarg, Opcode::Store),
            Operator::I32Store8 { memarg } | Operator::I64Store8 { memarg } => self.store(memarg, Opcode::Istore8),
            Operator::I32Store16 { memarg } | Operator::I64Store16 { memarg } => self.store(memarg, Opcode::Istore16),
            Operator::I64Store32 { memarg } => self.store(memarg, Opcode::Istore32),
            Operator::MemorySize { mem } => {
                let memory = self.instance.memories[*mem as usize];
                let bytes = self.emitter.memory_size(memory);
                let shift = self.emitter.builder.ins().iconst(types::I32, i64::from(PAGE_BYTES.trailing_zeros()));
                let pages = self.emitter.builder.ins().ushr(bytes, shift);
                let pages = self.in_index_type(pages, self.emitter.program.memories[memory.index()].index64);
                self.push(pages);
            }
            Operator::MemoryGrow { mem } => {
                let pages = self.pop();
                let id = self.instance.memories[*mem as usize];
                let memory = self.emitter.address(Symbol::Memory(id));
                let former = self.emitter.host_call(RuntimeFunction::MemoryGrow, memory, &[pages], &[ValueType::I64]);
                let former = self.in_index_type(former[0], self.emitter.program.memories[id.index()].index64);
                self.push(former);
            }
            _ => return false,
        }
        true
    }

    /// The memory that an access goes to.
    pub fn accessed_memory(&self, memarg: &MemArg) -> MemoryId {
        match memarg.target {
            MemArgTarget::Memory(index) => self.instance.memories[index as usize],
            MemArgTarget::Array(_) => unreachable!("validation refuses garbage collection"),
        }
    }

    /// Pops an index and pushes what is there.
    pub fn load(&mut self, memarg: &MemArg, opcode: Opcode, ty: Type) {
        let memory = self.accessed_memory(memarg);
        let index = self.pop();
        if let Some(value) = self.load_variable(opcode, ty) {
            self.push(value);
            return;
        }
        let place = self.place(memory, index, memarg.offset, access_bytes(opcode, ty));
        let flags = self.emitter.guest_flags(memory.0);
        let ins = self.emitter.builder.ins();
        let value = match opcode {
            Opcode::Load => ins.load(ty, flags, place.address, place.offset),
            Opcode::Uload8 => ins.uload8(ty, flags, place.address, place.offset),
            Opcode::Sload8 => ins.sload8(ty, flags, place.address, place.offset),
            Opcode::Uload16 => ins.uload16(ty, flags, place.address, place.offset),
            Opcode::Sload16 => ins.sload16(ty, flags, place.address, place.offset),
            Opcode::Uload32 => ins.uload32(flags, place.address, place.offset),
            Opcode::Sload32 => ins.sload32(flags, place.address, place.offset),
            Opcode::Uload8x8 => ins.uload8x8(flags, place.address, place.offset),
            Opcode::Sload8x8 => ins.sload8x8(flags, place.address, place.offset),
            Opcode::Uload16x4 => ins.uload16x4(flags, place.address, place.offset),
            Opcode::Sload16x4 => ins.sload16x4(flags, place.address, place.offset),
            Opcode::Uload32x2 => ins.uload32x2(flags, place.address, place.offset),
            Opcode::Sload32x2 => ins.sload32x2(flags, place.address, place.offset),
            other => unreachable!("{other} is not a load"),
        };
        self.push(value);
    }

    /// Pops a value and an index, and puts the value there.
    pub fn store(&mut self, memarg: &MemArg, opcode: Opcode) {
        let memory = self.accessed_memory(memarg);
        let value = self.pop();
        let index = self.pop();
        if self.store_variable(opcode, value) {
            return;
        }
        let ty = self.emitter.builder.func.dfg.value_type(value);
        let place = self.place(memory, index, memarg.offset, access_bytes(opcode, ty));
        let flags = self.emitter.guest_flags(memory.0);
        let ins = self.emitter.builder.ins();
        match opcode {
            Opcode::Store => ins.store(flags, value, place.address, place.offset),
            Opcode::Istore8 => ins.istore8(flags, value, place.address, place.offset),
            Opcode::Istore16 => ins.istore16(flags, value, place.address, place.offset),
            Opcode::Istore32 => ins.istore32(flags, value, place.address, place.offset),
            other => unreachable!("{other} is not a store"),
        };
    }
}

fn access_bytes(opcode: Opcode, ty: Type) -> u64 {
    match opcode {
        Opcode::Uload8 | Opcode::Sload8 | Opcode::Istore8 => 1,
        Opcode::Uload16 | Opcode::Sload16 | Opcode::Istore16 => 2,
        Opcode::Uload32 | Opcode::Sload32 | Opcode::Istore32 => 4,
        Opcode::Uload8x8 | Opcode::Sload8x8 => 8,
        Opcode::Uload16x4 | Opcode::Sload16x4 => 8,
        Opcode::Uload32x2 | Opcode::Sload32x2 => 8,
        _ => u64::from(ty.bytes()),
    }
}
