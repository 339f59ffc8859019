//! Facts about a compilation, for people.

use crate::codegen::Artifact;
use crate::link::FunctionKind;
use crate::module::exported_functions_where;
use crate::plan::{EntryPlan, Program};
use crate::symbol::Symbol;

/// Facts about a compilation.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Functions compiled.
    pub functions: usize,
    /// Bytes of wasm code and of machine code.
    pub code_bytes: (u64, u64),
    /// Imports that the runtime supplies, by module and name, sorted.
    pub host_imports: Vec<(String, String)>,
    /// Imports that nobody supplies (with [`crate::Options::allow_missing`]), by module and name, sorted.
    pub missing_imports: Vec<(String, String)>,
    /// Whether it is a command without `_start`, of which the start function is all.
    pub is_start_function: bool,
    /// The functions that such a command exports and nobody calls, in quotes, if there are any.
    pub uncalled: Option<String>,
    /// Bytes of initial memory that take room in the file.
    pub image_bytes: u64,
    /// Whether the runtime will set the working directory by the guest's own `chdir`.
    pub changes_directory: bool,
    /// Of the functions that the profile has, how many the program has, and how many there are.
    pub profiled: Option<(usize, usize)>,
    /// Routines of the C library that are known by their bodies and that the runtime has a faster form of: their names.
    pub routines: Vec<String>,
    /// Functions that were too big for the optimiser and were compiled in a simpler mode: their names.
    pub simplified: Vec<String>,
}

/// The functions that the main module exports, without the one that it is initialised by.
fn uncalled(program: &Program<'_>) -> Option<String> {
    let main = program.main();
    exported_functions_where(&main.module, |index| Some(main.functions[index as usize]) != program.main_initialization)
}

/// Gathers the facts.
pub(crate) fn report(program: &Program<'_>, artifacts: &[Artifact], plan: &EntryPlan) -> Report {
    let mut report = Report {
        image_bytes: program.memories.iter().map(|memory| memory.image.bytes()).sum(),
        // The runtime keeps the working directory of a program made by Emscripten.
        changes_directory: program.emscripten.is_some() || plan.entry.sets_directory(),
        profiled: (program.counts.functions > 0).then_some((program.counts.recognised, program.counts.functions)),
        is_start_function: plan.is_start_function,
        uncalled: uncalled(program).filter(|_| plan.is_start_function),
        routines: program.routines.keys().map(|id| program.function_name(*id)).collect(),
        ..Report::default()
    };
    for artifact in artifacts {
        report.code_bytes.1 += artifact.code.len() as u64;
        let Symbol::Function(id) = artifact.symbol else { continue };
        let function = &program.functions[id.index()];
        let module = &program.instance(function.instance).module;
        let import_name = || {
            let import = module.import_of_function(function.index);
            (import.module.to_owned(), import.name.to_owned())
        };
        match function.kind {
            FunctionKind::Defined(body) => {
                report.functions += 1;
                report.code_bytes.0 += module.bodies[body as usize].body.as_bytes().len() as u64;
            }
            // What the runtime replaces is no import.
            FunctionKind::Host(_) if function.index >= module.imported_functions() => {}
            FunctionKind::Host(_) => report.host_imports.push(import_name()),
            // Programs that have it know that it cannot be there.
            FunctionKind::WithoutJavaScript => {}
            FunctionKind::Missing => report.missing_imports.push(import_name()),
        }
        if artifact.simplified {
            report.simplified.push(program.function_name(id));
        }
    }
    for names in [&mut report.host_imports, &mut report.missing_imports] {
        names.sort_unstable();
        names.dedup();
    }
    report
}
