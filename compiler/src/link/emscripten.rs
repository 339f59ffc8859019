//! Modules made by Emscripten: how they are told from others, and which versions' layouts they use.
//!
//! Nothing in a module says which version of Emscripten it is from. What it imports and exports does, as far as it matters:
//! where the versions differ, so do names and types.

use adder_abi::host::emscripten::{Family, MODULE};

use crate::error::{Error, Result};
use crate::module::{ExportItem, Import, ImportType, Module};
use crate::quote::quoted;
use crate::types::ValueType;

/// What all names of functions that only Emscripten's JavaScript has begin with.
const PREFIXES: [&str; 4] = ["__syscall_", "emscripten_", "_emscripten_", "__emscripten_"];

/// Functions with a calendar's time, which has 32 or 64 bits.
const CALENDAR: [&str; 4] = ["_gmtime_js", "_localtime_js", "_mktime_js", "_timegm_js"];

/// What the program takes bytes from its stack by, since Emscripten 3.1.68 and before.
const STACK_ALLOCATE: &str = "_emscripten_stack_alloc";
const STACK_ALLOCATE_OLD: &str = "stackAlloc";

/// The main function by its names.
const MAIN: [&str; 2] = ["__main_argc_argv", "main"];

/// The main function of CPython itself. Pyodide's own prepares Python for JavaScript, and leaves the command line to it.
const MAIN_OF_PYTHON: &str = "Py_BytesMain";

/// Whether Emscripten has made a module, so that what it imports from `env` is what Emscripten's JavaScript has.
pub fn is_emscripten(module: &Module<'_>) -> bool {
    let exports = |name: &str| matches!(module.export(name), Some(ExportItem::Function(_)));
    let of_javascript =
        |import: &Import<'_>| import.module == MODULE && PREFIXES.iter().any(|prefix| import.name.starts_with(prefix));
    exports(STACK_ALLOCATE)
        || exports(STACK_ALLOCATE_OLD) && exports("__wasm_call_ctors")
        || module.imports.iter().any(of_javascript)
}

/// Whether Pyodide is in a module: the CPython that npm has, with functions of its own in JavaScript.
pub fn is_pyodide(module: &Module<'_>) -> bool {
    module.imports.iter().any(|import| import.module == MODULE && import.name == "__hiwire_deduplicate_new")
}

/// The names that the main function of a module may have, the one to be taken first.
pub fn main_names(module: &Module<'_>) -> impl Iterator<Item = &'static str> {
    is_pyodide(module).then_some(MAIN_OF_PYTHON).into_iter().chain(MAIN)
}

/// Returns which versions' layouts a module uses that Emscripten has made.
///
/// # Errors
/// If none of the known ones.
pub fn family(module: &Module<'_>) -> Result<Family> {
    let has_function = |name: &str| matches!(module.export(name), Some(ExportItem::Function(_)));
    let mut has_short_time = false;
    for import in &module.imports {
        let ImportType::Function(ty) = import.ty else { continue };
        if import.module != MODULE || !CALENDAR.contains(&import.name) {
            continue;
        }
        let ty = &module.types[ty as usize];
        let mut values = ty.parameters.iter().chain(&ty.results);
        match values.any(|value| *value == ValueType::I64) {
            true => return Ok(Family::Time64),
            false if ty.parameters.len() <= 2 => has_short_time = true,
            // Between the two, the time was in two halves.
            false => return Err(unknown(module, &format!("its {} takes a time in two halves", quoted(import.name)))),
        }
    }
    if !has_short_time && (has_function(STACK_ALLOCATE) || !has_function(STACK_ALLOCATE_OLD)) {
        return Ok(Family::Time64);
    }
    // Emscripten 3.1.6 is the only known one of the old names. What came after it has another `struct stat`, and then a system
    // call for this.
    let new =
        ["emscripten_date_now", "_emscripten_get_now_is_monotonic", "_emscripten_memcpy_js", "__syscall_newfstatat"];
    match module.imports.iter().find(|import| import.module == MODULE && new.contains(&import.name)) {
        Some(import) => Err(unknown(module, &format!("it imports {}", import.quoted()))),
        None => Ok(Family::Time32),
    }
}

fn unknown(module: &Module<'_>, why: &str) -> Error {
    Error::unlinkable(format!("is from a version of Emscripten that is not known: {why}"))
        .in_module(module.name)
        .hint("known are 3.1.6, and 5 and 6: compile it with one of them")
}
