//! How a program is entered: which functions the runtime calls, and so which wrappers are generated.

pub mod library;

use std::collections::{BTreeMap, BTreeSet};

use adder_abi::callback::Callback;

use super::address::GlobalClass;
use super::callback::find_callbacks;
use super::program::Program;
use crate::error::{Error, Result};
use crate::id::{CFunctionId, FunctionId, GlobalId, InstanceId};
use crate::known::WorkingDirectory;
use crate::link::{FunctionKind, Platform, START, is_command, main_names, name_a_function};
use crate::module::{ExportItem, Import, exported_functions};
use crate::options::{CheckpointAt, Entry, Options, WIZER_INITIALIZE};
use crate::quote::quoted;
use crate::symbol::Symbol;
use crate::types::{FunctionType, ValueType};
use library::CTarget;

/// What is generated, in order, and what the object file says about it.
pub struct EntryPlan {
    /// All code of the program.
    pub symbols: Vec<Symbol>,
    /// What the program's start does.
    pub start: StartPlan,
    /// For the object file.
    pub entry: EntryPoint,
    /// Whether the start function of the main module is all of a command.
    pub is_start_function: bool,
}

/// How the program is entered.
pub struct EntryPoint {
    /// The function whose parameters and results the entry has; `None` for a library.
    pub function: Option<FunctionId>,
    /// Whether the runtime passes its parameters and results; else it sees none.
    pub has_slots: bool,
    /// Whether there is something to call before it.
    pub initialization: bool,
    /// How the runtime sets the working directory.
    pub change_directory: Option<ChangeDirectory>,
    /// The functions of the main module that the runtime calls.
    pub callbacks: BTreeMap<Callback, FunctionId>,
    /// Exports that can be used by name.
    pub exports: bool,
}

impl EntryPoint {
    /// Returns whether the runtime sets the working directory: it does so when the program asks for its arguments, by a callback
    /// that only programs have that do.
    pub fn sets_directory(&self) -> bool {
        self.change_directory.is_some_and(|way| self.callbacks.contains_key(&way.callback().0))
    }
}

/// How the runtime sets the working directory: [`adder_abi::program::WorkingDirectory`].
#[derive(Clone, Copy)]
pub enum ChangeDirectory {
    /// By the guest's `chdir`, with the path below what this global points to.
    ByCall(FunctionId, GlobalId),
    /// By the guest's `malloc` and this variable.
    ByVariable(FunctionId, u32),
}

impl ChangeDirectory {
    /// Returns the guest's function that is called, and as what.
    pub fn callback(self) -> (Callback, FunctionId) {
        match self {
            ChangeDirectory::ByCall(function, _) => (Callback::ChangeDirectory, function),
            ChangeDirectory::ByVariable(function, _) => (Callback::Malloc, function),
        }
    }
}

/// What the program's start does when all instances are active.
#[derive(Default)]
pub struct StartPlan {
    /// What it calls before, as a function of its own because a checkpoint is taken in between; mostly nothing.
    pub initialization: Vec<FunctionId>,
    /// What it calls, in order; nothing in a library, and in a program that its start functions are all of.
    pub calls: Vec<FunctionId>,
    /// What becomes of the last one's parameters and results.
    pub last: LastCall,
}

/// What becomes of the parameters and results of the last function that a program's start calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastCall {
    /// They are the runtime's affair.
    #[default]
    Passed,
    /// It has no parameters, and its result is the status that the process ends with.
    Status,
    /// It is the `main` of a program made by Emscripten: it gets the arguments, and its result is the status.
    EmscriptenMain,
}

/// Plans how the program is entered.
///
/// # Errors
/// If it has no function to enter it by as the options want, or one of another type.
pub fn plan_entry(program: &Program<'_>, options: &Options) -> Result<EntryPlan> {
    let (entry, last) = match &options.entry {
        Entry::Command => match emscripten_main(program)? {
            Some(main) => (Some(main), LastCall::EmscriptenMain),
            None => (command(program)?, LastCall::Passed),
        },
        Entry::Invoke(name) => (Some(exported_or_refused(program, name)?), LastCall::Passed),
        Entry::Reactor(name) => {
            let (function, last) = reactor(program, name)?;
            (Some(function), last)
        }
        Entry::Library | Entry::CLibrary(_) => (None, LastCall::Passed),
    };
    let calls = program.main_initialization.into_iter().chain(entry).collect();
    let mut start = StartPlan { calls, last, ..StartPlan::default() };
    if let Some(at) = &options.checkpoint {
        before_checkpoint(program, at, entry, &mut start)?;
    }
    let is_start_function = options.entry == Entry::Command && entry.is_none();
    let change_directory = change_directory(program);
    let entry = EntryPoint {
        function: start.calls.last().copied(),
        has_slots: start.last == LastCall::Passed,
        initialization: !start.initialization.is_empty(),
        change_directory,
        callbacks: find_callbacks(program, change_directory.map(ChangeDirectory::callback)),
        exports: options.entry == Entry::Library,
    };
    Ok(EntryPlan { symbols: symbols(program, &start, &entry), start, entry, is_start_function })
}

/// Moves what a checkpoint is taken after from the calls of the start to its initialization.
fn before_checkpoint(
    program: &Program<'_>,
    at: &CheckpointAt,
    entry: Option<FunctionId>,
    start: &mut StartPlan,
) -> Result<()> {
    let module = program.main().module.name;
    let refuse = |message: String| Error::new(message).in_module(module);
    let Some(entry) = entry else {
        return Err(refuse("has no function to call behind a checkpoint".to_owned())
            .hint("a checkpoint is taken before or in `_start`, or a function that --invoke or --reactor names"));
    };
    let name = match at {
        CheckpointAt::After(name) => name,
        CheckpointAt::Convention if exported(program, WIZER_INITIALIZE).is_some() => WIZER_INITIALIZE,
        CheckpointAt::Convention => return Ok(()),
    };
    let function = exported_or_refused(program, name)?;
    let name = quoted(name);
    if *program.function_type(function) != FunctionType::default() {
        let message = format!("its {name}, after which a checkpoint is to be taken, has parameters or results");
        return Err(refuse(message));
    }
    if entry == function {
        return Err(refuse(format!("{name} cannot be called both before the checkpoint and after it")));
    }
    // `_initialize` comes before everything.
    start.initialization = program.main_initialization.into_iter().chain([function]).collect();
    start.calls = vec![entry];
    Ok(())
}

/// The `main` of a program made by Emscripten, if it has one; such a program may have `_start` too.
fn emscripten_main(program: &Program<'_>) -> Result<Option<FunctionId>> {
    if program.emscripten.is_none() || exported(program, START).is_some() {
        return Ok(None);
    }
    let Some(main) = main_names(&program.main().module).find_map(|name| exported(program, name)) else {
        return Ok(None);
    };
    let FunctionType { parameters, results } = program.function_type(main);
    let fits = matches!(parameters.as_slice(), [] | [ValueType::I32, ValueType::I32])
        && matches!(results.as_slice(), [] | [ValueType::I32]);
    if !fits {
        return Err(Error::new("its `main` has other parameters or results than C gives it")
            .in_module(program.main().module.name)
            .hint("call it with --invoke main"));
    }
    Ok(Some(main))
}

/// The function that a reactor's executable calls, and what becomes of its result.
fn reactor(program: &Program<'_>, name: &str) -> Result<(FunctionId, LastCall)> {
    let function = exported_or_refused(program, name)?;
    let FunctionType { parameters, results } = program.function_type(function);
    match (parameters.as_slice(), results.as_slice()) {
        ([], []) => Ok((function, LastCall::Passed)),
        ([], [ValueType::I32]) => Ok((function, LastCall::Status)),
        _ => Err(Error::new(format!("its {} has parameters, or results other than one i32", quoted(name)))
            .in_module(program.main().module.name)
            .hint("call it with --invoke, which takes parameters from the command line and prints results")),
    }
}

/// The function that a command's executable calls; `None` if the start function of the module is all of the program, as
/// for wasmtime.
fn command(program: &Program<'_>) -> Result<Option<FunctionId>> {
    let module = &program.main().module;
    let refuse = |message: &str| Error::new(message).in_module(module.name);
    let Some(function) = exported(program, START) else {
        if is_command(module) {
            return Ok(None);
        }
        // For a module that another platform calls, that would be the wrong advice.
        let missing = missing_imports(program, program.main);
        let platform = Platform::of(module, &missing).filter(|platform| !platform.can_do_without(&missing));
        let hint = platform.map_or_else(|| name_a_function(module), |platform| platform.hint());
        return Err(refuse("exports no function `_start`").hint(hint));
    };
    if *program.function_type(function) != FunctionType::default() {
        return Err(refuse("its `_start` has parameters or results").hint("call it with --invoke _start"));
    }
    Ok(Some(function))
}

/// The imports of an instance that nobody supplies.
fn missing_imports<'a>(program: &'a Program<'_>, instance: InstanceId) -> Vec<&'a Import<'a>> {
    let instance = program.instance(instance);
    let is_missing = |index: &u32| {
        let function = &program.functions[instance.functions[*index as usize].index()];
        matches!(function.kind, FunctionKind::Missing)
    };
    let imported = 0..instance.module.imported_functions();
    imported.filter(is_missing).map(|index| instance.module.import_of_function(index)).collect()
}

fn exported_or_refused(program: &Program<'_>, name: &str) -> Result<FunctionId> {
    let module = &program.main().module;
    exported(program, name).ok_or_else(|| {
        Error::new(format!("exports no function {}", quoted(name)))
            .in_module(module.name)
            .hint(format!("it exports: {}", exported_functions(module).as_deref().unwrap_or("no functions at all")))
    })
}

fn exported(program: &Program<'_>, name: &str) -> Option<FunctionId> {
    let instance = program.main();
    match instance.module.export(name)? {
        ExportItem::Function(index) => Some(instance.functions[index as usize]),
        _ => None,
    }
}

/// How the runtime can set the guest's working directory: by its own `chdir`, found by name and type, or as is known of
/// the module.
fn change_directory(program: &Program<'_>) -> Option<ChangeDirectory> {
    let instance = program.main();
    let takes_and_returns_i32 = |index: u32| {
        let function = *instance.functions.get(index as usize)?;
        let wanted = FunctionType { parameters: vec![ValueType::I32], results: vec![ValueType::I32] };
        (*program.function_type(function) == wanted).then_some(function)
    };
    if let Some(known) = instance.module.known {
        let WorkingDirectory { malloc, variable } = known.working_directory;
        return Some(ChangeDirectory::ByVariable(takes_and_returns_i32(malloc)?, variable));
    }
    let names = &instance.module.names;
    let function = match instance.module.export("chdir") {
        Some(ExportItem::Function(index)) => index,
        _ => names.function_named("chdir")?,
    };
    let function = takes_and_returns_i32(function)?;
    let global = *instance.globals.get(names.global_named("__stack_pointer")? as usize)?;
    let described = &program.globals[global.index()];
    let fits = described.ty.value == ValueType::I32 && described.ty.mutable;
    let is_variable = matches!(described.class, GlobalClass::LinkSymbol | GlobalClass::ThreadRelative);
    (fits && is_variable).then_some(ChangeDirectory::ByCall(function, global))
}

fn symbols(program: &Program<'_>, start: &StartPlan, entry: &EntryPoint) -> Vec<Symbol> {
    let mut symbols = vec![Symbol::Code];
    // What a profile says to be used comes first, so that less of the file has to be in memory.
    let (used, others): (Vec<_>, Vec<_>) =
        (0..program.functions.len() as u32).map(FunctionId).partition(|id| program.counts.entered(*id) > 0);
    symbols.extend(used.into_iter().chain(others).map(Symbol::Function));
    let mut entries = BTreeSet::new();
    if entry.exports {
        for instance in &program.instances {
            for (_, item) in &instance.module.exports {
                if let ExportItem::Function(index) = item {
                    entries.insert(instance.functions[*index as usize]);
                }
            }
        }
    }
    entries.extend(entry.callbacks.values());
    entries.extend(program.contexts());
    let library = program.library.as_ref();
    entries.extend(library.iter().flat_map(|library| &library.targets).filter_map(|target| match target {
        CTarget::Function(id) => Some(*id),
        _ => None,
    }));
    symbols.extend(entries.into_iter().map(Symbol::Entry));
    symbols.extend(program.indirect_calls.ids().map(Symbol::IndirectCall));
    if let Some(extension) = &program.extension {
        symbols.extend(extension.called_types.iter().copied().map(Symbol::FurtherCallee));
        symbols.extend(extension.types.iter().copied().map(Symbol::TypedCall));
    }
    for (index, instance) in program.instances.iter().enumerate() {
        if !instance.activation.steps().is_empty() {
            symbols.push(Symbol::Activation(InstanceId(index as u32)));
        }
        if program.thread_activation(InstanceId(index as u32)).next().is_some() {
            symbols.push(Symbol::ThreadActivation(InstanceId(index as u32)));
        }
    }
    if program.signals.are_delivered() {
        symbols.push(Symbol::SignalDelivery);
    }
    if !program.call_tables.is_empty() {
        symbols.extend([Symbol::NullCallee, Symbol::OtherTypeCallee]);
    }
    if !start.initialization.is_empty() {
        symbols.push(Symbol::Initialization);
    }
    if !start.calls.is_empty() {
        symbols.push(Symbol::Start);
    }
    let c_functions = library.map_or(0, |library| library.targets.len() as u32);
    symbols.extend((0..c_functions).map(|number| Symbol::CFunction(CFunctionId(number))));
    symbols
}
