//! A case: modules that are linked with each other, and what is done with their instances.

use std::fmt;

use wasmparser::types::{CoreTypeId, EntityType};
use wasmparser::{HeapType, Parser, Payload, ValType, Validator, WasmFeatures};

/// Modules, each of which may import from the ones before it, and commands for their instances.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// In the order of activation.
    pub modules: Vec<Module>,
    /// What to do, in order. It begins with the activations.
    pub commands: Vec<Command>,
}

/// A module of a case.
#[derive(Clone, Debug)]
pub struct Module {
    /// The name that others import from.
    pub name: String,
    /// In the binary format.
    pub bytes: Vec<u8>,
}

/// Something to do with an instance, given by its position in the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Apply its segments and call its start function.
    Activate(usize),
    /// Call a function that it exports, with these slots.
    Invoke(usize, String, Vec<u64>),
    /// Read a global that it exports.
    Get(usize, String),
    /// Size and digest of a memory that it exports.
    Memory(usize, String),
    /// Size and digest of a table that it exports.
    Table(usize, String),
}

impl Command {
    /// The instance that it is about.
    pub fn instance(&self) -> usize {
        match self {
            Command::Activate(instance)
            | Command::Invoke(instance, ..)
            | Command::Get(instance, _)
            | Command::Memory(instance, _)
            | Command::Table(instance, _) => *instance,
        }
    }

    /// The line that the script driver of the runtime understands, for a case whose first instance is the one with the
    /// number `first` of the program.
    pub fn line(&self, first: usize) -> String {
        let instance = first + self.instance();
        let hexadecimal = |name: &str| name.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
        match self {
            Command::Activate(_) => format!("activate {instance}"),
            Command::Invoke(_, name, slots) => {
                let slots: String = slots.iter().map(|slot| format!(" {slot:016x}")).collect();
                format!("invoke {instance} {}{slots}", hexadecimal(name))
            }
            Command::Get(_, name) => format!("get {instance} {}", hexadecimal(name)),
            Command::Memory(_, name) => format!("memory {instance} {}", hexadecimal(name)),
            Command::Table(_, name) => format!("table {instance} {}", hexadecimal(name)),
        }
    }

    /// The command that [`Command::line`] with `first` 0 wrote.
    pub fn parse(line: &str) -> Option<Command> {
        let mut words = line.split(' ');
        let verb = words.next()?;
        let instance = words.next()?.parse().ok()?;
        if verb == "activate" {
            return Some(Command::Activate(instance));
        }
        let name = words.next()?;
        let bytes: Option<Vec<u8>> =
            (0..name.len() / 2).map(|at| u8::from_str_radix(name.get(at * 2..at * 2 + 2)?, 16).ok()).collect();
        let name = String::from_utf8(bytes?).ok()?;
        match verb {
            "invoke" => {
                let slots = words.map(|word| u64::from_str_radix(word, 16).ok()).collect::<Option<Vec<_>>>()?;
                Some(Command::Invoke(instance, name, slots))
            }
            "get" => Some(Command::Get(instance, name)),
            "memory" => Some(Command::Memory(instance, name)),
            "table" => Some(Command::Table(instance, name)),
            _ => None,
        }
    }
}

/// What came of a command, the same for every implementation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It returned these slots.
    Values(Vec<u64>),
    /// It trapped; traps that implementations name differently have one name here.
    Trap(String),
    /// An exception left it.
    Exception,
    /// The instance does not fit what it imports.
    Unlinkable,
    /// It cannot be compared from here on, for this reason: the stack or another resource was used up.
    Inconclusive(String),
    /// The process ended, or said something that it must not say.
    Broken(String),
}

impl Answer {
    /// What kind of answer it is, without its details; two findings of one kind are probably one.
    pub fn kind(&self) -> String {
        match self {
            Answer::Values(_) => "values".to_owned(),
            Answer::Trap(kind) => format!("trap {kind}"),
            Answer::Exception => "exception".to_owned(),
            Answer::Unlinkable => "unlinkable".to_owned(),
            Answer::Inconclusive(_) => "inconclusive".to_owned(),
            Answer::Broken(_) => "broken".to_owned(),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Values(slots) => {
                write!(f, "values")?;
                slots.iter().try_for_each(|slot| write!(f, " {slot:016x}"))
            }
            Answer::Inconclusive(reason) => write!(f, "inconclusive: {reason}"),
            Answer::Broken(reason) => write!(f, "broken: {reason}"),
            _ => f.write_str(&self.kind()),
        }
    }
}

/// What a module exports.
#[derive(Clone, Debug)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ExportKind,
}

/// What an export is.
#[derive(Clone, Debug)]
pub enum ExportKind {
    /// A function with these parameters and results.
    Function(Vec<ValType>, Vec<ValType>),
    /// A global.
    Global(wasmparser::GlobalType),
    /// A memory.
    Memory(wasmparser::MemoryType),
    /// A table.
    Table(wasmparser::TableType),
    /// A tag with these parameters.
    Tag(Vec<ValType>),
}

/// The exports of a module, or why it is not valid.
pub fn exports(bytes: &[u8], features: WasmFeatures) -> Result<Vec<Export>, String> {
    let types = Validator::new_with_features(features).validate_all(bytes).map_err(|error| error.to_string())?;
    let types = types.as_ref();
    let function = |id: CoreTypeId| {
        let kind = types[id].unwrap_func();
        (kind.params().to_vec(), kind.results().to_vec())
    };
    let mut exports = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let Ok(Payload::ExportSection(section)) = payload else { continue };
        for export in section.into_iter().flatten() {
            let kind = match types.entity_type_from_export(&export) {
                Some(EntityType::Func(id)) | Some(EntityType::FuncExact(id)) => {
                    let (parameters, results) = function(id);
                    ExportKind::Function(parameters, results)
                }
                Some(EntityType::Global(kind)) => ExportKind::Global(kind),
                Some(EntityType::Memory(kind)) => ExportKind::Memory(kind),
                Some(EntityType::Table(kind)) => ExportKind::Table(kind),
                Some(EntityType::Tag(id)) => ExportKind::Tag(function(id).0),
                None => continue,
            };
            exports.push(Export { name: export.name.to_owned(), kind });
        }
    }
    Ok(exports)
}

/// How many slots of 8 bytes a value takes in the commands and answers of the script driver.
pub fn slots(kind: ValType) -> usize {
    if kind == ValType::V128 { 2 } else { 1 }
}

/// Whether a caller outside of the modules can make a value of this type: not a reference to a function, and not one
/// that cannot be null.
pub fn can_be_passed(kind: ValType) -> bool {
    match kind {
        ValType::Ref(reference) => reference.is_nullable(),
        _ => true,
    }
}

/// Whether a reference is one to the host's own values, which are compared by value; others only by being null.
pub fn is_external(kind: ValType) -> bool {
    let external = |heap| matches!(heap, HeapType::Abstract { ty: wasmparser::AbstractHeapType::Extern, .. });
    matches!(kind, ValType::Ref(reference) if external(reference.heap_type()))
}

#[test]
fn commands_are_read_as_they_are_written() {
    for command in [
        Command::Activate(3),
        Command::Invoke(0, String::new(), vec![1, u64::MAX]),
        Command::Invoke(1, "\u{1f40d} x".to_owned(), vec![]),
        Command::Get(0, "g".to_owned()),
        Command::Memory(2, "m".to_owned()),
        Command::Table(2, "t".to_owned()),
    ] {
        assert_eq!(Command::parse(&command.line(0)), Some(command));
    }
}
