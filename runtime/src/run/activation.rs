//! Activates instances: does what could not be done at build.

use super::end::end;
use crate::guest::border;
use crate::guest::program::instances;

/// Activates the instances in order.
pub fn activate_instances() {
    for activate in instances().iter().filter_map(|instance| instance.activate) {
        // SAFETY: everything is reserved; an activation has neither parameters nor results.
        unsafe { border::enter(activate, &mut []) }.unwrap_or_else(|code| end(code));
    }
}

/// Activates what a further thread has of its own.
pub fn activate_thread() {
    for activate in instances().iter().filter_map(|instance| instance.activate_thread) {
        // SAFETY: everything is reserved; an activation has neither parameters nor results.
        unsafe { border::enter(activate, &mut []) }.unwrap_or_else(|code| end(code));
    }
}
