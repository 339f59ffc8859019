//! What a module consists of: imports, exports, tables, globals, segments, bodies.

use wasmparser::{FuncToValidate, FunctionBody, ValidatorResources};

use super::constant::ConstantExpression;
use crate::quote::quoted_import;
use crate::types::{GlobalType, MemoryType, TableType};

/// The type of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportType {
    /// A function; index of its type.
    Function(u32),
    /// A table.
    Table(TableType),
    /// A memory.
    Memory(MemoryType),
    /// A global.
    Global(GlobalType),
    /// A tag of exceptions; index of its type.
    Tag(u32),
}

/// An import.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// Where it comes from.
    pub module: &'a str,
    /// Its name there.
    pub name: &'a str,
    /// What it has to be.
    pub ty: ImportType,
}

impl Import<'_> {
    /// Names it in a message.
    pub fn quoted(&self) -> String {
        quoted_import(self.module, self.name)
    }
}

/// What an export refers to, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportItem {
    /// A function.
    Function(u32),
    /// A table.
    Table(u32),
    /// A memory.
    Memory(u32),
    /// A global.
    Global(u32),
    /// A tag of exceptions.
    Tag(u32),
}

/// A table that the module defines.
#[derive(Clone, Debug)]
pub struct DefinedTable {
    /// Its type.
    pub ty: TableType,
    /// What its entries start as, if not null.
    pub initial: Option<ConstantExpression>,
}

/// A global that the module defines.
#[derive(Clone, Debug)]
pub struct DefinedGlobal {
    /// Its type.
    pub ty: GlobalType,
    /// What it starts as.
    pub initial: ConstantExpression,
}

/// Whether and where a segment is applied when the module is instantiated.
#[derive(Clone, Debug)]
pub enum SegmentMode {
    /// To this table or memory, from this index on.
    Active(u32, ConstantExpression),
    /// Only by `table.init` or `memory.init`.
    Passive,
    /// Not at all: it declares functions that `ref.func` may name.
    Declared,
}

/// A segment of table entries.
#[derive(Clone, Debug)]
pub struct ElementSegment {
    /// Where it goes.
    pub mode: SegmentMode,
    /// Its entries.
    pub entries: Vec<ConstantExpression>,
}

/// A segment of bytes.
#[derive(Clone, Debug)]
pub struct DataSegment<'a> {
    /// Where it goes.
    pub mode: SegmentMode,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The body of a function that the module defines.
pub struct Body<'a> {
    /// What validates it.
    pub validator: FuncToValidate<ValidatorResources>,
    /// Its locals and operators.
    pub body: FunctionBody<'a>,
}
