//! Activates instances: does what could not be done at build.

use super::end::end;
use crate::guest::border;
use crate::guest::program::instances;
use adder_abi::trap::TrapCode;

/// Activates the instances in order, as far as none of them traps.
pub fn activate_instances() -> Result<(), TrapCode> {
    instances().iter().filter_map(|instance| instance.activate).try_for_each(|activate| {
        // SAFETY: everything is reserved; an activation has neither parameters nor results.
        unsafe { border::enter(activate, &mut []) }
    })
}

/// Activates what a further thread has of its own.
pub fn activate_thread() {
    for activate in instances().iter().filter_map(|instance| instance.activate_thread) {
        // SAFETY: everything is reserved; an activation has neither parameters nor results.
        unsafe { border::enter(activate, &mut []) }.unwrap_or_else(|code| end(code));
    }
}
