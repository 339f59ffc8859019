//! What a program made by Emscripten has for signals and sleep: functions of its C library, which are known by their names
//! ([`adder_abi::host::emscripten::signal`]).

use std::collections::BTreeMap;

use adder_abi::callback::Callback;
use adder_abi::host::emscripten::signal::{
    ACTION, CLOCK_SLEEP, LibraryFunction, MASK, RAISE, SLEEP, THREAD_SLEEP, TIMEOUT,
};
use adder_abi::value::ValueType::{self, F64, I32};

use super::indirect_call::{IndirectCall, function_table};
use crate::id::FunctionId;
use crate::link::{FunctionKind, Linked};
use crate::module::ExportItem;
use crate::types::FunctionType;

/// The names of these functions in a program, and how handlers are called.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    /// Functions that the runtime is told of, or does in their place.
    pub library: BTreeMap<FunctionId, &'static LibraryFunction>,
    /// Whether the program says what it does about signals.
    pub has_actions: bool,
    /// What calls the handler of a signal, unless that is blocked.
    pub raise: Option<FunctionId>,
    /// What a timer calls that has run out.
    pub timeout: Option<FunctionId>,
    /// How handlers are called where there is no `raise`: those that take the signal, and those that take two more.
    pub handlers: Option<[IndirectCall; 2]>,
}

impl Signals {
    /// Whether the program is told of signals.
    pub fn are_delivered(&self) -> bool {
        self.has_actions || self.timeout.is_some()
    }

    /// Whether the runtime can call handlers from a function of the library.
    pub fn are_delivered_from(&self, function: FunctionId) -> bool {
        self.are_delivered() && self.library.get(&function).is_some_and(|function| function.is_replaced)
    }
}

/// Finds the functions.
pub fn plan_signals(linked: &mut Linked<'_>) -> Signals {
    if linked.emscripten.is_none() {
        return Signals::default();
    }
    let of_library = |function: &'static LibraryFunction| {
        let find = |name: &&str| named(linked, name, function.parameters, function.results);
        Some((function.names.iter().find_map(find)?, function))
    };
    let errno = Callback::ErrnoLocation.function();
    let has_errno = named(linked, errno.export, errno.parameters, errno.results).is_some();
    let clock_sleep = of_library(&CLOCK_SLEEP);
    // It calls the former, and sets `errno` by its result.
    let sleep = if clock_sleep.is_none() && has_errno { of_library(&SLEEP) } else { None };
    let thread_sleep = of_library(&THREAD_SLEEP);
    let action = of_library(&ACTION);
    let has_actions = action.is_some();
    // What these do has to do with actions.
    let others = [&RAISE, &MASK].map(of_library).into_iter().flatten().filter(|_| has_actions);
    let sleeps = [clock_sleep, sleep, thread_sleep].into_iter().flatten();
    let library = sleeps.chain(action).chain(others).collect();
    let raise = of_library(&RAISE).map(|(raise, _)| raise);
    let timeout = named(linked, TIMEOUT, &[I32, F64], &[]);
    let mut handlers = None;
    if has_actions && raise.is_none() {
        let table = function_table(linked, linked.main());
        let types = [[I32].as_slice(), &[I32; 3]].map(|parameters| FunctionType::of_abi(parameters, &[]));
        let signatures = types.map(|ty| linked.signatures.intern(&ty));
        handlers = table.map(|table| signatures.map(|signature| IndirectCall { table, signature }));
    }
    Signals { library, has_actions, raise, timeout, handlers }
}

/// The function of the main module with this name and this type: one that it exports, or else the only one.
fn named(linked: &Linked<'_>, name: &str, parameters: &[ValueType], results: &[ValueType]) -> Option<FunctionId> {
    let instance = linked.main();
    let index = match instance.module.export(name) {
        Some(ExportItem::Function(index)) => index,
        _ => instance.module.names.function_named(name)?,
    };
    let function = *instance.functions.get(index as usize)?;
    let is_defined = matches!(linked.functions[function.index()].kind, FunctionKind::Defined(_));
    (is_defined && *linked.function_type(function) == FunctionType::of_abi(parameters, results)).then_some(function)
}
