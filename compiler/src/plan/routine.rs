//! Finds the functions of the program that are known routines of a C library ([`crate::known`]).

use std::collections::BTreeMap;

use crate::id::FunctionId;
use crate::known::{Routine, recognize};
use crate::link::{FunctionKind, Linked};

/// Finds the routines of a program.
pub fn find_routines(linked: &Linked<'_>) -> BTreeMap<FunctionId, Routine> {
    let ids = (0..linked.functions.len() as u32).map(FunctionId);
    ids.filter_map(|id| Some((id, routine(linked, id)?))).collect()
}

/// What a function does, if that is known.
fn routine(linked: &Linked<'_>, id: FunctionId) -> Option<Routine> {
    let (routine, callees) = recognize_body(linked, id)?;
    let instance = linked.instance(linked.functions[id.index()].instance);
    let is_copy = |index: &u32| {
        let callee = instance.functions.get(*index as usize);
        callee.is_some_and(|callee| matches!(recognize_body(linked, *callee), Some((Routine::Copy, _))))
    };
    callees.iter().all(is_copy).then_some(routine)
}

/// What a function does if what it calls is `memcpy`, and what it calls.
fn recognize_body(linked: &Linked<'_>, id: FunctionId) -> Option<(Routine, Vec<u32>)> {
    let function = &linked.functions[id.index()];
    let FunctionKind::Defined(index) = function.kind else { return None };
    let instance = linked.instance(function.instance);
    let memory = linked.memories[instance.memories.first()?.index()];
    if memory.index64 || memory.shared {
        return None;
    }
    recognize(&instance.module.bodies[index as usize].body, linked.function_type(id))
}
