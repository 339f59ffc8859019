//! From bytes to a [`Module`].

use std::collections::HashMap;

use wasmparser::{
    AbstractHeapType, BinaryReaderError, BranchHintFunction, CompositeInnerType, DataKind, ElementItems, ElementKind,
    Encoding, ExternalKind, HeapType, KnownCustom, Parser, Payload, RefType, SectionLimited, TableInit, TypeRef,
    UnpackedIndex, ValType, ValidPayload, Validator,
};

use super::{
    Body, ConstantExpression, DataSegment, DefinedGlobal, DefinedTable, ElementSegment, ExportItem, FunctionType,
    GlobalType, Heap, Import, ImportType, Index, Limits, MemoryType, Module, Names, Reference, SegmentMode, TableType,
    ValueType, feature,
};
use crate::Input;
use crate::error::{Error, Result};
use crate::quote::quoted;

/// Parses a module and validates all of it but the bodies of its functions.
pub fn parse<'a>(input: &Input<'a>) -> Result<Module<'a>> {
    if !input.bytes.starts_with(b"\0asm") {
        return Err(Error::new("not a WebAssembly module: it does not start with the bytes \"\\0asm\"")
            .in_module(input.name)
            .hint("give a binary module; convert the text format with a tool such as wat2wasm first"));
    }
    parse_sections(input).map_err(|error| feature::explain(input.bytes, error).in_module(input.name))
}

/// An error of the parser or validator as one of ours.
pub fn malformed(error: BinaryReaderError) -> Error {
    Error::new(one_line(error.message())).at(error.offset())
}

/// A sentence of the validator, which may hold names of the module, in one line: control characters are escaped, and it is
/// cut when it is very long.
fn one_line(text: &str) -> String {
    const CHARACTERS_MAX: usize = 300;
    let mut line = String::new();
    for character in text.chars().take(CHARACTERS_MAX) {
        if character.is_control() { line.extend(character.escape_default()) } else { line.push(character) }
    }
    if text.chars().nth(CHARACTERS_MAX).is_some() {
        line.push_str("...");
    }
    line
}

fn parse_sections<'a>(input: &Input<'a>) -> Result<Module<'a>> {
    let mut module = Module {
        name: input.name,
        types: Vec::new(),
        imports: Vec::new(),
        functions: Vec::new(),
        tables: Vec::new(),
        memories: Vec::new(),
        tags: Vec::new(),
        globals: Vec::new(),
        exports: Vec::new(),
        start: None,
        elements: Vec::new(),
        data: Vec::new(),
        bodies: Vec::new(),
        names: Names::default(),
        branch_hints: HashMap::new(),
        index: Index::default(),
    };
    let mut validator = Validator::new_with_features(feature::supported());
    // Without this the parser would accept encodings of proposals that are refused, such as long indices of memories.
    let mut parser = Parser::new(0);
    parser.set_features(feature::supported());
    for payload in parser.parse_all(input.bytes) {
        let payload = payload.map_err(malformed)?;
        if let Payload::Version { encoding: Encoding::Component, .. } = payload {
            return Err(Error::new("is a component, not a module").hint(
                "components and WASI preview 2 are not supported: compile it for WASI preview 1 (wasm32-wasip1)",
            ));
        }
        if let ValidPayload::Func(validator, body) = validator.payload(&payload).map_err(malformed)? {
            module.bodies.push(Body { validator, body });
        }
        read(payload, &mut module)?;
    }
    module.index = Index::new(&module.imports, &module.exports);
    Ok(module)
}

fn read<'a>(payload: Payload<'a>, module: &mut Module<'a>) -> Result<()> {
    match payload {
        Payload::TypeSection(section) => {
            for group in section {
                for kind in group.map_err(malformed)?.into_types() {
                    let CompositeInnerType::Func(function) = kind.composite_type.inner else {
                        return Err(Error::new("a type that is not a function type"));
                    };
                    module.types.push(FunctionType {
                        parameters: function.params().iter().map(|kind| value_type(*kind)).collect::<Result<_>>()?,
                        results: function.results().iter().map(|kind| value_type(*kind)).collect::<Result<_>>()?,
                    });
                }
            }
        }
        Payload::ImportSection(section) => {
            for import in section.into_imports_with_offsets() {
                let (offset, import) = import.map_err(malformed)?;
                let kind = match import.ty {
                    TypeRef::Func(kind) => {
                        module.functions.push(kind);
                        ImportType::Function(kind)
                    }
                    TypeRef::Table(kind) => ImportType::Table(table_type(kind)?),
                    TypeRef::Memory(kind) => ImportType::Memory(memory_type(kind)),
                    TypeRef::Global(kind) => ImportType::Global(global_type(kind)?),
                    TypeRef::Tag(tag) => ImportType::Tag(tag.func_type_idx),
                    TypeRef::FuncExact(_) => {
                        return Err(Error::new("an import of a function of an exact type").at(offset));
                    }
                };
                module.imports.push(Import { module: import.module, name: import.name, kind });
            }
        }
        Payload::FunctionSection(section) => {
            for kind in section {
                module.functions.push(kind.map_err(malformed)?);
            }
        }
        Payload::TableSection(section) => {
            for table in section {
                let table = table.map_err(malformed)?;
                let initial = match table.init {
                    TableInit::RefNull => None,
                    TableInit::Expr(expression) => Some(ConstantExpression::read(&expression)?),
                };
                module.tables.push(DefinedTable { kind: table_type(table.ty)?, initial });
            }
        }
        Payload::MemorySection(section) => {
            for memory in section {
                module.memories.push(memory_type(memory.map_err(malformed)?));
            }
        }
        Payload::TagSection(section) => {
            for tag in section {
                module.tags.push(tag.map_err(malformed)?.func_type_idx);
            }
        }
        Payload::GlobalSection(section) => {
            for global in section {
                let global = global.map_err(malformed)?;
                let initial = ConstantExpression::read(&global.init_expr)?;
                module.globals.push(DefinedGlobal { kind: global_type(global.ty)?, initial });
            }
        }
        Payload::ExportSection(section) => {
            for export in section {
                let export = export.map_err(malformed)?;
                let item = match export.kind {
                    ExternalKind::Func => ExportItem::Function(export.index),
                    ExternalKind::Table => ExportItem::Table(export.index),
                    ExternalKind::Memory => ExportItem::Memory(export.index),
                    ExternalKind::Global => ExportItem::Global(export.index),
                    ExternalKind::Tag => ExportItem::Tag(export.index),
                    ExternalKind::FuncExact => {
                        let name = quoted(export.name);
                        return Err(Error::new(format!("export {name} is a function of an exact type")));
                    }
                };
                module.exports.push((export.name, item));
            }
        }
        Payload::StartSection { func, .. } => module.start = Some(func),
        Payload::ElementSection(section) => {
            for segment in section {
                let segment = segment.map_err(malformed)?;
                let mode = match segment.kind {
                    ElementKind::Passive => SegmentMode::Passive,
                    ElementKind::Declared => SegmentMode::Declared,
                    ElementKind::Active { table_index, offset_expr } => {
                        SegmentMode::Active(table_index.unwrap_or(0), ConstantExpression::read(&offset_expr)?)
                    }
                };
                let entries = match segment.items {
                    ElementItems::Functions(functions) => functions
                        .into_iter()
                        .map(|function| function.map(ConstantExpression::function).map_err(malformed))
                        .collect::<Result<_>>()?,
                    ElementItems::Expressions(_, expressions) => expressions
                        .into_iter()
                        .map(|expression| ConstantExpression::read(&expression.map_err(malformed)?))
                        .collect::<Result<_>>()?,
                };
                module.elements.push(ElementSegment { mode, entries });
            }
        }
        Payload::DataSection(section) => {
            for segment in section {
                let segment = segment.map_err(malformed)?;
                let mode = match segment.kind {
                    DataKind::Passive => SegmentMode::Passive,
                    DataKind::Active { memory_index, offset_expr } => {
                        SegmentMode::Active(memory_index, ConstantExpression::read(&offset_expr)?)
                    }
                };
                module.data.push(DataSegment { mode, bytes: segment.data });
            }
        }
        Payload::CustomSection(section) => match section.as_known() {
            KnownCustom::Name(names) => module.names = Names::read(names),
            KnownCustom::BranchHints(hints) => module.branch_hints = branch_hints(hints),
            _ => {}
        },
        _ => {}
    }
    Ok(())
}

/// The hints of a section, as far as it is well-formed: they mean nothing but speed.
fn branch_hints(section: SectionLimited<'_, BranchHintFunction<'_>>) -> HashMap<u32, Vec<(u32, bool)>> {
    let functions = section.into_iter().map_while(|function| function.ok());
    let hints = functions.map(|function| {
        let hints = function.hints.into_iter().map_while(|hint| hint.ok());
        let mut hints: Vec<_> = hints.map(|hint| (hint.func_offset, hint.taken)).collect();
        hints.sort_unstable();
        (function.func, hints)
    });
    hints.collect()
}

/// The type of a value of a validated module.
pub fn value_type(kind: ValType) -> Result<ValueType> {
    match kind {
        ValType::I32 => Ok(ValueType::I32),
        ValType::I64 => Ok(ValueType::I64),
        ValType::F32 => Ok(ValueType::F32),
        ValType::F64 => Ok(ValueType::F64),
        ValType::V128 => Ok(ValueType::V128),
        ValType::Ref(kind) => Ok(ValueType::Reference(reference_type(kind)?)),
    }
}

fn reference_type(kind: RefType) -> Result<Reference> {
    let heap = match kind.heap_type() {
        HeapType::Abstract { shared: false, ty: AbstractHeapType::Func } => Heap::Function,
        HeapType::Abstract { shared: false, ty: AbstractHeapType::Extern } => Heap::External,
        HeapType::Abstract { shared: false, ty: AbstractHeapType::Exn } => Heap::Exception,
        HeapType::Abstract { shared: false, ty: AbstractHeapType::NoExn } => Heap::NoException,
        HeapType::Concrete(UnpackedIndex::Module(index)) => Heap::Typed(index),
        _ => return Err(Error::new(format!("a reference of type {kind}"))),
    };
    Ok(Reference { nullable: kind.is_nullable(), heap })
}

fn table_type(kind: wasmparser::TableType) -> Result<TableType> {
    let limits = Limits { initial: kind.initial, maximum: kind.maximum };
    Ok(TableType { element: reference_type(kind.element_type)?, limits, index64: kind.table64 })
}

fn memory_type(kind: wasmparser::MemoryType) -> MemoryType {
    let limits = Limits { initial: kind.initial, maximum: kind.maximum };
    MemoryType { limits, index64: kind.memory64, shared: kind.shared }
}

fn global_type(kind: wasmparser::GlobalType) -> Result<GlobalType> {
    Ok(GlobalType { value: value_type(kind.content_type)?, mutable: kind.mutable })
}
