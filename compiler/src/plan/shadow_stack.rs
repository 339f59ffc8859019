//! Where modules that were compiled from C have their shadow stacks.

use std::collections::BTreeMap;

use super::address::{Global, GlobalClass};
use crate::id::{GlobalId, InstanceId};
use crate::link::{Instance, Linked};
use crate::module::ExportItem;
use crate::options::Options;
use crate::types::ValueType;

/// The name by which LLVM's linker knows the pointer to the shadow stack.
const STACK_POINTER: &str = "__stack_pointer";

/// What Binaryen's Asyncify exports. It takes functions apart in the middle and enters them there again, where it only
/// restores locals and relies on the memory to be as it was.
const ASYNCIFY: &str = "asyncify_start_unwind";

/// Finds the pointers to the shadow stacks of all instances whose frames may be looked at.
pub fn find_shadow_stacks(linked: &Linked<'_>, globals: &[Global]) -> BTreeMap<InstanceId, GlobalId> {
    let instances = linked.instances.iter().enumerate();
    let found = instances.filter_map(|(id, instance)| {
        let pointer = stack_pointer(linked, globals, instance)?;
        Some((InstanceId(id as u32), pointer))
    });
    found.collect()
}

/// The globals that point to shadow stacks, as far as names say so, or as far as the modules are promised to be compiled from C: what
/// those of a library are before a call, they are after one that did not return.
pub fn find_stack_pointers(linked: &Linked<'_>, globals: &[Global], options: &Options) -> Vec<GlobalId> {
    let found = linked.instances.iter().filter_map(|instance| {
        let exported = match instance.module.export(STACK_POINTER) {
            Some(ExportItem::Global(index)) => Some(index),
            _ => None,
        };
        let named = exported.or_else(|| instance.module.names.global_named(STACK_POINTER));
        let index = named.or_else(|| options.assume_c_abi.then_some(0))?;
        let id = *instance.globals.get(index as usize)?;
        let global = &globals[id.index()];
        let is_number = matches!(global.ty.value, ValueType::I32 | ValueType::I64);
        (is_number && global.class == GlobalClass::LinkSymbol).then_some(id)
    });
    let mut found: Vec<GlobalId> = found.collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The global that points to the shadow stack. Where names are missing, it is the first one, as LLVM's linker makes it.
fn stack_pointer(linked: &Linked<'_>, globals: &[Global], instance: &Instance<'_>) -> Option<GlobalId> {
    let [memory] = instance.memories[..] else { return None };
    if linked.memories[memory.index()].index64 || instance.module.export(ASYNCIFY).is_some() {
        return None;
    }
    let index = instance.module.names.global_named(STACK_POINTER).unwrap_or(0);
    let id = *instance.globals.get(index as usize)?;
    let global = &globals[id.index()];
    let fits = global.ty.value == ValueType::I32 && global.ty.mutable && global.class != GlobalClass::Constant;
    fits.then_some(id)
}
