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

use super::activation::{Activation, Step};
use crate::error::{Error, Result};
use crate::id::{FunctionId, InstanceId};
use crate::link::{Instance, Linked, START};
use crate::module::ExportItem;
use crate::options::{CheckpointAt, Entry, Options};
use crate::types::FunctionType;

/// The name of the export.
const INITIALIZE: &str = "_initialize";

/// What Emscripten's JavaScript calls in its place.
const CONSTRUCTORS: &str = "__wasm_call_ctors";

/// Adds the calls to `activations`, which are planned up to their start functions. Returns the `_initialize` of the main
/// instance, if that is called when the program is entered.
pub fn plan_initialization(
    linked: &Linked<'_>,
    options: &Options,
    activations: &mut [Activation],
) -> Result<Option<FunctionId>> {
    let mut main = None;
    if options.entry == Entry::Library {
        return Ok(main);
    }
    let mut called = HashSet::new();
    for (index, (instance, activation)) in linked.instances.iter().zip(activations).enumerate() {
        let is_main = InstanceId(index as u32) == linked.main;
        let Some(function) = initializer(linked, instance, is_main, options)? else { continue };
        if !called.insert(function) {
            continue;
        }
        if is_main && instance.imported_functions.is_empty() {
            main = Some(function);
        } else {
            activation.push(Step::Initialize(function));
        }
    }
    Ok(main)
}

/// The `_initialize` of an instance, if that is to be called.
fn initializer(
    linked: &Linked<'_>,
    instance: &Instance<'_>,
    is_main: bool,
    options: &Options,
) -> Result<Option<FunctionId>> {
    // A command of Emscripten's calls its constructors itself.
    let is_emscripten = is_main && linked.emscripten.is_some() && instance.module.export(START).is_none();
    let name = match instance.module.export(CONSTRUCTORS) {
        Some(_) if is_emscripten => CONSTRUCTORS,
        _ => INITIALIZE,
    };
    let Some(ExportItem::Function(index)) = instance.module.export(name) else { return Ok(None) };
    if instance.imported_functions.contains(name) || is_main && is_named(options, name) {
        return Ok(None);
    }
    let function = instance.functions[index as usize];
    if *linked.function_type(function) != FunctionType::default() {
        return Err(Error::new(format!("its `{name}` has parameters or results"))
            .in_module(instance.module.name)
            .hint("it is called before everything else, without values: export the function under another name"));
    }
    Ok(Some(function))
}

/// Whether the command line names it as a function of the main module to call.
fn is_named(options: &Options, function: &str) -> bool {
    let by_entry = matches!(&options.entry, Entry::Invoke(name) | Entry::Reactor(name) if name == function);
    let by_checkpoint = matches!(&options.checkpoint, Some(CheckpointAt::After(name)) if name == function);
    by_entry || by_checkpoint
}
