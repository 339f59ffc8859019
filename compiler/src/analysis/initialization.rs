//! Who calls `_initialize`: the export by which modules that are no commands set themselves up (WASI's application ABI). It is
//! called once, when everything that the module imports from is initialised, and before anybody else calls the module.
//!
//! That moment is the end of the instance's activation, so it comes before the activation of those that import from it, whose
//! start functions may call it already. Only the main instance, if nobody imports from it, is initialised when the program
//! is entered: from then on a checkpoint can be taken.
//!
//! - A module that imports another one's `_initialize` is in charge of it: it wants to call it itself, and a second call is an
//!   error by the ABI, for which newer versions of wasi-libc trap. So is the command line, where `_initialize` is the very
//!   function that it names.
//! - Where one instance exports another one's function as its own `_initialize`, that function is called once.
//! - A module with both `_initialize` and `_start` is none by the ABI. Here both are called, in this order, as by wasmtime.
//! - In a library, whose exports are called from outside, whoever calls them decides about `_initialize` too.

use std::collections::HashSet;

use super::{Program, Step};
use crate::error::{Error, Result};
use crate::id::{FunctionId, InstanceId};
use crate::module::{ExportItem, ImportType};
use crate::options::{CheckpointAt, Entry, Options};
use crate::types::FunctionType;

/// The name of the export.
const INITIALIZE: &str = "_initialize";

/// Plans the calls. The activation of the instances is planned up to their start functions.
pub fn plan_initialization(program: &mut Program<'_>, options: &Options) -> Result<()> {
    if options.entry == Entry::Library {
        return Ok(());
    }
    let mut called = HashSet::new();
    for index in 0..program.instances.len() {
        let id = InstanceId(index as u32);
        let Some(function) = initializer(program, id, options)? else { continue };
        if !called.insert(function) {
            continue;
        }
        if id == program.main && !is_imported_from(program, id, |_| true) {
            program.main_initialization = Some(function);
        } else {
            program.instances[index].activation.push(Step::Initialize(function));
        }
    }
    Ok(())
}

/// The `_initialize` of an instance, if that is to be called.
fn initializer(program: &Program<'_>, id: InstanceId, options: &Options) -> Result<Option<FunctionId>> {
    let instance = program.instance(id);
    let Some(ExportItem::Function(index)) = instance.module.export(INITIALIZE) else { return Ok(None) };
    if is_imported_from(program, id, |name| name == INITIALIZE) || id == program.main && is_named(options) {
        return Ok(None);
    }
    let function = instance.functions[index as usize];
    if *program.signatures.get(program.functions[function.index()].signature) != FunctionType::default() {
        return Err(Error::new("its `_initialize` has parameters or results")
            .in_module(instance.module.name)
            .hint("WASI calls it before everything else, without values: export the function under another name"));
    }
    Ok(Some(function))
}

/// Whether another instance imports a function with such a name from this one.
fn is_imported_from(program: &Program<'_>, id: InstanceId, is_meant: impl Fn(&str) -> bool) -> bool {
    let name = program.instance(id).module.name;
    // Those that import from it are activated later.
    program.instances[id.index() + 1..].iter().any(|importer| {
        let mut imports = importer.module.imports.iter();
        imports.any(|import| {
            import.module == name && is_meant(import.name) && matches!(import.ty, ImportType::Function(_))
        })
    })
}

/// Whether the command line names it as a function of the main module to call.
fn is_named(options: &Options) -> bool {
    let by_entry = matches!(&options.entry, Entry::Invoke(name) | Entry::Reactor(name) if name == INITIALIZE);
    let by_checkpoint = matches!(&options.checkpoint, Some(CheckpointAt::After(name)) if name == INITIALIZE);
    by_entry || by_checkpoint
}
