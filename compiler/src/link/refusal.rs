//! Imports that cannot be linked: all of them in one error, with a hint of what helps with these ones.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use super::command::how_to_enter;
use super::platform::Platform;
use super::supply::{Supplier, Supply};
use super::users::Users;
use crate::error::{Error, ErrorKind, Result};
use crate::module::{ExportItem, Import, ImportType, Module};
use crate::options::Options;
use crate::quote::quoted;

/// Problems and remedies that are told; of more there is only the number.
const PROBLEMS_SHOWN: usize = 50;
const REMEDIES_SHOWN: usize = 3;

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
    /// The module was made for another platform; what to do then.
    Platform(String),
    /// A module that exports it, or, for a function, [`Options::allow_missing`]. What else the build needs then, if anything.
    SupplyFunction(Option<String>),
    /// A module that exports it, and nothing else, although functions may be missing.
    SupplyOthers,
    /// A module that exports it.
    Supply,
    /// The type that WASI gives it.
    DeclareAsWasi,
    /// An exporter that fits the importer.
    DeclareAlike,
}

impl Remedy {
    /// Whether it is another module among the inputs.
    fn is_module(&self) -> bool {
        matches!(self, Remedy::SupplyFunction(_) | Remedy::SupplyOthers | Remedy::Supply)
    }
}

/// Refuses imports that nobody supplies, those of all modules at once.
///
/// # Errors
/// If there are any.
pub fn check_unknown_imports(modules: &[Module<'_>], supply: &Supply, options: &Options) -> Result<()> {
    // What is only needed for an error is only made for one.
    let by_name = OnceCell::new();
    let mut renames = HashMap::new();
    let mut problems = Vec::new();
    for (index, module) in modules.iter().enumerate() {
        let suppliers = supply.suppliers(index).iter();
        let places: Vec<usize> =
            suppliers.enumerate().filter(|(_, of)| **of == Supplier::Nobody).map(|(place, _)| place).collect();
        let missing: Vec<&Import<'_>> = places.iter().map(|place| &module.imports[*place]).collect();
        let is_function = |import: &Import<'_>| matches!(import.ty, ImportType::Function(_));
        if missing.iter().all(|import| is_function(import) && options.allow_missing) {
            continue;
        }
        // One hint for all of them: what it takes grows with the module.
        let platform = Platform::of(module, &missing);
        let platform_remedy =
            platform.map(|platform| match !options.allow_missing && platform.can_do_without(&missing) {
                true => Remedy::Platform(with_entry(platform.hint_to_allow(), modules, options)),
                false => Remedy::Platform(platform.hint()),
            });
        let entry = OnceCell::new();
        let users = Users::of(module);
        for (place, import) in places.into_iter().zip(&missing) {
            if is_function(import) && options.allow_missing {
                continue;
            }
            let importer =
                if modules.len() > 1 { format!(" (imported by {})", quoted(module.name)) } else { String::new() };
            let users = users.text(place);
            let message = format!("{}{importer}: nobody supplies it (unknown import){users}", import.quoted());
            let given = *renames.entry(import.module).or_insert_with(|| {
                let by_name = by_name.get_or_init(|| imports_by_name(modules));
                misnamed(modules, &by_name[import.module])
            });
            let remedy = match (given, &platform_remedy) {
                (Some(given), _) => Remedy::Rename { given: quoted(given), wanted: quoted(import.module) },
                (None, Some(remedy)) => remedy.clone(),
                (None, None) if is_function(import) => {
                    Remedy::SupplyFunction(entry.get_or_init(|| how_to_enter(&modules[0], options)).clone())
                }
                (None, None) if options.allow_missing => Remedy::SupplyOthers,
                (None, None) => Remedy::Supply,
            };
            problems.push(Problem { message, remedy });
        }
    }
    refuse_imports(&problems).map_err(|error| match modules {
        [module] => error.in_module(module.name),
        _ => error,
    })
}

/// The hint with what else the build needs: one refusal must not lead to the next one.
fn with_entry(hint: String, modules: &[Module<'_>], options: &Options) -> String {
    match how_to_enter(&modules[0], options) {
        Some(how) => format!("{hint}; {how}"),
        None => hint,
    }
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
            *importer != index && module.export(import.name).is_some_and(|item| is_same_kind(item, &import.ty))
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

/// Refuses imports that cannot be linked.
///
/// # Errors
/// If there are any: one error for all of them.
pub fn refuse_imports(problems: &[Problem]) -> Result<()> {
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
    let remedies = problems.iter().map(|problem| &problem.remedy).collect();
    let lacks_module = problems.iter().any(|problem| problem.remedy.is_module());
    let kind = if lacks_module { ErrorKind::MissingModule } else { ErrorKind::Unlinkable };
    Err(Error { kind, ..Error::new(message).hint(hint(&remedies)) })
}

/// What helps, in one line.
fn hint(remedies: &BTreeSet<&Remedy>) -> String {
    let renames = remedies.iter().filter_map(|remedy| match remedy {
        Remedy::Rename { given, wanted } => Some(format!(
            "the module that was given as {given} exports what is imported from {wanted}: give it as {wanted}=FILE.wasm"
        )),
        _ => None,
    });
    let platforms = remedies.iter().filter_map(|remedy| match remedy {
        Remedy::Platform(hint) => Some(hint.clone()),
        _ => None,
    });
    let mut hints: Vec<String> = renames.take(REMEDIES_SHOWN).chain(platforms.take(REMEDIES_SHOWN)).collect();
    let function = remedies.iter().find_map(|remedy| match remedy {
        Remedy::SupplyFunction(how_to_enter) => Some(how_to_enter),
        _ => None,
    });
    let mut add = |hint: &str| hints.push(hint.to_owned());
    match function {
        _ if remedies.contains(&Remedy::SupplyOthers) => {
            add("give the module that exports it as a further input: --allow-missing is for functions only");
        }
        _ if remedies.contains(&Remedy::Supply) => add("give the module that exports it as a further input"),
        Some(how_to_enter) => {
            add(
                "give the module that exports it as a further input, or make functions that nobody supplies trap when they \
                 are called with --allow-missing",
            );
            if let Some(how) = how_to_enter {
                add(how);
            }
        }
        None => {}
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
