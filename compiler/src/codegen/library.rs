//! The functions of a library, by which C calls the guest: they run on the stack of who calls them, by the C calling convention, and
//! call the runtime.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AbiParam, Block, InstBuilder, MemFlagsData, Signature, Type, Value, types};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::FunctionBuilder;

use super::glue::{Glue, begin};
use crate::clif::{Emitter, POINTER};
use crate::id::{CFunctionId, GlobalId};
use crate::link::Constant;
use crate::plan::{CFunctionKind, CTarget, CType, GlobalClass};
use crate::symbol::{RuntimeFunction, Symbol};

impl Glue<'_, '_> {
    /// A function of the library.
    pub fn c_function(self, id: CFunctionId) {
        let library = self.program.library.as_ref().expect("the program is a library");
        let kind = &library.interface.functions[id.index()].kind;
        self.function.signature = signature(kind);
        let mut emitter = Emitter::new(FunctionBuilder::new(self.function, self.scratch), self.program);
        let given = begin(&mut emitter);
        match (kind, library.targets[id.index()]) {
            (CFunctionKind::Call { parameters, results }, CTarget::Function(function)) => {
                call(&mut emitter, Symbol::Entry(function), (parameters, results), &given);
            }
            (CFunctionKind::Memory, CTarget::Memory(memory)) => {
                let memory = emitter.address(Symbol::Memory(memory));
                pass(&mut emitter, RuntimeFunction::LibraryMemory, &[memory, given[0]]);
            }
            (CFunctionKind::Get(ty), CTarget::Global(global)) => {
                let source = source_of_global(&mut emitter, global);
                copy(&mut emitter, given[0], source, *ty);
            }
            (CFunctionKind::Set(ty), CTarget::Global(global)) => {
                let source = match ty {
                    CType::Vector => given[0],
                    _ => in_slots(&mut emitter, &given),
                };
                let destination = emitter.address(Symbol::Global(global));
                copy(&mut emitter, destination, source, *ty);
            }
            (CFunctionKind::Failure, _) => pass(&mut emitter, RuntimeFunction::LibraryFailure, &[]),
            (CFunctionKind::ExitStatus, _) => pass(&mut emitter, RuntimeFunction::LibraryExitStatus, &[]),
            (kind, target) => unreachable!("{kind:?} is about another thing than {target:?}"),
        }
        emitter.builder.seal_all_blocks();
        emitter.builder.finalize(self.frontend);
    }
}

/// The type of a function.
fn signature(kind: &CFunctionKind) -> Signature {
    let (parameters, result): (Vec<Type>, Type) = match kind {
        CFunctionKind::Call { parameters, results } => {
            let parameters = parameters.iter().map(|ty| passed(*ty));
            (parameters.chain(results.iter().map(|_| POINTER)).collect(), types::I32)
        }
        CFunctionKind::Memory => (vec![POINTER], POINTER),
        CFunctionKind::Get(_) => (vec![POINTER], types::I32),
        CFunctionKind::Set(ty) => (vec![passed(*ty)], types::I32),
        CFunctionKind::Failure => (vec![], POINTER),
        CFunctionKind::ExitStatus => (vec![], types::I32),
    };
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.extend(parameters.into_iter().map(AbiParam::new));
    signature.returns.push(AbiParam::new(result));
    signature
}

/// How a parameter is passed.
fn passed(ty: CType) -> Type {
    match ty {
        CType::Vector => POINTER,
        ty => register(ty),
    }
}

/// How a value is held in a register.
fn register(ty: CType) -> Type {
    match ty {
        CType::Int32 => types::I32,
        CType::Int64 | CType::Reference => types::I64,
        CType::Float => types::F32,
        CType::Double => types::F64,
        CType::Vector => types::I8X16,
    }
}

/// How values of C are accessed, which may lie anywhere.
fn of_c() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}

/// Calls the guest by an entry wrapper. Behind the parameters, what is given says where the results go.
fn call(emitter: &mut Emitter<'_, '_>, entry: Symbol, (parameters, results): (&[CType], &[CType]), given: &[Value]) {
    let count = |types: &[CType]| types.iter().map(|ty| if *ty == CType::Vector { 2 } else { 1 }).sum::<usize>();
    let (values, places) = given.split_at(parameters.len());
    let values: Vec<Value> = parameters
        .iter()
        .zip(values)
        .map(|(ty, value)| match ty {
            CType::Vector => emitter.builder.ins().load(types::I8X16, of_c(), *value, 0),
            _ => *value,
        })
        .collect();
    let slot_count = count(parameters).max(count(results));
    let slots = emitter.slots(slot_count);
    emitter.store_slots(slots, &values);
    let entry = emitter.address(entry);
    let slot_count = emitter.pointer(slot_count as u64);
    let status = emitter.leaf_call(RuntimeFunction::LibraryCall, &[entry, slots, slot_count])[0];
    let (returned, end) = (emitter.builder.create_block(), emitter.builder.create_block());
    emitter.builder.ins().brif(status, end, &[], returned, &[]);
    emitter.builder.switch_to_block(returned);
    let mut index = 0;
    for (ty, place) in results.iter().zip(places) {
        let value = emitter.builder.ins().load(register(*ty), of_c(), slots, index * 8);
        index += if *ty == CType::Vector { 2 } else { 1 };
        store_unless_null(emitter, value, *place);
    }
    emitter.builder.ins().jump(end, &[]);
    emitter.builder.switch_to_block(end);
    emitter.builder.ins().return_(&[status]);
}

/// Stores a result, if who called wants it.
fn store_unless_null(emitter: &mut Emitter<'_, '_>, value: Value, place: Value) {
    let (wanted, next): (Block, Block) = (emitter.builder.create_block(), emitter.builder.create_block());
    let null = emitter.pointer(0);
    let is_null = emitter.compare(IntCC::Equal, place, null);
    emitter.builder.ins().brif(is_null, next, &[], wanted, &[]);
    emitter.builder.switch_to_block(wanted);
    emitter.builder.ins().store(of_c(), value, place, 0);
    emitter.builder.ins().jump(next, &[]);
    emitter.builder.switch_to_block(next);
}

/// Calls the runtime, and returns what that does.
fn pass(emitter: &mut Emitter<'_, '_>, function: RuntimeFunction, arguments: &[Value]) {
    let results = emitter.leaf_call(function, arguments);
    emitter.builder.ins().return_(&results);
}

/// Copies a value of a global, while nobody else uses it.
fn copy(emitter: &mut Emitter<'_, '_>, destination: Value, source: Value, ty: CType) {
    let bytes = emitter.pointer(u64::from(register(ty).bytes()));
    pass(emitter, RuntimeFunction::LibraryCopy, &[destination, source, bytes]);
}

/// Where the value of a global is to be read: its own bytes or, if it never changes, a copy in the frame.
fn source_of_global(emitter: &mut Emitter<'_, '_>, id: GlobalId) -> Value {
    let global = &emitter.program.globals[id.index()];
    if global.class != GlobalClass::Constant {
        return emitter.address(Symbol::Global(id));
    }
    let halves = match global.initial {
        Constant::I32(value) => [u64::from(value as u32), 0],
        Constant::I64(value) => [value as u64, 0],
        Constant::F32(bits) => [u64::from(bits), 0],
        Constant::F64(bits) => [bits, 0],
        Constant::V128(bytes) => {
            let bits = u128::from_le_bytes(bytes);
            [bits as u64, (bits >> 64) as u64]
        }
        Constant::Null => [0, 0],
        Constant::Function(function) => {
            let reference = emitter.function_reference(function);
            return in_slots(emitter, &[reference]);
        }
    };
    let halves = halves.map(|half| emitter.pointer(half));
    in_slots(emitter, &halves)
}

/// Puts values into slots.
fn in_slots(emitter: &mut Emitter<'_, '_>, values: &[Value]) -> Value {
    let slots = emitter.slots(values.len());
    emitter.store_slots(slots, values);
    slots
}
