//! What wasm-smith cannot do to a module, or does otherwise than needed: every loop and recursion ends, waits end at
//! once, what may be rounded in two ways is left out, some direct calls become calls through a table or typed references (wasm-smith's own calls through tables
//! hardly ever find a function), and some operands lie at an edge.
//!
//! wasm-smith's own `ensure_termination` also limits bulk operators, so that those which must trap end for another
//! reason first, and its limit is one for the life of the instance. Here each call from outside can begin anew, by a
//! call of [`REFUEL`].

use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, HeapType, Instruction, Module, RawSection, RefType, Section, TableSection, TableType,
    TypeSection, ValType,
};
use wasmparser::{CodeSectionReader, FunctionBody, Operator, Parser, Payload, TypeRef};

use crate::edge::{Spaces, constant};
use crate::numbers::Numbers;

/// The export that gives an instance new fuel: a function without parameters and results.
pub const REFUEL: &str = "adder-fuzz refuel";

/// How long a rewritten wait waits: long enough to get to the kernel, in nanoseconds.
const WAIT_NANOSECONDS: i64 = 1000;

/// How to rewrite a module.
pub struct Rewriting {
    /// How many iterations of loops and calls of functions happen until the instance traps.
    pub fuel: u32,
    /// Whether calls may go through typed references.
    pub call_references: bool,
    /// Whether calls may go through a table of all functions, and of which kind it is.
    pub call_table: Option<CallTable>,
    /// Whether operands that are indices and counts may become ones at an edge.
    pub edges: bool,
}

/// The table of all functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallTable {
    /// Whether its indices have 64 bits.
    pub table64: bool,
    /// Whether it grows with each new fuel.
    pub grows: bool,
}

/// Entries of the table of all functions that stay null.
const NULL_ENTRIES: u32 = 2;

/// Positions of sections in a module, by their numbers in the binary format.
fn rank(id: u8) -> u8 {
    match id {
        // Tags come after memories, the count of data segments before the code.
        13 => 55,
        12 => 95,
        id => id * 10,
    }
}

/// Sections on the way to becoming a module.
#[derive(Default)]
struct Sections(Vec<(u8, Vec<u8>)>);

impl Sections {
    fn add(&mut self, section: &impl Section) {
        let mut bytes = Vec::new();
        section.append_to(&mut bytes);
        self.0.push((rank(section.id()), bytes));
    }

    fn finish(mut self) -> Vec<u8> {
        self.0.sort_by_key(|(rank, _)| *rank);
        let mut module = Module::new().finish();
        self.0.iter().for_each(|(_, bytes)| module.extend_from_slice(bytes));
        module
    }
}

/// What is known about a module when its code comes.
#[derive(Default)]
struct Facts {
    /// Type index of each function, imported ones first.
    functions: Vec<u32>,
    /// How many functions are imported.
    imported: usize,
    /// Number of parameters of each type; 0 for what is no function type.
    parameters: Vec<u32>,
    /// How many globals there are, imported ones first.
    globals: u32,
    /// Memories, tables and segments.
    spaces: Spaces,
}

impl Facts {
    fn add_table(&mut self, kind: &wasmparser::TableType) -> Result<(), Error> {
        let entries = RoundtripReencoder.ref_type(kind.element_type)?;
        self.spaces.tables.push((ValType::Ref(entries), kind.table64));
        Ok(())
    }

    /// How many tables there are.
    fn tables(&self) -> u32 {
        self.spaces.tables.len() as u32
    }
}

/// Rewrites a module. Custom sections are left out.
pub fn rewrite(bytes: &[u8], rewriting: &Rewriting, numbers: &mut Numbers) -> Result<Vec<u8>, Error> {
    let mut facts = Facts::default();
    let mut sections = Sections::default();
    let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
    let (mut globals, mut exports) = (GlobalSection::new(), ExportSection::new());
    let (mut tables, mut elements, mut code) = (TableSection::new(), ElementSection::new(), CodeSection::new());
    let mut reencoder = RoundtripReencoder;
    let mut bodies: Option<CodeSectionReader> = None;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        match payload {
            Payload::TypeSection(section) => {
                for group in section.clone() {
                    for kind in group?.into_types() {
                        facts.parameters.push(match &kind.composite_type.inner {
                            wasmparser::CompositeInnerType::Func(function) => function.params().len() as u32,
                            _ => 0,
                        });
                    }
                }
                reencoder.parse_type_section(&mut types, section)?;
            }
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports() {
                    match import?.ty {
                        TypeRef::Func(kind) | TypeRef::FuncExact(kind) => facts.functions.push(kind),
                        TypeRef::Global(_) => facts.globals += 1,
                        TypeRef::Table(kind) => facts.add_table(&kind)?,
                        TypeRef::Memory(kind) => facts.spaces.memories.push(kind.memory64),
                        _ => {}
                    }
                }
                facts.imported = facts.functions.len();
                let range = section.range();
                sections.add(&RawSection { id: 2, data: &bytes[range.start as usize..range.end as usize] });
            }
            Payload::FunctionSection(section) => {
                for kind in section.clone() {
                    facts.functions.push(kind?);
                }
                reencoder.parse_function_section(&mut functions, section)?;
            }
            Payload::TableSection(section) => {
                for table in section.clone() {
                    facts.add_table(&table?.ty)?;
                }
                reencoder.parse_table_section(&mut tables, section)?;
            }
            Payload::GlobalSection(section) => {
                facts.globals += section.count();
                reencoder.parse_global_section(&mut globals, section)?;
            }
            Payload::ExportSection(section) => reencoder.parse_export_section(&mut exports, section)?,
            Payload::ElementSection(section) => {
                for segment in section.clone() {
                    facts.spaces.elements.push(match segment?.items {
                        wasmparser::ElementItems::Functions(items) => {
                            (ValType::Ref(RefType::FUNCREF), items.count().into())
                        }
                        wasmparser::ElementItems::Expressions(kind, items) => {
                            (ValType::Ref(reencoder.ref_type(kind)?), items.count().into())
                        }
                    });
                }
                reencoder.parse_element_section(&mut elements, section)?;
            }
            // The parser gives the section as a whole, then each body; the whole is enough.
            Payload::CodeSectionStart { unchecked_range: range, .. } => {
                let data = &bytes[range.start as usize..range.end as usize];
                bodies = Some(CodeSectionReader::new(wasmparser::BinaryReader::new(data, range.start))?);
            }
            Payload::CustomSection(_) => {}
            other => {
                match &other {
                    Payload::MemorySection(section) => {
                        for kind in section.clone() {
                            facts.spaces.memories.push(kind?.memory64);
                        }
                    }
                    Payload::DataCountSection { .. } => facts.spaces.counted = true,
                    Payload::DataSection(section) => {
                        for segment in section.clone() {
                            facts.spaces.data.push(segment?.data.len() as u64);
                        }
                    }
                    _ => {}
                }
                if let Some((id, range)) = other.as_section() {
                    sections.add(&RawSection { id, data: &bytes[range.start as usize..range.end as usize] });
                }
            }
        }
    }

    let Some(bodies) = bodies else { return Ok(bytes.to_vec()) };
    let fuel = facts.globals;
    for body in bodies {
        let kind = facts.functions[facts.imported + code.len() as usize];
        code.function(&rewrite_body(&facts, &body?, facts.parameters[kind as usize], rewriting, numbers)?);
    }

    // The function that fills up, and the global that it fills.
    let signature = facts.parameters.len() as u32;
    types.ty().function([], []);
    functions.function(signature);
    let fuel_type = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
    globals.global(fuel_type, &ConstExpr::i32_const(rewriting.fuel as i32));
    exports.export(REFUEL, ExportKind::Func, facts.functions.len() as u32);
    let mut refuel = Function::new([]);
    refuel.instructions().i32_const(rewriting.fuel as i32).global_set(fuel);
    let all: Vec<u32> = (0..facts.functions.len() as u32).collect();
    if let Some(CallTable { table64, grows }) = rewriting.call_table {
        let size = u64::from(all.len() as u32 + NULL_ENTRIES);
        let maximum = if grows { size + 5 } else { size };
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64,
            minimum: size,
            maximum: Some(maximum),
            shared: false,
        });
        let zero = if table64 { ConstExpr::i64_const(0) } else { ConstExpr::i32_const(0) };
        elements.active(Some(facts.tables()), &zero, Elements::Functions(all.clone().into()));
        if grows {
            refuel.instructions().ref_null(HeapType::FUNC);
            refuel.instruction(&constant(1, table64));
            refuel.instructions().table_grow(facts.tables()).drop();
        }
    }
    refuel.instructions().end();
    code.function(&refuel);
    if rewriting.call_references {
        elements.declared(Elements::Functions(all.into()));
    }

    sections.add(&types);
    sections.add(&functions);
    if !tables.is_empty() {
        sections.add(&tables);
    }
    sections.add(&globals);
    sections.add(&exports);
    if !elements.is_empty() {
        sections.add(&elements);
    }
    sections.add(&code);
    Ok(sections.finish())
}

fn rewrite_body(
    facts: &Facts,
    body: &FunctionBody,
    parameters: u32,
    rewriting: &Rewriting,
    numbers: &mut Numbers,
) -> Result<Function, Error> {
    let mut reencoder = RoundtripReencoder;
    let mut locals = Vec::new();
    for pair in body.get_locals_reader()? {
        let (count, kind) = pair?;
        locals.push((count, reencoder.val_type(kind)?));
    }
    let mut next_local = parameters + locals.iter().map(|(count, _)| count).sum::<u32>();
    let mut instructions = Vec::new();
    burn(facts.globals, &mut instructions);
    let mut reader = body.get_operators_reader()?;
    while !reader.eof() {
        let operator = reader.read()?;
        if rewriting.edges && numbers.one_in(30) {
            instructions.extend(facts.spaces.insertion(numbers));
        }
        if rewriting.edges
            && numbers.one_in(2)
            && let Some(operands) = facts.spaces.operands(&operator, numbers)
        {
            let first = next_local;
            next_local += operands.kept.len() as u32;
            locals.extend(operands.kept.iter().map(|kind| (1, *kind)));
            instructions.extend(std::iter::repeat_n(Instruction::Drop, operands.above.0));
            instructions.extend((first..next_local).rev().map(Instruction::LocalSet));
            instructions.extend(std::iter::repeat_n(Instruction::Drop, operands.below.0));
            instructions.extend(operands.below.1);
            instructions.extend((first..next_local).map(Instruction::LocalGet));
            instructions.extend(operands.above.1);
        }
        match operator {
            Operator::Loop { .. } => {
                instructions.push(reencoder.instruction(operator)?);
                burn(facts.globals, &mut instructions);
            }
            // wasmtime always rounds once, Adder twice; the specification allows both.
            Operator::F32x4RelaxedMadd
            | Operator::F32x4RelaxedNmadd
            | Operator::F64x2RelaxedMadd
            | Operator::F64x2RelaxedNmadd => instructions.push(Instruction::V128Bitselect),
            Operator::MemoryAtomicWait32 { .. } | Operator::MemoryAtomicWait64 { .. } => {
                instructions.extend([Instruction::Drop, Instruction::I64Const(WAIT_NANOSECONDS)]);
                instructions.push(reencoder.instruction(operator)?);
            }
            Operator::Call { function_index } | Operator::ReturnCall { function_index }
                if rewriting.call_references && numbers.one_in(2) =>
            {
                let kind = facts.functions[function_index as usize];
                if push_reference(function_index, kind, next_local, &mut instructions, numbers) {
                    locals.push((1, ValType::Ref(RefType { nullable: true, heap_type: HeapType::Concrete(kind) })));
                    next_local += 1;
                }
                instructions.push(match operator {
                    Operator::Call { .. } => Instruction::CallRef(kind),
                    _ => Instruction::ReturnCallRef(kind),
                });
            }
            Operator::Call { function_index } | Operator::ReturnCall { function_index }
                if rewriting.call_table.is_some() && numbers.one_in(2) =>
            {
                let table64 = rewriting.call_table.is_some_and(|table| table.table64);
                let type_index = facts.functions[function_index as usize];
                instructions.push(constant(entry(facts, function_index, numbers).into(), table64));
                let table_index = facts.tables();
                instructions.push(match operator {
                    Operator::Call { .. } => Instruction::CallIndirect { type_index, table_index },
                    _ => Instruction::ReturnCallIndirect { type_index, table_index },
                });
            }
            operator => instructions.push(reencoder.instruction(operator)?),
        }
    }
    let mut function = Function::new(locals);
    for instruction in &instructions {
        function.instruction(instruction);
    }
    Ok(function)
}

/// The index of a function's entry in the table of all functions, or rarely of another entry.
fn entry(facts: &Facts, function: u32, numbers: &mut Numbers) -> u32 {
    let count = facts.functions.len() as u32;
    match numbers.below(40) {
        0 => numbers.below(count as usize) as u32,
        1 => count + numbers.below(NULL_ENTRIES as usize) as u32,
        2 => count + NULL_ENTRIES + numbers.below(8) as u32,
        3 => u32::MAX,
        _ => function,
    }
}

/// Traps if there is no fuel, else uses some of it.
fn burn(fuel: u32, instructions: &mut Vec<Instruction>) {
    instructions.extend([
        Instruction::GlobalGet(fuel),
        Instruction::I32Eqz,
        Instruction::If(BlockType::Empty),
        Instruction::Unreachable,
        Instruction::End,
        Instruction::GlobalGet(fuel),
        Instruction::I32Const(1),
        Instruction::I32Sub,
        Instruction::GlobalSet(fuel),
    ]);
}

/// Puts a reference to a function on the stack, in one of several ways. Says whether that needs the local.
fn push_reference(
    function: u32,
    kind: u32,
    local: u32,
    instructions: &mut Vec<Instruction>,
    numbers: &mut Numbers,
) -> bool {
    let nothing = || Instruction::RefNull(HeapType::Concrete(kind));
    let there = || {
        let reference = RefType { nullable: false, heap_type: HeapType::Concrete(kind) };
        Instruction::Block(BlockType::Result(ValType::Ref(reference)))
    };
    let through_local = |instructions: &mut Vec<Instruction>| {
        let pair = [Instruction::RefFunc(function), Instruction::LocalSet(local), Instruction::LocalGet(local)];
        instructions.extend(pair);
    };
    match numbers.below(12) {
        0..4 => instructions.push(Instruction::RefFunc(function)),
        4..6 => {
            through_local(instructions);
            return true;
        }
        6..8 => {
            through_local(instructions);
            instructions.push(Instruction::RefAsNonNull);
            return true;
        }
        8 => {
            // Only the branch leaves something on the stack.
            instructions.push(there());
            through_local(instructions);
            instructions.extend([Instruction::BrOnNonNull(0), Instruction::Unreachable, Instruction::End]);
            return true;
        }
        9 => {
            // The branch is taken: what follows it is for the other case.
            instructions.extend([there(), Instruction::Block(BlockType::Empty), nothing(), Instruction::BrOnNull(0)]);
            instructions.extend([Instruction::Br(1), Instruction::End, Instruction::RefFunc(function)]);
            instructions.push(Instruction::End);
        }
        10 => {
            instructions.extend([there(), Instruction::Block(BlockType::Empty)]);
            through_local(instructions);
            instructions.extend([Instruction::BrOnNull(0), Instruction::Br(1), Instruction::End]);
            instructions.extend([Instruction::Unreachable, Instruction::End]);
            return true;
        }
        _ if numbers.one_in(4) => instructions.push(nothing()),
        _ => instructions.push(Instruction::RefFunc(function)),
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use adder_tests::text::assemble;
    use wasmparser::{Validator, WasmFeatures};

    #[test]
    fn operands_at_edges_are_valid() {
        let module = assemble(
            "(module (memory 1 2 shared) (memory i64 1) (table $t 3 4 externref) (table $u i64 3 4 funcref)
               (data \"abc\") (data (i32.const 0) \"d\") (elem funcref (ref.null func)) (elem declare func $f)
               (func $f (param i32 i64 v128 externref) (result v128) (local f64)
                 (f64.store 1 (local.get 1) (local.get 4))
                 (i32.store8 offset=7 (local.get 0) (local.get 0))
                 (drop (i64.atomic.rmw8.cmpxchg_u (local.get 0) (local.get 1) (local.get 1)))
                 (drop (memory.atomic.wait64 (local.get 0) (local.get 1) (local.get 1)))
                 (memory.init 1 0 (local.get 1) (local.get 0) (local.get 0))
                 (table.set $t (local.get 0) (local.get 3))
                 (table.fill $t (local.get 0) (local.get 3) (local.get 0))
                 (table.init $u 0 (local.get 1) (local.get 0) (local.get 0))
                 (drop (table.grow $u (ref.null func) (local.get 1)))
                 (drop (call_indirect $u (type 0)
                   (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 1)))
                 (v128.store16_lane 3 (local.get 0) (local.get 2))
                 (v128.load32_lane 1 (local.get 0) (local.get 2))))",
        );
        let rewriting = Rewriting { fuel: 7, call_references: false, call_table: None, edges: true };
        let mut text = String::new();
        for seed in 0..100 {
            let changed = rewrite(&module, &rewriting, &mut Numbers::new(seed, 0)).expect("it is well-formed");
            Validator::new_with_features(WasmFeatures::all()).validate_all(&changed).expect("it is still valid");
            text += &wasmprinter::print_bytes(&changed).expect("it can be printed");
        }
        for inserted in ["memory.copy", "memory.fill", "memory.grow", "data.drop", "table.copy", "memory.size 1"] {
            assert!(text.contains(inserted), "{inserted}");
        }
    }

    #[test]
    fn rewritten_modules_are_valid_and_have_fuel() {
        let module = assemble(
            "(module (import \"m\" \"f\" (func $f (param i32) (result i32))) (memory 1 1 shared) (tag)
               (func $g (export \"g\") (param i32) (result i32) (local f32)
                 (loop (br_if 0 (i32.eqz (call $f (call $g (local.get 0))))))
                 (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
                 (return_call $f (i32.const 1))))",
        );
        let fixed = CallTable { table64: false, grows: false };
        let growing = CallTable { table64: true, grows: true };
        let (mut references, mut entries) = (0, 0);
        for seed in 0..50 {
            for (call_references, call_table) in
                [(false, None), (true, None), (false, Some(fixed)), (true, Some(growing))]
            {
                let rewriting = Rewriting { fuel: 7, call_references, call_table, edges: false };
                let changed = rewrite(&module, &rewriting, &mut Numbers::new(seed, 0)).expect("it is well-formed");
                Validator::new_with_features(WasmFeatures::all()).validate_all(&changed).expect("it is still valid");
                let text = wasmprinter::print_bytes(&changed).expect("it can be printed");
                assert!(text.contains(REFUEL) && text.contains("i32.const 7"));
                assert!(!text.contains("i64.const -1\n    memory.atomic.wait32"));
                assert!(call_references || !text.contains("call_ref"));
                assert!(call_table.is_some() || !text.contains("call_indirect"));
                references += usize::from(text.contains("call_ref"));
                entries += usize::from(text.contains("call_indirect"));
            }
        }
        assert!(references > 50 && entries > 50, "{references} with references, {entries} with the table");
    }
}
