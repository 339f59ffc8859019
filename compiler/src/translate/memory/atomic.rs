//! Atomic operators (proposal "threads"). All of them are sequentially consistent, and no access of the guest is moved
//! over them.

use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::{AtomicRmwOp, InstBuilder, Type, Value, types};
use wasmparser::{MemArg, Operator};

use crate::symbol::{RuntimeFunction, Symbol};
use crate::translate::translator::Translator;
use crate::types::ValueType;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    pub fn atomic(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::AtomicFence { .. } => {
                self.emitter.builder.ins().fence();
            }
            Operator::MemoryAtomicWait32 { memarg } => self.wait(memarg, RuntimeFunction::MemoryWait32),
            Operator::MemoryAtomicWait64 { memarg } => self.wait(memarg, RuntimeFunction::MemoryWait64),
            Operator::MemoryAtomicNotify { memarg } => {
                let count = self.pop();
                self.waiting_call(memarg, RuntimeFunction::MemoryNotify, &[count]);
            }
            Operator::I32AtomicLoad { memarg } => self.atomic_load(memarg, types::I32, types::I32),
            Operator::I32AtomicLoad8U { memarg } => self.atomic_load(memarg, types::I8, types::I32),
            Operator::I32AtomicLoad16U { memarg } => self.atomic_load(memarg, types::I16, types::I32),
            Operator::I64AtomicLoad { memarg } => self.atomic_load(memarg, types::I64, types::I64),
            Operator::I64AtomicLoad8U { memarg } => self.atomic_load(memarg, types::I8, types::I64),
            Operator::I64AtomicLoad16U { memarg } => self.atomic_load(memarg, types::I16, types::I64),
            Operator::I64AtomicLoad32U { memarg } => self.atomic_load(memarg, types::I32, types::I64),
            Operator::I32AtomicStore { memarg } | Operator::I64AtomicStore32 { memarg } => {
                self.atomic_store(memarg, types::I32);
            }
            Operator::I32AtomicStore8 { memarg } | Operator::I64AtomicStore8 { memarg } => {
                self.atomic_store(memarg, types::I8);
            }
            Operator::I32AtomicStore16 { memarg } | Operator::I64AtomicStore16 { memarg } => {
                self.atomic_store(memarg, types::I16);
            }
            Operator::I64AtomicStore { memarg } => self.atomic_store(memarg, types::I64),
            Operator::I32AtomicRmwCmpxchg { memarg } => self.atomic_cas(memarg, types::I32, types::I32),
            Operator::I32AtomicRmw8CmpxchgU { memarg } => self.atomic_cas(memarg, types::I8, types::I32),
            Operator::I32AtomicRmw16CmpxchgU { memarg } => self.atomic_cas(memarg, types::I16, types::I32),
            Operator::I64AtomicRmwCmpxchg { memarg } => self.atomic_cas(memarg, types::I64, types::I64),
            Operator::I64AtomicRmw8CmpxchgU { memarg } => self.atomic_cas(memarg, types::I8, types::I64),
            Operator::I64AtomicRmw16CmpxchgU { memarg } => self.atomic_cas(memarg, types::I16, types::I64),
            Operator::I64AtomicRmw32CmpxchgU { memarg } => self.atomic_cas(memarg, types::I32, types::I64),
            _ => return self.atomic_update(operator),
        }
        true
    }

    /// Translates an operator that reads, changes and writes a value; false if it is none.
    #[rustfmt::skip]
    fn atomic_update(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::I32AtomicRmwAdd { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Add, types::I32, types::I32),
            Operator::I32AtomicRmw8AddU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Add, types::I8, types::I32),
            Operator::I32AtomicRmw16AddU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Add, types::I16, types::I32),
            Operator::I64AtomicRmwAdd { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Add, types::I64, types::I64),
            Operator::I64AtomicRmw8AddU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Add, types::I8, types::I64),
            Operator::I64AtomicRmw16AddU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Add, types::I16, types::I64),
            Operator::I64AtomicRmw32AddU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Add, types::I32, types::I64),
            Operator::I32AtomicRmwSub { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Sub, types::I32, types::I32),
            Operator::I32AtomicRmw8SubU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Sub, types::I8, types::I32),
            Operator::I32AtomicRmw16SubU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Sub, types::I16, types::I32),
            Operator::I64AtomicRmwSub { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Sub, types::I64, types::I64),
            Operator::I64AtomicRmw8SubU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Sub, types::I8, types::I64),
            Operator::I64AtomicRmw16SubU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Sub, types::I16, types::I64),
            Operator::I64AtomicRmw32SubU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Sub, types::I32, types::I64),
            Operator::I32AtomicRmwAnd { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::And, types::I32, types::I32),
            Operator::I32AtomicRmw8AndU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::And, types::I8, types::I32),
            Operator::I32AtomicRmw16AndU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::And, types::I16, types::I32),
            Operator::I64AtomicRmwAnd { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::And, types::I64, types::I64),
            Operator::I64AtomicRmw8AndU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::And, types::I8, types::I64),
            Operator::I64AtomicRmw16AndU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::And, types::I16, types::I64),
            Operator::I64AtomicRmw32AndU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::And, types::I32, types::I64),
            Operator::I32AtomicRmwOr { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Or, types::I32, types::I32),
            Operator::I32AtomicRmw8OrU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Or, types::I8, types::I32),
            Operator::I32AtomicRmw16OrU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Or, types::I16, types::I32),
            Operator::I64AtomicRmwOr { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Or, types::I64, types::I64),
            Operator::I64AtomicRmw8OrU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Or, types::I8, types::I64),
            Operator::I64AtomicRmw16OrU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Or, types::I16, types::I64),
            Operator::I64AtomicRmw32OrU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Or, types::I32, types::I64),
            Operator::I32AtomicRmwXor { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xor, types::I32, types::I32),
            Operator::I32AtomicRmw8XorU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xor, types::I8, types::I32),
            Operator::I32AtomicRmw16XorU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xor, types::I16, types::I32),
            Operator::I64AtomicRmwXor { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xor, types::I64, types::I64),
            Operator::I64AtomicRmw8XorU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xor, types::I8, types::I64),
            Operator::I64AtomicRmw16XorU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xor, types::I16, types::I64),
            Operator::I64AtomicRmw32XorU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xor, types::I32, types::I64),
            Operator::I32AtomicRmwXchg { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xchg, types::I32, types::I32),
            Operator::I32AtomicRmw8XchgU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xchg, types::I8, types::I32),
            Operator::I32AtomicRmw16XchgU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xchg, types::I16, types::I32),
            Operator::I64AtomicRmwXchg { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xchg, types::I64, types::I64),
            Operator::I64AtomicRmw8XchgU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xchg, types::I8, types::I64),
            Operator::I64AtomicRmw16XchgU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xchg, types::I16, types::I64),
            Operator::I64AtomicRmw32XchgU { memarg } => self.atomic_rmw(memarg, AtomicRmwOp::Xchg, types::I32, types::I64),
            _ => return false,
        }
        true
    }

    /// The address of an atomic access to a value of this type, which is aligned: otherwise this traps, even if the access
    /// is out of bounds too.
    fn atomic_place(&mut self, memarg: &MemArg, ty: Type) -> Value {
        let index = self.pop();
        let bytes = u64::from(ty.bytes());
        if bytes > 1 {
            let index_type = self.emitter.builder.func.dfg.value_type(index);
            let mut place = index;
            if !memarg.offset.is_multiple_of(bytes) {
                // Only the lowest bits matter, so it does not matter either whether this wraps.
                let offset = self.emitter.builder.ins().iconst(index_type, (memarg.offset % bytes) as i64);
                place = self.emitter.builder.ins().iadd(index, offset);
            }
            let mask = self.emitter.builder.ins().iconst(index_type, bytes as i64 - 1);
            let rest = self.emitter.builder.ins().band(place, mask);
            self.emitter.trap_if(rest, Trap::UnalignedAtomic);
        }
        let memory = self.accessed_memory(memarg);
        let place = self.place(memory, index, memarg.offset, bytes);
        if place.offset == 0 {
            return place.address;
        }
        let offset = self.emitter.pointer(i64::from(place.offset) as u64);
        self.emitter.builder.ins().iadd(place.address, offset)
    }

    /// A value as wide as the access.
    fn wrapped(&mut self, value: Value, ty: Type) -> Value {
        if self.emitter.builder.func.dfg.value_type(value) == ty {
            value
        } else {
            self.emitter.builder.ins().ireduce(ty, value)
        }
    }

    /// Pushes what was read, as wide as the operator's result.
    fn push_extended(&mut self, value: Value, ty: Type) {
        let narrow = self.emitter.builder.func.dfg.value_type(value) != ty;
        let value = if narrow { self.emitter.builder.ins().uextend(ty, value) } else { value };
        self.push(value);
    }

    fn atomic_load(&mut self, memarg: &MemArg, ty: Type, result: Type) {
        let place = self.atomic_place(memarg, ty);
        let flags = self.emitter.guest_flags(self.accessed_memory(memarg).0);
        let value = self.emitter.builder.ins().atomic_load(ty, flags, place);
        self.push_extended(value, result);
    }

    fn atomic_store(&mut self, memarg: &MemArg, ty: Type) {
        let value = self.pop();
        let place = self.atomic_place(memarg, ty);
        let value = self.wrapped(value, ty);
        let flags = self.emitter.guest_flags(self.accessed_memory(memarg).0);
        if self.emitter.program.machine.stores_by_exchange() {
            // An exchange whose result nobody wants takes less than half of the time of a store with a fence behind it.
            self.emitter.builder.ins().atomic_rmw(ty, flags, AtomicRmwOp::Xchg, place, value);
        } else {
            self.emitter.builder.ins().atomic_store(flags, value, place);
        }
    }

    fn atomic_rmw(&mut self, memarg: &MemArg, operation: AtomicRmwOp, ty: Type, result: Type) {
        let value = self.pop();
        let place = self.atomic_place(memarg, ty);
        let former = if self.emitter.program.machine.changes_atomically() {
            let value = self.wrapped(value, ty);
            let flags = self.emitter.guest_flags(self.accessed_memory(memarg).0);
            self.emitter.builder.ins().atomic_rmw(ty, flags, operation, place, value)
        } else {
            let (function, value) = match operation {
                AtomicRmwOp::Add => (RuntimeFunction::AtomicAdd, value),
                AtomicRmwOp::Sub => (RuntimeFunction::AtomicAdd, self.emitter.builder.ins().ineg(value)),
                AtomicRmwOp::And => (RuntimeFunction::AtomicAnd, value),
                AtomicRmwOp::Or => (RuntimeFunction::AtomicOr, value),
                AtomicRmwOp::Xor => (RuntimeFunction::AtomicXor, value),
                AtomicRmwOp::Xchg => (RuntimeFunction::AtomicExchange, value),
                _ => unreachable!("WebAssembly has no atomic {operation}"),
            };
            self.atomic_leaf(memarg, function, place, &[value], ty)
        };
        self.push_extended(former, result);
    }

    /// The expected value counts as far as the access is wide.
    fn atomic_cas(&mut self, memarg: &MemArg, ty: Type, result: Type) {
        let replacement = self.pop();
        let expected = self.pop();
        let place = self.atomic_place(memarg, ty);
        let former = if self.emitter.program.machine.changes_atomically() {
            let (expected, replacement) = (self.wrapped(expected, ty), self.wrapped(replacement, ty));
            let flags = self.emitter.guest_flags(self.accessed_memory(memarg).0);
            self.emitter.builder.ins().atomic_cas(flags, place, expected, replacement)
        } else {
            self.atomic_leaf(memarg, RuntimeFunction::AtomicCompare, place, &[expected, replacement], ty)
        };
        self.push_extended(former, result);
    }

    /// Calls a leaf for an access to a value of this type, and returns what was there. A leaf cannot trap, so the place is read
    /// before; it is aligned, so that one byte shows whether all of it is there.
    fn atomic_leaf(
        &mut self,
        memarg: &MemArg,
        leaf: RuntimeFunction,
        place: Value,
        values: &[Value],
        ty: Type,
    ) -> Value {
        let flags = self.emitter.guest_flags(self.accessed_memory(memarg).0);
        self.emitter.builder.ins().load(types::I8, flags, place, 0);
        let mut arguments = vec![place];
        for value in values {
            let narrow = self.emitter.builder.func.dfg.value_type(*value) != types::I64;
            arguments.push(if narrow { self.emitter.builder.ins().uextend(types::I64, *value) } else { *value });
        }
        arguments.push(self.emitter.builder.ins().iconst(types::I32, i64::from(ty.bytes())));
        let former = self.emitter.leaf_call(leaf, &arguments)[0];
        self.wrapped(former, ty)
    }

    fn wait(&mut self, memarg: &MemArg, function: RuntimeFunction) {
        let timeout = self.pop();
        let expected = self.pop();
        self.waiting_call(memarg, function, &[expected, timeout]);
    }

    /// Calls the runtime with an index, its offset and further operands.
    fn waiting_call(&mut self, memarg: &MemArg, function: RuntimeFunction, further: &[Value]) {
        let index = self.pop();
        let memory = self.emitter.address(Symbol::Memory(self.accessed_memory(memarg)));
        let offset = self.emitter.pointer(memarg.offset);
        let arguments: Vec<Value> = [index, offset].into_iter().chain(further.iter().copied()).collect();
        let results = self.emitter.host_call(function, memory, &arguments, &[ValueType::I32]);
        self.push(results[0]);
    }
}
