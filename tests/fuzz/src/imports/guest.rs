//! A guest that calls what it imports as a script on its standard input says: one module for a family of Emscripten's versions, with
//! all functions of the system interfaces that modules of that family can import.

use adder_compiler::abi::callback::{Callback, GuestFunction};
use adder_compiler::abi::host::emscripten::{Family, signal};
use adder_compiler::abi::host::{Guests, INTERFACES, Signature, wasi_preview1};
use adder_compiler::abi::value::ValueType;
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, HeapType, ImportSection, Instruction, MemArg, MemArgTarget,
    MemorySection, MemoryType, Module, RefType, TableSection, TableType, TypeSection, ValType,
};

/// Bytes of a page of memory.
const PAGE_BYTES: u32 = 1 << 16;
/// Bytes of the guest's memory.
pub const MEMORY_BYTES: u32 = 2 * PAGE_BYTES;
/// Where the script is.
pub const SCRIPT: u32 = 1024;
/// Bytes of a call in a script: a function's number, a mask of the parameters that are what the last call returned, and the others.
pub const CALL_BYTES: usize = 8 + 8 * PARAMETERS_MAX;
/// The most parameters that a function has.
pub const PARAMETERS_MAX: usize = 9;
/// The number that ends a script.
pub const END: u32 = u32::MAX;

/// What a guest is made as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By Emscripten 3.1.6.
    Old,
    /// By Emscripten 5 or 6.
    New,
    /// The same, with Pyodide.
    Pyodide,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Old, Kind::New, Kind::Pyodide];

    fn family(self) -> Family {
        if self == Kind::Old { Family::Time32 } else { Family::Time64 }
    }

    fn guests(self) -> Guests {
        if self == Kind::Pyodide { Guests::Pyodide } else { Guests::Emscripten }
    }
}

/// A function that a script can call.
pub struct Callee {
    /// Its name.
    pub name: &'static str,
    /// Its parameters.
    pub parameters: Vec<ValueType>,
    results: Vec<ValueType>,
}

/// Names that tell one family from another.
const NEW_NAMES: [&str; 4] =
    ["emscripten_date_now", "_emscripten_get_now_is_monotonic", "_emscripten_memcpy_js", "__syscall_newfstatat"];

fn is_of(kind: Kind, signature: &Signature) -> bool {
    let is_calendar = ["_gmtime_js", "_localtime_js", "_mktime_js", "_timegm_js"].contains(&signature.name);
    let has_long = signature.parameters.iter().chain(signature.results).any(|ty| *ty == ValueType::I64);
    match kind.family() {
        Family::Time32 => !(NEW_NAMES.contains(&signature.name) || is_calendar && has_long),
        Family::Time64 => !is_calendar || has_long,
    }
}

/// The functions that a guest imports, with the names of their modules.
fn imports(kind: Kind) -> Vec<(&'static str, Callee)> {
    let is_meant = |module: &str, guests: Guests| guests > Guests::All || module == wasi_preview1::MODULE;
    let all = INTERFACES.all().filter(|(interface, signature, _)| {
        is_meant(interface.module, interface.guests)
            && interface.guests <= kind.guests()
            && !signature.is_pattern
            // Those with spaces are no imports.
            && !signature.name.contains(' ')
            && is_of(kind, signature)
    });
    let callee = |signature: &Signature| Callee {
        name: signature.name,
        parameters: signature.parameters.to_vec(),
        results: signature.results.to_vec(),
    };
    let mut found: Vec<(&'static str, Callee)> = Vec::new();
    for (interface, signature, _) in all {
        // What an interface has precedence for stands there once more.
        let is_there = |(module, other): &(&str, Callee)| {
            *module == interface.module
                && other.name == signature.name
                && other.parameters == signature.parameters
                && other.results == signature.results
        };
        if !found.iter().any(is_there) {
            found.push((interface.module, callee(signature)));
        }
    }
    found
}

/// A function of the guest: what it is exported as, its parameters and results, and what it does.
struct Own {
    name: &'static str,
    parameters: &'static [ValueType],
    results: &'static [ValueType],
    body: Vec<Instruction<'static>>,
}

/// Where the global variables stand: what `malloc` gives next, what the stack ends at, what the last call has returned.
const HEAP: u32 = 0;
const STACK: u32 = 1;
const LAST: u32 = 2;

const fn place(offset: u64, align: u32) -> MemArg {
    MemArg { offset, align, target: MemArgTarget::Memory(0), ordering: None }
}

/// What the runtime calls, and what the compiler knows by its name. Scripts can call them, too: `hostile heap` and `hostile stack` have the
/// allocators give what nobody owns.
fn own(kind: Kind) -> Vec<Own> {
    use Instruction::{Drop, GlobalGet, GlobalSet, I32Add, I32Const, I32Sub, LocalGet};
    const I: ValueType = ValueType::I32;
    let own = |name, parameters, results, body| Own { name, parameters, results, body };
    let allocate = |size| vec![GlobalGet(HEAP), GlobalGet(HEAP), LocalGet(size), I32Add, GlobalSet(HEAP)];
    let push = || vec![GlobalGet(STACK), LocalGet(0), I32Sub, GlobalSet(STACK), GlobalGet(STACK)];
    let zero = || vec![I32Const(0)];
    let allocates_stack = if kind == Kind::Old { "stackAlloc" } else { "_emscripten_stack_alloc" };
    let (action, raise, mask) = (signal::ACTION, signal::RAISE, signal::MASK);
    vec![
        own("malloc", &[I], &[I], allocate(0)),
        own("memalign", &[I, I], &[I], allocate(1)),
        own("emscripten_builtin_memalign", &[I, I], &[I], allocate(1)),
        own("free", &[I], &[], Vec::new()),
        own(allocates_stack, &[I], &[I], push()),
        own("__errno_location", &[], &[I], vec![GlobalGet(HEAP)]),
        own("fflush", &[I], &[I], zero()),
        own("__funcs_on_exit", &[], &[], Vec::new()),
        own("__stdio_exit", &[], &[], Vec::new()),
        own("__wasm_call_ctors", &[], &[], Vec::new()),
        own(signal::TIMEOUT, &[I, ValueType::F64], &[], Vec::new()),
        own(action.names[0], &[I, I, I], &[I], zero()),
        own(raise.names[0], &[I], &[I], zero()),
        own(mask.names[0], &[I, I, I], &[I], zero()),
        own("hostile heap", &[I], &[], vec![LocalGet(0), GlobalSet(HEAP)]),
        own("hostile stack", &[I], &[], vec![LocalGet(0), GlobalSet(STACK)]),
        own("a handler", &[I], &[], Vec::new()),
        own("a handler with information", &[I, I, I], &[], Vec::new()),
        own("a function", &[I, I, I, I], &[I], vec![LocalGet(0), Drop, LocalGet(3)]),
    ]
}

/// A guest.
pub struct Guest {
    /// The module.
    pub bytes: Vec<u8>,
    /// What its scripts can call, by their numbers.
    pub callees: Vec<Callee>,
}

fn value_type(ty: ValueType) -> ValType {
    match ty {
        ValueType::I32 => ValType::I32,
        ValueType::I64 => ValType::I64,
        ValueType::F32 => ValType::F32,
        ValueType::F64 => ValType::F64,
        ValueType::ExternRef => ValType::EXTERNREF,
    }
}

/// Makes a guest.
pub fn guest(kind: Kind) -> Guest {
    let imported = imports(kind);
    let mut own = own(kind);
    // Whatever else the runtime calls does nothing.
    for callback in Callback::ALL {
        let GuestFunction { export, parameters, results } = callback.function();
        let is_stack = [Callback::StackAllocate, Callback::StackAllocateOld].contains(callback);
        if !is_stack && own.iter().all(|other| other.name != export) {
            let body = results.iter().map(|_| Instruction::I32Const(0)).collect();
            own.insert(0, Own { name: export, parameters, results, body });
        }
    }
    let mut types = TypeSection::new();
    let mut import_section = ImportSection::new();
    for (number, (module, callee)) in imported.iter().enumerate() {
        let (parameters, results) = (callee.parameters.iter(), callee.results.iter());
        types.ty().function(parameters.map(|ty| value_type(*ty)), results.map(|ty| value_type(*ty)));
        import_section.import(module, callee.name, EntityType::Function(number as u32));
    }
    let mut functions = FunctionSection::new();
    let mut exports = ExportSection::new();
    let mut code = CodeSection::new();
    let mut callees: Vec<Callee> = imported.into_iter().map(|(_, callee)| callee).collect();
    let imports = callees.len() as u32;
    for (function, number) in own.into_iter().zip(imports..) {
        let (parameters, results) = (function.parameters.iter(), function.results.iter());
        types.ty().function(parameters.map(|ty| value_type(*ty)), results.map(|ty| value_type(*ty)));
        functions.function(number);
        exports.export(function.name, ExportKind::Func, number);
        let mut body = Function::new([]);
        function.body.iter().for_each(|instruction| _ = body.instruction(instruction));
        body.instruction(&Instruction::End);
        code.function(&body);
        callees.push(Callee {
            name: function.name,
            parameters: function.parameters.to_vec(),
            results: function.results.to_vec(),
        });
    }
    let main = callees.len() as u32;
    types.ty().function([ValType::I32, ValType::I32], [ValType::I32]);
    functions.function(main);
    exports.export("main", ExportKind::Func, main);
    code.function(&main_body(&callees));
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("__indirect_function_table", ExportKind::Table, 0);
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 8,
        maximum: Some(16),
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: (MEMORY_BYTES / PAGE_BYTES).into(),
        maximum: Some(32),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    for (ty, value) in [
        (ValType::I32, ConstExpr::i32_const(PAGE_BYTES as i32)),
        (ValType::I32, ConstExpr::i32_const(MEMORY_BYTES as i32)),
        (ValType::I64, ConstExpr::i64_const(0)),
    ] {
        globals.global(GlobalType { val_type: ty, mutable: true, shared: false }, &value);
    }
    // The last three of its own, from 1 on: 0 and what is behind them is null.
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(1), Elements::Functions((main - 3..main).collect::<Vec<u32>>().into()));
    let mut module = Module::new();
    module.section(&types).section(&import_section).section(&functions).section(&tables).section(&memories);
    module.section(&globals).section(&exports).section(&elements).section(&code);
    Guest { bytes: module.finish(), callees }
}

/// Reads the script, and calls what it says.
fn main_body(callees: &[Callee]) -> Function {
    use Instruction as I;
    // Parameters are 0 and 1.
    const CALL: u32 = 2;
    let read = callees.iter().position(|callee| callee.name == "fd_read").expect("WASI has it") as u32;
    let mut body = Function::new([(1, ValType::I32)]);
    let mut put = |instruction: &Instruction<'_>| _ = body.instruction(instruction);
    // Everything from the script on, up to the end of memory; `iovec` and the number of bytes are before it.
    for (address, value) in [(0, SCRIPT), (4, MEMORY_BYTES - SCRIPT)] {
        put(&I::I32Const(address));
        put(&I::I32Const(value as i32));
        put(&I::I32Store(place(0, 2)));
    }
    for value in [0, 0, 1, 8] {
        put(&I::I32Const(value));
    }
    put(&I::Call(read));
    put(&I::Drop);
    put(&I::I32Const(SCRIPT as i32));
    put(&I::LocalSet(CALL));
    put(&I::Loop(BlockType::Empty));
    // The default is the outermost: the end.
    for _ in 0..=callees.len() {
        put(&I::Block(BlockType::Empty));
    }
    put(&I::LocalGet(CALL));
    put(&I::I32Load(place(0, 2)));
    put(&I::BrTable((0..callees.len() as u32).collect::<Vec<u32>>().into(), callees.len() as u32));
    for (number, callee) in callees.iter().enumerate() {
        put(&I::End);
        for (index, ty) in callee.parameters.iter().enumerate() {
            parameter(index, *ty, CALL, &mut put);
        }
        put(&I::Call(number as u32));
        for (index, ty) in callee.results.iter().enumerate().rev() {
            match ty {
                ValueType::I32 if index == 0 => {
                    put(&I::I64ExtendI32S);
                    put(&I::GlobalSet(LAST));
                }
                _ => put(&I::Drop),
            }
        }
        put(&I::LocalGet(CALL));
        put(&I::I32Const(CALL_BYTES as i32));
        put(&I::I32Add);
        put(&I::LocalSet(CALL));
        // Out of the blocks that are still open, to the beginning of the loop.
        put(&I::Br((callees.len() - number) as u32));
    }
    put(&I::End);
    put(&I::End);
    put(&I::I32Const(0));
    put(&I::End);
    body
}

/// Pushes a parameter of a call.
fn parameter(index: usize, ty: ValueType, call: u32, put: &mut impl FnMut(&Instruction<'_>)) {
    use Instruction as I;
    if ty == ValueType::ExternRef {
        return put(&I::RefNull(HeapType::EXTERN));
    }
    put(&I::GlobalGet(LAST));
    put(&I::LocalGet(call));
    put(&I::I64Load(place(8 + 8 * index as u64, 3)));
    put(&I::LocalGet(call));
    put(&I::I32Load(place(4, 2)));
    put(&I::I32Const(1 << index));
    put(&I::I32And);
    put(&I::Select);
    match ty {
        ValueType::I32 => put(&I::I32WrapI64),
        ValueType::F32 => {
            put(&I::I32WrapI64);
            put(&I::F32ReinterpretI32);
        }
        ValueType::F64 => put(&I::F64ReinterpretI64),
        ValueType::I64 | ValueType::ExternRef => {}
    }
}

#[test]
fn guests_are_valid_and_import_everything() {
    for kind in Kind::ALL {
        let guest = guest(kind);
        wasmparser::validate(&guest.bytes).expect("it is valid");
        assert!(guest.callees.iter().all(|callee| callee.parameters.len() <= PARAMETERS_MAX));
        assert!(guest.callees.iter().any(|callee| callee.name == "__syscall_openat"));
        let pyodide = guest.callees.iter().any(|callee| callee.name == "__hiwire_deduplicate_new");
        assert_eq!(pyodide, kind == Kind::Pyodide);
    }
}
