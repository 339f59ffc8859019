//! From bytes to a [`Module`].

use std::collections::HashMap;

use wasmparser::{
    BranchHintFunction, CompositeInnerType, DataKind, ElementItems, ElementKind, Encoding, ExternalKind, KnownCustom,
    Parser, Payload, SectionLimited, TableInit, TypeRef, ValidPayload, Validator,
};

use super::constant::ConstantExpression;
use super::convert::{global_type, malformed, memory_type, table_type, value_type};
use super::definition::{Index, Module};
use super::feature;
use super::item::{
    Body, DataSegment, DefinedGlobal, DefinedTable, ElementSegment, ExportItem, Import, ImportType, SegmentMode,
};
use super::name::Names;
use crate::Input;
use crate::error::{Error, Result};
use crate::known::known_module;
use crate::quote::quoted;
use crate::types::FunctionType;

/// Parses a module and validates all of it but the bodies of its functions.
pub fn parse<'a>(input: &Input<'a>) -> Result<Module<'a>> {
    if !input.bytes.starts_with(b"\0asm") {
        return Err(Error::new("not a WebAssembly module: it does not start with the bytes \"\\0asm\"")
            .in_module(input.name)
            .hint("give a binary module; convert the text format with a tool such as wat2wasm first"));
    }
    parse_sections(input).map_err(|error| feature::explain(input.bytes, error).in_module(input.name))
}

fn parse_sections<'a>(input: &Input<'a>) -> Result<Module<'a>> {
    let mut module = Module {
        name: input.name,
        known: known_module(input.bytes),
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
            return Err(Error::unsupported("is a component, not a module").hint(
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
                for ty in group.map_err(malformed)?.into_types() {
                    let CompositeInnerType::Func(function) = ty.composite_type.inner else {
                        return Err(Error::unsupported("a type that is not a function type"));
                    };
                    module.types.push(FunctionType {
                        parameters: function.params().iter().map(|ty| value_type(*ty)).collect::<Result<_>>()?,
                        results: function.results().iter().map(|ty| value_type(*ty)).collect::<Result<_>>()?,
                    });
                }
            }
        }
        Payload::ImportSection(section) => {
            for import in section.into_imports_with_offsets() {
                let (offset, import) = import.map_err(malformed)?;
                let ty = match import.ty {
                    TypeRef::Func(index) => {
                        module.functions.push(index);
                        ImportType::Function(index)
                    }
                    TypeRef::Table(ty) => ImportType::Table(table_type(ty)?),
                    TypeRef::Memory(ty) => ImportType::Memory(memory_type(ty)),
                    TypeRef::Global(ty) => ImportType::Global(global_type(ty)?),
                    TypeRef::Tag(tag) => ImportType::Tag(tag.func_type_idx),
                    TypeRef::FuncExact(_) => {
                        return Err(Error::unsupported("an import of a function of an exact type").at(offset));
                    }
                };
                module.imports.push(Import { module: import.module, name: import.name, ty });
            }
        }
        Payload::FunctionSection(section) => {
            for ty in section {
                module.functions.push(ty.map_err(malformed)?);
            }
        }
        Payload::TableSection(section) => {
            for table in section {
                let table = table.map_err(malformed)?;
                let initial = match table.init {
                    TableInit::RefNull => None,
                    TableInit::Expr(expression) => Some(ConstantExpression::read(&expression)?),
                };
                module.tables.push(DefinedTable { ty: table_type(table.ty)?, initial });
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
                module.globals.push(DefinedGlobal { ty: global_type(global.ty)?, initial });
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
                        return Err(Error::unsupported(format!("export {name} is a function of an exact type")));
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
