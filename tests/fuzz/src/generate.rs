//! Makes cases: which proposals and which shapes are used is a choice of its own each time (swarm testing), because what
//! hides behind a rare instruction is not found where every instruction is rare.

use arbitrary::Unstructured;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{EntityType, ImportSection, TypeSection};
use wasm_smith::{Config, InstructionKind, InstructionKinds, MemoryOffsetChoices};
use wasmparser::{HeapType, ValType, WasmFeatures};

use crate::case::{Case, Command, Export, ExportKind, Module, can_be_passed, exports, slots};
use crate::expressions;
use crate::native::guarded;
use crate::numbers::Numbers;
use crate::proposals::{self, Proposal};
use crate::rewrite::{CallTable, REFUEL, Rewriting, rewrite};
use crate::throws;

/// Functions of a module that are called, at most.
const CALLED_MAX: usize = 24;

/// Makes the case at this position of a run, for what Adder supports, or says why it is of no use. The names of its modules
/// contain the position, so that cases can share a program.
pub fn case(seed: u64, position: u64, supported: &[&Proposal]) -> Result<Case, String> {
    let mut numbers = Numbers::new(seed, position);
    // Rarely all of them, else each or not.
    let all = numbers.one_in(8);
    let proposals: Vec<&Proposal> = supported.iter().copied().filter(|_| all || numbers.one_in(2)).collect();
    let features = proposals::features(supported);
    let count = [1, 1, 1, 2, 2, 3][numbers.below(6)];
    let mut modules: Vec<Module> = Vec::new();
    for number in 0..count {
        let imports = imports(&modules, features, &mut numbers);
        let bytes = module(imports, &proposals, &mut numbers)?;
        // It may use what Adder does not support and wasm-smith has no switch for.
        let valid = wasmparser::Validator::new_with_features(features).validate_all(&bytes);
        valid.map_err(|error| format!("not valid: {}", error.message()))?;
        modules.push(Module { name: format!("case {position} module {number}"), bytes });
    }
    let commands = commands(&modules, features, &mut numbers);
    Ok(Case { modules, commands })
}

fn module(imports: Option<Vec<u8>>, proposals: &[&Proposal], numbers: &mut Numbers) -> Result<Vec<u8>, String> {
    let uses = |name: &str| proposals.iter().any(|proposal| proposal.name == name);
    match numbers.below(10) {
        0 => return Ok(expressions::module(uses("simd"), uses("relaxed-simd"), numbers)),
        1 if uses("exceptions") => return Ok(throws::module(uses("simd"), numbers)),
        _ => {}
    }
    let config = config(imports, proposals, numbers);
    // Enough for every module to end for another reason than having no more bytes, most times.
    let count = *numbers.pick(&[1 << 10, 4 << 10, 16 << 10, 64 << 10]);
    let bytes = numbers.bytes(count);
    let large = config.max_memory32_bytes > 1 << 20;
    let module = guarded(|| wasm_smith::Module::new(config, &mut Unstructured::new(&bytes)));
    let module = module.map_err(|message| format!("wasm-smith panicked: {message}"))?;
    let module = module.map_err(|error| format!("not generated: {error}"))?.to_bytes();
    let fuel = if large { 50 } else { *numbers.pick(&[10, 100, 1000, 5000]) };
    let call_table = CallTable { table64: uses("memory64") && numbers.one_in(2), grows: numbers.one_in(2) };
    let call_table = numbers.one_in(2).then_some(call_table);
    let edges = numbers.one_in(2);
    let rewriting = Rewriting { fuel, call_references: uses("function-references"), call_table, edges };
    rewrite(&module, &rewriting, numbers).map_err(|error| format!("not rewritten: {error}"))
}

fn config(imports: Option<Vec<u8>>, proposals: &[&Proposal], numbers: &mut Numbers) -> Config {
    let is_tame = numbers.one_in(3);
    let pages = if numbers.one_in(40) { 1024 } else { *numbers.pick(&[1, 1, 2, 3, 10]) };
    let mut config = Config {
        // Nobody supplies other imports.
        max_imports: if imports.is_some() { 20 } else { 0 },
        available_imports: imports,
        canonicalize_nans: true,
        disallow_traps: is_tame,
        export_everything: !numbers.one_in(4),
        min_exports: 1,
        max_exports: 20,
        allow_start_export: numbers.one_in(3),
        generate_custom_sections: false,
        min_funcs: 1,
        max_funcs: *numbers.pick(&[2, 6, 15]),
        max_instructions: *numbers.pick(&[20, 100, 100, 400, 1500]),
        min_types: 2,
        max_types: 12,
        max_type_size: 100_000,
        max_globals: 12,
        max_tags: 5,
        min_memories: u32::from(!numbers.one_in(6)),
        max_memories: 1,
        max_memory32_bytes: pages << 16,
        max_memory64_bytes: u128::from(pages) << 16,
        memory_max_size_required: true,
        memory_offset_choices: numbers
            .pick(&[MemoryOffsetChoices(90, 9, 1), MemoryOffsetChoices(60, 20, 20), MemoryOffsetChoices(20, 20, 60)])
            .clone(),
        max_data_segments: 8,
        min_tables: u32::from(!numbers.one_in(3)),
        max_tables: 4,
        max_table_elements: *numbers.pick(&[5, 20, 1000, 20_000]),
        table_max_size_required: true,
        max_element_segments: 8,
        max_elements: 20,
        min_uleb_size: *numbers.pick(&[1, 1, 1, 2, 5]),
        allow_floats: !numbers.one_in(5),
        bulk_memory_enabled: !numbers.one_in(5),
        reference_types_enabled: true,
        multi_value_enabled: !numbers.one_in(5),
        saturating_float_to_int_enabled: !numbers.one_in(5),
        sign_extension_ops_enabled: !numbers.one_in(5),
        // What only a proposal switches on.
        extended_const_enabled: false,
        simd_enabled: false,
        relaxed_simd_enabled: false,
        tail_call_enabled: false,
        exceptions_enabled: false,
        memory64_enabled: false,
        threads_enabled: false,
        gc_enabled: false,
        compact_imports_enabled: false,
        custom_page_sizes_enabled: false,
        wide_arithmetic_enabled: false,
        ..Config::default()
    };
    if numbers.one_in(4) {
        config.allowed_instructions = some_instructions(numbers);
    }
    for proposal in proposals {
        (proposal.enable)(&mut config);
    }
    config
}

/// Control and variables, and some of the other kinds.
fn some_instructions(numbers: &mut Numbers) -> InstructionKinds {
    use InstructionKind::{Control, Memory, Numeric, Parametric, Reference, Table, Variable, Vector};
    let optional = [Numeric, Vector, Reference, Parametric, Table, Memory];
    let mut kinds = vec![Control, Variable];
    kinds.extend(optional.into_iter().filter(|_| numbers.one_in(2)));
    InstructionKinds::new(&kinds)
}

/// A module whose imports are what the modules so far export; `None` if that is nothing.
fn imports(modules: &[Module], features: WasmFeatures, numbers: &mut Numbers) -> Option<Vec<u8>> {
    let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
    for module in modules {
        for export in exports(&module.bytes, features).ok()? {
            if export.name == REFUEL || numbers.one_in(4) {
                continue;
            }
            if let Some(kind) = entity(&export, &mut types) {
                imports.import(&module.name, &export.name, kind);
            }
        }
    }
    if imports.is_empty() {
        return None;
    }
    let mut module = wasm_encoder::Module::new();
    module.section(&types).section(&imports);
    Some(module.finish())
}

/// The import of an export, its type added to the types; `None` if the type means something only in its own module.
fn entity(export: &Export, types: &mut TypeSection) -> Option<EntityType> {
    let mut reencoder = RoundtripReencoder;
    let mut values = |kinds: &[ValType]| {
        let is_plain = |kind: &ValType| match kind {
            ValType::Ref(reference) => matches!(reference.heap_type(), HeapType::Abstract { .. }),
            _ => true,
        };
        kinds.iter().map(|kind| is_plain(kind).then(|| reencoder.val_type(*kind).ok()).flatten()).collect()
    };
    let mut function = |parameters: Vec<wasm_encoder::ValType>, results: Vec<wasm_encoder::ValType>| {
        types.ty().function(parameters, results);
        types.len() - 1
    };
    Some(match &export.kind {
        ExportKind::Function(parameters, results) => {
            let (parameters, results): (Option<Vec<_>>, Option<Vec<_>>) = (values(parameters), values(results));
            EntityType::Function(function(parameters?, results?))
        }
        ExportKind::Tag(parameters) => {
            let parameters: Option<Vec<_>> = values(parameters);
            let func_type_idx = function(parameters?, Vec::new());
            EntityType::Tag(wasm_encoder::TagType { kind: wasm_encoder::TagKind::Exception, func_type_idx })
        }
        ExportKind::Global(kind) => {
            let _: Vec<wasm_encoder::ValType> = values(&[kind.content_type])?;
            EntityType::Global(RoundtripReencoder.global_type(*kind).ok()?)
        }
        ExportKind::Memory(kind) => EntityType::Memory(RoundtripReencoder.memory_type(*kind).ok()?),
        ExportKind::Table(kind) => {
            let _: Vec<wasm_encoder::ValType> = values(&[ValType::Ref(kind.element_type)])?;
            EntityType::Table(RoundtripReencoder.table_type(*kind).ok()?)
        }
    })
}

/// Activates all instances, then calls what they export and looks at their state, more than once.
fn commands(modules: &[Module], features: WasmFeatures, numbers: &mut Numbers) -> Vec<Command> {
    let exports: Vec<Vec<Export>> =
        modules.iter().map(|module| exports(&module.bytes, features).expect("it was validated")).collect();
    let mut commands: Vec<Command> = (0..modules.len()).map(Command::Activate).collect();
    observe(&exports, &mut commands);
    for _ in 0..2 {
        for (instance, list) in exports.iter().enumerate() {
            let functions = list.iter().filter_map(|export| match &export.kind {
                ExportKind::Function(parameters, _) if export.name != REFUEL => Some((export, parameters)),
                _ => None,
            });
            let functions = functions.filter(|(_, parameters)| parameters.iter().all(|kind| can_be_passed(*kind)));
            for (export, parameters) in functions.take(CALLED_MAX) {
                for (other, list) in exports.iter().enumerate() {
                    if list.iter().any(|export| export.name == REFUEL) {
                        commands.push(Command::Invoke(other, REFUEL.to_owned(), Vec::new()));
                    }
                }
                let slots = parameters.iter().flat_map(|kind| argument(*kind, numbers)).collect();
                commands.push(Command::Invoke(instance, export.name.clone(), slots));
            }
        }
        observe(&exports, &mut commands);
    }
    commands
}

fn observe(exports: &[Vec<Export>], commands: &mut Vec<Command>) {
    for (instance, list) in exports.iter().enumerate() {
        for export in list {
            let name = || export.name.clone();
            match export.kind {
                ExportKind::Global(_) => commands.push(Command::Get(instance, name())),
                ExportKind::Memory(_) => commands.push(Command::Memory(instance, name())),
                ExportKind::Table(_) => commands.push(Command::Table(instance, name())),
                ExportKind::Function(..) | ExportKind::Tag(_) => {}
            }
        }
    }
}

/// The slots of an argument of a type.
fn argument(kind: ValType, numbers: &mut Numbers) -> Vec<u64> {
    match kind {
        ValType::I32 | ValType::F32 => vec![u64::from(numbers.edge() as u32)],
        ValType::I64 | ValType::F64 | ValType::V128 => (0..slots(kind)).map(|_| numbers.edge()).collect(),
        // A value of the host, or null, which is 0. Other references are null.
        kind if crate::case::is_external(kind) => vec![numbers.next() % 3],
        ValType::Ref(_) => vec![0],
    }
}
