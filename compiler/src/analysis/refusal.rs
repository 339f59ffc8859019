//! Imports that cannot be linked: all of them in one error, with a hint of what helps with these ones.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::link::{host_function, is_thread_spawn};
use crate::error::{Error, Result};
use crate::module::{ExportItem, Import, ImportType, MemoryType, Module, plain};
use crate::options::Options;

/// Problems and remedies that are told; of more there is only the number.
const PROBLEMS_SHOWN: usize = 50;
const RENAMES_SHOWN: usize = 3;

/// The module name of WASI before preview 1 (snapshot 0), whose functions have the same names and other structures.
const OLDER_WASI: &str = "wasi_unstable";

/// An import that cannot be linked.
pub struct Problem {
    /// Which one it is and what is wrong with it.
    pub message: String,
    /// What would help.
    pub remedy: Remedy,
}

/// What helps with an import that cannot be linked, in the order in which hints name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// A module that was given exports it, under another name than the one it is imported from.
    Rename { given: String, wanted: String },
    /// A WASI that is not supported.
    NewerWasi,
    /// A function: a module that exports it, or [`Options::allow_missing`].
    SupplyFunction,
    /// Something else: a module that exports it.
    Supply,
    /// The type that WASI gives it.
    DeclareAsWasi,
    /// An exporter that fits the importer.
    DeclareAlike,
}

/// Refuses imports that nobody supplies, those of all modules at once.
pub fn check_unknown_imports(modules: &[Module<'_>], options: &Options) -> Result<()> {
    let names: HashSet<&str> = modules.iter().map(|module| module.name).collect();
    // What is only needed for an error is only made for one.
    let by_name = OnceCell::new();
    let mut renames = HashMap::new();
    let mut problems = Vec::new();
    for module in modules {
        for import in &module.imports {
            let function_type = match import.kind {
                ImportType::Function(kind) => Some(&module.types[kind as usize]),
                _ => None,
            };
            let is_function = function_type.is_some();
            let supplied = names.contains(import.module)
                || function_type.is_some_and(|kind| host_function(import, kind).is_some() || is_thread_spawn(import))
                || matches!(import.kind, ImportType::Memory(MemoryType { shared: true, .. }));
            if !(supplied || is_function && options.allow_missing) {
                let place = if modules.len() > 1 { format!(" (imported by {})", module.name) } else { String::new() };
                let (from, name) = (plain(import.module), plain(import.name));
                let message = format!("{from}.{name}{place}: nobody supplies it (unknown import)");
                let given = *renames.entry(import.module).or_insert_with(|| {
                    let by_name = by_name.get_or_init(|| imports_by_name(modules));
                    misnamed(modules, &by_name[import.module])
                });
                let remedy = match given {
                    Some(given) => Remedy::Rename { given: plain(given), wanted: from },
                    None if import.module == OLDER_WASI => Remedy::NewerWasi,
                    None if is_function => Remedy::SupplyFunction,
                    None => Remedy::Supply,
                };
                problems.push(Problem { message, remedy });
            }
        }
    }
    refuse_imports(&problems, options.allow_missing).map_err(|error| match modules {
        [module] => error.in_module(module.name),
        _ => error,
    })
}

/// Imports by the module name that they are from, each with the index of the module that has it.
type ImportsByName<'m, 'a> = HashMap<&'a str, Vec<(usize, &'m Import<'a>)>>;

fn imports_by_name<'m, 'a>(modules: &'m [Module<'a>]) -> ImportsByName<'m, 'a> {
    let mut by_name = ImportsByName::new();
    for (index, module) in modules.iter().enumerate() {
        for import in &module.imports {
            by_name.entry(import.module).or_default().push((index, import));
        }
    }
    by_name
}

/// The module that was probably meant by the name that none has: another one, which exports all these imports from there.
fn misnamed<'a>(modules: &[Module<'a>], imports: &[(usize, &Import<'_>)]) -> Option<&'a str> {
    let fits = |index: usize, module: &Module<'_>| {
        imports.iter().all(|(importer, import)| {
            *importer != index && module.export(import.name).is_some_and(|item| is_same_kind(item, &import.kind))
        })
    };
    modules.iter().enumerate().find(|(index, module)| fits(*index, module)).map(|(_, module)| module.name)
}

fn is_same_kind(item: ExportItem, wanted: &ImportType) -> bool {
    matches!(
        (item, wanted),
        (ExportItem::Function(_), ImportType::Function(_))
            | (ExportItem::Table(_), ImportType::Table(_))
            | (ExportItem::Memory(_), ImportType::Memory(_))
            | (ExportItem::Global(_), ImportType::Global(_))
            | (ExportItem::Tag(_), ImportType::Tag(_))
    )
}

/// The error for imports that cannot be linked, if there are any.
pub fn refuse_imports(problems: &[Problem], allow_missing: bool) -> Result<()> {
    let message = match problems {
        [] => return Ok(()),
        [problem] => format!("import {}", problem.message),
        _ => {
            let shown: Vec<&str> = problems.iter().take(PROBLEMS_SHOWN).map(|problem| &*problem.message).collect();
            let more = problems.len() - shown.len();
            let rest = if more > 0 { format!("\n  and {more} more") } else { String::new() };
            format!("{} imports cannot be linked:\n  {}{rest}", problems.len(), shown.join("\n  "))
        }
    };
    Err(Error::new(message).hint(hint(&problems.iter().map(|problem| &problem.remedy).collect(), allow_missing)))
}

/// What helps, in one line.
fn hint(remedies: &BTreeSet<&Remedy>, allow_missing: bool) -> String {
    let renames = remedies.iter().filter_map(|remedy| match remedy {
        Remedy::Rename { given, wanted } => Some(format!(
            "the module that was given as {given} exports what is imported from {wanted}: give it as {wanted}=FILE.wasm"
        )),
        _ => None,
    });
    let mut hints: Vec<String> = renames.take(RENAMES_SHOWN).collect();
    let mut add = |hint: &str| hints.push(hint.to_owned());
    if remedies.contains(&Remedy::NewerWasi) {
        add("wasi_unstable is an older WASI, which is not supported: compile the module for preview 1 (wasm32-wasip1)");
    }
    match (remedies.contains(&Remedy::SupplyFunction), remedies.contains(&Remedy::Supply)) {
        (_, true) if allow_missing => {
            add("give the module that exports it as a further input: --allow-missing is for functions only");
        }
        (_, true) => add("give the module that exports it as a further input"),
        (true, false) => add(
            "give the module that exports it as a further input, or make functions that nobody supplies trap when they are \
             called with --allow-missing",
        ),
        (false, false) => {}
    }
    if remedies.contains(&Remedy::DeclareAsWasi) {
        add("the module has to declare it with the type that WASI gives it");
    }
    if remedies.contains(&Remedy::DeclareAlike) {
        add(
            "the module that exports it and the one that imports it have to fit; if another module was meant, give that one \
             the name, as in NAME=FILE.wasm",
        );
    }
    hints.join("; ")
}
