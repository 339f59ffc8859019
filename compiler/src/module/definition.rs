//! A module as a value, with an index of its imports and exports.

use std::collections::HashMap;

use super::item::{Body, DataSegment, DefinedGlobal, DefinedTable, ElementSegment, ExportItem, Import, ImportType};
use super::name::Names;
use crate::known::KnownModule;
use crate::types::{FunctionType, MemoryType};

/// A module.
pub struct Module<'a> {
    /// The name it was given, under which others import from it and errors mention it.
    pub name: &'a str,
    /// What is known of it by its digest, if anything is.
    pub known: Option<&'static KnownModule>,
    /// Function types, by type index.
    pub types: Vec<FunctionType>,
    /// Imports, in order.
    pub imports: Vec<Import<'a>>,
    /// Type index of every function, imported ones first.
    pub functions: Vec<u32>,
    /// Tables that it defines, after the imported ones.
    pub tables: Vec<DefinedTable>,
    /// Memories that it defines, after the imported ones.
    pub memories: Vec<MemoryType>,
    /// Type index of each tag that it defines, after the imported ones.
    pub tags: Vec<u32>,
    /// Globals that it defines, after the imported ones.
    pub globals: Vec<DefinedGlobal>,
    /// Exports, in order.
    pub exports: Vec<(&'a str, ExportItem)>,
    /// The function to call when it is instantiated.
    pub start: Option<u32>,
    /// Segments of table entries.
    pub elements: Vec<ElementSegment>,
    /// Segments of bytes.
    pub data: Vec<DataSegment<'a>>,
    /// Bodies of the functions that it defines.
    pub bodies: Vec<Body<'a>>,
    /// Names for people.
    pub names: Names<'a>,
    /// Which branches are likely taken, from the custom section "metadata.code.branch_hint": by function, the offsets of
    /// branches in the body, ascending.
    pub branch_hints: HashMap<u32, Vec<(u32, bool)>>,
    /// Imports and exports by function and name.
    pub index: Index<'a>,
}

impl Module<'_> {
    /// How many functions are imported.
    pub fn imported_functions(&self) -> u32 {
        (self.functions.len() - self.bodies.len()) as u32
    }

    /// The import that supplies a function.
    pub fn import_of_function(&self, function: u32) -> &Import<'_> {
        &self.imports[self.index.function_imports[function as usize]]
    }

    /// What an export refers to.
    pub fn export(&self, name: &str) -> Option<ExportItem> {
        self.index.exports.get(name).copied()
    }

    /// The first name, but for empty ones, under which a function is exported.
    pub fn exported_name(&self, function: u32) -> Option<&str> {
        self.index.exported_names.get(&function).copied()
    }
}

/// Answers to questions that are asked about every function: modules can have a million of them.
#[derive(Default)]
pub struct Index<'a> {
    /// Where in the imports the functions are, by function index.
    function_imports: Vec<usize>,
    exports: HashMap<&'a str, ExportItem>,
    exported_names: HashMap<u32, &'a str>,
}

impl<'a> Index<'a> {
    /// The index of a module's imports and exports.
    pub fn new(imports: &[Import<'a>], exports: &[(&'a str, ExportItem)]) -> Index<'a> {
        let mut index = Index::default();
        for (position, import) in imports.iter().enumerate() {
            if let ImportType::Function(_) = import.ty {
                index.function_imports.push(position);
            }
        }
        for (name, item) in exports {
            index.exports.insert(name, *item);
            if let ExportItem::Function(function) = item
                && !name.is_empty()
            {
                index.exported_names.entry(*function).or_insert(name);
            }
        }
        index
    }
}
