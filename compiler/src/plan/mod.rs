//! Decides everything about a program that is linked: what is left to do at start, where everything lies ([`address`]),
//! which functions throw, what a profile says. Each pass reads what is linked and what earlier passes have decided, and
//! gives a value of its own; a [`Program`] comes into being when all are done, and nothing changes it.

mod activation;
mod address;
mod callback;
mod entry;
mod extension;
mod fact;
mod indirect_call;
mod initialization;
mod profile;
mod program;
mod routine;
mod shadow_stack;
mod signal;
#[cfg(test)]
mod tests;
mod thread;
mod throw;

pub use activation::Step;
pub use address::{BaseClass, CALL_TABLE_ENTRY_BYTES, Global, GlobalClass, SizeClass, TableStorage};
pub use entry::library::{CFunction, CFunctionKind, CTarget, CType, Interface};
pub use entry::{ChangeDirectory, EntryPlan, EntryPoint, LastCall, StartPlan, plan_entry};
pub use extension::Extension;
pub use indirect_call::{IndirectCall, table_of_calls};
pub use profile::targets;
pub use program::{Callee, Instance, Program};

use crate::arch::Machine;
use crate::error::Result;
use crate::link::Linked;
use crate::options::{Optimization, Options};
use crate::overrides::GlobalPlacement;
use activation::{check_growth, plan_activations};
use address::{plan_call_tables, plan_globals, plan_memories, plan_tables, plan_thread_state};
use entry::library::{globals_set, plan_library};
use extension::plan_extension;
use fact::Facts;
use indirect_call::plan_indirect_calls;
use initialization::plan_initialization;
use profile::{Counts, Instrumentation};
use routine::find_routines;
use shadow_stack::find_shadow_stacks;
use signal::plan_signals;
use throw::find_throwing;

/// Plans a program.
///
/// # Errors
/// If it goes beyond a limit of this compiler or of the options, or if its `_initialize` cannot be called.
pub fn plan<'a>(mut linked: Linked<'a>, options: &Options) -> Result<Program<'a>> {
    let has_threads = linked.starts_threads() || options.overrides.globals == Some(GlobalPlacement::ThreadRelative);
    let machine = Machine::new(options.cpu);
    let stack_bytes = options.stack_bytes.next_power_of_two();
    let optimizes = options.optimization != Optimization::None;

    let indirect_calls = plan_indirect_calls(&mut linked);
    let signals = plan_signals(&mut linked);
    let mut facts = Facts::gather(&linked);
    let mut contents = plan_activations(&linked);
    facts.tables_written.extend(&contents.tables_written);
    facts.globals_set.extend(globals_set(&linked, options));
    let main_initialization = plan_initialization(&linked, options, &mut contents.activations)?;
    let extension = plan_extension(&mut linked, &mut facts, &mut contents, &indirect_calls, &signals, has_threads);
    let tables = plan_tables(&linked, contents.tables, &facts, has_threads)?;
    let memories = plan_memories(&linked, contents.images, &facts, has_threads, machine, options)?;
    let globals = plan_globals(&linked, &facts, has_threads, options);
    let library = plan_library(&linked, &globals, options)?;
    let thread_state = match has_threads {
        true => plan_thread_state(&linked, &globals, &contents.elements, &contents.data, &facts, stack_bytes)?,
        false => Default::default(),
    };
    let throwing = find_throwing(&linked, &facts, &signals, extension.as_ref());
    let call_tables = if optimizes { plan_call_tables(&tables, &facts) } else { Default::default() };
    let routines = if optimizes { find_routines(&linked) } else { Default::default() };
    let shadow_stacks = match optimizes && options.assume_c_abi {
        true => find_shadow_stacks(&linked, &globals),
        false => Default::default(),
    };
    check_growth(&linked, &memories, &tables)?;
    let instrumentation = match &options.instrument {
        Some(path) => Some(Instrumentation::plan(&linked, path)?),
        None => None,
    };
    let counts = match options.profile.as_ref().filter(|_| optimizes) {
        Some(profile) => Counts::find(&linked, profile),
        None => Counts::default(),
    };
    let Linked { interfaces, emscripten, instances, main, signatures, functions, tags, .. } = linked;
    let instances = instances.into_iter().zip(contents.segments).zip(contents.activations);
    let instances = instances.map(|((linked, segments), activation)| Instance::new(linked, segments, activation));
    Ok(Program {
        interfaces,
        emscripten,
        instances: instances.collect(),
        main,
        main_initialization,
        library,
        signatures,
        functions,
        tables,
        memories,
        globals,
        tags,
        elements: contents.elements,
        data: contents.data,
        stack_bytes,
        memory_plan: options.memory,
        machine,
        has_threads,
        thread_state,
        throwing,
        call_tables,
        indirect_calls,
        extension,
        optimizes,
        instrumentation,
        counts,
        routines,
        shadow_stacks,
        signals,
    })
}
