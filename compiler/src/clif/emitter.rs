//! Builds functions: symbols, signatures, slots, calls of the runtime.

use std::collections::HashMap;
use std::mem::offset_of;

use adder_abi::program::Segment;
use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    Endianness, ExtFuncData, ExternalName, FuncRef, GlobalValue, GlobalValueData, InstBuilder, MemFlagsData, SigRef,
    StackSlot, StackSlotData, StackSlotKind, TrapCode, Type, Value, types,
};
use cranelift_frontend::FunctionBuilder;

use super::region::Region;
use super::signature::{
    POINTER, entry_signature, guest_signature, register_type, returns_by_pointer, runtime_signature,
};
use super::slot::{slot_count, slot_offset, slots_of};
use super::trap::trap_code;
use crate::id::{FunctionId, SignatureId};
use crate::plan::Program;
use crate::symbol::{RuntimeFunction, Symbol};
use crate::types::{FunctionType, ValueType};

/// Builds a function.
pub struct Emitter<'a, 'b> {
    /// The function under construction.
    pub builder: FunctionBuilder<'b>,
    /// The program that it belongs to.
    pub program: &'a Program<'a>,
    functions: HashMap<Symbol, FuncRef>,
    addresses: HashMap<Symbol, GlobalValue>,
    signatures: HashMap<SignatureId, SigRef>,
    slots: Option<StackSlot>,
}

impl<'a, 'b> Emitter<'a, 'b> {
    /// Starts a function of the program.
    pub fn new(builder: FunctionBuilder<'b>, program: &'a Program<'a>) -> Self {
        Emitter {
            builder,
            program,
            functions: HashMap::new(),
            addresses: HashMap::new(),
            signatures: HashMap::new(),
            slots: None,
        }
    }

    /// Flags of an access that neither traps nor is misaligned, to one region.
    pub fn flags(&mut self, region: Region) -> MemFlagsData {
        self.region(MemFlagsData::trusted(), region)
    }

    /// Flags of an access by the guest, which traps out of bounds and has any alignment.
    pub fn guest_flags(&mut self, memory: u32) -> MemFlagsData {
        let flags = MemFlagsData::new().with_trap_code(Some(TrapCode::HEAP_OUT_OF_BOUNDS));
        let flags = flags.with_endianness(Endianness::Little);
        self.region(flags, Region::Memory(memory))
    }

    fn region(&mut self, flags: MemFlagsData, region: Region) -> MemFlagsData {
        region.mark(flags, &mut self.builder.func.dfg)
    }

    /// The address of a symbol, or of the thread's own.
    pub fn address(&mut self, symbol: Symbol) -> Value {
        if let Some(offset) = self.program.thread_state.offset(symbol) {
            return self.thread_state(offset);
        }
        if symbol.is_function() {
            let function = self.function(symbol);
            return self.builder.ins().func_addr(POINTER, function);
        }
        let global = match self.addresses.get(&symbol) {
            Some(global) => *global,
            None => {
                let name = self.builder.func.declare_imported_user_function(symbol.to_name());
                let global = self.builder.create_global_value(GlobalValueData::Symbol {
                    name: ExternalName::user(name),
                    offset: 0.into(),
                    colocated: true,
                    tls: false,
                });
                self.addresses.insert(symbol, global);
                global
            }
        };
        self.builder.ins().symbol_value(POINTER, global)
    }

    /// The address of a byte in the state of the thread that runs on this stack: the stack's region is aligned to its size,
    /// and the state lies at its end.
    fn thread_state(&mut self, offset: u64) -> Value {
        let mask = self.pointer(self.program.stack_bytes - 1);
        let stack_pointer = self.builder.ins().get_stack_pointer(POINTER);
        let last = self.builder.ins().bor(stack_pointer, mask);
        let distance = self.program.thread_state.distance(offset);
        let distance = self.builder.ins().iconst(POINTER, distance);
        self.builder.ins().iadd(last, distance)
    }

    /// Refers to a function by its symbol, as something that is called.
    pub fn function(&mut self, symbol: Symbol) -> FuncRef {
        if let Some(function) = self.functions.get(&symbol) {
            return *function;
        }
        let signature = match symbol {
            Symbol::Function(id) | Symbol::Inlined(id) => {
                let signature = self.program.functions[id.index()].signature;
                self.signature(signature)
            }
            Symbol::Runtime(function) => self.builder.import_signature(runtime_signature(function)),
            _ => self.builder.import_signature(entry_signature()),
        };
        let name = self.builder.func.declare_imported_user_function(symbol.to_name());
        let function = self.builder.import_function(ExtFuncData {
            name: ExternalName::user(name),
            signature,
            colocated: true,
            patchable: false,
        });
        self.functions.insert(symbol, function);
        function
    }

    /// Refers to a type of functions of the program.
    pub fn signature(&mut self, id: SignatureId) -> SigRef {
        if let Some(signature) = self.signatures.get(&id) {
            return *signature;
        }
        let signature = self.builder.import_signature(guest_signature(self.program.signatures.get(id)));
        self.signatures.insert(id, signature);
        signature
    }

    /// Room for this many slots in the frame. It is the same room at each call: whatever is in it is read before there is
    /// another one.
    pub fn slots(&mut self, count: usize) -> Value {
        let size =
            u32::try_from(count.max(1) * 8).expect("a function has at most some thousand parameters and results");
        let slot = *self.slots.get_or_insert_with(|| {
            self.builder.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, size, 4))
        });
        let room = &mut self.builder.func.sized_stack_slots[slot].size;
        *room = size.max(*room);
        self.builder.ins().stack_addr(POINTER, slot, 0)
    }

    /// Stores values into slots, narrow ones zero-extended, a vector into two.
    pub fn store_slots(&mut self, slots: Value, values: &[Value]) {
        let mut index = 0;
        for value in values {
            let ty = self.builder.func.dfg.value_type(*value);
            let value = match ty {
                types::I32 => self.builder.ins().uextend(types::I64, *value),
                types::F32 => {
                    let bits = self.builder.ins().bitcast(types::I32, MemFlagsData::new(), *value);
                    self.builder.ins().uextend(types::I64, bits)
                }
                _ => *value,
            };
            let flags = self.slot_flags(ty);
            self.builder.ins().store(flags, value, slots, slot_offset(index));
            index += slots_of(ty);
        }
    }

    /// Loads values from slots.
    pub fn load_slots(&mut self, slots: Value, types: &[ValueType]) -> Vec<Value> {
        let mut index = 0;
        let mut values = Vec::with_capacity(types.len());
        for ty in types {
            let register = register_type(*ty);
            let flags = self.slot_flags(register);
            values.push(self.builder.ins().load(register, flags, slots, slot_offset(index)));
            index += ty.slots();
        }
        values
    }

    /// Slots are aligned to 8 bytes, which is not enough for a vector's aligned access.
    fn slot_flags(&mut self, ty: Type) -> MemFlagsData {
        let flags = if ty.is_vector() { MemFlagsData::new().with_notrap() } else { MemFlagsData::trusted() };
        self.region(flags, Region::Slots)
    }

    /// Returns from a guest function of this type. `pointer` is the first parameter where results go by pointer.
    pub fn return_values(&mut self, ty: &FunctionType, pointer: Option<Value>, values: &[Value]) {
        match pointer {
            Some(pointer) => {
                assert!(returns_by_pointer(ty), "only functions with many results have a pointer to them");
                self.store_slots(pointer, values);
                self.builder.ins().return_(&[]);
            }
            None => {
                self.builder.ins().return_(values);
            }
        }
    }

    /// Calls a host function through the border.
    pub fn host_call(
        &mut self,
        function: RuntimeFunction,
        context: Value,
        arguments: &[Value],
        results: &[ValueType],
    ) -> Vec<Value> {
        let given = arguments.iter().map(|value| slots_of(self.builder.func.dfg.value_type(*value))).sum::<usize>();
        let slots = self.slots(given.max(slot_count(results)));
        self.store_slots(slots, arguments);
        let function = self.address(Symbol::Runtime(function));
        let border = self.function(Symbol::Runtime(RuntimeFunction::HostCall));
        self.builder.ins().call(border, &[function, context, slots]);
        self.load_slots(slots, results)
    }

    /// Drops the segment behind a descriptor: from now on it has nothing in it.
    pub fn drop_segment(&mut self, segment: Value) {
        let nothing = self.pointer(0);
        let flags = self.flags(Region::Descriptors);
        self.builder.ins().store(flags, nothing, segment, offset_of!(Segment, count) as i32);
    }

    /// Calls a leaf of the runtime, on the guest stack.
    pub fn leaf_call(&mut self, function: RuntimeFunction, arguments: &[Value]) -> Vec<Value> {
        let function = self.function(Symbol::Runtime(function));
        let call = self.builder.ins().call(function, arguments);
        self.builder.inst_results(call).to_vec()
    }

    /// A constant of the type of addresses.
    pub fn pointer(&mut self, value: u64) -> Value {
        self.builder.ins().iconst(POINTER, value as i64)
    }

    /// A reference to a function: [`adder_abi::program::function_reference`].
    pub fn function_reference(&mut self, id: FunctionId) -> Value {
        let type_number = self.program.functions[id.index()].signature.type_number();
        let function = self.address(Symbol::Function(id));
        let code = self.address(Symbol::Code);
        let offset = self.builder.ins().isub(function, code);
        let number = self.pointer(adder_abi::program::function_reference(0, type_number));
        self.builder.ins().bor(offset, number)
    }

    /// Traps if a condition holds.
    pub fn trap_if(&mut self, condition: Value, trap: Trap) {
        self.builder.ins().trapnz(condition, trap_code(trap));
    }

    /// Compares integers.
    pub fn compare(&mut self, condition: IntCC, left: Value, right: Value) -> Value {
        self.builder.ins().icmp(condition, left, right)
    }
}
