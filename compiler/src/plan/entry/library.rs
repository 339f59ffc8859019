//! The functions of a library: for each export of the main module one that C calls, and some by which C learns what went wrong.

use std::collections::HashSet;

use crate::error::{Error, Result};
use crate::id::{FunctionId, GlobalId, MemoryId};
use crate::link::Linked;
use crate::module::ExportItem;
use crate::options::{Entry, Options};
use crate::plan::address::Global;
use crate::plan::shadow_stack::find_stack_pointers;
use crate::types::{FunctionType, Heap, Reference, ValueType};

/// A type of values, as C has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CType {
    /// `int32_t`, of an i32.
    Int32,
    /// `int64_t`, of an i64.
    Int64,
    /// `float`, of an f32.
    Float,
    /// `double`, of an f64.
    Double,
    /// Sixteen bytes, of a v128; passed by their address.
    Vector,
    /// `uint64_t`, of a reference, whose bits mean nothing to C; 0 is null.
    Reference,
}

/// What a function of a library does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CFunctionKind {
    /// Calls an export. Results are written to where further parameters say, unless those are null. Returns 0, or why the call did not
    /// return ([`adder_abi::library`]).
    Call {
        /// What it takes.
        parameters: Vec<CType>,
        /// What it returns.
        results: Vec<CType>,
    },
    /// Returns the address of an exported memory and, where its parameter says, its size.
    Memory,
    /// Reads an exported global.
    Get(CType),
    /// Writes an exported global.
    Set(CType),
    /// Returns what the latest failure of this thread was, as text.
    Failure,
    /// Returns the status that the guest has exited with in a call by this thread.
    ExitStatus,
}

/// A function of a library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CFunction {
    /// Its name in C.
    pub name: String,
    /// The export that it is for; empty if for none.
    pub export: String,
    /// What it does.
    pub kind: CFunctionKind,
}

/// What a library is called by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    /// What the names of all its functions begin with, before a `_`.
    pub prefix: String,
    /// The functions.
    pub functions: Vec<CFunction>,
    /// The exports that C cannot use, and what they are.
    pub left_out: Vec<(String, &'static str)>,
}

/// What a function of a library is about.
#[derive(Clone, Copy, Debug)]
pub enum CTarget {
    /// A function.
    Function(FunctionId),
    /// A memory.
    Memory(MemoryId),
    /// A global.
    Global(GlobalId),
    /// The library itself.
    Library,
}

/// The functions of a library.
#[derive(Debug, Default)]
pub struct Library {
    /// What callers see of it.
    pub interface: Interface,
    /// What each function is about.
    pub targets: Vec<CTarget>,
    /// The globals that are after a call that did not return what they were before it.
    pub stack_pointers: Vec<GlobalId>,
}

/// Characters of an export's name that the name in C keeps.
const NAME_CHARACTERS_MAX: usize = 200;

/// What names of the runtime begin with, and those of the C library's families, which such a name could take the place of for the whole
/// process.
const RESERVED_PREFIXES: [&str; 17] = [
    "adder", "aio", "clock", "dl", "fts", "gai", "mq", "posix", "pthread", "sched", "sem", "shm", "sys", "tc", "thrd",
    "timer", "tss",
];

/// What calls it before anything else, and nobody again.
const INITIALIZE: &str = "_initialize";

/// The globals of the main module that C can set: they change although no code of the program changes them.
pub fn globals_set(linked: &Linked<'_>, options: &Options) -> Vec<GlobalId> {
    let main = linked.main();
    let exports = main.module.exports.iter().filter(|_| matches!(options.entry, Entry::CLibrary(_)));
    let globals = exports.filter_map(|(_, item)| match item {
        ExportItem::Global(index) => Some(main.globals[*index as usize]),
        _ => None,
    });
    globals.filter(|id| linked.globals[id.index()].ty.mutable).collect()
}

/// Plans the functions of a library; `None` for another program.
///
/// # Errors
/// If the program cannot be a library.
pub fn plan_library(linked: &Linked<'_>, globals: &[Global], options: &Options) -> Result<Option<Library>> {
    let Entry::CLibrary(prefix) = &options.entry else { return Ok(None) };
    check(linked, prefix)?;
    let main = linked.main();
    // A name that C can have is that export's own, whatever comes before it.
    let exact = main.module.exports.iter().filter_map(|(export, item)| {
        let verb = if matches!(item, ExportItem::Global(_)) { "get_" } else { "" };
        let is_plain = export.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
        is_plain.then(|| format!("{prefix}_{verb}{export}"))
    });
    let mut names = Names { prefix, exact: exact.collect(), used: HashSet::new() };
    let mut library = Library { stack_pointers: find_stack_pointers(linked, globals, options), ..Library::default() };
    library.interface.prefix.clone_from(prefix);
    for (name, kind) in [("adder_failure", CFunctionKind::Failure), ("adder_exit_status", CFunctionKind::ExitStatus)] {
        library.add(names.give("", name), "", kind, CTarget::Library);
    }
    for (export, item) in &main.module.exports {
        match *item {
            ExportItem::Function(_) if *export == INITIALIZE => {}
            ExportItem::Function(index) => {
                let id = main.functions[index as usize];
                let FunctionType { parameters, results } =
                    linked.signatures.get(linked.functions[id.index()].signature);
                match (c_types(parameters), c_types(results)) {
                    (Some(parameters), Some(results)) => {
                        let kind = CFunctionKind::Call { parameters, results };
                        library.add(names.give("", export), export, kind, CTarget::Function(id));
                    }
                    _ => library.leave_out(export, "takes or returns exceptions"),
                }
            }
            ExportItem::Memory(index) => {
                let id = main.memories[index as usize];
                library.add(names.give("", export), export, CFunctionKind::Memory, CTarget::Memory(id));
            }
            ExportItem::Global(index) => {
                let id = main.globals[index as usize];
                let ty = globals[id.index()].ty;
                let Some(c_type) = c_type(ty.value) else {
                    library.leave_out(export, "is an exception");
                    continue;
                };
                let target = CTarget::Global(id);
                library.add(names.give("get_", export), export, CFunctionKind::Get(c_type), target);
                if ty.mutable {
                    library.add(names.give("set_", export), export, CFunctionKind::Set(c_type), target);
                }
            }
            ExportItem::Table(_) => library.leave_out(export, "is a table"),
            ExportItem::Tag(_) => library.leave_out(export, "is a tag"),
        }
    }
    Ok(Some(library))
}

/// Refuses programs that need a process of their own.
fn check(linked: &Linked<'_>, prefix: &str) -> Result<()> {
    let refuse = |message: &str| Error::new(message).in_module(linked.main().module.name);
    let first = prefix.split('_').next().unwrap_or(prefix);
    if RESERVED_PREFIXES.contains(&first) {
        let owner = if first == RESERVED_PREFIXES[0] { "the runtime" } else { "the C library" };
        let message = format!("the names of its functions would begin with `{first}_`, as those of {owner} do");
        return Err(refuse(&message).hint("give the module another name: NAME=FILE.wasm"));
    }
    if linked.emscripten.is_some() {
        return Err(refuse("uses the system interface of Emscripten, which needs a process of its own")
            .hint("compile it with -sSTANDALONE_WASM --no-entry, or build an executable"));
    }
    if linked.starts_threads() {
        return Err(refuse("starts threads, which a library cannot do").hint("build an executable"));
    }
    Ok(())
}

fn c_types(types: &[ValueType]) -> Option<Vec<CType>> {
    types.iter().copied().map(c_type).collect()
}

/// What a type is in C; `None` if there is nothing that C could do with it.
fn c_type(ty: ValueType) -> Option<CType> {
    match ty {
        ValueType::I32 => Some(CType::Int32),
        ValueType::I64 => Some(CType::Int64),
        ValueType::F32 => Some(CType::Float),
        ValueType::F64 => Some(CType::Double),
        ValueType::V128 => Some(CType::Vector),
        ValueType::Reference(Reference { heap: Heap::Exception | Heap::NoException, .. }) => None,
        ValueType::Reference(_) => Some(CType::Reference),
    }
}

impl Library {
    fn leave_out(&mut self, export: &str, what: &'static str) {
        self.interface.left_out.push((export.to_owned(), what));
    }

    fn add(&mut self, name: String, export: &str, kind: CFunctionKind, target: CTarget) {
        self.interface.functions.push(CFunction { name, export: export.to_owned(), kind });
        self.targets.push(target);
    }
}

/// Gives out names, each once.
struct Names<'a> {
    prefix: &'a str,
    /// Those that exports have as they are.
    exact: HashSet<String>,
    used: HashSet<String>,
}

impl Names<'_> {
    fn give(&mut self, verb: &str, export: &str) -> String {
        let plain = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
        let plain: String = export.chars().take(NAME_CHARACTERS_MAX).map(plain).collect();
        let is_changed = plain != export;
        let wanted = format!("{}_{verb}{plain}", self.prefix);
        let name = (1..)
            .map(|attempt| if attempt == 1 { wanted.clone() } else { format!("{wanted}_{attempt}") })
            .find(|name| !self.used.contains(name) && (!is_changed && *name == wanted || !self.exact.contains(name)))
            .expect("there are more numbers than names");
        self.used.insert(name.clone());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_c_are_plain_and_different() {
        let exact = HashSet::from(["m_c_d".to_owned()]);
        let mut names = Names { prefix: "m", exact, used: HashSet::new() };
        assert_eq!(names.give("", "a-b"), "m_a_b");
        assert_eq!(names.give("", "a b"), "m_a_b_2");
        assert_eq!(names.give("get_", "\u{e9}"), "m_get__");
        assert_eq!(names.give("", "c-d"), "m_c_d_2");
        assert_eq!(names.give("", "c_d"), "m_c_d");
        assert_eq!(names.give("", ""), "m_");
        assert_eq!(names.give("", "a_b_2"), "m_a_b_2_2");
        assert_eq!(names.give("", &"x".repeat(1 << 20)).len(), NAME_CHARACTERS_MAX + 2);
    }
}
