//! The life of a process, from musl's start files to the call of the guest's entry, top to bottom. How it ends is in
//! `run/end.rs`.

use crate::arch;
use crate::checkpoint::{explain, make, restore, world};
use crate::guest::program::{memories, program};
use crate::guest::{border, cell, memory, table, thread_state, trap};
use crate::host::wasi;
use crate::process::configuration::Configuration;
use crate::process::failure::fail;
use crate::process::reservation::{ReservationError, Resource};
use crate::process::{phase, protect, reservation, signals, vectors};
use crate::run::activation::activate_instances;
use crate::run::end::{end, exit_once};
use crate::run::invoke::enter;
use crate::vfs::descriptors;
use adder_abi::ABI_VERSION;
use adder_abi::arch::CpuLevel;
use adder_abi::checkpoint::{CHECKPOINT_FILE, Checkpoint};
use adder_abi::configuration::flag;
use adder_abi::plan::{MemoryPlan, low_stack_base};
use adder_abi::program::MEMORY_CHECKED;
use adder_abi::status;
use core::ffi::{c_char, c_int};
use core::ptr::null_mut;
use rustix::process::getrlimit;

/// Called by musl's start files when the executable is relocated and its libc ready.
#[cfg_attr(not(test), unsafe(no_mangle))]
extern "C" fn main(_count: c_int, arguments: *const *const c_char, environment: *const *const c_char) -> c_int {
    assert!(program().abi_version == ABI_VERSION, "compiled for another version of the runtime");
    check_cpu();
    // SAFETY: these are the vectors that the kernel put above the stack.
    unsafe { vectors::keep(arguments, environment) };
    let saved = restore::saved();
    // Before anything could allocate: the guest's addresses must still be free.
    if let Err(error) = reserve(saved) {
        fail_reservation(&error);
    }
    signals::install_handlers(trap::handle_fault);
    protect::protect_relocated();
    #[cfg(feature = "script")]
    crate::run::script::run();
    #[cfg(not(feature = "script"))]
    run(saved)
}

/// Ends the process if the CPU lacks what generated code was built for.
fn check_cpu() {
    let level = CpuLevel::from_number(program().cpu_level.into()).expect("the compiler knows the same levels");
    // Asking costs a microsecond or more in a virtual machine.
    let baseline = arch::ARCHITECTURE.baseline();
    if level == baseline {
        return;
    }
    if arch::lacking(level).next().is_none() {
        return;
    }
    let lacking = core::fmt::from_fn(|f| {
        arch::lacking(level).enumerate().try_for_each(|(index, extension)| {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{}", extension.name)
        })
    });
    let message = format_args!("this executable needs a CPU of level {}; this one lacks {lacking}", level.name());
    fail(status::SYSTEM, &message, Some(&format_args!("build it with `--cpu {}`, for any CPU", baseline.name())))
}

/// Makes the address plan true, and the saved state, if there is one, the program's.
fn reserve(saved: Option<&'static Checkpoint>) -> Result<(), ReservationError> {
    // What is saved holds addresses.
    if Configuration::of_executable().has_flag(flag::CHECKPOINT) {
        reservation::begin_fixed();
    }
    if program().memory_plan == MemoryPlan::Low as u32 && memory::has_low() {
        // Memory 0, what lies between, and the stack.
        let stack_bytes = program().stack_bytes;
        let stack_base = low_stack_base(arch::ARCHITECTURE, stack_bytes);
        reservation::reserve_together(arch::ARCHITECTURE.low_memory_base()..stack_base + stack_bytes);
    }
    let cell = cell::reserve_first_stack()?;
    match saved {
        Some(saved) => restore::restore(saved, cell)?,
        None => {
            memory::reserve_all()?;
            table::reserve_all()?;
            // SAFETY: the guest has not been entered, so nobody uses the stack yet.
            unsafe { thread_state::begin(cell) }?;
        }
    }
    reservation::end_fixed();
    Ok(())
}

/// Starts the guest, or lets it go on from a checkpoint, and ends the process.
#[cfg_attr(feature = "script", allow(dead_code))]
fn run(saved: Option<&'static Checkpoint>) -> ! {
    match saved {
        Some(saved) => go_on(saved),
        None => activate(),
    }
    exit_once(0)
}

/// Activates the instances in order, and calls the entry.
fn activate() {
    activate_instances().unwrap_or_else(|code| end(code));
    if let Some(initialization) = program().initialization {
        // SAFETY: everything is reserved; an initialization has neither parameters nor results.
        unsafe { border::enter(initialization, &mut []) }.unwrap_or_else(|code| end(code));
        if phase::is_making() {
            make::write_initialized();
        }
    }
    make::entered();
    enter();
}

/// Goes on from a checkpoint.
fn go_on(saved: &'static Checkpoint) {
    if phase::is_trial() {
        world::go_on_from(&saved.resume);
    }
    // SAFETY: all of the guest's state is restored, and the guest does not run yet.
    unsafe { wasi::clock::go_on_from(&saved.resume) };
    world::note_zone_places(saved.resume.zone_places.map(|address| address as u32));
    if let Some(handle_signals) = program().handle_signals {
        // SAFETY: the function works on nothing, and has no values.
        unsafe { handle_signals(null_mut(), null_mut()) };
    }
    if !Configuration::of_executable().has_flag(flag::DECIDES) {
        explain::went_on();
    }
    match restore::under_way(saved) {
        Some(resume) => {
            if let Err(error) = descriptors::reopen_checkpoint(resume.descriptor as u32) {
                let message = format_args!("cannot open {CHECKPOINT_FILE}: error {}", error.raw_os_error());
                fail(status::SYSTEM, &message, None);
            }
            // SAFETY: all of its state is restored.
            unsafe { border::go_on(resume) }.unwrap_or_else(|code| end(code));
        }
        None => enter(),
    }
}

fn fail_reservation(error: &ReservationError) -> ! {
    if error.resource == Resource::Memory {
        fail_memory(error);
    }
    // Memories with long indices are checked whatever the plan.
    // SAFETY: memories of the program; the field is constant.
    let is_checked = memories().any(|memory| unsafe { (*memory).flags & MEMORY_CHECKED != 0 });
    let hint = if is_checked {
        "raise the limit of address space (`ulimit -v`), or build with a smaller `--max-memory` or `--stack-size`"
    } else {
        "raise the limit of address space (`ulimit -v`), or build with `--memory checked`, which needs less of it, or with \
         `--memory high`, if something else (such as valgrind) has taken the addresses"
    };
    fail(status::SYSTEM, error, Some(&hint))
}

/// Ends a process that gets less memory than it starts with.
fn fail_memory(error: &ReservationError) -> ! {
    let limit = getrlimit(rustix::process::Resource::Data).current;
    let hint = core::fmt::from_fn(|f| match limit {
        Some(bytes) => write!(
            f,
            "raise the limit of data (`ulimit -d`, which is {} now), or build with a smaller `--stack-size`",
            bytes / 1024
        ),
        None => f.write_str(
            "the system has no more memory for this process: see the limit of its container, and the setting \
             vm.overcommit_memory of the kernel",
        ),
    });
    fail(status::SYSTEM, error, Some(&hint))
}
